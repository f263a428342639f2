"""The arguments of a command: what becomes which octets, in one pass, and who holds them."""

import gc
import mmap
from array import array
from collections.abc import Iterator
from typing import Any

import pytest

from opswire._core.remctl import CLIENT, Arguments, Connection
from opswire.errors import LocalProtocolError


class Spoken:
    """Says itself in a word."""

    def __str__(self) -> str:
        return "spoken"


class Loud(str):
    """A str whose methods are not those of str."""

    __slots__ = ()

    def __str__(self) -> str:
        return self

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> Any:
        return "no octets at all"


class Silent:
    """Cannot be said."""

    def __str__(self) -> str:
        raise LookupError


def octets(*arguments: object, stdin: Any = None) -> list[bytes]:
    """What becomes of them."""
    return [bytes(each) for each in Arguments(arguments, stdin).octets]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("word", b"word"),
        ("", b""),
        ("h\xe9", b"h\xc3\xa9"),
        (b"octets", b"octets"),
        (bytearray(b"octets"), b"octets"),
        (memoryview(b"octets")[1:3], b"ct"),
        (5, b"5"),
        (None, b"None"),
        (Spoken(), b"spoken"),
    ],
)
def test_an_argument_becomes_octets(argument: object, expected: bytes) -> None:
    assert octets(argument) == [expected]


def test_a_str_of_another_class_is_its_text() -> None:
    assert octets(Loud("word"), Loud("h\xe9")) == [b"word", b"h\xc3\xa9"]


@pytest.mark.parametrize("count", [1, 15, 16, 17, 1000])
def test_any_number_of_them_does(count: int) -> None:
    words = [f"word {number}" for number in range(count)]
    assert octets(*words) == [word.encode() for word in words]
    assert octets(*words, stdin="input") == [*(word.encode() for word in words), b"input"]


def test_any_buffer_is_input() -> None:
    with mmap.mmap(-1, 6) as area:
        area.write(b"octets")
        assert octets("test", stdin=area) == [b"test", b"octets"]
    assert octets("test", stdin="h\xe9") == [b"test", b"h\xc3\xa9"]
    assert octets("test", stdin=array("H", [0x4141])) == [b"test", b"AA"]


@pytest.mark.parametrize("command", ["word", b"word", bytearray(b"x"), 5, 1.5, True, None])
def test_what_is_no_iterable_of_them_is_a_type_error(command: Any) -> None:
    with pytest.raises(TypeError, match=r"^command must be a sequence or iterator$"):
        Arguments(command)


def test_what_an_iterable_raises_is_raised() -> None:
    def broken() -> Iterator[str]:
        yield "test"
        raise TypeError("of the iterable itself")

    with pytest.raises(TypeError, match="of the iterable itself"):
        Arguments(broken())


def test_no_command_is_empty() -> None:
    nothings: list[Any] = [[], (), iter(())]
    for nothing in nothings:
        with pytest.raises(ValueError, match=r"^command must not be empty$"):
            Arguments(nothing)


def test_half_of_a_character_is_no_octets() -> None:
    with pytest.raises(UnicodeEncodeError):
        Arguments(["test", "\udc80"])


def test_octets_must_lie_side_by_side() -> None:
    with pytest.raises(BufferError, match="must be contiguous"):
        Arguments([memoryview(b"octets")[::2]])
    with pytest.raises(BufferError, match="must be contiguous"):
        Arguments(["test"], memoryview(b"octets")[::2])


def test_each_is_asked_for_once() -> None:
    asked: list[int] = []

    def words() -> Iterator[Spoken]:
        for number in range(3):
            asked.append(number)
            yield Spoken()

    assert octets(*words()) == [b"spoken"] * 3
    assert asked == [0, 1, 2]


def test_a_buffer_stays_where_it_is_until_the_arguments_go() -> None:
    """And is given back when one behind it cannot be said."""
    held = bytearray(b"octets")
    arguments = Arguments(["test", held])
    with pytest.raises(BufferError):
        held.extend(b"more")
    del arguments
    held.extend(b" and more")
    with pytest.raises(LookupError):
        Arguments([held, Silent()])
    gc.collect()
    held.extend(b": nobody holds it")


def test_a_view_that_its_owner_releases_is_still_there() -> None:
    view = memoryview(bytearray(b"octets"))
    arguments = Arguments([view])
    view.release()
    arguments.octets[0].release()  # type: ignore[union-attr]  # it is a view
    assert [bytes(each) for each in arguments.octets] == [b"octets"]


def test_they_are_made_once() -> None:
    arguments = Arguments(["test"])
    with pytest.raises(LocalProtocolError, match="cannot be initialised twice"):
        arguments.__init__(["other"])
    assert Arguments.__new__(Arguments).octets == []


def test_a_connection_takes_them() -> None:
    machine = Connection(CLIENT)
    with pytest.raises(LocalProtocolError, match="not allowed in this state"):
        machine.send_command(["test", 5])
    with pytest.raises(TypeError, match="sequence or iterator"):
        machine.send_command(5)  # type: ignore[arg-type]  # what is refused
