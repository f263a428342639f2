"""include/opswire/remctl_token.h: tokens read, and written into the caller's room."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.octets import View, octets_of

if TYPE_CHECKING:
    from opswire._core._ffi import CData

HEADER = 5
LARGEST = 1_048_576


class Case(NamedTuple):
    """A token as octets and as values."""

    name: str
    octets: bytes
    flags: int
    payload: bytes


def load_cases() -> list[Case]:
    """The table of cases."""
    table = tomllib.loads((Path(__file__).parents[1] / "cases/remctl_tokens.toml").read_text())
    return [
        Case(
            entry["name"],
            bytes.fromhex(entry["octets"]),
            entry["flags"],
            bytes.fromhex(entry["payload"]),
        )
        for entry in table["token"]
    ]


each_case = pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.name)


def read(octets: bytes) -> "tuple[int, CData, int]":
    """Read one token: status, token, size."""
    token = ffi.new("struct opswire_remctl_token *")
    size = ffi.new("size_t *")
    return lib.opswire_remctl_token_read(View(octets).c, token, size), token, size[0]


def write(flags: int, payload: bytes, room: int) -> tuple[int, bytes, int]:
    """Write one token: status, the whole room, size."""
    data = ffi.from_buffer("uint8_t[]", payload)
    token = ffi.new("struct opswire_remctl_token *", (flags, (data, len(payload))))
    out = ffi.new("uint8_t[]", b"\xee" * room)
    size = ffi.new("size_t *")
    status = lib.opswire_remctl_token_write(token[0], out, room, size)
    return status, bytes(ffi.buffer(out, room)), size[0]


@each_case
def test_a_whole_token_is_read(case: Case) -> None:
    """All octets are there."""
    octets = case.octets
    token = ffi.new("struct opswire_remctl_token *")
    size = ffi.new("size_t *")
    view = View(octets)
    assert lib.opswire_remctl_token_read(view.c, token, size) == lib.OPSWIRE_DONE
    assert (token.flags, octets_of(token.payload), size[0]) == (
        case.flags,
        case.payload,
        len(octets),
    )


@each_case
def test_a_token_that_is_cut_anywhere_needs_more(case: Case) -> None:
    """The size says how much is needed: the header first, then the whole."""
    for end in range(len(case.octets)):
        status, _, size = read(case.octets[:end])
        assert status == lib.OPSWIRE_MORE
        assert size == (HEADER if end < HEADER else len(case.octets))


@each_case
def test_octets_behind_a_token_are_left_alone(case: Case) -> None:
    """The size is that of the first token."""
    status, token, size = read(case.octets + b"\x51\x00\x00")
    assert (status, token.flags, size) == (lib.OPSWIRE_DONE, case.flags, len(case.octets))


@each_case
def test_a_token_is_written_as_it_is_read(case: Case) -> None:
    """The same table, the other way; the octets behind it stay as they were."""
    status, out, size = write(case.flags, case.payload, len(case.octets) + 3)
    assert (status, size) == (lib.OPSWIRE_DONE, len(case.octets))
    assert out == case.octets + b"\xee" * 3


@each_case
def test_room_that_is_too_small_stays_untouched(case: Case) -> None:
    """The size says how much is needed."""
    for room in range(len(case.octets)):
        status, out, size = write(case.flags, case.payload, room)
        assert (status, size) == (lib.OPSWIRE_MORE, len(case.octets))
        assert out == b"\xee" * room


def test_a_payload_of_1048576_octets_is_read() -> None:
    """The largest one."""
    view = View(b"\x44" + LARGEST.to_bytes(4) + bytes(LARGEST))
    token = ffi.new("struct opswire_remctl_token *")
    size = ffi.new("size_t *")
    assert lib.opswire_remctl_token_read(view.c, token, size) == lib.OPSWIRE_DONE
    assert (token.payload.size, size[0]) == (LARGEST, LARGEST + HEADER)


def test_a_payload_of_1048576_octets_is_awaited() -> None:
    """With the header alone."""
    status, _, size = read(b"\x44" + LARGEST.to_bytes(4))
    assert (status, size) == (lib.OPSWIRE_MORE, LARGEST + HEADER)


@pytest.mark.parametrize("length", [LARGEST + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_a_larger_payload_is_refused_with_the_header(length: int) -> None:
    """Nobody waits for, or makes room for, what will be refused."""
    assert read(b"\x44" + length.to_bytes(4))[0] == lib.OPSWIRE_TOKEN_TOO_LARGE


def test_a_payload_of_1048576_octets_is_written() -> None:
    """The largest one."""
    status, out, _ = write(0x44, bytes(LARGEST), LARGEST + HEADER)
    assert (status, out[:HEADER]) == (lib.OPSWIRE_DONE, b"\x44\x00\x10\x00\x00")


def test_a_larger_payload_is_not_written() -> None:
    """No peer would read it."""
    assert write(0x44, bytes(LARGEST + 1), LARGEST + 64)[0] == lib.OPSWIRE_OUT_OF_RANGE
