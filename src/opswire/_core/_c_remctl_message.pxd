from libc.stdint cimport uint32_t

from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view


cdef extern from "opswire/view.h" nogil:
    bint opswire_view_take_u32(opswire_view *view, uint32_t *value)


cdef extern from "opswire/remctl_message.h" nogil:
    enum:
        OPSWIRE_REMCTL_MESSAGE_MAX
        OPSWIRE_REMCTL_MAX_ARGUMENTS
        OPSWIRE_REMCTL_MAX_COMMAND

    struct opswire_remctl_argument_writer:
        const opswire_view *arguments
        size_t count
        size_t index
        size_t offset
        bint started

    opswire_status opswire_remctl_arguments_check(opswire_view list, uint32_t *count)
    bint opswire_remctl_argument_take(opswire_view *list, opswire_view *argument)
