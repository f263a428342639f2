"""include/opswire/xml_writer.h: elements, attributes and text to octets."""

from itertools import product

import pytest

from opswire._core.ffi import lib
from tests.c.documents import Scanner
from tests.c.octets import View
from tests.c.writers import XmlWriter

#: Texts of every length up to three vectors, with something else in each place.
SIZES = range(49)
MARKS = ["<", ">", "&", '"', "\r", "\n", "\t", "é", "😀", "\x7f"]


def test_a_document_is_written() -> None:
    """The declaration, elements with and without content, and one that is empty but not short."""
    with XmlWriter() as writer:
        lib.opswire_xml_write_declaration(writer.c)
        writer.start(b"a")
        writer.attribute(b"b", b"1")
        writer.start(b"c")
        writer.end(b"c")
        name, nothing = View(b"d"), View(b"")
        lib.opswire_xml_write_element(writer.c, name.c, nothing.c)
        assert writer.end(b"a") == lib.OPSWIRE_DONE
        assert writer.c.depth == 0
        assert writer.octets == (
            b'<?xml version="1.0" encoding="utf-8" ?>\n<a b="1"><c/><d></d></a>'
        )


def written(text: str) -> bytes:
    """An element with a text as a value and as its content."""
    with XmlWriter() as writer:
        writer.start(b"element")
        writer.attribute(b"name", text.encode())
        writer.text(text.encode())
        assert writer.end(b"element") == lib.OPSWIRE_DONE
        return writer.octets


IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
IN_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def test_an_empty_element_is_short_or_a_pair() -> None:
    """Some readers know only the pair."""
    with XmlWriter() as writer:
        writer.c.pairs = True
        writer.start(b"a")
        writer.attribute(b"b", b"1")
        writer.start(b"c")
        writer.end(b"c")
        writer.c.pairs = False
        writer.start(b"d")
        writer.end(b"d")
        assert writer.end(b"a") == lib.OPSWIRE_DONE
        assert writer.octets == b'<a b="1"><c></c><d/></a>'


@pytest.mark.parametrize("mark", MARKS, ids=ascii)
def test_whatever_is_anywhere_in_a_text_is_found(mark: str) -> None:
    """In each place of a text of each length, by the octets that are written, and a table."""
    for size in SIZES:
        for place in range(size + 1):
            text = "y" * place + mark + "y" * (size - place)
            value, content = text.translate(IN_VALUE), text.translate(IN_TEXT)
            assert written(text).decode() == f'<element name="{value}">{content}</element>'


def test_texts_and_values_are_read_as_they_were() -> None:
    """By our own scanner; two marks at a time."""
    for one, other in product(MARKS, MARKS):
        text = f"{one}x{other}{other}" + "x" * 20 + one
        tokens = Scanner().scan(written(text)).tokens
        assert tokens[0] == ["start", "element", "name", text]
        assert "".join(token[1] for token in tokens if token[0] == "text") == text


@pytest.mark.parametrize(
    "octets",
    [b"\x00", b"\x1f", b"\xff", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xe2\x82"],
    ids=ascii,
)
@pytest.mark.parametrize("before", [0, 1, 3, 4, 7, 8, 15, 16, 18, 33])
def test_what_xml_cannot_carry_is_refused_with_its_place(octets: bytes, before: int) -> None:
    """And nothing after it is written."""
    with XmlWriter() as writer:
        writer.start(b"a")
        assert writer.text(b"x" * before + octets) == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.c.offset == before
        size = writer.c.out.size
        assert writer.text(b"x") == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.start(b"b") == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.end(b"a") == lib.OPSWIRE_OUT_OF_RANGE
        assert writer.c.out.size == size


def test_what_is_embedded_is_escaped_once_for_each_level() -> None:
    """What is between the marks becomes text."""
    with XmlWriter() as writer:
        writer.start(b"a")
        outer = lib.opswire_xml_write_embedded_begin(writer.c)
        writer.start(b"a")
        inner = lib.opswire_xml_write_embedded_begin(writer.c)
        writer.start(b"b")
        writer.attribute(b"c", b"<&\r")
        writer.end(b"b")
        lib.opswire_xml_write_embedded_end(writer.c, inner)
        writer.end(b"a")
        lib.opswire_xml_write_embedded_end(writer.c, outer)
        assert writer.end(b"a") == lib.OPSWIRE_DONE
        octets = writer.octets
        for _ in range(2):
            (start, text, end) = Scanner().scan(octets).tokens
            assert (start, end) == (["start", "a"], ["end", "a"])
            octets = text[1].encode()
        assert octets == b'<b c="&lt;&amp;&#13;"/>'


def test_what_is_out_of_order_is_forbidden() -> None:
    """An attribute behind content or before any element, an end without a start, depth."""
    with XmlWriter() as writer:
        writer.start(b"a")
        writer.text(b"")
        assert writer.attribute(b"b", b"x") == lib.OPSWIRE_FORBIDDEN
    with XmlWriter() as writer:
        assert writer.attribute(b"b", b"x") == lib.OPSWIRE_FORBIDDEN
    with XmlWriter() as writer:
        assert writer.end(b"a") == lib.OPSWIRE_FORBIDDEN
    with XmlWriter() as writer:
        for _ in range(lib.OPSWIRE_XML_MAX_WRITE_DEPTH):
            assert writer.start(b"a") == lib.OPSWIRE_DONE
        assert writer.start(b"a") == lib.OPSWIRE_FORBIDDEN
    with XmlWriter() as writer:
        writer.start(b"a")
        mark = lib.opswire_xml_write_embedded_begin(writer.c)
        assert lib.opswire_xml_write_embedded_end(writer.c, mark + 1) == lib.OPSWIRE_FORBIDDEN
