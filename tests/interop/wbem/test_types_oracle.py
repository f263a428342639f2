"""CIM types, units and value mappings, with pywbem beside us: the same values and mistakes."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import pywbem

from opswire import wbem

pytestmark = pytest.mark.filterwarnings("ignore")  # some of what pywbem does, it deprecates itself

DATETIMES = [
    "20160331193040.654321+120",
    "20160331193040.654***+120",
    "2016033119****.******+120",
    "20160331193040.654321:120",
    "00000183132542.234567:000",
    "00000183132542.******:000",
    "000001831325**.******:000",
    "0000018313254*.******:000",
    "20160229193040.654321-000",
    "20150229193040.654321-000",
    "20161331193040.654321+120",
    "20160331253040.654321+120",
    "00000183252542.234567:000",
    "99991231235959.999999-720",
    "00010101000000.000000+720",
    "99999999235959.999999:000",
    "00000000000000.000000:000",
    "20160331193040.654321+12",
    "20160331193040,654321+120",
    "********193040.654321+120",
    " 20160331193040.654321+120",
    "hello",
    "",
]
VALUES: list[Any] = [
    "1", "-1", "+7", " 7 ", -1, 0, 255, 256, "", None, "3.7", 3.7, 2**31, -(2**63), 2**64, True,
    b"7",
]  # fmt: skip
TYPES = ["Uint8", "Sint8", "Uint16", "Sint16", "Uint32", "Sint32", "Uint64", "Sint64"]
CONVERSIONS: list[tuple[Any, str]] = [
    ("true", "boolean"), (None, "uint8"), (1, "string"),
    ("a", "char16"), ([1, None], "uint8"), ("1", "uint8"), (b"x", "string"),
    (1.5, "uint8"), (1, "foo"), (True, "uint8"), ('C.k="v"', "reference"), (1, "real32"),
    ("20160331193040.654321+120", "datetime"),
]  # fmt: skip
PUNITS = [
    "percent", "byte", "byte * 10^3", "byte * 2^10", "bit / second * 10^6", "degree celsius",
    "second * 10^-3", "watt", "ampere * 10^-3", "volt * ampere", "count",
    "revolution / minute", "meter / second / second", "dbm", "byte * 3", "byte *", "",
    "dataword", "kilogram", "bar", "nit", "ohm", "BYTE", "decibel(M)", "decibel (m)",
    "decibel(volt)", "byte * 1", "byte * 10", "byte / 100", "byte * 1000", "byte * 1024",
    "byte * 1000000", "byte * -5", "byte * 0", "byte * 3 / 5", "byte * 1 * 10^3",
    "byte * 10^-4 * 3", "byte * 10^3 * 2^10", "second / count", "count * 1000", "byte * 10^0",
]  # fmt: skip
UNITS = [
    "Bytes", "KiloBytes", "MegaBytes", "Percent", "Degrees C", "Tenths of Degrees C",
    "Milliseconds", "MilliSeconds", "Bits per Second", "KiloBits per Second", "Cubic Feet",
    "Revolutions per Minute",
    "Hundredths of Seconds", "no unit", "", "Percentage", "Blocks", "Packets", "Clock Ticks",
    "250 NanoSeconds", "Amps at 120 Volts", "-dBm", "Proportion", "Us", "per Thousand Packets",
    "Ohms", "Cubic Bytes", "Cubic Inches", "Parts per Million", "Color Temperature",
]  # fmt: skip


def outcome(call: Callable[[], Any]) -> str:
    """The repr of what is returned, or the class of what is raised."""
    try:
        return repr(call()).replace("), minutes_from_utc=", ", minutes_from_utc=")
    except Exception as error:  # which ones, is compared
        return type(error).__name__


def both(call: Callable[..., Any]) -> tuple[str, str]:
    """Ours and theirs."""
    return outcome(lambda: call(wbem)), outcome(lambda: call(pywbem))


@pytest.mark.parametrize("text", DATETIMES)
def test_datetimes_are_the_same(text: str) -> None:
    """All attributes, and what is refused."""
    for name in ("is_interval", "minutes_from_utc", "precision", "datetime", "timedelta"):
        ours, theirs = both(lambda cim, name=name: getattr(cim.CIMDateTime(text), name))
        assert ours == theirs
    for function in (str, repr):
        ours, theirs = both(lambda cim, function=function: function(cim.CIMDateTime(text)))
        assert ours.replace("), minutes", ", minutes") == theirs.replace("), minutes", ", minutes")


@pytest.mark.parametrize("operator", ["==", "!=", "<", "-", "+"])
def test_datetimes_have_the_same_operators(operator: str) -> None:
    """Equality, and nothing else."""
    pairs = [(DATETIMES[0], DATETIMES[4]), (DATETIMES[0], "20160331173040.654321+000")]
    for one, other in pairs:
        for first, second in ((one, other), (one, one)):
            # ruff: noqa: S307 - the operators stand above
            ours, theirs = both(
                lambda cim, first=first, second=second: eval(
                    f"one {operator} other",
                    {"one": cim.CIMDateTime(first), "other": cim.CIMDateTime(second)},
                )
            )
            assert ours == theirs


def test_datetimes_of_python_are_the_same() -> None:
    """With a zone, without one, and intervals."""
    zone = datetime.timezone(datetime.timedelta(minutes=-90))
    for value in (
        datetime.datetime(2020, 2, 29, 23, 59, 59, 999999, zone),
        datetime.datetime(2020, 1, 1),
        datetime.timedelta(days=99999999, microseconds=1),
        5,
        None,
    ):
        ours, theirs = both(lambda cim, value=value: str(cim.CIMDateTime(value)))
        assert ours == theirs


@pytest.mark.parametrize("kind", TYPES)
def test_integers_are_the_same(kind: str) -> None:
    """From numbers and texts, in and out of range."""
    for value in VALUES:
        ours, theirs = both(lambda cim, value=value: getattr(cim, kind)(value))
        assert ours == theirs


@pytest.mark.parametrize("kind", ["Real32", "Real64", "Char16"])
def test_other_types_are_the_same(kind: str) -> None:
    """Reals and characters."""
    for value in VALUES:
        if value is not None or kind != "Char16":
            ours, theirs = both(lambda cim, value=value: getattr(cim, kind)(value))
            assert ours == theirs


@pytest.mark.parametrize(("value", "kind"), CONVERSIONS)
def test_conversions_are_the_same(value: Any, kind: str) -> None:
    """cimvalue(), but for "false", which is True there."""
    ours, theirs = both(lambda cim: cim.cimvalue(value, kind))
    assert ours == theirs
    assert wbem.cimvalue("FALSE", "boolean") is False


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("0x1F", "uint8", 31),
        ("1_0", "uint8", None),
        ("\u0663", "uint8", None),
        ("1_0.5", "real64", None),
        ("1e400", "real64", None),
        ("x", "boolean", None),
        ("ab", "char16", None),
        ("", "char16", None),
    ],
)
def test_texts_are_taken_as_in_messages(text: str, kind: str, expected: object) -> None:
    """Where pywbem has two rules, one for messages and that of Python for its types."""
    if expected is None:
        with pytest.raises(ValueError, match=f"no {kind}"):
            wbem.cimvalue(text, kind)
    else:
        assert wbem.cimvalue(text, kind) == expected
    assert wbem.cimvalue("", "boolean") is None


@pytest.mark.parametrize(
    "value", [True, 1, "x", 1.5, None, [], [None], [None, "x"], b"x", datetime.timedelta(1)]
)
def test_types_of_values_are_the_same(value: Any) -> None:
    """cimtype()."""
    ours, theirs = both(lambda cim: cim.cimtype(value))
    assert ours == theirs


@pytest.mark.parametrize("ascii_only", [False, True])
def test_units_are_the_same(ascii_only: bool) -> None:
    """From both qualifiers."""
    for name, texts in (("punit", PUNITS), ("units", UNITS)):
        for text in texts:
            ours, theirs = both(
                lambda cim, name=name, text=text: cim.siunit(**{name: text}, use_ascii=ascii_only)
            )
            assert ours == theirs, text


MAPPINGS: list[tuple[list[str] | None, list[str]]] = [
    (["0", "1", "5..7", "..", "0x20.."], ["a", "b", "c", "rest", "vendor"]),
    (["..2", "4", "6..9"], ["low", "four", "high"]),
    (["0", "1"], ["only one"]),
    (None, ["zero", "one", "two"]),
    (["1", "x"], ["a", "b"]),
    (["3..1"], ["backwards"]),
    (["0b", "1b", "10b"], ["a", "b", "c"]),
    (["..", ".."], ["a", "b"]),
    (["1..3", "2"], ["range", "two"]),
    (["255..", "0"], ["max", "min"]),
    (["017", "0", "+07", "08"], ["a", "b", "c", "d"]),
    (["017", "0", "-01", "0x1F"], ["a", "b", "a", "d"]),
    (["1", "3..", "9"], ["one", "three"]),
]


class Source(pywbem.WBEMConnection):  # type: ignore[misc]  # pywbem has no types
    """A connection that has one class, and no server."""

    answer: Any

    def GetClass(self, *_: Any, **__: Any) -> Any:
        """Whatever is asked."""
        return self.answer


@pytest.mark.parametrize("number", range(len(MAPPINGS)))
@pytest.mark.parametrize("kind", ["uint8", "sint16", "string"])
@pytest.mark.parametrize("default", [None, "default"])
def test_value_mappings_are_the_same(number: int, kind: str, default: str | None) -> None:
    """Both ways, and as items, of which pywbem has one for each text."""
    binaries, texts = MAPPINGS[number]

    def mapping(cim: Any) -> Any:
        qualifiers = [cim.CIMQualifier("Values", texts)]
        if binaries is not None:
            qualifiers.append(cim.CIMQualifier("ValueMap", binaries))
        element = cim.CIMProperty("P", None, kind, qualifiers=qualifiers)
        source = Source("http://127.0.0.1:1")
        source.answer = cim.CIMClass("C", [element])
        return cim.ValueMapping.for_property(source, "n", "C", "p", default)

    if len(set(texts)) == len(texts):
        ours, theirs = both(lambda cim: list(mapping(cim).items()))
        assert ours == theirs
    for value in (
        *(0, 1, 2, 3, 5, 6, 7, 8, 15, 17, 31, 32, 200, 255, True),
        *([1, 2], (1, 2), [], [[1]], {1}, 1.0, "1", b"1", None),
    ):
        ours, theirs = both(lambda cim, value=value: mapping(cim).tovalues(value))
        assert ours == theirs
    for text in (*texts, "default", "nothing", None, 1, b"a", ["a"]):
        ours, theirs = both(lambda cim, text=text: mapping(cim).tobinary(text))
        assert ours == theirs


def test_the_exceptions_are_the_same() -> None:
    """Names, bases among themselves, and the attributes of CIMError."""
    names = [
        name
        for name in dir(pywbem)
        if isinstance(getattr(pywbem, name), type) and issubclass(getattr(pywbem, name), Exception)
    ]
    assert len(names) >= 25
    for name in names:
        theirs, ours = getattr(pywbem, name), getattr(wbem, name)
        for other in names:
            if issubclass(theirs, getattr(pywbem, other)):
                assert issubclass(ours, getattr(wbem, other)), (name, other)
    for status in range(30):
        for attribute in ("status_code", "status_code_name", "status_description", "args"):
            ours, theirs = both(
                lambda cim, status=status, attribute=attribute: getattr(
                    cim.CIMError(status, "text"), attribute
                )
            )
            assert ours == theirs
