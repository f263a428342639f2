from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t

from opswire_c.cimxml cimport opswire_cim_cell

# The names of the CIM types by enum opswire_cim_type, and back; None for 0.
cdef list TYPE_NAMES
cdef dict TYPE_NUMBERS

# The class of all CIM objects: tells them from plain values without importing them.
cdef enum:
    K_INSTANCE = 1
    K_CLASS
    K_INSTANCE_NAME
    K_CLASS_NAME
    K_OTHER


cdef class CIMObject:
    cdef int kind(self) noexcept
    cdef str summary(self)


cdef class CIMType:
    pass


cdef class CIMDateTime(CIMType):
    # A point in time: microseconds since 1970 in UTC. An interval: its length in microseconds.
    cdef int64_t micros
    cdef int32_t offset  # minutes east of UTC; 0 for intervals
    cdef int8_t digits   # where in the text the asterisks begin; -1: nowhere
    cdef bint interval
    cdef int write(self, char *out) noexcept nogil

cdef CIMDateTime read_datetime(const char *text, Py_ssize_t size)
cdef object plain_number(int number, opswire_cim_cell cell, const char *base)
cdef object number_from(int number, opswire_cim_cell cell, const char *base)
cdef str sentence(const char *text)
cdef str text_of(object value)
cdef object value_as(object value, int number)
cdef object item_as(object value, int number)
cdef int type_of(object value) except -1
