"""The units of values, from the qualifiers PUnit (DSP0004 2.8, annex C) and Units, for people."""

import re
from collections import Counter

from opswire._core.cim_objects import CIMMethod, CIMParameter, CIMProperty

BASE_UNITS = {
    "percent": "%",
    "permille": "‰",
    "decibel": "dB",
    "decibel(A)": "dB(A)",
    "decibel(C)": "dB(C)",
    "decibel(m)": "dBm",
    "count": "",
    "revolution": "rev",
    "degree": "°",
    "radian": "rad",
    "steradian": "sr",
    "bit": "bit",
    "byte": "B",
    "meter": "m",
    "gram": "g",
    "second": "s",
    "ampere": "A",
    "kelvin": "K",
    "mole": "mol",
    "candela": "cd",
    "hertz": "Hz",
    "newton": "N",
    "pascal": "Pa",
    "joule": "J",
    "watt": "W",
    "coulomb": "C",
    "volt": "V",
    "farad": "F",
    "ohm": "Ω",
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
BINARY_PREFIXES = {10: "Ki", 20: "Mi", 30: "Gi", 40: "Ti", 50: "Pi", 60: "Ei", 70: "Zi", 80: "Yi"}
#: What the deprecated qualifier Units may say, in lower case, beside simple forms of the above.
UNITS = {
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
    "btu per hour": "BTU/h",
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
    "farads": "F", "ohms": "Ω", "siemens": "S", "moles": "mol", "becquerels": "Bq",
    "decibels": "dB", "grays": "Gy", "sieverts": "Sv",
}  # fmt: skip
_PREFIXES = {
    "giga": "G", "mega": "M", "kilo": "k", "centi": "c", "milli": "m", "micro": "µ", "nano": "n",
    "pico": "p",
}  # fmt: skip
_FRACTIONS = {"tenths of ": "1/10 ", "hundredths of ": "1/100 "}
_ASCII = {"°": "deg", "Ω": "Ohm", "‰": "1/1000", "µ": "u", "²": "^2", "³": "^3"}
_FACTOR = re.compile(
    r"\s*([*/])\s*(?:([+-]?\d+)\s*\^\s*([+-]?\d+)|(\d+(?:\.\d+)?)|([a-z][a-z ]*(?:\([A-Za-z]+\))?))"
    r"(?=\s*(?:[*/]|$))"
)
_FIRST = re.compile(r"\s*([a-z][a-z ]*(?:\([A-Za-z]+\))?)(?=\s*(?:[*/]|$))")
_POWERS = {1: "", 2: "²", 3: "³"}


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
    """
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


def siunit_obj(
    cim_obj: CIMProperty | CIMMethod | CIMParameter, use_ascii: bool = False
) -> str | None:
    """Return the unit of a property, method or parameter of a class; None without qualifiers."""
    found = [cim_obj.qualifiers.get(name) for name in ("PUnit", "Units")]
    punit, units = (None if item is None else item.value for item in found)
    return siunit(punit, units, use_ascii)


def _base_unit(name: str, whole: str) -> str:
    sign = BASE_UNITS.get(" ".join(name.split()))
    if sign is None:
        raise ValueError(f"{name.strip()!r} in the PUnit {whole!r} is no known unit")
    return sign


def _programmatic(text: str) -> str:
    match = _FIRST.match(text)
    if match is None:
        raise ValueError(f"the PUnit {text!r} does not begin with a unit")
    above: Counter[str] = Counter([_base_unit(match[1], text)])
    below: Counter[str] = Counter()
    factors: list[str] = []
    prefix = ""
    end = match.end()
    while text[end:].strip():
        match = _FACTOR.match(text, end)
        if match is None:
            raise ValueError(f"the PUnit {text!r} goes on with {text[end:]!r}")
        operator, base, exponent, number, name = match.groups()
        if name is not None:
            (above if operator == "*" else below)[_base_unit(name, text)] += 1
        else:
            sign = _factor_sign(operator, base, exponent, number)
            if sign[0] and not prefix:
                prefix = sign[0]
            else:
                factors.append(sign[1])
        end = match.end()
    product = prefix + "".join(unit + _power(count) for unit, count in above.items())
    for unit, count in below.items():
        product += f"/{unit}{_power(count)}"
    return " ".join([*factors, product])


def _factor_sign(
    operator: str, base: str | None, exponent: str | None, number: str | None
) -> tuple[str, str]:
    """The prefix that a factor is, or "", and the factor as it is written."""
    if number is not None or base is None or exponent is None:
        number = number or ""
        whole = int(number) if number.isdigit() and operator == "*" else 0
        steps = whole.bit_length() - 1
        binary = BINARY_PREFIXES.get(steps, "") if whole == 1 << max(steps, 0) else ""
        return binary, number if operator == "*" else f"1/{number}"
    power = int(exponent) if operator == "*" else -int(exponent)
    prefixes = {"10": DECIMAL_PREFIXES, "2": BINARY_PREFIXES}.get(base, {})
    return prefixes.get(power, ""), f"{base}^{power}"


def _power(count: int) -> str:
    return _POWERS.get(count, f"^{count}")


def _descriptive(text: str) -> str:
    folded = " ".join(text.lower().split())
    start = ""
    for words, fraction in _FRACTIONS.items():
        if folded.startswith(words):
            start, folded = fraction, folded.removeprefix(words)
    end = ""
    if folded.endswith(" per second"):
        end, folded = "/s", folded.removesuffix(" per second")
    cubic = folded.startswith("cubic ")
    folded = folded.removeprefix("cubic ")
    sign = UNITS.get(folded) or _NAMES.get(folded)
    if sign is None:
        for words, prefix in _PREFIXES.items():
            if folded.startswith(words) and folded.removeprefix(words) in _NAMES:
                sign = prefix + _NAMES[folded.removeprefix(words)]
    if sign is None:
        raise ValueError(f"the Units {text!r} are not known")
    return start + sign + ("³" if cubic else "") + end
