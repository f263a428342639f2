from libc.stdint cimport uint8_t
from posix.types cimport pid_t

from opswire_c.foundation cimport opswire_buffer
from opswire_c.remctl cimport opswire_remctl_argument_writer, opswire_remctl_event
from opswire._core.remctl.protocol cimport Connection


cdef extern from "<sys/socket.h>" nogil:
    struct sockaddr:
        pass


cdef struct Wait:
    double deadline   # of the whole call on the monotonic clock; 0: none
    double since      # when the silence began, as far as it was noticed; 0: not noticed yet
    int unsent        # octets that the peer had not acknowledged then
    double looked     # when signals were looked at while octets came; 0, then -1: not yet


cdef inline Wait patience(double deadline) noexcept nogil:
    """What a call begins with; deadline as in ``Driver``."""
    cdef Wait wait
    wait.deadline = deadline
    wait.since = wait.looked = 0
    wait.unsent = 0
    return wait


cdef class Waiting:
    cdef readonly Connection connection
    cdef public double timeout
    cdef int descriptor
    cdef pid_t owner   # a forked child has the descriptor, but the conversation is its parent's
    cdef bint closing
    cdef size_t wish
    cdef bint heard    # the last thing that happened was a short read
    cdef tuple early   # an event that arrived before anybody asked for one
    cdef int enter(self) except -1
    cdef int leave(self) except -1
    cdef void release(self) noexcept
    cdef int interrupted(self) except -1 nogil
    cdef int pause(self, Wait *wait, short events) except -1 nogil
    cdef int unsent(self) noexcept nogil
    cdef int in_time(self, Wait *wait) except -1 nogil
    cdef int look(self, Wait *wait) except -1 nogil
    cdef bint hurried(self, Wait *wait) noexcept nogil
    cdef int read_some(self, Wait *wait, bint block) except -1 nogil
    cdef int flush(self, Wait *wait) except -1 nogil
    cdef bint half_sent(self) noexcept nogil
    cdef int answered_early(self, Wait *wait) except -1 nogil
    cdef int read_event(self, opswire_remctl_event *event, Wait *wait) except -1000 nogil
    cdef int flush_now(self, double deadline) except -1
    cdef int connect_to(self, const sockaddr *address, unsigned int size, Wait *wait) except -1 nogil


cdef class Driver(Waiting):
    cdef int send_pinned(self, opswire_remctl_argument_writer *writer, double deadline) except -1
    cdef bint can_send(self) noexcept
    cdef int hold(self, opswire_buffer *held, const uint8_t[::1] octets) except -1
