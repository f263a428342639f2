"""The units of values, from the qualifiers PUnit (DSP0004 2.8, annex C) and Units, for people."""

import re
from collections import Counter

from opswire._core.cimxml.objects import CIMMethod, CIMParameter, CIMProperty
from opswire.public_names import public_in

#: In lower case, since the standard compares them without case.
BASE_UNITS = {
    "percent": "%",
    "permille": "‰",
    "decibel": "dB",
    "decibel(a)": "dB(A)",
    "decibel(c)": "dB(C)",
    "decibel(m)": "dBm",
    "count": "",
    "revolution": "rev",
    "degree": "°",
    "radian": "rad",
    "steradian": "sr",
    "bit": "bit",
    "byte": "B",
    "dataword": "word",
    "meter": "m",
    "gram": "g",
    "kilogram": "kg",
    "second": "s",
    "ampere": "A",
    "kelvin": "K",
    "mole": "mol",
    "candela": "cd",
    "nit": "nit",
    "hertz": "Hz",
    "newton": "N",
    "pascal": "Pa",
    "bar": "bar",
    "joule": "J",
    "watt": "W",
    "coulomb": "C",
    "volt": "V",
    "farad": "F",
    "ohm": "\N{OHM SIGN}",
    "siemens": "S",
    "weber": "Wb",
    "tesla": "T",
    "henry": "H",
    "degree celsius": "°C",
    "degree fahrenheit": "°F",
    "lumen": "lm",
    "lux": "lx",
    "becquerel": "Bq",
    "gray": "Gy",
    "sievert": "Sv",
    "minute": "min",
    "hour": "h",
    "day": "d",
    "week": "week",
    "rack unit": "U",
    "gravity": "g",
    "inch": "in",
    "foot": "ft",
    "yard": "yd",
    "mile": "mi",
    "liter": "l",
    "fluid ounce": "fl.oz",
    "pound": "lb",
    "ounce": "oz",
    "british thermal unit": "BTU",
    "volt ampere": "VA",
    "volt ampere reactive": "var",
}
DECIMAL_PREFIXES = {
    24: "Y", 21: "Z", 18: "E", 15: "P", 12: "T", 9: "G", 6: "M", 3: "k", 2: "h", 1: "da",
    -1: "d", -2: "c", -3: "m", -6: "µ", -9: "n", -12: "p", -15: "f", -18: "a", -21: "z", -24: "y",
}  # fmt: skip
#: The numbers that stand for a prefix when no power does, with what dividing by them stands for.
NUMBERS = {
    "*": {1: "", 10: "da", 100: "h", 1000: "k", 1024: "Ki"},
    "/": {1: "", 10: "d", 100: "c", 1000: "m"},
}
BINARY_PREFIXES = {10: "Ki", 20: "Mi", 30: "Gi", 40: "Ti", 50: "Pi", 60: "Ei", 70: "Zi", 80: "Yi"}
#: What the deprecated qualifier Units may say, in lower case, beside simple forms of the above.
UNITS = {
    "percentage": "%",
    "proportion": "proportion",
    "blocks": "blocks",
    "packets": "packets",
    "per thousand packets": "/1000 packets",
    "words": "words",
    "doublewords": "doublewords",
    "quadwords": "quadwords",
    "color temperature": "K",
    "cycles": "cycles",
    "revolutions per minute": "RPM",
    "pounds per square inch": "lb/in²",
    "pixels": "px",
    "pixels per inch": "px/in",
    "counts per inch": "counts/in",
    "thousandths": "‰",
    "gravities": "g",
    "foot-pounds": "ft.lb",
    "gauss": "G",
    "gilberts": "Gb",
    "parts per million": "ppm",
    "dbm": "dBm",
    "-dbm": "-dBm",
    "amps at 120 volts": "A (@120V)",
    "us": "U",
    "btu per hour": "BTU/h",
    "clock ticks": "clock ticks",
    "pci clock cycles": "PCI clock cycles",
    "milliwatthours": "mWh",
}
_NAMES = {
    "bits": "bit", "bytes": "B", "degrees c": "°C", "degrees f": "°F", "degrees k": "K",
    "volts": "V", "amps": "A", "watts": "W", "joules": "J", "coulombs": "C", "newtons": "N",
    "lumen": "lm", "lux": "lx", "candelas": "cd", "pounds": "lb", "revolutions": "rev",
    "minutes": "min", "seconds": "s", "hours": "h", "days": "d", "weeks": "week", "hertz": "Hz",
    "percent": "%", "meters": "m", "inches": "in", "feet": "ft", "ounces": "oz", "liters": "l",
    "fluid ounces": "fl.oz", "radians": "rad", "steradians": "sr", "degrees": "°", "henrys": "H",
    "farads": "F", "ohms": "\N{OHM SIGN}", "siemens": "S", "moles": "mol", "becquerels": "Bq",
    "decibels": "dB", "grays": "Gy", "sieverts": "Sv",
}  # fmt: skip
_PREFIXES = {
    "giga": "G", "mega": "M", "kilo": "k", "centi": "c", "milli": "m", "micro": "µ", "nano": "n",
    "pico": "p",
}  # fmt: skip
_FRACTIONS = {"tenths of ": "1/10 ", "hundredths of ": "1/100 "}
_ASCII = {"°": "deg", "\N{OHM SIGN}": "Ohm", "‰": "1/1000", "µ": "u", "²": "^2", "³": "^3"}
_LENGTHS = ("meters", "inches", "feet", "yards", "miles")
#: Possessive, so that a long text that is no unit takes no longer to refuse than to read.
_UNIT = r"(?P<unit>[a-z][a-z ]*+(?:\([a-z]+\))?+)(?=\s*+(?:[*/]|$))"
_FIRST = re.compile(rf"\s*+{_UNIT}", re.IGNORECASE | re.ASCII)
_NEXT = re.compile(
    rf"\s*+(?P<operator>[*/])\s*+(?:{_UNIT}"
    r"|(?P<base>[1-9]\d{0,9})\s*+\^\s*+(?P<exponent>[+-]?[1-9]\d{0,9})(?=\s*+(?:[*/]|$))"
    r"|(?P<number>[+-]?[1-9]\d{0,18})(?=\s*+(?:[*/]|$)))",
    re.IGNORECASE | re.ASCII,
)
_COUNTED = re.compile(r"(?P<number>[1-9]\d{0,18}) (?P<unit>.*)", re.ASCII)
_POWERS = {1: "", 2: "²", 3: "³"}


@public_in("opswire.wbem")
def siunit(
    punit: str | None = None, units: str | None = None, use_ascii: bool = False
) -> str | None:
    """Return a unit as people write it, like "kB/s" or "°C".

    Args:
        punit: the value of the qualifier PUnit; it counts more.
        units: the value of the qualifier Units.
        use_ascii: whether to write "degC" for "°C", "Ohm" for "Ω", "^2" for "²" and so on.

    Returns:
        The text; "" for a plain count; None when neither is given.

    Raises:
        ValueError: the unit is not known, or is not written as the standard says.
        TypeError: an argument is no text.
    """
    for name, value in (("punit", punit), ("units", units)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} must be a text, not {type(value).__name__}")
    if punit is not None:
        text = _programmatic(punit) if punit else ""
    elif units is not None:
        text = _descriptive(units)
    else:
        return None
    if use_ascii:
        for sign, plain in _ASCII.items():
            text = text.replace(sign, plain)
    return text


@public_in("opswire.wbem")
def siunit_obj(
    cim_obj: CIMProperty | CIMMethod | CIMParameter, use_ascii: bool = False
) -> str | None:
    """Return the unit of a property, method or parameter of a class; None without qualifiers."""
    if not isinstance(cim_obj, CIMProperty | CIMMethod | CIMParameter):
        kind = type(cim_obj).__name__
        raise TypeError(f"cim_obj must be a CIMProperty, CIMMethod or CIMParameter, not {kind}")
    found = [cim_obj.qualifiers.get(name) for name in ("PUnit", "Units")]
    punit, units = (None if item is None else item.value for item in found)
    return siunit(punit, units, use_ascii)


def _base_unit(name: str, whole: str) -> str:
    sign = BASE_UNITS.get(" ".join(name.lower().split()).replace(" (", "("))
    if sign is None:
        raise ValueError(f"{name.strip()!r} in the PUnit {whole!r} is no known unit")
    return sign


def _programmatic(text: str) -> str:
    match = _FIRST.match(text)
    if match is None:
        raise ValueError(f"the PUnit {text!r} does not begin with a unit")
    above: Counter[str] = Counter([_base_unit(match["unit"], text)])
    below: Counter[str] = Counter()
    number = power = None
    end, whole = match.end(), len(text.rstrip())
    while end < whole:
        match = _NEXT.match(text, end)
        if match is None:
            raise ValueError(f"the PUnit {text!r} goes on with {text[end:]!r}")
        if match["unit"] is not None:
            counted = above if match["operator"] == "*" else below
            counted[_base_unit(match["unit"], text)] += 1
        elif match["number"] is not None:
            number = _only(number, match, text)
        else:
            power = _only(power, match, text)
        end = match.end()
    words, prefix = _factors(number, power)
    product = prefix + _product(above)
    for unit, count in below.items():
        if unit:
            product += f"/{unit}{_power(count)}"
    return " ".join([*words, product])


def _only(earlier: re.Match[str] | None, found: re.Match[str], text: str) -> re.Match[str]:
    if earlier is not None:
        raise ValueError(f"the PUnit {text!r} has another factor like {earlier[0].strip()!r}")
    return found


def _factors(number: re.Match[str] | None, power: re.Match[str] | None) -> tuple[list[str], str]:
    """The factors as they are written before the unit, and the prefix that one of them is."""
    words: list[str] = []
    prefix: str | None = None
    if power is not None:
        base = int(power["base"])
        exponent = int(power["exponent"]) * (1 if power["operator"] == "*" else -1)
        prefix = {10: DECIMAL_PREFIXES, 2: BINARY_PREFIXES}.get(base, {}).get(exponent)
        if prefix is None:
            words.append(f"{base}^{exponent}")
    if number is not None:
        factor = int(number["number"])
        if power is None:
            prefix = NUMBERS[number["operator"]].get(factor)
        if power is not None or prefix is None:
            words.insert(0, f"{factor}" if number["operator"] == "*" else f"1/{factor}")
    return words, prefix or ""


def _product(units: Counter[str]) -> str:
    return "".join(unit + _power(count) for unit, count in units.items() if unit)


def _power(count: int) -> str:
    return _POWERS.get(count, f"^{count}")


def _descriptive(text: str) -> str:
    folded = " ".join(text.lower().split())
    start = end = ""
    if match := _COUNTED.fullmatch(folded):
        start, folded = f"{match['number']} ", match["unit"]
    for words, fraction in _FRACTIONS.items():
        if folded.startswith(words):
            start, folded = fraction, folded.removeprefix(words)
    if folded.endswith(" per second"):
        end, folded = "/s", folded.removesuffix(" per second")
    if folded.startswith("cubic ") and folded.endswith(_LENGTHS):
        end, folded = f"³{end}", folded.removeprefix("cubic ")
    sign = UNITS.get(folded) or _NAMES.get(folded)
    if sign is None:
        for words, prefix in _PREFIXES.items():
            if folded.startswith(words) and folded.removeprefix(words) in _NAMES:
                sign = prefix + _NAMES[folded.removeprefix(words)]
    if sign is None:
        raise ValueError(f"the Units {text!r} are not known")
    return start + sign + end
