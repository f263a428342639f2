from libc.stdint cimport uint8_t

from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view


cdef extern from "opswire/performance_number.h" nogil:
    enum opswire_performance_rules:
        OPSWIRE_PERFORMANCE_RECORDED
        OPSWIRE_PERFORMANCE_STRICT


cdef extern from "opswire/performance_data.h" nogil:
    struct opswire_performance_level:
        bint present
        double number
        opswire_view range

    struct opswire_performance_item:
        opswire_view label
        opswire_view unit
        opswire_performance_level warning
        opswire_performance_level critical
        double value
        double minimum
        double maximum
        bint escaped
        bint unknown
        bint has_minimum
        bint has_maximum

    struct opswire_performance_range:
        double start
        double end
        bint inside

    struct opswire_performance_reader:
        opswire_view input
        opswire_performance_rules rules
        size_t offset
        const char *error

    opswire_status opswire_performance_next(
        opswire_performance_reader *reader, opswire_performance_item *item)
    opswire_status opswire_performance_range_read(
        opswire_view text, opswire_performance_range *range, size_t *offset, const char **error)
    size_t opswire_performance_label_unescape(opswire_view label, uint8_t *out)
    opswire_status opswire_performance_write(
        const opswire_performance_item *items, size_t count, opswire_performance_rules rules,
        size_t most, uint8_t *out, size_t room, size_t *size, size_t *index, const char **error)
