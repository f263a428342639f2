"""include/opswire/cimxml.h: elements, attributes and text to octets."""

from types import TracebackType
from typing import Self

from opswire._core.ffi import ffi, lib
from tests.c.octets import View, octets_of


class Writer:
    """A writer, freed at the end of the `with` block."""

    def __init__(self) -> None:
        self.c = ffi.new("struct opswire_cim_writer *")
        self.xml = ffi.addressof(self.c, "xml")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lib.opswire_buffer_free(ffi.addressof(self.xml, "out"))

    def start(self, element: int) -> int:
        """Begin an element."""
        return lib.opswire_cim_write_start(self.c, element)

    def attribute(self, attribute: int, value: str) -> int:
        """Add an attribute."""
        view = View(value.encode())  # which keeps the octets
        return lib.opswire_cim_write_attribute(self.c, attribute, view.c)

    def text(self, octets: bytes) -> int:
        """Add text."""
        return lib.opswire_xml_write_text(self.xml, View(octets).c)

    def end(self) -> int:
        """End an element."""
        return lib.opswire_cim_write_end(self.c)

    @property
    def octets(self) -> bytes:
        """What was written."""
        return octets_of(self.xml.out)


def test_a_request_is_written() -> None:
    """Element by element."""
    with Writer() as writer:
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
    with Writer() as writer:
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
    with Writer() as writer:
        assert writer.end() == lib.OPSWIRE_FORBIDDEN
    with Writer() as writer:
        assert writer.start(lib.OPSWIRE_CIM_ELEMENT_COUNT) == lib.OPSWIRE_FORBIDDEN
    with Writer() as writer:
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        count = lib.OPSWIRE_CIM_ATTRIBUTE_COUNT
        assert writer.attribute(count, "x") == lib.OPSWIRE_FORBIDDEN
    with Writer() as writer:
        for _ in range(lib.OPSWIRE_XML_MAX_WRITE_DEPTH):
            assert writer.start(lib.OPSWIRE_CIM_E_VALUE) == lib.OPSWIRE_DONE
        assert writer.start(lib.OPSWIRE_CIM_E_VALUE) == lib.OPSWIRE_FORBIDDEN
