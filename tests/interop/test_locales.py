"""Numbers on the wire do not depend on the locale of the program that opswire is in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, locale
from opswire._core.performance_data import Item, format, parse
locale.setlocale(locale.LC_ALL, "")
out = ctypes.create_string_buffer(64)
ctypes.CDLL(None).snprintf(out, 64, b"%.1f", ctypes.c_double(1.5))
print(ascii(out.value.decode()))
print(format(parse("a=1.5;2.25;0.000123456789012345678", strict=True), strict=True))
print(format(parse("a=1,5;2.25;12345678.9")))
print(format([Item("a", 1e-320), Item("b", 0.1), Item("c", 1e22)], strict=True)[-40:])
print(parse("a=123456789.12345678901234567890", strict=True)[0].value == 123456789.12345679)
"""


@pytest.mark.parametrize(("name", "shown"), [("de_DE", "'1,5'"), ("ps_AF", r"'1\u066b5'")])
def test_a_locale_with_another_decimal_point_changes_nothing(
    name: str, shown: str, tmp_path: Path
) -> None:
    """A comma, and a point of two octets; printf of the same process shows it."""
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", tmp_path / f"{name}.UTF-8"], check=True)
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": f"{name}.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = result.stdout.splitlines()
    assert lines[0] == shown
    assert lines[1] == "a=1.5;2.25;0.00012345678901234567"
    assert lines[2] == "'a'=1.5;2.25;12345678.9"
    assert lines[3].endswith(" b=0.1 c=10000000000000000000000")
    assert lines[4] == "True"
