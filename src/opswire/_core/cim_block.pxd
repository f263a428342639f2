from libc.stddef cimport size_t
from libc.stdint cimport uint8_t, uint32_t

from opswire._core._c_cimxml cimport *
from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view
from opswire._core._c_xml_scanner cimport *

cdef const char *datetime_read(opswire_view text, opswire_cim_datetime *made) noexcept nogil
cdef opswire_cim_error scalar_read(
    uint32_t options, uint8_t type, opswire_view text, opswire_cim_scalar *scalar) noexcept nogil
cdef opswire_cim_block *block_share(opswire_cim_block *block) noexcept nogil
cdef void block_free(opswire_cim_block *block) noexcept nogil
cdef opswire_cim_shape *shape_at(const opswire_cim_block *block, uint32_t index) noexcept nogil

cdef opswire_cim_reader *reader_new(const opswire_cim_settings *settings) noexcept nogil
cdef void reader_free(opswire_cim_reader *reader) noexcept nogil
cdef void reader_reset(opswire_cim_reader *reader) noexcept nogil
cdef opswire_status reader_feed(opswire_cim_reader *reader, opswire_view octets) noexcept nogil
cdef void reader_feed_end(opswire_cim_reader *reader) noexcept nogil
cdef opswire_status reader_next(opswire_cim_reader *reader, opswire_cim_event *event) noexcept nogil
cdef opswire_cim_block *reader_take(opswire_cim_reader *reader) noexcept nogil
cdef void reader_fault(const opswire_cim_reader *reader, opswire_cim_fault *fault) noexcept nogil
cdef str xml_message(opswire_xml_error error)
cdef str cim_message(opswire_cim_error error)
cdef str element_name(int element)

cdef int write_declaration(opswire_cim_writer *writer) noexcept nogil
cdef int write_start(opswire_cim_writer *writer, int element) noexcept nogil
cdef int write_attribute(opswire_cim_writer *writer, int attribute, opswire_view value) noexcept nogil
cdef int write_text(opswire_cim_writer *writer, opswire_view text) noexcept nogil
cdef int write_end(opswire_cim_writer *writer) noexcept nogil
cdef int write_element(opswire_cim_writer *writer, int element, opswire_view text) noexcept nogil
cdef int write_property(
    opswire_cim_writer *writer, opswire_view name, int type, opswire_view text) noexcept nogil
cdef size_t write_embedded_begin(opswire_cim_writer *writer) noexcept nogil
cdef int write_embedded_end(opswire_cim_writer *writer, size_t mark) noexcept nogil
cdef void writer_free(opswire_cim_writer *writer) noexcept nogil
