"""Elements that the scanner passes over in one step mean what their tokens mean."""

from typing import TYPE_CHECKING

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.documents import Scanner
from tests.c.octets import View, octets_of

if TYPE_CHECKING:
    from opswire._core._ffi import CData

KNOWN = b"""<list>
<item name="a">
<text>one</text>
</item>
<item name="b"><text>two</text></item>
<item name="c"/>
<item name="d"></item>
<text>three</text><text></text>
</list>"""
# What else may stand where a known element is expected: each is another document.
OTHERWISE = [
    KNOWN,
    KNOWN.replace(b"\n", b""),
    KNOWN.replace(b"\n", b"\r\n\t "),
    KNOWN.replace(b"one", "größer, 大きい, 😀".encode()),
    KNOWN.replace(b"one", b"a\tb\nc"),
    KNOWN.replace(b"one", b" one "),
    KNOWN.replace(b"one", b"a > b"),
    KNOWN.replace(b"one", b"a &lt; b"),
    KNOWN.replace(b"one", b"a]b"),
    KNOWN.replace(b"one", b"a\rb"),
    KNOWN.replace(b"one", b"a<!-- -->b"),
    KNOWN.replace(b"one", b"<![CDATA[a]]>"),
    KNOWN.replace(b"one", b"<text>within</text>"),
    KNOWN.replace(b"one", b""),
    KNOWN.replace(b"<text>one</text>", b"x<text>one</text>"),
    KNOWN.replace(b"<text>one</text>", b"<text>one</text>x"),
    KNOWN.replace(b"<text>one</text>", b"<text>one</text><text>more</text>"),
    KNOWN.replace(b"<text>one</text>", b"<text >one</text>"),
    KNOWN.replace(b"<text>one</text>", b"<text>one</text >"),
    KNOWN.replace(b"<text>one</text>", b"<text/>"),
    KNOWN.replace(b"<text>one</text>", b"<texts>one</texts>"),
    KNOWN.replace(b'name="a"', b'name="aa"'),
    KNOWN.replace(b'name="c"/>', b'name="c"></item>'),
    KNOWN.replace(b'name="d"></item>', b'name="d"><text>four</text></item>'),
]
BROKEN = [
    KNOWN.replace(b"<text>one</text>", b"<text>one</item>"),
    KNOWN.replace(b"<text>one</text>", b"<text>o\x01e</text>"),
    KNOWN.replace(b"<text>one</text>", b"<text>o\xffe</text>"),
    KNOWN.replace(b"<text>one</text>", b"<text>]]></text>"),
    KNOWN.replace(b"</item>\n<item", b"</list>\n<item"),
    KNOWN.replace(b"</list>", b"</text>"),
]


def scan_in_steps(scanner: Scanner, octets: bytes) -> tuple[list[list[str]], str, int]:
    """Tokens, white space between tags aside, the fault, and how often one step was enough."""
    token = ffi.new("struct opswire_xml_token *")
    leaf = ffi.new("struct opswire_xml_leaf *")
    wrapped = ffi.new("struct opswire_xml_wrapped *")
    tokens: list[list[str]] = []
    steps = 0
    view = View(octets)
    lib.opswire_xml_reset(scanner.c)
    assert lib.opswire_xml_feed(scanner.c, view.c) == lib.OPSWIRE_DONE
    lib.opswire_xml_end(scanner.c)
    while True:
        if lib.opswire_xml_peek_wrapped(scanner.c, wrapped):
            within = wrapped.leaf
            lib.opswire_xml_take_wrapped(scanner.c, wrapped)
            tokens.append(start(wrapped.tag))
            if within.tag != ffi.NULL:
                tokens += leaf_tokens(within)
            tokens.append(["end", octets_of(wrapped.tag.name).decode()])
            steps += 1
            continue
        if lib.opswire_xml_peek_leaf(scanner.c, leaf):
            lib.opswire_xml_take_leaf(scanner.c, leaf)
            tokens += leaf_tokens(leaf)
            steps += 1
            continue
        status = lib.opswire_xml_next(scanner.c, token)
        if status != lib.OPSWIRE_DONE:
            return without_space(tokens), scanner.error(), steps
        if token.type == lib.OPSWIRE_XML_DOCUMENT_END:
            return without_space(tokens), "", steps
        if token.type == lib.OPSWIRE_XML_TEXT:
            text = octets_of(token.text).decode()
            if tokens and tokens[-1][0] == "text":
                tokens[-1][1] += text
            else:
                tokens.append(["text", text])
        elif token.type == lib.OPSWIRE_XML_END:
            tokens.append(["end", octets_of(token.name).decode()])
        else:
            tokens.append(start(token.tag))


def start(tag: "CData") -> list[str]:
    """As Scanner has it."""
    words = [octets_of(tag.name)]
    for i in range(tag.attribute_count):
        words += [octets_of(tag.attributes[i].name), octets_of(tag.attributes[i].value)]
    return ["start", *(word.decode() for word in words)]


def leaf_tokens(leaf: "CData") -> list[list[str]]:
    """What next() would have told."""
    text = octets_of(leaf.text)
    assert leaf.ascii == text.isascii()
    middle = [["text", text.decode()]] if text else []
    return [start(leaf.tag), *middle, ["end", octets_of(leaf.tag.name).decode()]]


def without_space(tokens: list[list[str]]) -> list[list[str]]:
    """Without texts of white space only, unless they are what is in a leaf."""
    return [
        token
        for before, token, behind in zip(
            [["start", ""], *tokens], tokens, [*tokens[1:], ["end", "?"]], strict=False
        )
        if token[0] != "text"
        or token[1].strip(" \t\n")
        or (before[0] == "start" and behind[0] == "end" and before[1] == behind[1])
    ]


@pytest.mark.parametrize("octets", OTHERWISE)
def test_a_document_after_a_similar_one_is_read_as_if_it_were_the_first(octets: bytes) -> None:
    """Whether its elements are passed over in one step or not."""
    scanner = Scanner()
    scanner.scan(KNOWN)
    tokens, error, steps = scan_in_steps(scanner, octets)
    assert not error
    assert tokens == without_space(Scanner().scan(octets).tokens)
    assert steps > 0
    # Every other document has become known by now, and the first one is read as ever.
    assert scanner.scan(octets).tokens == Scanner().scan(octets).tokens
    assert scanner.scan(KNOWN).tokens == Scanner().scan(KNOWN).tokens


@pytest.mark.parametrize("octets", BROKEN)
def test_what_is_broken_is_found_the_long_way(octets: bytes) -> None:
    """The fault, its place and the tokens before it are the same."""
    scanner = Scanner()
    scanner.scan(KNOWN)
    tokens, error, _ = scan_in_steps(scanner, octets)
    plain = Scanner().scan(octets)
    assert (error, tokens) == (plain.error, without_space(plain.tokens))
    assert scanner.position() == plain.position


def test_a_known_document_takes_a_step_for_each_leaf() -> None:
    """Six: four items, two texts."""
    scanner = Scanner()
    scanner.scan(KNOWN)
    assert scan_in_steps(scanner, KNOWN)[2] == 6


@pytest.mark.parametrize("size", range(len(KNOWN)))
def test_an_element_that_is_not_at_hand_to_its_end_is_no_leaf(size: int) -> None:
    """The scanner stays where it was, and reads on when the rest comes."""
    scanner = Scanner()
    scanner.scan(KNOWN)
    tokens, error, _ = scan_in_steps(scanner, KNOWN[:size])
    plain = Scanner().scan(KNOWN[:size])
    assert (error, tokens) == (plain.error, without_space(plain.tokens))


@pytest.mark.parametrize(
    ("limit", "value", "octets", "error"),
    [
        ("depth", 2, KNOWN, "TOO_DEEP"),
        ("text", 4, KNOWN, "TEXT_TOO_LONG"),
        ("tag", 16, KNOWN, ""),
        ("tag", 4, b"<a><ab>x</ab></a>", "TAG_TOO_LONG"),
        ("tag", 4, b"<a><ab><b>x</b></ab></a>", "TAG_TOO_LONG"),
    ],
)
def test_limits_hold_in_one_step_too(limit: str, value: int, octets: bytes, error: str) -> None:
    """Tags that are known go no way round them."""
    scanner = Scanner(**{limit: value})
    assert scanner.scan(octets).error == error
    assert scan_in_steps(scanner, octets)[1] == error
