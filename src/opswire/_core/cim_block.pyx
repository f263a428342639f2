"""The C of CIM-XML is linked here; the other modules for CIM borrow it (cim_block.pxd)."""

from libc.stdint cimport uint8_t, uintptr_t

from opswire._core._c_buffer cimport opswire_buffer_free
from opswire._core._c_xml_writer cimport (
    opswire_xml_write_declaration,
    opswire_xml_write_embedded_begin,
    opswire_xml_write_embedded_end,
    opswire_xml_write_text,
)

import os


cdef extern from "opswire/keyed_hash.h":
    enum:
        OPSWIRE_HASH_KEY_SIZE
    void opswire_hash_set_key(const uint8_t *key)


cdef bytes hash_key = os.urandom(OPSWIRE_HASH_KEY_SIZE)
opswire_hash_set_key(<const uint8_t *>hash_key)
hash_key = None

cdef extern from *:
    """
    #include "cimxml_exports.h"
    #define OPSWIRE_CIMXML_LENT(function) &function,
    static const struct opswire_cimxml_exports opswire_cimxml_lent = {
        OPSWIRE_CIMXML_EXPORTS(OPSWIRE_CIMXML_LENT)
    };
    """
    struct opswire_cimxml_exports:
        pass

    const opswire_cimxml_exports opswire_cimxml_lent


def exports_address():
    """Where the C functions are that other extensions borrow (see ``cimxml_borrowed.h``)."""
    return <uintptr_t>&opswire_cimxml_lent


cdef const char *datetime_read(opswire_view text, opswire_cim_datetime *made) noexcept nogil:
    return opswire_cim_datetime_read(text, made)


cdef opswire_cim_error scalar_read(
    uint32_t options, uint8_t type, opswire_view text, opswire_cim_scalar *scalar
) noexcept nogil:
    return opswire_cim_scalar_read(options, type, text, scalar)


cdef opswire_cim_block *block_share(opswire_cim_block *block) noexcept nogil:
    return opswire_cim_block_share(block)


cdef void block_free(opswire_cim_block *block) noexcept nogil:
    opswire_cim_block_free(block)


cdef opswire_cim_shape *shape_at(const opswire_cim_block *block, uint32_t index) noexcept nogil:
    return opswire_cim_shape_of(block, index)


cdef opswire_cim_reader *reader_new(const opswire_cim_settings *settings) noexcept nogil:
    return opswire_cim_reader_new(settings)


cdef void reader_free(opswire_cim_reader *reader) noexcept nogil:
    opswire_cim_reader_free(reader)


cdef void reader_reset(opswire_cim_reader *reader) noexcept nogil:
    opswire_cim_reader_reset(reader)


cdef opswire_status reader_feed(opswire_cim_reader *reader, opswire_view octets) noexcept nogil:
    return opswire_cim_feed(reader, octets)


cdef void reader_feed_end(opswire_cim_reader *reader) noexcept nogil:
    opswire_cim_feed_end(reader)


cdef opswire_status reader_next(opswire_cim_reader *reader, opswire_cim_event *event) noexcept nogil:
    return opswire_cim_next(reader, event)


cdef opswire_cim_block *reader_take(opswire_cim_reader *reader) noexcept nogil:
    return opswire_cim_take(reader)


cdef void reader_fault(const opswire_cim_reader *reader, opswire_cim_fault *fault) noexcept nogil:
    opswire_cim_reader_fault(reader, fault)


cdef str xml_message(opswire_xml_error error):
    return (<bytes>opswire_xml_error_message(error)).decode("ascii")


cdef str cim_message(opswire_cim_error error):
    return (<bytes>opswire_cim_error_message(error)).decode("ascii")


cdef str element_name(int element):
    cdef opswire_view name = opswire_cim_element_name(<opswire_cim_element>element)
    return name.data[: name.size].decode("ascii")


cdef int write_declaration(opswire_cim_writer *writer) noexcept nogil:
    return opswire_xml_write_declaration(&writer.xml)


cdef int write_start(opswire_cim_writer *writer, int element) noexcept nogil:
    return opswire_cim_write_start(writer, <opswire_cim_element>element)


cdef int write_attribute(
    opswire_cim_writer *writer, int attribute, opswire_view value
) noexcept nogil:
    return opswire_cim_write_attribute(writer, <opswire_cim_attribute>attribute, value)


cdef int write_text(opswire_cim_writer *writer, opswire_view text) noexcept nogil:
    return opswire_xml_write_text(&writer.xml, text)


cdef int write_end(opswire_cim_writer *writer) noexcept nogil:
    return opswire_cim_write_end(writer)


cdef int write_element(opswire_cim_writer *writer, int element, opswire_view text) noexcept nogil:
    return opswire_cim_write_element(writer, <opswire_cim_element>element, text)


cdef int write_property(
    opswire_cim_writer *writer, opswire_view name, int type, opswire_view text
) noexcept nogil:
    return opswire_cim_write_property(writer, name, <opswire_cim_type>type, text)


cdef size_t write_embedded_begin(opswire_cim_writer *writer) noexcept nogil:
    return opswire_xml_write_embedded_begin(&writer.xml)


cdef int write_embedded_end(opswire_cim_writer *writer, size_t mark) noexcept nogil:
    return opswire_xml_write_embedded_end(&writer.xml, mark)


cdef void writer_free(opswire_cim_writer *writer) noexcept nogil:
    opswire_buffer_free(&writer.xml.out)
