"""The server's machine against a client that is wrong on purpose."""

import pytest

from opswire._core.ffi import lib
from tests.c import peers
from tests.c.machine import SERVER, STATES, Machine
from tests.c.octets import argument_list
from tests.c.peers import message, messages, negotiated, refused
from tests.c.requests import FIRST, LAST, MIDDLE, WHOLE, command, quit_message
from tests.c.visible_security import wrapped
from tests.servers import wire

DONE, MORE, PAUSED = lib.OPSWIRE_DONE, lib.OPSWIRE_MORE, lib.OPSWIRE_PAUSED
LIST = argument_list([b"test"])
TEXTS = {
    2: b"Invalid token",
    3: b"Unknown message",
    4: b"Invalid command token",
    7: b"Too many arguments",
    8: b"Too much data",
    9: b"Unexpected message",
}


def answers(server: Machine) -> list[bytes]:
    """The messages that the server has queued."""
    return messages(server.take())


def in_step(server: Machine) -> bool:
    """Whether the next command is served and answered as if nothing had been."""
    assert server.events(message(command(LIST))) == [peers.command(LIST), PAUSED]
    assert server.send_status(0) == DONE
    return answers(server) == [wire.status(0)]


@pytest.mark.parametrize(
    ("plain", "code"),
    [
        (b"\x02\x00", 3),
        (b"\x02\x08", 3),
        (b"\x03\xff\x00", 3),
        (wire.status(0), 3),
        (wire.output(1, b"out"), 3),
        (wire.error(5, b"no"), 3),
        (wire.versions(3), 3),
        (b"", 2),
        (b"\x02", 2),
        (b"\x00\x02", 2),
        (b"\x01\x07", 2),
        (quit_message() + b"\0", 2),
        (wire.noop() + b"\0", 2),
        (wire.output(3, b"out"), 2),
        (command(LIST, version=1), 4),
        (b"\x02\x01", 4),
        (b"\x02\x01\x01", 4),
        (command(LIST, continuation=4), 4),
        (command(b""), 4),
        (command(LIST[:-1]), 4),
        (command(LIST + b"\0"), 4),
        (command(argument_list([b"test"], count=2)), 4),
        (command(argument_list([b"x"] * 4097)), 7),
        (command(LIST, LAST), 4),
    ],
    ids=lambda each: each[:12].hex() if isinstance(each, bytes) else str(each),
)
def test_a_wrong_message_is_answered_with_an_error_and_the_next_is_served(
    plain: bytes, code: int
) -> None:
    """Code and text are remctld's."""
    server = negotiated(SERVER)
    assert server.events(message(plain)) == [refused(code), MORE]
    assert answers(server) == [wire.error(code, TEXTS[code])]
    assert in_step(server)


@pytest.mark.parametrize("version", [4, 5, 255])
@pytest.mark.parametrize("rest", [b"\x00", b"\x07", b"\x01\x01\x00" + LIST], ids=len)
def test_a_higher_version_is_answered_with_ours_and_the_next_is_served(
    version: int, rest: bytes
) -> None:
    """Whatever stands behind the version (draft, section 2.7)."""
    server = negotiated(SERVER)
    assert server.events(message(bytes([version]) + rest)) == [peers.versions(version), MORE]
    assert answers(server) == [wire.versions(3)]
    assert in_step(server)


def test_4096_arguments_are_served() -> None:
    """One more is error 7."""
    server = negotiated(SERVER)
    body = argument_list([b"x"] * 4096)
    assert server.events(message(command(body))) == [peers.command(body), PAUSED]


# ---- continued commands ----


def test_parts_without_a_beginning_are_refused_once() -> None:
    """What follows belongs to them, and is passed over up to its last part."""
    server = negotiated(SERVER)
    assert server.events(message(command(LIST, MIDDLE))) == [refused(4), MORE]
    for continuation in [MIDDLE, MIDDLE, LAST]:
        assert server.events(message(command(LIST, continuation))) == [MORE]
    assert answers(server) == [wire.error(4, TEXTS[4])]
    assert in_step(server)


@pytest.mark.parametrize(
    ("plain", "code", "more"),
    [
        (command(LIST, FIRST), 4, True),
        (command(LIST, WHOLE), 4, False),
        (wire.noop(), 9, True),
        (b"\x02\x08", 3, True),
        (b"\x02", 2, True),
        (command(LIST, continuation=4), 4, True),
        (wire.status(0), 3, True),
    ],
    ids=["first", "whole", "noop", "unknown", "malformed", "continuation 4", "status"],
)
def test_a_message_that_interrupts_a_command_ends_it(plain: bytes, code: int, more: bool) -> None:
    """An error once; the rest of the command is passed over."""
    server = negotiated(SERVER)
    assert server.events(message(command(LIST[:4], FIRST))) == [MORE]
    assert server.events(message(plain)) == [refused(code), MORE]
    assert server.state == STATES["SERVER_DISCARDING" if more else "SERVER_IDLE"]
    if more:
        assert server.events(message(command(LIST, MIDDLE))) == [MORE]
        assert server.events(message(command(LIST, LAST))) == [MORE]
    assert answers(server) == [wire.error(code, TEXTS[code])]
    assert in_step(server)


@pytest.mark.parametrize("plain", [command(LIST), wire.noop(), quit_message()], ids=len)
def test_a_new_request_ends_the_passing_over(plain: bytes) -> None:
    """Not every client sends the rest of what was refused."""
    server = negotiated(SERVER)
    server.events(message(command(LIST, MIDDLE)))
    expected = {1: peers.command(LIST), 7: peers.NOOP, 2: peers.QUIT}[plain[1]]
    assert server.events(message(plain))[0] == expected


def test_a_new_continued_command_ends_the_passing_over() -> None:
    """It is collected from its own beginning."""
    server = negotiated(SERVER)
    server.events(message(command(b"rubbish", MIDDLE)))
    assert server.events(message(command(LIST[:5], FIRST))) == [MORE]
    assert server.events(message(command(LIST[5:], LAST))) == [peers.command(LIST), PAUSED]


def test_a_higher_version_in_the_middle_of_a_command_leaves_it_as_it_was() -> None:
    """It is answered; the command goes on."""
    server = negotiated(SERVER)
    server.events(message(command(LIST[:5], FIRST)))
    assert server.events(message(b"\x04\x01")) == [peers.versions(4), MORE]
    assert server.events(message(command(LIST[5:], LAST))) == [peers.command(LIST), PAUSED]


def test_a_continued_command_may_be_cut_anywhere() -> None:
    """The draft's rules bind the sender; this reader only joins."""
    server = negotiated(SERVER)
    for octet in LIST[:-1]:
        first = server.state == STATES["SERVER_IDLE"]
        plain = command(bytes([octet]), FIRST if first else MIDDLE)
        assert server.events(message(plain)) == [MORE]
    assert server.events(message(command(LIST[-1:], LAST))) == [peers.command(LIST), PAUSED]


def test_a_continued_list_that_lies_is_refused_at_its_end() -> None:
    """And the server is in step."""
    server = negotiated(SERVER)
    server.events(message(command(LIST, FIRST)))
    assert server.events(message(command(b"\0", LAST))) == [refused(4), MORE]
    assert answers(server) == [wire.error(4, TEXTS[4])]
    assert in_step(server)


def test_a_command_above_100_mb_is_refused_once() -> None:
    """As soon as it is too long; its rest is passed over."""
    server = negotiated(SERVER)
    part = message(command(bytes(1_048_576 - 5), MIDDLE))
    assert server.events(message(command(bytes(1_048_576 - 5), FIRST))) == [MORE]
    for _ in range(99):
        assert server.events(part) == [MORE]
    assert server.events(message(command(bytes(500), MIDDLE))) == [MORE]
    assert server.events(message(command(b"\0", MIDDLE))) == [refused(8), MORE]
    assert server.events(part) == [MORE]
    assert server.events(message(command(b"", LAST))) == [MORE]
    assert answers(server) == [wire.error(8, TEXTS[8])]
    assert in_step(server)


def test_a_command_of_100_mb_is_served() -> None:
    """To the last octet that is allowed."""
    server = negotiated(SERVER)
    body = argument_list([bytes(100 * 1024 * 1024 - 8)])
    size = 1_048_576 - 5
    server.events(message(command(body[:size], FIRST)))
    for start in range(size, len(body) - size, size):
        server.events(message(command(body[start : start + size], MIDDLE)))
    rest = len(body) - len(body) % size
    event, status = server.events(message(command(body[rest:], LAST)))
    assert not isinstance(event, int)
    assert (len(event.octets), event.octets[:8], status) == (len(body), body[:8], PAUSED)


# ---- tokens ----


def test_a_hello_with_other_flags_is_final() -> None:
    """0x51 and 0x11 are the only ones."""
    for flags in set(range(256)) - {0x51, 0x11}:
        server = Machine(SERVER)
        for _ in range(2):
            assert server.events(wire.token(flags)) == [lib.OPSWIRE_TOKEN_UNEXPECTED]
        assert (server.found, server.offset) == (flags, 0)


def test_a_hello_with_a_payload_is_final() -> None:
    """It has nothing to say."""
    server = Machine(SERVER)
    assert server.events(wire.token(0x51, b"x")) == [lib.OPSWIRE_TOKEN_INVALID]
    assert server.found == 1


@pytest.mark.parametrize("flags", [0x02, 0x44, 0x51, 0x43, 0xC2, 0])
def test_a_context_token_with_other_flags_is_final(flags: int) -> None:
    """The flag for protocol 2 cannot be dropped after the hello."""
    server = Machine(SERVER)
    server.events(wire.token(0x51) + wire.token(0x42, b"first"))
    assert server.events(wire.token(flags, b"second")) == [lib.OPSWIRE_TOKEN_UNEXPECTED]
    assert (server.found, server.offset) == (flags, 5 + 10)


@pytest.mark.parametrize("flags", [0x04, 0x24, 0x42, 0x45, 0xC4, 0x51])
def test_a_data_token_with_other_flags_is_final(flags: int) -> None:
    """Even if what it carries was wrapped well."""
    server = negotiated(SERVER)
    octets = wire.token(flags, wrapped(command(LIST)))
    assert server.events(octets) == [lib.OPSWIRE_TOKEN_UNEXPECTED]
    assert server.found == flags


@pytest.mark.parametrize("payload", [b"", b"plain", wrapped(command(LIST))[1:]], ids=len)
def test_a_token_that_was_not_wrapped_is_final(payload: bytes) -> None:
    """And is not answered."""
    server = negotiated(SERVER)
    assert server.events(wire.token(0x44, payload)) == [lib.OPSWIRE_SECURITY_REFUSED]
    assert server.events(message(command(LIST))) == [lib.OPSWIRE_SECURITY_REFUSED]
    assert server.outgoing() == b""


def test_a_token_longer_than_1048576_octets_is_final() -> None:
    """As soon as its header is there; its length and its place are told."""
    server = negotiated(SERVER)
    before = len(wire.token(0x51) + wire.token(0x42, b"initiator"))
    octets = message(wire.noop()) + b"\x44" + (1_048_577).to_bytes(4)
    assert server.events(octets) == [peers.NOOP, lib.OPSWIRE_TOKEN_TOO_LARGE]
    assert (server.found, server.offset) == (1_048_577, before + len(message(wire.noop())))


@pytest.mark.parametrize("missing", [0x02, 0x04, 0x08, 0x10, 0x20, 0x3E])
def test_a_context_without_a_required_flag_is_final(missing: int) -> None:
    """Mutual authentication, confidentiality and integrity are all needed."""
    server = Machine(SERVER)
    server.events(wire.token(0x51) + wire.token(0x42, b"i"))
    assert server.establish(0x3E & ~missing) == lib.OPSWIRE_FLAGS_REFUSED
    assert server.found == 0x3E & ~missing
    assert server.establish() == lib.OPSWIRE_FORBIDDEN
    assert server.next() == lib.OPSWIRE_FLAGS_REFUSED


# ---- protocol 1 ----


@pytest.mark.parametrize("body", [b"", LIST[:-1], LIST + b"\0"], ids=len)
def test_a_malformed_command_on_protocol_1_is_final(body: bytes) -> None:
    """It is not even signed."""
    server = negotiated(SERVER, 1)
    octets = wire.token(0x24, wrapped(body))
    assert server.events(octets) == [lib.OPSWIRE_MESSAGE_MALFORMED]
    assert server.outgoing() == b""


@pytest.mark.parametrize("flags", [0x04, 0x44, 0x64, 0x20, 0x08, 0x51])
def test_a_command_with_other_flags_on_protocol_1_is_final(flags: int) -> None:
    """0x24 is the only one."""
    server = negotiated(SERVER, 1)
    octets = wire.token(flags, wrapped(LIST))
    assert server.events(octets) == [lib.OPSWIRE_TOKEN_UNEXPECTED]
