"""siunit(): the units that schemas use, in PUnit and in Units, as people write them."""

import re
from typing import Any

import pytest

from opswire.wbem import (
    CIMClass,
    CIMInstance,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    siunit,
    siunit_obj,
)

#: PUnit, what it is, and in ASCII where that is different.
PROGRAMMATIC = [
    ("byte", "B", None),
    ("Byte", "B", None),
    ("DEGREE CELSIUS", "°C", "degC"),
    ("british  thermal unit", "BTU", None),
    ("dataword", "word", None),
    ("dataword * 2", "2 word", None),
    ("kilogram", "kg", None),
    ("bar", "bar", None),
    ("nit", "nit", None),
    ("decibel", "dB", None),
    ("decibel(A)", "dB(A)", None),
    ("decibel (C)", "dB(C)", None),
    ("decibel(m)", "dBm", None),
    ("decibel (M)", "dBm", None),
    ("decibel(m) * 10^-1", "ddBm", None),
    ("ohm", "\N{OHM SIGN}", "Ohm"),
    ("second * 10^-6", "µs", "us"),
    ("second * 10^-9 * 250", "250 ns", None),
    ("second * 250 * 10^-9", "250 ns", None),
    ("permille", "‰", "1/1000"),
    ("byte * 1", "B", None),
    ("byte / 1", "B", None),
    ("byte * 10", "daB", None),
    ("byte * 100", "hB", None),
    ("byte * 1000", "kB", None),
    ("byte * 1024", "KiB", None),
    ("byte * 1000000", "1000000 B", None),
    ("byte * 1 * 10^3", "1 kB", None),
    ("byte * 1000 * 10^3", "1000 kB", None),
    ("byte / 1000", "mB", None),
    ("byte / 8", "1/8 B", None),
    ("byte * +5", "5 B", None),
    ("byte * -5", "-5 B", None),
    ("byte * 10^+3 / second", "kB/s", None),
    ("byte * 2^10 * 3", "3 KiB", None),
    ("byte * 10^-4 * 3", "3 10^-4 B", None),
    ("byte / 2^15", "2^-15 B", None),
    ("count", "", None),
    ("count * 1000", "k", None),
    ("second / count", "s", None),
    ("count * count", "", None),
    ("count / minute / count", "/min", None),
    ("meter / second / second", "m/s²", "m/s^2"),
    ("byte / second / radian", "B/s/rad", None),
]
#: Units, likewise.
DESCRIPTIVE = [
    ("Percentage", "%", None),
    ("Blocks", "blocks", None),
    ("Packets", "packets", None),
    ("per Thousand Packets", "/1000 packets", None),
    ("Clock Ticks", "clock ticks", None),
    ("PCI clock cycles", "PCI clock cycles", None),
    ("250 NanoSeconds", "250 ns", None),
    ("100 Nanoseconds", "100 ns", None),
    ("Amps at 120 Volts", "A (@120V)", None),
    ("dBm", "dBm", None),
    ("-dBm", "-dBm", None),
    ("Proportion", "proportion", None),
    ("Us", "U", None),
    ("Ohms", "\N{OHM SIGN}", "Ohm"),
    ("MicroSeconds", "µs", "us"),
    ("Tenths of Degrees C", "1/10 °C", "1/10 degC"),
    ("Cubic CentiMeters", "cm³", "cm^3"),
    ("Cubic Feet per Second", "ft³/s", "ft^3/s"),
    ("KiloBits per Second", "kbit/s", None),
    (" clock   ticks ", "clock ticks", None),
]


@pytest.mark.parametrize(("text", "expected", "plain"), PROGRAMMATIC)
def test_the_punits_of_schemas_are_known(text: str, expected: str, plain: str | None) -> None:
    """DSP0004, annex C: one number and one power, anywhere after the first unit; without case."""
    assert siunit(punit=text) == expected
    assert siunit(punit=text, use_ascii=True) == (expected if plain is None else plain)


@pytest.mark.parametrize(("text", "expected", "plain"), DESCRIPTIVE)
def test_the_units_of_schemas_are_known(text: str, expected: str, plain: str | None) -> None:
    """And written without case."""
    for written in (text, text.upper(), text.lower()):
        assert siunit(units=written) == expected
        assert siunit(units=written, use_ascii=True) == (expected if plain is None else plain)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fathom", "'fathom' in the PUnit 'fathom' is no known unit"),
        ("byte / parsec", "'parsec' in the PUnit 'byte / parsec' is no known unit"),
        ("decibel(watt)", "'decibel(watt)' in the PUnit 'decibel(watt)' is no known unit"),
        ("10^3 * byte", "the PUnit '10^3 * byte' does not begin with a unit"),
        ("byte *", "the PUnit 'byte *' goes on with '*'"),
        ("byte * 0", "the PUnit 'byte * 0' goes on with '* 0'"),
        ("byte * 007", "the PUnit 'byte * 007' goes on with '* 007'"),
        ("byte * 10^0", "the PUnit 'byte * 10^0' goes on with '* 10^0'"),
        ("byte * 0.5", "the PUnit 'byte * 0.5' goes on with '* 0.5'"),
        ("byte * ٣", "the PUnit 'byte * ٣' goes on with '* ٣'"),
        ("byte * 3 / 5", "the PUnit 'byte * 3 / 5' has another factor like '* 3'"),
        ("byte * 10^3 * 2^10", "the PUnit 'byte * 10^3 * 2^10' has another factor like '* 10^3'"),
    ],
)
def test_a_punit_that_is_not_known_is_told_with_its_text(text: str, told: str) -> None:
    """And with what is wrong in it."""
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        siunit(punit=text, units="Bytes")


@pytest.mark.parametrize(
    "text",
    [
        "Fathoms",
        "",
        "250",
        "0 Bytes",
        "Cubic Bytes",
        "Cubic Amps",
        "per Second",
        "Milli",
        "٣ Bytes",
    ],
)
def test_units_that_are_not_known_are_told_with_their_text(text: str) -> None:
    """What is no length has no cubes."""
    with pytest.raises(ValueError, match=f"^the Units '{text}' are not known$"):
        siunit(units=text)


@pytest.mark.parametrize("value", [5, b"byte", ["byte"], True])
def test_a_unit_that_is_no_text_is_a_type_error(value: Any) -> None:
    """Of either qualifier."""
    with pytest.raises(TypeError, match=r"^punit must be a text, not "):
        siunit(value)
    with pytest.raises(TypeError, match=r"^units must be a text, not "):
        siunit(None, value)


def test_the_qualifiers_of_an_element_tell_its_unit() -> None:
    """Of a property, method or parameter: PUnit counts more, NULL is as nothing."""
    both = [CIMQualifier("PUNIT", "byte * 2^10"), CIMQualifier("Units", "Seconds")]
    null = [CIMQualifier("PUnit", None, type="string"), CIMQualifier("units", "Seconds")]
    for qualifiers, expected in ((both, "KiB"), (null, "s"), ([], None)):
        for element in (
            CIMProperty("P", None, "uint8", qualifiers=qualifiers),
            CIMMethod("M", "uint8", qualifiers=qualifiers),
            CIMParameter("A", "uint8", qualifiers=qualifiers),
        ):
            assert siunit_obj(element) == expected


@pytest.mark.parametrize(
    "element",
    [CIMClass("C"), CIMInstance("C"), CIMQualifier("Units", "Bytes"), None, "Bytes"],
    ids=lambda element: type(element).__name__,
)
def test_what_has_no_unit_is_a_type_error(element: Any) -> None:
    """A class may have the qualifiers, but no value that they could be of."""
    with pytest.raises(TypeError, match=r"^cim_obj must be .*, not "):
        siunit_obj(element)
