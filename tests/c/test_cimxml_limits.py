"""Limits of CIM-XML where they begin: of numbers, and of what a message makes a reader know."""

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.cim_objects import Reader
from tests.c.growing_messages import each


def outcome(kind: str, text: str) -> str:
    """What is wrong with the text of a value."""
    value = f'<PROPERTY NAME="P" TYPE="{kind}"><VALUE>{text}</VALUE></PROPERTY>'
    octets = f'<INSTANCE CLASSNAME="C">{value}</INSTANCE>'.encode()
    return Reader(lib.OPSWIRE_CIM_FRAGMENT).outcome(octets)


@pytest.mark.parametrize("digit", "123456789aF")
def test_a_hexadecimal_integer_has_64_bits(digit: str) -> None:
    """One more digit is too much, whatever it is."""
    assert outcome("uint64", f"0x{digit}000000000000000") == ""
    assert outcome("uint64", f"0x{digit}0000000000000000") == "INTEGER_RANGE"


@pytest.mark.parametrize("kind", ["uint64", "sint64"])
def test_the_first_integer_beyond_64_bits_is_out_of_range(kind: str) -> None:
    """In every way of writing it, and the ten after it, of which the last digit is another."""
    assert outcome("uint64", "18446744073709551615") == ""
    for number in range(1 << 64, (1 << 64) + 11):
        assert outcome(kind, str(number)) == "INTEGER_RANGE"


@pytest.mark.parametrize("kind", ["real32", "real64"])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1.7976931348623157e308", ""),
        ("-1.7976931348623158e308", ""),
        ("1.7976931348623159e308", "BAD_REAL"),
        ("-1e309", "BAD_REAL"),
        ("0.001e312", "BAD_REAL"),
        ("1e99999999999999999999", "BAD_REAL"),
        ("0e99999999999999999999", ""),
    ],
)
def test_a_real_that_no_double_holds_is_none(kind: str, text: str, error: str) -> None:
    """It would be infinite, which has a text of its own."""
    assert outcome(kind, text) == error


@pytest.mark.parametrize(("factor", "error"), [(1, "MESSAGE_TOO_LARGE"), (32, "")])
def test_what_a_message_makes_known_grows_with_its_length_only(factor: int, error: str) -> None:
    """By so many octets for each that was fed: here nine for each."""
    octets = each(4000, '<INSTANCE CLASSNAME="C#"/>')
    assert Reader(factor=factor).outcome(octets) == error


def test_octets_beyond_the_longest_message_are_refused_with_their_reason() -> None:
    """By the call that feeds them, and from then on."""
    octets = b'<INSTANCE CLASSNAME="C"/>'
    reader = Reader(lib.OPSWIRE_CIM_FRAGMENT, total=len(octets))
    assert reader.read(octets).fault is None
    fault = reader.read(octets + b" ").fault
    assert fault is not None
    assert fault.error == "DOCUMENT_TOO_LONG"
    event = ffi.new("struct opswire_cim_event *")
    assert lib.opswire_cim_next(reader.c, event) == lib.OPSWIRE_XML_LIMIT
