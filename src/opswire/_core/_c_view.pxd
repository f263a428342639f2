from libc.stdint cimport uint8_t


cdef extern from "opswire/view.h" nogil:
    struct opswire_view:
        const uint8_t *data
        size_t size
