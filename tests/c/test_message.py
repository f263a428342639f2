"""include/opswire/remctl_message.h: each message read and written."""

import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.octets import Buffer, View, octets_of

LARGEST = 65_536
MEMBERS = ["version", "type", "keep_alive", "continuation", "stream", "exit_status", "highest"]
TABLE = tomllib.loads((Path(__file__).parents[1] / "cases/remctl_messages.toml").read_text())


class Case(NamedTuple):
    """A message as octets and as members that are not zero."""

    name: str
    octets: bytes
    value: dict[str, int | bytes]


def members(value: dict[str, int | str]) -> dict[str, int | bytes]:
    """All members of a message, with the body as bytes."""
    full: dict[str, int | bytes] = dict.fromkeys([*MEMBERS, "code"], 0)
    full["body"] = b""
    for name, member in value.items():
        full[name] = bytes.fromhex(member) if isinstance(member, str) else member
    return full


CASES = [
    Case(entry["name"], bytes.fromhex(entry["octets"]), members(entry["value"]))
    for entry in TABLE["message"]
]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
variable = pytest.mark.parametrize(
    "case", [case for case in CASES if case.value["type"] in {1, 3, 5}], ids=lambda case: case.name
)


def read(octets: bytes) -> tuple[int, dict[str, int | bytes]]:
    """Read one message: status, members."""
    view = View(octets)
    message = ffi.new("struct opswire_remctl_message *")
    status = lib.opswire_remctl_message_read(view.c, message)
    found = {name: int(getattr(message, name)) for name in [*MEMBERS, "code"]}
    return status, {**found, "body": octets_of(message.body)}


def write(value: dict[str, int | bytes], before: bytes = b"") -> tuple[int, bytes]:
    """Write one message behind what is there: status, the whole buffer."""
    body = value["body"]
    assert isinstance(body, bytes)
    view = View(body)
    message = ffi.new("struct opswire_remctl_message *", {**value, "body": view.c})
    with Buffer() as out:
        assert lib.opswire_buffer_append(out.c, View(before).c) == lib.OPSWIRE_DONE
        status = lib.opswire_remctl_message_write(message, out.c)
        return status, out.octets


@each_case
def test_a_message_is_read(case: Case) -> None:
    """Members that the type does not use are zero."""
    assert read(case.octets) == (lib.OPSWIRE_DONE, case.value)


@each_case
def test_a_message_is_written_as_it_is_read(case: Case) -> None:
    """Behind what is in the buffer already."""
    assert write(case.value, b"before") == (lib.OPSWIRE_DONE, b"before" + case.octets)


@each_case
def test_a_message_that_is_cut_anywhere_is_malformed(case: Case) -> None:
    """Except that a command may end wherever its four-octet head is complete."""
    for end in range(len(case.octets)):
        status, value = read(case.octets[:end])
        if case.value["type"] == lib.OPSWIRE_REMCTL_COMMAND and end >= 4:
            assert (status, value["body"]) == (lib.OPSWIRE_DONE, case.octets[4:end])
        else:
            assert status == lib.OPSWIRE_MESSAGE_MALFORMED


@each_case
def test_a_message_with_an_octet_too_many_is_malformed(case: Case) -> None:
    """Except a command, whose length is that of the message."""
    expected = (
        lib.OPSWIRE_DONE
        if case.value["type"] == lib.OPSWIRE_REMCTL_COMMAND
        else lib.OPSWIRE_MESSAGE_MALFORMED
    )
    assert read(case.octets + b"\0")[0] == expected


@pytest.mark.parametrize("entry", TABLE["broken"], ids=lambda entry: str(entry["name"]))
def test_a_broken_message_is_refused(entry: dict[str, str]) -> None:
    """For its own reason, with version and type told as far as they could be read."""
    octets = bytes.fromhex(entry["octets"])
    status, value = read(octets)
    assert status == getattr(lib, "OPSWIRE_" + entry["status"])
    assert (value["version"], value["type"]) == tuple((octets + bytes(2))[:2])


def test_a_version_other_than_2_and_3_is_unexpected() -> None:
    """Whatever follows it."""
    for version in [0, 1, *range(4, 256)]:
        status, value = read(bytes([version, 4, 0]))
        assert (status, value["version"]) == (lib.OPSWIRE_VERSION_UNEXPECTED, version)


def test_a_status_of_200_stays_200() -> None:
    """As does every other: one unsigned octet."""
    for exit_status in range(256):
        assert read(bytes([2, 4, exit_status]))[1]["exit_status"] == exit_status


def test_a_keep_alive_other_than_0_and_1_means_keep_alive() -> None:
    """As remctld takes it."""
    assert read(b"\x02\x01\x07\x00")[1]["keep_alive"] == 1


@variable
def test_a_message_of_65536_octets_is_written(case: Case) -> None:
    """The most that one gss_wrap may be given."""
    head = len(case.octets) - len(bytes(case.value["body"]))
    status, octets = write({**case.value, "body": bytes(LARGEST - head)})
    assert (status, len(octets)) == (lib.OPSWIRE_DONE, LARGEST)


@variable
def test_a_longer_message_is_not_written(case: Case) -> None:
    """Nothing of it."""
    head = len(case.octets) - len(bytes(case.value["body"]))
    value = {**case.value, "body": bytes(LARGEST - head + 1)}
    assert write(value, b"before") == (lib.OPSWIRE_OUT_OF_RANGE, b"before")


@pytest.mark.parametrize(
    "change",
    [
        {"type": 0},
        {"type": 8},
        {"type": 255},
        {"type": 3, "stream": 0},
        {"type": 3, "stream": 3},
        {"type": 1, "continuation": 4},
    ],
    ids=str,
)
def test_a_message_that_no_reader_takes_is_not_written(change: dict[str, int | str]) -> None:
    """No such type, stream or continuation."""
    value = members({"version": 2, **change})
    assert write(value, b"before") == (lib.OPSWIRE_OUT_OF_RANGE, b"before")
