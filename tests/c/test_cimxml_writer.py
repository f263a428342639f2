"""include/opswire/cimxml.h: elements, attributes and text to octets."""

from types import TracebackType
from typing import Self

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.documents import Scanner
from tests.c.octets import View, octets_of


class Writer:
    """A writer, freed at the end of the `with` block."""

    def __init__(self) -> None:
        self.c = ffi.new("struct opswire_cim_writer *")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lib.opswire_buffer_free(ffi.addressof(self.c, "out"))

    def start(self, element: int) -> int:
        """Begin an element."""
        return lib.opswire_cim_write_start(self.c, element)

    def attribute(self, attribute: int, value: str) -> int:
        """Add an attribute."""
        view = View(value.encode())  # which keeps the octets
        return lib.opswire_cim_write_attribute(self.c, attribute, view.c)

    def text(self, octets: bytes) -> int:
        """Add text."""
        return lib.opswire_cim_write_text(self.c, View(octets).c)

    def end(self) -> int:
        """End an element."""
        return lib.opswire_cim_write_end(self.c)

    @property
    def octets(self) -> bytes:
        """What was written."""
        return octets_of(self.c.out)


def test_a_request_is_written() -> None:
    """Element by element."""
    with Writer() as writer:
        lib.opswire_cim_write_declaration(writer.c)
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


@pytest.mark.parametrize("text", ["", "x", "<&>\"'\r\n\t ]]>", "é€😀\ufffd\x7f", "a" * 40 + "<"])
def test_text_and_attributes_are_read_as_they_were(text: str) -> None:
    """Whatever is in them."""
    with Writer() as writer:
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        writer.attribute(lib.OPSWIRE_CIM_A_NAME, text)
        writer.text(text.encode())
        assert writer.end() == lib.OPSWIRE_DONE
        tokens = Scanner().scan(writer.octets).tokens
        assert tokens[0] == ["start", "VALUE", "NAME", text]
        assert "".join(token[1] for token in tokens if token[0] == "text") == text


@pytest.mark.parametrize(
    "octets",
    [b"\x00", b"\x1f", b"\xff", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xe2\x82"],
)
def test_what_xml_cannot_carry_is_refused_with_its_place(octets: bytes) -> None:
    """And nothing after it is written."""
    with Writer() as writer:
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        assert writer.text(b"0123456789abcdefgh" + octets) == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.c.offset == 18
        size = writer.c.out.size
        assert writer.text(b"x") == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.end() == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.c.out.size == size


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


def test_embedded_objects_are_escaped_once_for_each_level() -> None:
    """What is between the marks becomes text."""
    with Writer() as writer:
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        outer = lib.opswire_cim_write_embedded_begin(writer.c)
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        inner = lib.opswire_cim_write_embedded_begin(writer.c)
        writer.start(lib.OPSWIRE_CIM_E_CLASS)
        writer.attribute(lib.OPSWIRE_CIM_A_NAME, "<&\r")
        writer.end()
        lib.opswire_cim_write_embedded_end(writer.c, inner)
        writer.end()
        lib.opswire_cim_write_embedded_end(writer.c, outer)
        assert writer.end() == lib.OPSWIRE_DONE
        octets = writer.octets
        for _ in range(2):
            (start, text, end) = Scanner().scan(octets).tokens
            assert (start, end) == (["start", "VALUE"], ["end", "VALUE"])
            octets = text[1].encode()
        assert octets == b'<CLASS NAME="&lt;&amp;&#13;"/>'


def test_what_is_out_of_order_is_forbidden() -> None:
    """An attribute behind content, an end without a start, no such element."""
    with Writer() as writer:
        writer.start(lib.OPSWIRE_CIM_E_VALUE)
        writer.text(b"x")
        assert writer.attribute(lib.OPSWIRE_CIM_A_NAME, "x") == lib.OPSWIRE_FORBIDDEN
    with Writer() as writer:
        assert writer.end() == lib.OPSWIRE_FORBIDDEN
    with Writer() as writer:
        assert writer.start(lib.OPSWIRE_CIM_ELEMENT_COUNT) == lib.OPSWIRE_FORBIDDEN
    with Writer() as writer:
        for _ in range(lib.OPSWIRE_CIM_MAX_WRITE_DEPTH):
            assert writer.start(lib.OPSWIRE_CIM_E_VALUE) == lib.OPSWIRE_DONE
        assert writer.start(lib.OPSWIRE_CIM_E_VALUE) == lib.OPSWIRE_FORBIDDEN
