"""include/opswire/xml_scanner.h: documents to tokens, however they are cut; and what is refused."""

import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.documents import PIECES, Position, Scanner
from tests.c.octets import View


class Case(NamedTuple):
    """A document, and its tokens or what is wrong with it."""

    name: str
    octets: bytes
    tokens: list[list[str]]
    error: str
    offset: int


def load_cases() -> list[Case]:
    """The table of cases."""
    table = tomllib.loads((Path(__file__).parents[1] / "cases/xml_documents.toml").read_text())
    return [
        Case(
            entry["name"],
            bytes.fromhex(entry["hex"]) if "hex" in entry else entry["octets"].encode(),
            entry.get("tokens", []),
            entry.get("error", ""),
            entry.get("offset", -1),
        )
        for entry in table["document"]
    ]


CASES = load_cases()
SOUND = [case for case in CASES if not case.error]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_sound_case = pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name)
each_piece = pytest.mark.parametrize("piece", PIECES, ids=["whole", "by seven", "by one"])


@each_case
@each_piece
def test_a_document_is_what_the_table_says(case: Case, piece: int) -> None:
    """However it is cut: the tokens, or the fault and its place."""
    scanned = Scanner().scan(case.octets, piece)
    assert scanned.error == case.error
    if case.error:
        assert scanned.position.offset == case.offset
    else:
        assert scanned.tokens == case.tokens


@each_case
def test_a_scanner_that_knows_the_tags_says_the_same(case: Case) -> None:
    """Tags that are kept from the last document change nothing."""
    scanner = Scanner()
    first = scanner.scan(case.octets)
    for piece in PIECES:
        again = scanner.scan(case.octets, piece)
        assert (again.error, again.position) == (first.error, first.position)
        # Before a fault, the text up to it may have been told or not.
        assert case.error or again.tokens == first.tokens


@each_sound_case
def test_markup_alone_is_the_same_without_white_space(case: Case) -> None:
    """Blank texts are left out, others begin at their first other character."""
    expected = []
    for token in case.tokens:
        if token[0] != "text":
            expected.append(token)
        elif "".join(token[1].split()):
            expected.append(["text", "".join(token[1].split())])
    for piece in PIECES:
        tokens = Scanner().scan(case.octets, piece, markup=True).tokens
        assert [
            ["text", "".join(token[1].split())] if token[0] == "text" else token
            for token in tokens
            if token[0] != "text" or token[1].split()
        ] == expected


@each_sound_case
def test_a_document_that_is_cut_anywhere_is_not_closed(case: Case) -> None:
    """Nothing less than the whole is a document; what is behind the root may be missing."""
    whole = Scanner().scan(case.octets)
    for end in range(len(case.octets)):
        scanned = Scanner().scan(case.octets[:end])
        if scanned.error:
            assert scanned.error in {"UNCLOSED", "NO_ELEMENT", "BAD_CHARACTER"}
            assert scanned.position.offset <= end
        else:
            assert scanned.tokens == whole.tokens


@each_piece
def test_a_fault_is_told_by_line_column_and_offset(piece: int) -> None:
    """Columns count characters, offsets octets."""
    octets = "<a>\n<b>é😀</b>\n  <c>€</d>\n</a>".encode()
    scanned = Scanner().scan(octets, piece)
    assert scanned.error == "MISMATCHED_END"
    assert scanned.position == Position(3, 7, octets.index(b"</d>"))


@pytest.mark.parametrize("count", [0, 1, 7, 8, 15, 16, 17, 4079, 4080, 4081, 70_000])
@pytest.mark.parametrize("filling", ["\n", "a\n", "é\n\n"], ids=["bare", "letter", "two"])
def test_every_line_feed_before_a_fault_counts(count: int, filling: str) -> None:
    """Also where they are counted 16 octets at a time."""
    text = filling * count
    position = Scanner().scan(f"<a>{text}</b>".encode()).position
    assert position.line == 1 + text.count("\n")
    assert position.column == (1 if count else 4)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 24, 25, 40])
def test_names_are_the_same_in_every_octet_or_not_at_all(size: int) -> None:
    """An end tag that is wrong in one letter, and a start tag that was there before but for one."""
    name = "n" * size
    for place in range(size):
        other = name[:place] + "m" + name[place + 1 :]
        assert Scanner().scan(f"<{name}></{other}>".encode()).error == "MISMATCHED_END"
        both = f'<a><{name} x="1"></{name}><{other} x="1"></{other}></a>'.encode()
        scanner = Scanner()
        first, again = scanner.scan(both).tokens, scanner.scan(both.replace(b"m", b"n"))
        assert [token for token in first if other in token]
        assert not [token for token in again.tokens if other in token]


def test_the_offset_is_one_of_the_input_in_other_encodings() -> None:
    """As it was fed."""
    octets = b"\xfe\xff" + "<a>\n€😀</b>".encode("utf-16-be")
    assert Scanner().scan(octets).position == Position(2, 3, 2 + 2 * 4 + 2 + 4)


def test_an_excerpt_shows_what_is_around_the_fault() -> None:
    """At most 64 octets, in whole characters."""
    octets = ("<a>" + "é" * 100 + "&x;" + "€" * 100 + "</a>").encode()
    excerpt, mark = Scanner().scan(octets).excerpt
    assert len(excerpt) <= 64
    assert excerpt.decode()[excerpt[:mark].decode().__len__() :].startswith("&x;€€")
    assert excerpt[:mark].decode() == "é" * (mark // 2)
    assert mark in {31, 32}


def test_octets_that_are_not_read_yet_keep_others_out() -> None:
    """The scanner borrows one piece at a time."""
    scanner = Scanner()
    view = View(b"<a><b>")
    assert lib.opswire_xml_feed(scanner.c, view.c) == lib.OPSWIRE_DONE
    assert lib.opswire_xml_feed(scanner.c, view.c) == lib.OPSWIRE_FORBIDDEN


def test_nothing_comes_after_the_end() -> None:
    """Neither tokens nor octets."""
    scanner = Scanner()
    assert not scanner.scan(b"<a/>").error
    token = ffi.new("struct opswire_xml_token *")
    assert lib.opswire_xml_next(scanner.c, token) == lib.OPSWIRE_DONE
    assert token.type == lib.OPSWIRE_XML_DOCUMENT_END
    assert lib.opswire_xml_feed(scanner.c, View(b"<a/>").c) == lib.OPSWIRE_FORBIDDEN


def test_what_is_broken_stays_broken() -> None:
    """Until it is reset."""
    scanner = Scanner()
    assert scanner.scan(b"<a>&x;</a>").error == "UNKNOWN_ENTITY"
    token = ffi.new("struct opswire_xml_token *")
    assert lib.opswire_xml_next(scanner.c, token) == lib.OPSWIRE_XML_MALFORMED
    assert lib.opswire_xml_feed(scanner.c, View(b"<a/>").c) == lib.OPSWIRE_XML_MALFORMED
    assert not scanner.scan(b"<a/>").error


LIMITS = [
    ("depth", 3, b"<a><a><a/></a></a>", b"<a><a><a><a/></a></a></a>", "TOO_DEEP"),
    ("attributes", 2, b"<a b='' c=''/>", b"<a b='' c='' d=''/>", "TOO_MANY_ATTRIBUTES"),
    ("name", 3, b"<abc def=''/>", b"<abcd/>", "NAME_TOO_LONG"),
    ("name", 3, b"<abc def=''/>", b"<a bcde=''/>", "NAME_TOO_LONG"),
    ("tag", 9, b"<a b='1'/>"[:0] + b"<a b='1'>x</a>", b"<a b='12'>x</a>", "TAG_TOO_LONG"),
    ("tag", 4, b"<a>x</a>", b"<ab>x</ab>", "TAG_TOO_LONG"),
    ("text", 4, b"<a>1234<b/>1234</a>", b"<a>12345</a>", "TEXT_TOO_LONG"),
    ("text", 4, b"<a>&lt;&lt;&lt;&lt;</a>", b"<a>1<!-- -->&lt;345</a>", "TEXT_TOO_LONG"),
    ("text", 4, b"<a><![CDATA[1234]]></a>", b"<a>1<![CDATA[23]]>45</a>", "TEXT_TOO_LONG"),
    ("total", 4, b"<a/>", b"<a/> ", "DOCUMENT_TOO_LONG"),
]


@pytest.mark.parametrize(("name", "limit", "sound", "broken", "error"), LIMITS)
@pytest.mark.parametrize("piece", [1 << 62, 2, 1])
def test_limits_hold(
    name: str, limit: int, sound: bytes, broken: bytes, error: str, piece: int
) -> None:
    """What reaches one is read, what goes beyond it is refused, also when the tags are known."""
    assert Scanner(**{name: limit}).scan(sound, piece).error == ""
    if name == "total":
        scanner = Scanner(total=limit)
        assert lib.opswire_xml_feed(scanner.c, View(broken).c) == lib.OPSWIRE_XML_LIMIT
        assert lib.opswire_xml_error_code(scanner.c) == lib.OPSWIRE_XML_DOCUMENT_TOO_LONG
    else:
        scanner = Scanner(**{name: limit})
        errors = [scanner.scan(octets, piece).error for octets in (broken, broken, sound, broken)]
        assert errors == [error, error, "", error]


def test_elements_are_never_nested_more_deeply_than_a_stack_can_hold() -> None:
    """Whatever limit is wished for: the stack doubles, and its size must not wrap."""
    scanner = Scanner(depth=2**32 - 1)
    octets = View(b"<a>" * (lib.OPSWIRE_XML_MOST_DEPTH + 1))
    token = ffi.new("struct opswire_xml_token *")
    assert lib.opswire_xml_feed(scanner.c, octets.c) == lib.OPSWIRE_DONE
    while (status := lib.opswire_xml_next(scanner.c, token)) == lib.OPSWIRE_DONE:
        pass
    assert status == lib.OPSWIRE_XML_LIMIT
    assert lib.opswire_xml_error_code(scanner.c) == lib.OPSWIRE_XML_TOO_DEEP
    assert lib.opswire_xml_depth(scanner.c) == lib.OPSWIRE_XML_MOST_DEPTH


def entity_bomb() -> bytes:
    """A billion laughs."""
    lines = [b'<!DOCTYPE a [<!ENTITY e0 "ha">']
    lines += [b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10)]
    return b"".join([*lines, b"]><a>&e9;</a>"])


HOSTILE = [
    ("an entity bomb", entity_bomb(), "DECLARATIONS_REFUSED"),
    ("100,000 attributes", b"<a%s/>" % b"".join(b" a%d=''" % i for i in range(100_000)), ""),
    ("20 MB of references", b"<a>" + b"&lt;" * 5_000_000 + b"</a>", "sound"),
    ("20 MB of references in pieces", b"<a>" + b"&#10;" * 4_000_000 + b"</a>", "sound"),
    ("nested elements", b"<a>" * 1_000_000, "TOO_DEEP"),
    ("a tag without an end", b"<a " + b" " * 20_000_000, "TAG_TOO_LONG"),
    ("a comment without an end", b"<a/><!--" + b" -" * 5_000_000, "UNCLOSED"),
    ("brackets", b"<a>" + b"]" * 5_000_000 + b"</a>", "sound"),
    ("brackets in CDATA", b"<a><![CDATA[" + b"]" * 100_000 + b"]]></a>", "sound"),
    (
        "tags that are all different",
        b"".join([b"<a>", *(b"<b c='%d'/>" % i for i in range(200_000)), b"</a>"]),
        "sound",
    ),
]


@pytest.mark.parametrize(("octets", "error"), [h[1:] for h in HOSTILE], ids=[h[0] for h in HOSTILE])
@pytest.mark.parametrize("piece", [1 << 62, 65536])
def test_hostile_documents_are_read_in_time_or_refused(
    octets: bytes, error: str, piece: int
) -> None:
    """Linear: none of these takes a noticeable time, and the runner's time limit would tell."""
    scanner = Scanner(text=1 << 30)
    token = ffi.new("struct opswire_xml_token *")
    rest = memoryview(octets)
    while True:
        status = lib.opswire_xml_next(scanner.c, token)
        if status == lib.OPSWIRE_MORE and rest:
            view = View(bytes(rest[:piece]))
            rest = rest[piece:]
            assert lib.opswire_xml_feed(scanner.c, view.c) == lib.OPSWIRE_DONE
        elif status == lib.OPSWIRE_MORE:
            lib.opswire_xml_end(scanner.c)
        elif status != lib.OPSWIRE_DONE or token.type == lib.OPSWIRE_XML_DOCUMENT_END:
            break
    if error == "sound":
        assert status == lib.OPSWIRE_DONE
    elif error:
        assert lib.opswire_xml_error_code(scanner.c) == getattr(lib, f"OPSWIRE_XML_{error}")
    else:
        assert status == lib.OPSWIRE_XML_LIMIT


def test_every_error_has_a_sentence_of_its_own() -> None:
    """A number that is no error has one too."""
    texts = {
        ffi.string(lib.opswire_xml_error_message(number))
        for number in range(lib.OPSWIRE_XML_ERROR_COUNT)
    }
    assert len(texts) == lib.OPSWIRE_XML_ERROR_COUNT
    assert ffi.string(lib.opswire_xml_error_message(1000)) == b"unknown error"
