from libc.stdint cimport uint8_t, uint32_t, uint64_t

from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view


cdef extern from "opswire/xml_scanner.h" nogil:
    enum:
        OPSWIRE_XML_EXCERPT_SIZE

    enum:
        OPSWIRE_XML_MALFORMED
        OPSWIRE_XML_LIMIT
        OPSWIRE_CIM_INVALID

    enum opswire_xml_error:
        OPSWIRE_XML_SOUND

    const char *opswire_xml_error_message(opswire_xml_error error)

    struct opswire_xml_limits:
        uint32_t depth
        uint32_t attributes
        uint32_t name
        uint32_t tag
        uint32_t text
        uint64_t total

    struct opswire_xml_attribute:
        opswire_view name
        opswire_view value

    struct opswire_xml_tag:
        opswire_view name
        const opswire_xml_attribute *attributes
        uint32_t attribute_count

    enum opswire_xml_token_type:
        OPSWIRE_XML_START
        OPSWIRE_XML_TEXT
        OPSWIRE_XML_END
        OPSWIRE_XML_DOCUMENT_END

    struct opswire_xml_token:
        opswire_xml_token_type type
        opswire_xml_tag *tag
        opswire_view name
        opswire_view text

    struct opswire_xml_position:
        uint64_t line
        uint64_t column
        uint64_t offset

    struct opswire_xml_scanner:
        pass

    opswire_xml_scanner *opswire_xml_scanner_new(const opswire_xml_limits *limits)
    void opswire_xml_scanner_free(opswire_xml_scanner *scanner)
    void opswire_xml_reset(opswire_xml_scanner *scanner)
    opswire_status opswire_xml_feed(opswire_xml_scanner *scanner, opswire_view octets)
    void opswire_xml_end(opswire_xml_scanner *scanner)
    opswire_status opswire_xml_next(opswire_xml_scanner *scanner, opswire_xml_token *token)
    opswire_xml_error opswire_xml_error_code(const opswire_xml_scanner *scanner)
    opswire_xml_position opswire_xml_where(const opswire_xml_scanner *scanner)
