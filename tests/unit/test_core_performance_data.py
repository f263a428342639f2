"""opswire._core.performance_data: the table of cases, numbers, lengths, and Python's manners."""

import math
import pickle
import random
import struct
from decimal import Decimal

import pytest

from opswire._core.performance_data import Item, format, parse, parse_range
from opswire.errors import PerformanceDataError
from tests.unit.performance_cases import Case, load_cases

CASES = load_cases()
SOUND = [case for case in CASES if case.written is not None]
BROKEN = [case for case in CASES if case.written is None]
each_sound_case = pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name)
each_broken_case = pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
both_rules = pytest.mark.parametrize("strict", [False, True], ids=["recorded", "strict"])


def test_the_table_has_both_rule_books() -> None:
    """A table that lost half of itself is no pass."""
    assert len([case for case in SOUND if not case.strict]) >= 40
    assert len([case for case in SOUND if case.strict]) >= 12
    assert len(BROKEN) >= 20


@each_sound_case
def test_a_text_is_read_as_its_items(case: Case) -> None:
    """From a str and from octets."""
    assert parse(case.text, strict=case.strict) == case.items
    assert parse(bytearray(case.text.encode()), strict=case.strict) == case.items


@each_sound_case
def test_items_are_written_as_the_text_says(case: Case) -> None:
    """Only what was present, in the form of the rules."""
    assert format(case.items, strict=case.strict) == case.written
    signs = [math.copysign(1, item.value) for item in case.items if item.value is not None]
    read = parse(case.text, strict=case.strict)
    assert [math.copysign(1, item.value) for item in read if item.value is not None] == signs


@each_sound_case
def test_what_is_written_is_read_again(case: Case) -> None:
    """Equal under the strict rules; as recorded, but for the numbers that were cut."""
    assert case.written is not None
    again = parse(case.written, strict=case.strict)
    assert [(item.label, item.unit) for item in again] == [
        (item.label, item.unit) for item in case.items
    ]
    for item, before in zip(again, case.items, strict=True):
        for name in ("value", "warning", "critical", "minimum", "maximum"):
            number, old = getattr(item, name), getattr(before, name)
            assert (number is None) == (old is None)
            if number is not None and case.strict:
                assert number == old
            elif number is not None:
                assert abs(number) <= abs(old)
                assert abs(old) - abs(number) < 1.1e-5


@each_broken_case
def test_a_failure_says_what_and_where(case: Case) -> None:
    """The offset is that of the first octet that is wrong."""
    with pytest.raises(PerformanceDataError) as caught:
        parse(case.text, strict=True)
    assert caught.value.offset == case.fails_at
    assert caught.value.text.startswith(case.error)
    assert str(caught.value).endswith(f"(at octet {case.fails_at})")
    assert isinstance(parse(case.text), list)  # as recorded, nothing fails


def doubles() -> list[float]:
    """Random ones of all sizes, short decimals, and every power of two."""
    generator = random.Random(4)  # noqa: S311 - a test that repeats
    numbers = [struct.unpack("d", generator.randbytes(8))[0] for _ in range(10_000)]
    numbers += [generator.randrange(10**9) / 10 ** generator.randrange(12) for _ in range(5_000)]
    numbers += [2.0**power for power in range(-1074, 1024)]
    numbers += [5e-324, 1.7976931348623157e308, 2.2250738585072011e-308, 9007199254740993.0, 1e23]
    return [sign * each for each in numbers if math.isfinite(each) for sign in (1, -1)]


def test_strict_numbers_are_the_shortest_that_are_read_back_equal() -> None:
    """Python's repr is the judge; the notation is fixed."""
    for number in doubles():
        text = f"{Decimal(repr(number)):f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        assert format([Item("n", number)], strict=True) == f"n={text}"
        assert parse(f"n={text}", strict=True)[0].value == number


def test_recorded_numbers_are_cut_after_five_decimals() -> None:
    """Of 20 decimals below 10, of 6 above; Python's own formatting is the judge."""
    for number in doubles():
        whole, decimals = f"{number:.{20 if number < 10 else 6}f}".split(".")
        text = f"{whole}.{decimals[:5]}".rstrip("0").rstrip(".")
        assert format([Item("n", number)]) == f"'n'={text}"


@both_rules
def test_a_number_of_any_length_is_the_nearest_double(strict: bool) -> None:
    """Digits beyond those that are kept decide between two doubles that are equally near."""
    middle = "9007199254740993"  # between two doubles; the even one is below
    for digits in (10, 780, 790, 800, 810, 5_000):
        for text in (f"{middle}.{'0' * digits}", f"{middle}.{'0' * digits}1"):
            assert parse(f"n={text}", strict=strict)[0].value == float(text)
    for text in (f"0.{'0' * 300}{'7' * 2_000}", f"{'7' * 300}.5", "0" * 3_000 + "1.5"):
        assert parse(f"n={text}", strict=strict)[0].value == float(text)


@pytest.mark.parametrize(
    "text", ["1e-400", "1e99999999999999999999e", "0e99999999999", "-1.5e-320", "1e+2", "1e-23"]
)
def test_exponents_of_any_size_are_read(text: str) -> None:
    """Too small is 0, too large is refused, and digits cannot overflow an integer."""
    if text.endswith("e"):
        with pytest.raises(PerformanceDataError, match="too large"):
            parse(f"n={text}", strict=True)
    else:
        assert parse(f"n={text}", strict=True)[0].value == float(text)


@both_rules
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["value", "warning", "critical", "minimum", "maximum"])
def test_a_number_that_is_not_finite_is_not_written(
    field: str, number: float, strict: bool
) -> None:
    """No reader would know it; the failure names the item."""
    fields: dict[str, float] = {"value": 1.0, field: number}
    items = [Item("fine", 1), Item("bad one", **fields)]  # type: ignore[arg-type]  # of several types
    with pytest.raises(PerformanceDataError, match=r"item 2 \('bad one'\): a number is not finite"):
        format(items, strict=strict)


@pytest.mark.parametrize(
    ("item", "error"),
    [
        (Item("", 1), "a label is empty"),
        (Item("a\nb", 1), "a control character"),
        (Item("a|b", 1), "a control character"),
        (Item("a", 1, "m2"), "a unit has"),
        (Item("a", 1, " s"), "a unit has"),
        (Item("a", 1, warning_range="5:1"), "a range has its start above its end"),
        (Item("a", 1, critical_range="x"), "a threshold is no range"),
    ],
)
def test_strict_writes_nothing_that_it_would_not_read(item: Item, error: str) -> None:
    """As recorded, all of these are written."""
    with pytest.raises(PerformanceDataError, match=error) as caught:
        format([item], strict=True)
    assert caught.value.offset is None
    assert isinstance(format([item]), str)


def test_an_item_that_does_not_fit_is_left_out_and_shorter_ones_are_not() -> None:
    """As recorded, the space belongs to all items but the first of the list."""
    items = [Item("a", 1), Item("longer", 2), Item("b", 3)]
    assert format(items, max_length=11) == "'a'=1 'b'=3"
    assert format(items, max_length=10) == "'a'=1"
    assert format(items[1:], max_length=6) == " 'b'=3"
    assert format(items, max_length=0) == ""
    assert format(items, max_length=-1) == "'a'=1 'longer'=2 'b'=3"


def test_a_strict_text_never_begins_with_a_space() -> None:
    """Whatever was left out before."""
    items = [Item("longer", 2), Item("b", 3)]
    assert format(items, strict=True, max_length=3) == "b=3"


@both_rules
def test_texts_of_any_length_are_written(strict: bool) -> None:
    """Below and above what fits on the stack."""
    for count in (0, 1, 100, 1_000):
        items = [Item(f"label {number}", number, "s", number) for number in range(count)]
        assert parse(format(items, strict=strict), strict=strict) == items


@both_rules
def test_octets_that_are_no_text_come_back(strict: bool) -> None:
    """As lone surrogates in between (PEP 383)."""
    octets = b"caf\xe9=1\xb5s"
    (item,) = parse(octets, strict=strict)
    assert (item.label, item.unit) == ("caf\udce9", "\udcb5s")
    written = format([item], strict=strict).encode("utf-8", "surrogateescape")
    assert written.replace(b"'", b"") == octets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", (0.0, 10.0, False)),
        ("10:", (10.0, math.inf, False)),
        ("~:10", (-math.inf, 10.0, False)),
        ("~:", (-math.inf, math.inf, False)),
        ("10:20", (10.0, 20.0, False)),
        ("@10:20", (10.0, 20.0, True)),
        ("@-1.5", None),
        ("-1.5", None),
        ("", None),
        ("~", None),
        ("1:2:3", None),
        ("10:10", (10.0, 10.0, False)),
        ("10:9.999", None),
        ("0:-0.001", None),
    ],
)
def test_ranges_are_read(text: str, expected: tuple[float, float, bool] | None) -> None:
    """The table of the guidelines, section 2.5; a start above the end is none."""
    if expected is None:
        with pytest.raises(PerformanceDataError):
            parse_range(text)
    else:
        assert parse_range(text) == expected


def test_an_item_is_a_value() -> None:
    """Compared, hashed and pickled by its fields, and shown without the empty ones."""
    item = Item("a", 0, "s", warning=1, critical_range="1:2", minimum=0)
    assert item == Item("a", 0.0, "s", 1.0, None, 0.0, None, "", "1:2")
    assert hash(item) == hash(Item("a", 0.0, "s", 1.0, None, 0.0, None, "", "1:2"))
    assert item != Item("a")
    assert item != "a"
    assert pickle.loads(pickle.dumps(item)) == item  # noqa: S301 - our own octets
    assert repr(item) == (
        "Item(label='a', value=0.0, unit='s', warning=1.0, minimum=0.0, critical_range='1:2')"
    )
    with pytest.raises(AttributeError):
        item.value = 2  # type: ignore[misc]  # frozen, as is tested


def test_wrong_types_are_refused() -> None:
    """Before anything is written or read."""
    with pytest.raises(TypeError, match="item 2 is of type str, not Item"):
        format([Item("a"), "b"])  # type: ignore[list-item]  # a wrong type is tried
    with pytest.raises(TypeError):
        parse(1)  # type: ignore[arg-type]  # a wrong type is tried
    with pytest.raises(TypeError):
        Item(1)  # type: ignore[arg-type]  # a wrong type is tried
    with pytest.raises(ValueError, match="could not convert"):
        Item("a", "x")  # type: ignore[arg-type]  # a wrong type is tried
