from opswire_c.foundation cimport opswire_status, opswire_view
from opswire_c.remctl cimport opswire_remctl_argument_writer, opswire_remctl_connection, opswire_remctl_event
from opswire._core.gss.binding cimport Context


cdef enum:
    FEW_ARGUMENTS = 16   # these need no memory of their own


cdef class Arguments:
    cdef tuple held                         # what was given; the octets are its own,
    cdef list made                          # or of what stands for those that have none
    cdef opswire_view few[FEW_ARGUMENTS]
    cdef bytes many                         # room for more views; None for few
    cdef opswire_remctl_argument_writer writer
    cdef int take(self, command, stdin) except -1


cdef class Connection:
    cdef opswire_remctl_connection *machine
    cdef Context context
    cdef bint busy
    cdef int enter(self) except -1
    cdef void leave(self) noexcept
    cdef int check(self, opswire_status status) except -1
    cdef object failure(self, opswire_status status)
    cdef tuple event_tuple(self, const opswire_remctl_event *event)
    cdef bint is_outstanding(self) noexcept
