"""include/opswire/remctl_message.h: argument lists in pieces, and checked when they arrive."""

import itertools
import random
from collections.abc import Iterator

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.octets import ArgumentWriter, Buffer, View, argument_list, octets_of

SMALLEST_ROOM = 9
LISTS = [
    [],
    [b""],
    [b"", b""],
    [b"a"],
    [b"abcde"],
    [b"abcdef"],
    [b"command", b"", b"argument", b""],
    [b"", b"", b"", b"x", b""],
    [b"x" * 40],
    [b"x" * 4, b"y" * 5, b"z" * 6, b"", b"w" * 9],
    [bytes(range(256)), b"", b"\0", b"\xff" * 33],
]
each_list = pytest.mark.parametrize("arguments", LISTS, ids=lambda each: f"{list(map(len, each))}")


def pieces_of(arguments: list[bytes], rooms: Iterator[int]) -> list[bytes]:
    """Write a list in pieces of at most so many octets."""
    writer = ArgumentWriter(arguments)
    pieces = []
    status = lib.OPSWIRE_MORE
    while status == lib.OPSWIRE_MORE:
        room = next(rooms)
        with Buffer() as out:
            status = lib.opswire_remctl_arguments_write(writer.c, room, out.c)
            assert len(out.octets) <= room
            pieces.append(out.octets)
    assert status == lib.OPSWIRE_DONE
    return pieces


def forbidden_ends(arguments: list[bytes]) -> set[int]:
    """Offsets in the whole list at which no piece may end."""
    ends = {1, 2, 3}
    offset = 4
    for each in arguments:
        ends.update({offset + 1, offset + 2, offset + 3})
        if each:
            ends.add(offset + 4)
        offset += 4 + len(each)
    return ends


def hold_the_rules(arguments: list[bytes], rooms: list[int]) -> None:
    """What the draft and remctld's parser demand of continued commands (draft, section 2.4)."""
    pieces = pieces_of(arguments, itertools.cycle(rooms))
    whole = argument_list(arguments)
    assert b"".join(pieces) == whole
    ends = set(itertools.accumulate(len(piece) for piece in pieces))
    assert not ends & forbidden_ends(arguments)
    # What is left decides: a piece is the last as soon as the rest fits, and none is empty.
    assert all(pieces)
    left = len(whole)
    for piece, room in zip(pieces, itertools.cycle(rooms), strict=False):
        assert (left <= room) == (piece is pieces[-1])
        left -= len(piece)


@each_list
def test_pieces_of_every_small_room_keep_the_rules(arguments: list[bytes]) -> None:
    """From the smallest room to one that takes the whole."""
    for room in range(SMALLEST_ROOM, len(argument_list(arguments)) + 3):
        hold_the_rules(arguments, [room])


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_changing_rooms_keep_the_rules(seed: int) -> None:
    """Fifty random lists in random rooms each."""
    chance = random.Random(seed)  # noqa: S311 - a test, not a secret
    for _ in range(50):
        sizes = [chance.choice([0, 0, 1, 3, 4, 5, 8, 9, 60]) for _ in range(chance.randrange(12))]
        rooms = [chance.randrange(SMALLEST_ROOM, 40) for _ in range(chance.randrange(1, 6))]
        hold_the_rules([chance.randbytes(size) for size in sizes], rooms)


@each_list
def test_the_size_of_a_list_is_known_before_it_is_written(arguments: list[bytes]) -> None:
    """It is what one piece holds that takes all."""
    writer = ArgumentWriter(arguments)
    size = lib.opswire_remctl_arguments_size(writer.views, len(arguments))
    assert size == len(argument_list(arguments))
    assert pieces_of(arguments, itertools.cycle([max(size, SMALLEST_ROOM)])) == [
        argument_list(arguments)
    ]


def test_an_argument_longer_than_32_bits_has_no_size() -> None:
    """Nor has a list that contains it."""
    views = ffi.new("struct opswire_view[2]")
    views[0].size = 0xFFFFFFFF
    assert lib.opswire_remctl_arguments_size(views, 2) == 0xFFFFFFFF + 12
    views[1].size = 0x100000000
    assert lib.opswire_remctl_arguments_size(views, 2) == (1 << 8 * ffi.sizeof("size_t")) - 1


@pytest.mark.parametrize("room", range(SMALLEST_ROOM))
def test_a_room_of_less_than_9_octets_is_refused(room: int) -> None:
    """The count, a length and an octet must fit."""
    writer = ArgumentWriter([b"argument"])
    with Buffer() as out:
        status = lib.opswire_remctl_arguments_write(writer.c, room, out.c)
        assert (status, out.octets) == (lib.OPSWIRE_OUT_OF_RANGE, b"")
    assert not writer.c.started


def check(octets: bytes) -> int:
    """The status of the reader's check."""
    view = View(octets)
    return lib.opswire_remctl_arguments_check(view.c, ffi.new("uint32_t *"))


@each_list
def test_a_list_is_taken_apart_as_it_was_put_together(arguments: list[bytes]) -> None:
    """Argument by argument, then nothing."""
    view = View(argument_list(arguments))
    count = ffi.new("uint32_t *")
    assert lib.opswire_remctl_arguments_check(view.c, count) == lib.OPSWIRE_DONE
    assert count[0] == len(arguments)
    rest = ffi.new("struct opswire_view *", view.c)
    rest.data, rest.size = rest.data + 4, rest.size - 4
    argument = ffi.new("struct opswire_view *")
    found = []
    while lib.opswire_remctl_argument_take(rest, argument):
        found.append(octets_of(argument))
    assert (found, rest.size) == (arguments, 0)


@each_list
def test_a_list_that_is_cut_anywhere_is_malformed(arguments: list[bytes]) -> None:
    """Its count says so."""
    octets = argument_list(arguments)
    for end in range(len(octets)):
        assert check(octets[:end]) == lib.OPSWIRE_MESSAGE_MALFORMED


@each_list
def test_a_list_with_an_octet_too_many_is_malformed(arguments: list[bytes]) -> None:
    """Nothing is passed over."""
    assert check(argument_list(arguments) + b"\0") == lib.OPSWIRE_MESSAGE_MALFORMED


@pytest.mark.parametrize(
    "octets",
    [
        argument_list([b"one", b"two"], count=1),
        argument_list([b"one", b"two"], count=3),
        argument_list([b"one", b"two"], count=0),
        b"\0\0\0\1\xff\xff\xff\xffabc",
        b"\0\0\0\2\0\0\0\4abcd\xff\xff\xff\xfc",
        b"\0\0\0\1\0\0\0\4abc",
        b"\0\0\0\1\0\0\0\2abc",
    ],
)
def test_a_list_whose_lengths_lie_is_malformed(octets: bytes) -> None:
    """Too short, too long, or so long that adding would wrap."""
    assert check(octets) == lib.OPSWIRE_MESSAGE_MALFORMED


def test_4096_arguments_are_accepted() -> None:
    """What remctld takes."""
    assert check(argument_list([b"x"] * 4096)) == lib.OPSWIRE_DONE


@pytest.mark.parametrize("count", [4097, 0x80000000, 0xFFFFFFFF])
def test_more_than_4096_arguments_are_refused_by_their_count(count: int) -> None:
    """Before any of them is looked at."""
    assert check(count.to_bytes(4)) == lib.OPSWIRE_OUT_OF_RANGE
