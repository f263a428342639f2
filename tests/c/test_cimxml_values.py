"""include/opswire/cimxml.h: the text of values, by type."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from opswire._core.ffi import lib
from tests.c.cim_objects import Reader

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases/cimxml_values.toml").read_text())
LIMITS = [
    (kind, text)
    for bits in (8, 16, 32, 64)
    for kind, text in (
        (f"uint{bits}", str(1 << bits)),
        (f"uint{bits}", "-1"),
        (f"sint{bits}", str(1 << (bits - 1))),
        (f"sint{bits}", str(-(1 << (bits - 1)) - 1)),
        (f"uint{bits}", "1" + "0" * 5000),
    )
]


class Case(NamedTuple):
    """A type, the text of a value and what it means."""

    kind: str
    text: str
    value: Any


def sound_cases() -> list[Case]:
    """What is read. TOML has no integers beyond 63 bits, so those are text."""
    return [
        Case(kind, text, int(value) if "int" in kind else value)
        for kind, entry in TABLE.items()
        for text, value in entry["values"]
    ]


def instance(kind: str, text: str, array: bool) -> bytes:
    """With one property."""
    value = f"<VALUE>{text}</VALUE>"
    if array:
        value = f"<VALUE.ARRAY>{value}<VALUE.NULL/>{value}</VALUE.ARRAY>"
    name = "PROPERTY.ARRAY" if array else "PROPERTY"
    element = f'<{name} NAME="P" TYPE="{kind}">{value}</{name}>'
    return f'<INSTANCE CLASSNAME="C">{element}</INSTANCE>'.encode()


def fragments(options: int = 0) -> Reader:
    """A reader of elements alone."""
    return Reader(lib.OPSWIRE_CIM_FRAGMENT | options)


@pytest.mark.parametrize("case", sound_cases(), ids=str)
def test_a_value_is_read(case: Case) -> None:
    """Alone and in an array, between NULLs."""
    read = fragments().read(instance(case.kind, case.text, array=False))
    assert read.events[0][2]["properties"] == [["P", case.kind, case.value]]
    read = fragments().read(instance(case.kind, case.text, array=True), 1)
    assert read.events[0][2]["properties"][0][3] == [case.value, None, case.value]


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [(kind, text, entry["error"]) for kind, entry in TABLE.items() for text in entry["refused"]],
)
def test_a_value_of_another_form_is_refused(kind: str, text: str, error: str) -> None:
    """With the value's own text."""
    for array in (False, True):
        octets = instance(kind, text, array)
        fault = fragments().read(octets).fault
        assert fault is not None
        assert fault.error == error
        assert fault.offset == octets.index(b"</VALUE>")
        assert fault.subject.strip() == text.strip()
        place = "PROPERTY.ARRAY[1]/VALUE.ARRAY/VALUE[1]" if array else "PROPERTY[1]/VALUE"
        assert fault.path == f"/INSTANCE/{place}"


@pytest.mark.parametrize(("kind", "text"), LIMITS, ids=lambda word: word[:24])
def test_an_integer_out_of_range_is_refused(kind: str, text: str) -> None:
    """Even one with 5,000 digits is no other fault."""
    assert fragments().outcome(instance(kind, text, array=False)) == "INTEGER_RANGE"


@pytest.mark.parametrize("number", [300, -1, (1 << 64) - 1])
def test_ranges_may_be_left_open(number: int) -> None:
    """As long as 64 bits hold the integer with its type's sign."""
    reader = fragments(lib.OPSWIRE_CIM_ANY_RANGE)
    kind = "sint8" if number < 0 else "uint8"
    read = reader.read(instance(kind, str(number), array=False))
    assert read.events[0][2]["properties"][0][2] == number
    assert reader.outcome(instance("uint8", str(1 << 64), array=False)) == "INTEGER_RANGE"
    assert reader.outcome(instance("uint8", "-1", array=False)) == "INTEGER_RANGE"


def test_an_empty_boolean_is_null_and_told() -> None:
    """Real servers send them."""
    read = fragments().read(instance("boolean", " ", array=False))
    assert read.events[0][2]["properties"] == [["P", "boolean", None]]
    assert read.events[0][3] == lib.OPSWIRE_CIM_EMPTY_BOOLEAN


@pytest.mark.parametrize(
    ("text", "error"),
    [("", "BAD_NUMBER"), ("x", "BAD_NUMBER"), ("1_0", "BAD_NUMBER"), (1 << 64, "INTEGER_RANGE")],
)
def test_a_numeric_key_is_a_number(text: object, error: str) -> None:
    """Of 64 bits, or with a fraction."""
    key = f'<KEYVALUE VALUETYPE="numeric">{text}</KEYVALUE>'
    octets = f'<INSTANCENAME CLASSNAME="C">{key}</INSTANCENAME>'
    assert fragments().outcome(octets.encode()) == error
