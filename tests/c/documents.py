"""XML documents through the scanner of include/opswire/xml_scanner.h, in pieces of any size."""

from typing import TYPE_CHECKING, NamedTuple

from opswire._core.ffi import ffi, lib
from tests.c.octets import View, octets_of

if TYPE_CHECKING:
    from opswire._core._ffi import CData

WHOLE = 1 << 62
PIECES = (WHOLE, 7, 1)
ERRORS = {
    getattr(lib, name): name.removeprefix("OPSWIRE_XML_")
    for name in ffi.typeof("enum opswire_xml_error").relements
}


class Position(NamedTuple):
    """Where something is."""

    line: int
    column: int
    offset: int


class Scanned(NamedTuple):
    """What the scanner has said: tokens, and the fault if there is one."""

    tokens: list[list[str]]
    error: str
    position: Position
    excerpt: tuple[bytes, int]


class Scanner:
    """A scanner, freed with this object; may scan one document after the other."""

    def __init__(self, **limits: int) -> None:
        wanted = ffi.NULL
        if limits:
            every = {
                "depth": lib.OPSWIRE_XML_MAX_DEPTH,
                "attributes": lib.OPSWIRE_XML_MAX_ATTRIBUTES,
                "name": lib.OPSWIRE_XML_MAX_NAME,
                "tag": lib.OPSWIRE_XML_MAX_TAG,
                "text": lib.OPSWIRE_XML_MAX_TEXT,
                "total": lib.OPSWIRE_XML_MAX_TOTAL,
            }
            wanted = ffi.new("struct opswire_xml_limits *", every | limits)
        self.c = ffi.gc(lib.opswire_xml_scanner_new(wanted), lib.opswire_xml_scanner_free)
        self._token = ffi.new("struct opswire_xml_token *")

    def scan(self, octets: bytes, piece: int = WHOLE, *, markup: bool = False) -> Scanned:
        """All tokens of a document that comes in pieces of that many octets."""
        lib.opswire_xml_reset(self.c)
        tokens: list[list[str]] = []
        advance = lib.opswire_xml_next_markup if markup else lib.opswire_xml_next
        rest = memoryview(octets)
        view: View | None = None
        while True:
            status = advance(self.c, self._token)
            if status == lib.OPSWIRE_DONE:
                if self._token.type == lib.OPSWIRE_XML_DOCUMENT_END:
                    return Scanned(tokens, "", self.position(), self._excerpt())
                self._add(tokens)
            elif status == lib.OPSWIRE_MORE:
                if rest:
                    view = View(bytes(rest[:piece]))
                    rest = rest[piece:]
                    assert lib.opswire_xml_feed(self.c, view.c) == lib.OPSWIRE_DONE
                else:
                    lib.opswire_xml_end(self.c)
            else:
                assert status in {lib.OPSWIRE_XML_MALFORMED, lib.OPSWIRE_XML_LIMIT}
                return Scanned(tokens, self.error(), self.position(), self._excerpt())

    def error(self) -> str:
        """What is wrong; empty: nothing."""
        error: str = ERRORS[lib.opswire_xml_error_code(self.c)]
        return error

    def _add(self, tokens: list[list[str]]) -> None:
        token: CData = self._token
        if token.type == lib.OPSWIRE_XML_TEXT:
            text = octets_of(token.text)
            assert token.ascii == text.isascii()
            if tokens and tokens[-1][0] == "text":
                tokens[-1][1] += text.decode()
            else:
                tokens.append(["text", text.decode()])
        elif token.type == lib.OPSWIRE_XML_END:
            tokens.append(["end", octets_of(token.name).decode()])
        else:
            words = [octets_of(token.name)]
            for i in range(token.tag.attribute_count):
                words += [octets_of(token.tag.attributes[i].name)]
                words += [octets_of(token.tag.attributes[i].value)]
            assert token.tag.ascii == all(word.isascii() for word in words)
            tokens.append(["start", *(word.decode() for word in words)])

    def position(self) -> Position:
        """Where the fault is, or the last token."""
        position = lib.opswire_xml_where(self.c)
        return Position(position.line, position.column, position.offset)

    def _excerpt(self) -> tuple[bytes, int]:
        room = ffi.new("uint8_t[]", lib.OPSWIRE_XML_EXCERPT_SIZE)
        mark = ffi.new("size_t *")
        size = lib.opswire_xml_excerpt(self.c, room, mark)
        return bytes(ffi.buffer(room, size)), mark[0]
