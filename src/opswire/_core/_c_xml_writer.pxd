from libc.stdint cimport uint32_t

from opswire._core._c_buffer cimport opswire_buffer
from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view


cdef extern from "opswire/xml_writer.h" nogil:
    struct opswire_xml_writer:
        opswire_buffer out
        size_t offset
        opswire_status status
        uint32_t depth
        bint tag_open

    opswire_status opswire_xml_write_declaration(opswire_xml_writer *writer)
    opswire_status opswire_xml_write_text(opswire_xml_writer *writer, opswire_view text)
    size_t opswire_xml_write_embedded_begin(opswire_xml_writer *writer)
    opswire_status opswire_xml_write_embedded_end(opswire_xml_writer *writer, size_t mark)
