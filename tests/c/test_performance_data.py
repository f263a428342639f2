"""include/opswire/performance_data.h and performance_number.h: rooms, limits, and linear time."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.counting import counting_program
from tests.c.octets import View, octets_of
from tests.c.programs import c_files, compiled, output_of

RECORDED, STRICT = lib.OPSWIRE_PERFORMANCE_RECORDED, lib.OPSWIRE_PERFORMANCE_STRICT
NO_LIMIT = 2**64 - 1
both_rules = pytest.mark.parametrize("rules", [RECORDED, STRICT], ids=["recorded", "strict"])


class Items:
    """The items of a text, and the octets that they point into."""

    def __init__(self, octets: bytes, rules: int) -> None:
        self.view = View(octets)
        self.rules = rules
        self.reader = ffi.new("struct opswire_performance_reader *")
        self.reader.input, self.reader.rules = self.view.c, rules
        found = []
        item = ffi.new("struct opswire_performance_item *")
        while (status := lib.opswire_performance_next(self.reader, item)) == lib.OPSWIRE_DONE:
            found.append(ffi.new("struct opswire_performance_item *", item[0])[0])
        self.status = status
        self.count = len(found)
        self.c = ffi.new("struct opswire_performance_item[]", found or 1)

    def write(self, room: int, most: int = NO_LIMIT) -> tuple[int, bytes, int]:
        """Status, the octets of the room, and the size that was told."""
        out = ffi.new("uint8_t[]", b"\xee" * (room + 1))
        size, index = ffi.new("size_t *"), ffi.new("size_t *")
        error = ffi.new("const char **")
        status = lib.opswire_performance_write(
            self.c, self.count, self.rules, most, out, room, size, index, error
        )
        octets = bytes(ffi.buffer(out, room + 1))
        assert octets[-1:] == b"\xee"
        return status, octets[:-1], size[0]


@both_rules
def test_the_size_of_a_room_that_is_too_small_is_told(rules: int) -> None:
    """Whatever the room, nothing is written behind it."""
    items = Items(b"'it''s'=1s;2:3;@4:5;0;9 b=U 'c d'=0.25", rules)
    text = {
        RECORDED: b"'it''s'=1s;2:3;@4:5;0;9 'b'=U 'c d'=0.25",
        STRICT: b"'it''s'=1s;2:3;@4:5;0;9 b=U 'c d'=0.25",
    }[rules]
    for room in range(len(text)):
        status, _, size = items.write(room)
        assert (status, size) == (lib.OPSWIRE_MORE, len(text))
    assert items.write(len(text)) == (lib.OPSWIRE_DONE, text, len(text))
    assert items.write(len(text) + 9)[1] == text + b"\xee" * 9


@both_rules
def test_nothing_needs_no_room(rules: int) -> None:
    """NULL is not touched."""
    items = Items(b"", rules)
    assert (items.status, items.count) == (lib.OPSWIRE_MORE, 0)
    assert items.write(0) == (lib.OPSWIRE_DONE, b"", 0)


def test_a_failure_is_final() -> None:
    """The same again, however often one asks."""
    items = Items(b"a=1 b c=2", STRICT)
    assert (items.status, items.count) == (lib.OPSWIRE_PERFORMANCE_INVALID, 1)
    item = ffi.new("struct opswire_performance_item *")
    for _ in range(3):
        status = lib.opswire_performance_next(items.reader, item)
        assert (status, items.reader.offset) == (lib.OPSWIRE_PERFORMANCE_INVALID, 5)
        assert ffi.string(items.reader.error) == b"'=' is missing after a label"


def test_a_label_made_by_hand_must_keep_its_promise() -> None:
    """One that is said to have its quotes doubled, and has not."""
    items = Items(b"'a''b'=1", STRICT)
    assert items.c[0].escaped
    for label in (b"a'b", b"'", b"a'''b"):
        view = View(label)
        items.c[0].label = view.c
        assert items.write(64)[0] == lib.OPSWIRE_OUT_OF_RANGE
    view = View(b"a''''b")
    items.c[0].label = view.c
    assert items.write(64)[:2] == (lib.OPSWIRE_DONE, b"'a''''b'=1".ljust(64, b"\xee"))


def test_doubled_quotes_become_single() -> None:
    """And everything else stays."""
    for label, expected in ((b"", b""), (b"a''b", b"a'b"), (b"''''", b"''"), (b"ab", b"ab")):
        out = ffi.new("uint8_t[]", max(len(label), 1))
        view = View(label)
        size = lib.opswire_performance_label_unescape(view.c, out)
        assert bytes(ffi.buffer(out, size)) == expected


def test_sizes_that_no_memory_has_do_not_wrap() -> None:
    """Many views of the same octets: the sum is more than a size_t holds."""
    items = Items(b"a=1 b=1 c=1", RECORDED)
    for i in range(3):
        items.c[i].unit.data, items.c[i].unit.size = items.view.c.data, 2**63 - 1
    status, _, size = items.write(64)
    assert (status, size) == (lib.OPSWIRE_MORE, NO_LIMIT)


@both_rules
def test_the_longest_numbers_fit(rules: int) -> None:
    """The limit is a promise to whoever makes room for one."""
    out = ffi.new("uint8_t[]", lib.OPSWIRE_PERFORMANCE_MAX_NUMBER)
    largest = 1.7976931348623157e308
    smallest = 2.2250738585072011e-308
    for number in (largest, -largest, smallest, -smallest, -5e-324, 1.2345678901234567e-307):
        size = lib.opswire_performance_number_write(number, rules, out)
        assert 0 < size < lib.OPSWIRE_PERFORMANCE_MAX_NUMBER
        text = bytes(ffi.buffer(out, size))
        assert rules == RECORDED or float(text) == number


def test_a_range_borrows_the_text() -> None:
    """No copy is made."""
    items = Items(b"a=1;2:3", STRICT)
    level = items.c[0].warning
    assert octets_of(level.range) == b"2:3"
    assert level.range.data - items.view.c.data == 4


@pytest.fixture(scope="module")
def count_steps(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, int], int]:
    """How many basic blocks the C passes through with an input."""
    sources = c_files("performance_data")
    program = counting_program(tmp_path_factory.mktemp("counted"), "performance_steps", sources)

    def count(octets: bytes, rules: int) -> int:
        name = "strict" if rules == STRICT else "recorded"
        result = subprocess.run([program, name], input=octets, capture_output=True, check=True)
        return int(result.stdout.split()[0])

    return count


HOSTILE = {
    "quotes": b"'",
    "quoted spaces": b"' ",
    "open quotes": b"'a ",
    "labels": b"a ",
    "one long label": b"a",
    "equals signs": b"=",
    "digits": b"a=1",
    "digits of one number": b"1",
    "fractions": b"a=.0000001 ",
    "semicolons": b"a=1;",
    "fields": b"a=1;1;1;1;1 ",
    "ranges": b"a=1;@1:2;@~:3 ",
    "colons": b"a=1;:",
    "exponents": b"a=1e308 ",
    "tiny numbers": b"a=1e-320 ",
    "spaces": b" ",
    "points": b"a=.",
    "minus signs": b"a=--",
    "doubled quotes": b"'''='' ",
    "escaped labels": b"'a''''b'=1 ",
}


@both_rules
@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_input_takes_twice_the_steps(
    name: str, rules: int, count_steps: Callable[[bytes, int], int]
) -> None:
    """A megabyte too: what repeats hurts no more than its length."""
    for prefix in (b"", b"a=", b"'", b"a=1;"):
        few, many = (
            count_steps((prefix + HOSTILE[name] * size)[:size], rules) for size in (2**16, 2**20)
        )
        assert many <= few * 16 + 2**17
        assert many <= 2**20 * 200


@both_rules
def test_random_octets_of_the_alphabet_take_linear_time(
    rules: int, count_steps: Callable[[bytes, int], int]
) -> None:
    """What nobody thought of."""
    generator = random.Random(9)  # noqa: S311 - a test that repeats
    for _ in range(10):
        alphabet = generator.choices(b"' =;:@~-.,0159eEUa|\t", k=6)
        octets = bytes(generator.choices(alphabet, k=2**20))
        assert count_steps(octets, rules) <= 2**20 * 200


def test_the_counter_counts(count_steps: Callable[[bytes, int], int]) -> None:
    """It sees at least one step an octet where each octet is looked at."""
    assert count_steps(b"a" * 10_000, RECORDED) >= 10_000


def test_reading_and_writing_allocate_nothing(tmp_path: Path) -> None:
    """Nor does the C library for them, however long a number is: memory cannot be lacking."""
    sources = ["tests/c/performance_without_memory.c", *c_files("performance_data")]
    assert int(output_of(compiled(tmp_path, sources))) > 700
