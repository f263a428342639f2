"""The ranges of the integer types (DSP0004, table 2)."""

import pytest

from opswire import wbem
from opswire.wbem import CIMInt

RANGES = [
    *((f"Uint{bits}", 0, (1 << bits) - 1) for bits in (8, 16, 32, 64)),
    *((f"Sint{bits}", -(1 << (bits - 1)), (1 << (bits - 1)) - 1) for bits in (8, 16, 32, 64)),
]


def kind_of(name: str) -> type[CIMInt]:
    """The class."""
    found: type[CIMInt] = getattr(wbem, name)
    return found


@pytest.mark.parametrize(("name", "least", "most"), RANGES)
def test_a_number_is_within_the_range_of_its_type(name: str, least: int, most: int) -> None:
    kind = kind_of(name)
    assert (kind.minvalue, kind.maxvalue) == (least, most)
    assert [kind(least), kind(most)] == [least, most]
    for number in (least - 1, most + 1):
        with pytest.raises(ValueError, match=f"{number} is out of range for {name.lower()}"):
            kind(number)


@pytest.mark.parametrize(("name", "least", "most"), RANGES)
def test_a_text_is_within_the_range_of_its_type(name: str, least: int, most: int) -> None:
    kind = kind_of(name)
    assert [kind(str(least)), kind(hex(most))] == [least, most]
    for number in (least - 1, most + 1):
        with pytest.raises(ValueError, match="range"):
            kind(str(number))
