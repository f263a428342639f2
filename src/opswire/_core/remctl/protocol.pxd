from cpython.buffer cimport Py_buffer

from opswire_c.foundation cimport opswire_status, opswire_view
from opswire_c.remctl cimport opswire_remctl_argument_writer, opswire_remctl_connection, opswire_remctl_event
from opswire._core.gss.binding cimport Context


cdef class Arguments:
    cdef opswire_view *views
    cdef Py_buffer *pins
    cdef Py_ssize_t count
    cdef opswire_remctl_argument_writer writer


cdef class Connection:
    cdef opswire_remctl_connection *machine
    cdef Context context
    cdef bint busy
    cdef int enter(self) except -1
    cdef void leave(self) noexcept
    cdef int check(self, opswire_status status) except -1
    cdef object remote_error(self, str text, opswire_status status)
    cdef tuple event_tuple(self, const opswire_remctl_event *event)
    cdef bint is_outstanding(self) noexcept
