"""Steps and memory of reading grow as the message does, whatever its shape."""

import subprocess
from collections.abc import Callable
from typing import NamedTuple

import pytest

from opswire._core.ffi import lib
from tests.c.counting import counting_program
from tests.c.growing_messages import MESSAGES, in_array
from tests.c.programs import c_files

#: Beyond what a reader keeps of tags (4,096), and beyond a table (1 MiB), in the larger one.
FEW = 2_000
MANY = 8 * FEW
WHOLE = 1 << 60


class Count(NamedTuple):
    """What reading took."""

    steps: int
    most_held: int
    idle: int
    idle_said: int
    status: int


Counter = Callable[..., Count]


@pytest.fixture(scope="module")
def count(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    """Read a message and count."""
    sources = c_files("foundation", "xml", "cimxml")
    program = counting_program(tmp_path_factory.mktemp("counted"), "reading_steps", sources)

    def run(
        octets: bytes, *, how: str = "read", piece: int = WHOLE, times: int = 1, max_object: int = 0
    ) -> Count:
        command = [str(program), how, str(piece), str(times), str(max_object)]
        answer = subprocess.run(command, input=octets, capture_output=True, check=True)
        return Count(*map(int, answer.stdout.split()))

    return run


@pytest.mark.parametrize(
    ("piece", "times"), [(WHOLE, 1), (1000, 1), (WHOLE, 2)], ids=["whole", "in pieces", "known"]
)
@pytest.mark.parametrize("name", MESSAGES)
def test_eight_times_the_message_takes_eight_times_the_steps(
    name: str, piece: int, times: int, count: Counter
) -> None:
    """Some more is for what does not fit into what a reader keeps, and for what it forgets."""
    few, many = (MESSAGES[name](number) for number in (FEW, MANY))
    assert 6 < len(many) / len(few) < 10
    more_allowed = 1.25 if times == 1 else 1.5
    less, more = (count(message, piece=piece, times=times) for message in (few, many))
    assert (less.status, more.status) == (0, 0)
    assert more.steps / less.steps < more_allowed * len(many) / len(few)


@pytest.mark.parametrize("text", ["x", "ü", "大", "&lt;", "&#x5927;", "]"])
def test_text_where_only_markup_is_expected_takes_steps_as_it_is_long(
    text: str, count: Counter
) -> None:
    """Whoever goes on after the first character gets them one by one."""
    few, many = (f"<a>{text * number}</a>".encode() for number in (FEW, MANY))
    less, more = count(few, how="markup"), count(many, how="markup")
    assert (less.status, more.status) == (0, 0)
    assert more.steps / less.steps < 1.25 * len(many) / len(few)


@pytest.mark.parametrize("name", MESSAGES)
def test_memory_is_bounded_by_what_was_fed(name: str, count: Counter) -> None:
    """Objects are given back at once here: what is left is the largest one, and what is known."""
    message = MESSAGES[name](MANY)
    result = count(message)
    assert result.most_held <= lib.OPSWIRE_CIM_FLOOR + 9 * len(message)
    assert result.idle <= lib.OPSWIRE_CIM_MAX_IDLE
    # What the reader says of itself is true, but for what malloc() rounds up.
    assert result.idle_said <= result.idle <= 1.01 * result.idle_said + 4096


@pytest.mark.parametrize("text", ["<VALUE>{}</VALUE>", "<VALUE/>", "<VALUE.NULL/>"])
def test_a_reader_that_is_reset_gives_back_what_it_needed_for_a_large_object(
    text: str, count: Counter
) -> None:
    """It may stay idle for long."""
    message = in_array(500_000, text.format("x" * 20))
    result = count(message)
    assert result.most_held > 4 * lib.OPSWIRE_CIM_MAX_IDLE
    assert result.idle <= 2**17


GREEDY = [
    "references without keys",
    "references with keys",
    "properties",
    "properties with values",
    "one property again and again",
    "names that are similar",
    "empty values",
    "values",
    "no values",
    "references to characters",
    "embedded objects",
    "embedded objects of many classes",
]


@pytest.mark.parametrize("piece", [WHOLE, 1000], ids=["whole", "in pieces"])
@pytest.mark.parametrize("name", GREEDY)
def test_an_object_takes_no_more_memory_than_it_is_allowed(
    name: str, piece: int, count: Counter
) -> None:
    """Whatever it needs while it is read is counted, with what is left free of doubled room."""
    allowed = 1 << 16
    result = count(MESSAGES[name](5 * MANY), max_object=allowed, piece=piece)
    assert result.status == lib.OPSWIRE_CIM_INVALID
    assert result.most_held <= lib.OPSWIRE_CIM_FLOOR + 3 * allowed
