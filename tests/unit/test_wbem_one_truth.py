"""What the reader takes as a value the Python types take, and nothing else, as the same value.

Texts are generated from those that are right by a few changes; with OPSWIRE_TEXTS set to a number,
so many for each type instead of the usual ones.
"""

import os
import random
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import pytest

from opswire import wbem

TEXTS = int(os.environ.get("OPSWIRE_TEXTS", "600"))
SEEDS = {
    "datetime": [
        "20260102030405.123456+060",
        "20260228235959.999999-720",
        "20240229000000.000000+000",
        "20260431000000.000000+000",
        "20261301000000.000000+000",
        "00010101000000.000000+000",
        "00000101000000.000000+000",
        "99991231235959.999999+999",
        "2026**********.******+000",
        "202601********.******+000",
        "**************.******+000",
        "**************.******:000",
        "00001234567890.123456:000",
        "00000000240000.000000:000",
        "99999999235959.999999:000",
        "99999999235960.000000:000",
        "00000183132542.2345**:000",
        "",
    ],
    "boolean": ["true", "FALSE", "True", "", "1", "0", "yes"],
    "char16": ["x", "ü", "大", "😀", "", "ab", " "],
    "real32": ["1.5", "-1.5E+10", ".5", "5.", "INF", "-inf", "nan", "1e400", "1_0", "0x10", ""],
    "real64": [
        "1.5",
        "-1.5E-310",
        ".5",
        "5.",
        "INF",
        "+inf",
        "NaN",
        "-1e400",
        "1_0.5",
        "inf inity",
    ],
    **{
        f"{sign}int{bits}": [
            str(2**bits - 1),
            str(2**bits),
            str(-(2 ** (bits - 1))),
            str(-(2 ** (bits - 1)) - 1),
            str(2 ** (bits - 1) - 1),
            "0",
            "-0",
            "+7",
            "007",
            "0x1f",
            "0X1F",
            "-0x1",
            "0b1",
            "0o7",
            "1_0",
            "3.7",
            "1e1",
            "\u0663",
            "",
        ]
        for sign in "us"
        for bits in (8, 16, 32, 64)
    },
}
LETTERS = "0123456789+-.:*eExXinfatrue_ ü"


def changed(source: random.Random, text: str) -> str:
    """Some characters are others, one is missing, or one is too many."""
    characters = list(text)
    for _ in range(source.choice((1, 1, 2, 3))):
        place = source.randrange(len(characters) + 1)
        match source.randrange(4):
            case 0:
                characters.insert(place, source.choice(LETTERS))
            case 1:
                del characters[place : place + 1]
            case _:
                characters[place : place + 1] = source.choice(LETTERS)
    return "".join(characters)


def texts(kind: str) -> Iterator[str]:
    """Those that are listed, with asterisks from every place on, and changes of them."""
    source = random.Random(kind)  # noqa: S311 - a test that repeats
    yield from SEEDS[kind]
    for _ in range(TEXTS):
        yield changed(source, source.choice(SEEDS[kind]))
    if kind == "datetime":
        for text in SEEDS[kind]:
            for place in range(len(text)):
                stars = "".join("*" if c.isdigit() else c for c in text[place:21])
                yield text[:place] + stars + text[21:]


REFUSED = object()


def refused(call: Callable[[str, str], Any], kind: str, text: str) -> Any:
    """What it gives; REFUSED for a ValueError or a ParseError."""
    try:
        return call(kind, text)
    except (ValueError, wbem.CIMXMLParseError):
        return REFUSED


def read(kind: str, text: str) -> Any:
    """By the reader."""
    xml = (
        f'<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="{kind}"><VALUE>{escape(text)}</VALUE>'
        "</PROPERTY></INSTANCE>"
    )
    return wbem.parse(xml.encode(), fragment=True).objects[0]["P"]


def made(kind: str, text: str) -> Any:
    """By the class for the type."""
    # The reader takes white space around everything but texts, as servers write it.
    return wbem.cimvalue(text if kind == "char16" else text.strip(" \t\n"), kind)


def same(one: object, other: object) -> bool:
    """Of one class and value; NaN too."""
    return type(one) is type(other) and repr(one) == repr(other) and str(one) == str(other)


@pytest.mark.filterwarnings("ignore::opswire.errors.wbem.ToleratedServerIssueWarning")
@pytest.mark.parametrize("kind", SEEDS)
def test_reader_and_types_take_the_same_texts(kind: str) -> None:
    """With the same value."""
    taken = 0
    for text in texts(kind):
        by_reader, by_type = refused(read, kind, text), refused(made, kind, text)
        assert (by_reader is REFUSED) == (by_type is REFUSED), (text, by_reader, by_type)
        if by_type is not REFUSED:
            assert same(by_reader, by_type), text
            taken += 1
    assert taken > 3


@pytest.mark.parametrize(
    ("text", "finite"),
    [
        ("1.7976931348623157e308", True),
        ("1.7976931348623158079e308", True),
        (str(2**1024 - 2**970 - 1), True),
        (str(2**1024 - 2**970), False),
        ("1.7976931348623159e308", False),
        ("0." + "0" * 500 + "1e809", True),
        ("0." + "0" * 500 + "1e810", False),
        ("0e999999999999999999999", True),
        ("1e-999999999999999999999", True),
        ("1e999999999999999999999", False),
        ("1e400", False),
        ("-1e309", False),
        ("-INF", True),
    ],
)
def test_a_real_that_no_double_holds_is_refused(text: str, finite: bool) -> None:
    """Not read as an infinity that nobody sent: from half a unit above the largest one on."""
    for kind in ("real32", "real64"):
        for call in (read, made):
            assert (refused(call, kind, text) is not REFUSED) == finite
        if finite:
            assert float(read(kind, text)) == float(text)
