"""include/opswire/cimxml.h: elements, attributes and text to octets."""

from opswire._core.ffi import ffi, lib
from tests.c.octets import View
from tests.c.writers import CimWriter


def test_a_request_is_written() -> None:
    """Element by element."""
    with CimWriter() as writer:
        lib.opswire_xml_write_declaration(writer.xml)
        writer.start(lib.OPSWIRE_CIM_E_CIM)
        writer.attribute(lib.OPSWIRE_CIM_A_CIMVERSION, "2.0")
        writer.start(lib.OPSWIRE_CIM_E_MESSAGE)
        lib.opswire_cim_write_element(writer.c, lib.OPSWIRE_CIM_E_VALUE, View(b"").c)
        writer.start(lib.OPSWIRE_CIM_E_VALUE_NULL)
        for _ in range(3):
            assert writer.end() == lib.OPSWIRE_DONE
        assert writer.octets == (
            b'<?xml version="1.0" encoding="utf-8" ?>\n'
            b'<CIM CIMVERSION="2.0"><MESSAGE><VALUE></VALUE><VALUE.NULL/></MESSAGE></CIM>'
        )


def test_properties_are_written_at_once() -> None:
    """With and without a value."""
    with CimWriter() as writer:
        name, value = View(b"N&"), View(b"<1>")
        lib.opswire_cim_write_property(writer.c, name.c, lib.OPSWIRE_CIM_UINT8, value.c)
        nothing = ffi.new("struct opswire_view *")[0]
        lib.opswire_cim_write_property(writer.c, name.c, lib.OPSWIRE_CIM_STRING, nothing)
        assert writer.octets == (
            b'<PROPERTY NAME="N&amp;" TYPE="uint8"><VALUE>&lt;1&gt;</VALUE></PROPERTY>'
            b'<PROPERTY NAME="N&amp;" TYPE="string"/>'
        )


def test_what_is_out_of_order_is_forbidden() -> None:
    """An end without a start, no such element or attribute, depth."""
    with CimWriter() as writer:
        assert writer.end() == lib.OPSWIRE_FORBIDDEN
    with CimWriter() as writer:
        assert writer.start(lib.OPSWIRE_CIM_ELEMENT_COUNT) == lib.OPSWIRE_FORBIDDEN
    with CimWriter() as writer:
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        count = lib.OPSWIRE_CIM_ATTRIBUTE_COUNT
        assert writer.attribute(count, "x") == lib.OPSWIRE_FORBIDDEN
    with CimWriter() as writer:
        for _ in range(lib.OPSWIRE_XML_MAX_WRITE_DEPTH):
            assert writer.start(lib.OPSWIRE_CIM_E_VALUE) == lib.OPSWIRE_DONE
        assert writer.start(lib.OPSWIRE_CIM_E_VALUE) == lib.OPSWIRE_FORBIDDEN
