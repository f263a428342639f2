from libc.stdint cimport uint8_t

from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view


cdef extern from "opswire/buffer.h" nogil:
    struct opswire_buffer:
        uint8_t *data
        size_t size
        size_t capacity

    opswire_status opswire_buffer_append(opswire_buffer *buffer, opswire_view octets)
    void opswire_buffer_free(opswire_buffer *buffer)
