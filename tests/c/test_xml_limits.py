"""Fixed limits of the scanner, to the octet; and how much it remembers of one document."""

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.documents import Scanner
from tests.c.octets import View


def declaration(size: int) -> bytes:
    """A document whose XML declaration has that many octets."""
    start, end = b'<?xml version="1.0"', b"?>"
    return start + b" " * (size - len(start) - len(end)) + end + b"<a/>"


def reference(size: int) -> bytes:
    """A reference of that many octets, with zeros that mean nothing."""
    return b"&#" + b"0" * (size - 5) + b"65;"


@pytest.mark.parametrize("piece", [1 << 62, 1])
def test_a_declaration_has_512_octets_at_most(piece: int) -> None:
    assert Scanner().scan(declaration(512), piece).error == ""
    assert Scanner().scan(declaration(513), piece).error == "BAD_DECLARATION"


@pytest.mark.parametrize("place", [b"<a>%s</a>", b"<a b='%s'/>"], ids=["text", "attribute"])
@pytest.mark.parametrize("piece", [1 << 62, 1])
def test_a_reference_has_32_octets_at_most(place: bytes, piece: int) -> None:
    assert len(reference(32)) == 32
    assert Scanner().scan(place % reference(32), piece).error == ""
    assert Scanner().scan(place % reference(33), piece).error == "REFERENCE_TOO_LONG"


def test_the_length_of_a_document_is_that_of_all_its_pieces() -> None:
    scanner = Scanner(total=6)
    token = ffi.new("struct opswire_xml_token *")
    for octets, expected in ((b"<a>", lib.OPSWIRE_DONE), (b"</a>", lib.OPSWIRE_XML_LIMIT)):
        view = View(octets)
        assert lib.opswire_xml_feed(scanner.c, view.c) == expected
        while lib.opswire_xml_next(scanner.c, token) == lib.OPSWIRE_DONE:
            pass
    assert lib.opswire_xml_error_code(scanner.c) == lib.OPSWIRE_XML_DOCUMENT_TOO_LONG


def test_a_leaf_that_is_known_is_no_deeper_than_the_limit() -> None:
    """The tags were kept where they stood less deep."""
    scanner = Scanner(depth=2)
    leaf = ffi.new("struct opswire_xml_leaf *")
    assert scanner.scan(b"<a><b>x</b></a>").error == ""
    lib.opswire_xml_reset(scanner.c)
    token = ffi.new("struct opswire_xml_token *")
    view = View(b"<c><a><b>x</b></a></c>")
    assert lib.opswire_xml_feed(scanner.c, view.c) == lib.OPSWIRE_DONE
    for _ in range(2):
        assert lib.opswire_xml_next(scanner.c, token) == lib.OPSWIRE_DONE
    assert lib.opswire_xml_depth(scanner.c) == 2
    assert not lib.opswire_xml_peek_leaf(scanner.c, leaf)
    assert lib.opswire_xml_next(scanner.c, token) == lib.OPSWIRE_XML_LIMIT


# ---- what is kept of tags ----


def memory_after(tags: list[bytes]) -> int:
    """Of a scanner that has read these tags, each once."""
    scanner = Scanner()
    assert scanner.scan(b"<a>" + b"".join(tags) + b"</a>").error == ""
    memory: int = lib.opswire_xml_memory(scanner.c)
    return memory


def tags(count: int, size: int) -> list[bytes]:
    """Different ones of that many octets."""
    return [b"<b%0*d/>" % (size - 4, number) for number in range(count)]


def test_4096_tags_of_a_document_are_kept() -> None:
    """More of them take no more memory."""
    assert memory_after(tags(4000, 10)) < memory_after(tags(4200, 10))
    assert memory_after(tags(4200, 10)) == memory_after(tags(5000, 10))


def test_a_megabyte_of_tags_is_kept() -> None:
    """However many fit."""
    full = memory_after(tags(1000, 1000))
    assert memory_after(tags(300, 1000)) + (1 << 18) < full < memory_after([]) + (1 << 20) + 4096
    assert memory_after(tags(2000, 1000)) == full
