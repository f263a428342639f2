"""The client's machine against a server that is wrong on purpose, or that refuses."""

from collections.abc import Callable

import pytest

from opswire._core.ffi import lib
from tests.c import peers
from tests.c.machine import CLIENT, CLOSED, STATES, Machine
from tests.c.octets import ArgumentWriter, argument_list
from tests.c.peers import Pair, message, negotiated
from tests.c.requests import command, quit_message
from tests.c.visible_security import signature, wrapped
from tests.servers import wire

DONE, MORE = lib.OPSWIRE_DONE, lib.OPSWIRE_MORE
LONG = [b"test", b"x" * 100_000]
OUTPUT, STATUS, ERROR = wire.output(1, b"out"), wire.status(0), wire.error(5, b"no")
VERSIONS, NOOP = wire.versions(3), wire.noop()


def waiting_for(what: str) -> Machine:
    """A client in a state that tells what it waits for."""
    client = negotiated(CLIENT)
    if what == "CLIENT_BUSY":
        client.send_command([b"test"])
    elif what == "CLIENT_NOOP":
        client.send_noop()
    elif what == "CLIENT_SENDING":
        client.send_command_part(ArgumentWriter(LONG))
    elif what == "CLIENT_BUSY_CONTINUED":
        client.send_command(LONG)
    assert client.state == STATES[what]
    client.take()
    return client


# ---- answers that leave the connection in step ----


@pytest.mark.parametrize("plain", [ERROR, VERSIONS], ids=["error", "version"])
@pytest.mark.parametrize("state", ["CLIENT_BUSY", "CLIENT_NOOP"])
def test_an_error_or_version_answer_leaves_the_connection_in_step(state: str, plain: bytes) -> None:
    """It answers what was asked; the next command is answered for itself."""
    client = waiting_for(state)
    (event, status) = client.events(message(plain))
    assert event == (peers.error(5, b"no") if plain == ERROR else peers.versions(3))
    assert (status, client.state) == (MORE, STATES["CLIENT_IDLE"])
    assert client.send_command([b"next"]) == DONE
    assert client.events(message(OUTPUT) + message(STATUS)) == [
        peers.output(1, b"out"),
        peers.status(0),
        MORE,
    ]


@pytest.mark.parametrize("plain", [ERROR, VERSIONS], ids=["error", "version"])
@pytest.mark.parametrize("state", ["CLIENT_SENDING", "CLIENT_BUSY_CONTINUED"])
def test_an_error_or_version_answer_to_a_continued_command_spends_the_connection(
    state: str, plain: bytes
) -> None:
    """More errors may follow it, and nobody could tell to what they belong."""
    client = waiting_for(state)
    assert len(client.events(message(plain))) == 2
    assert client.state == STATES["CLIENT_SPENT"]
    for status in (client.send_command([b"next"]), client.send_noop(), client.send_quit()):
        assert status == lib.OPSWIRE_FORBIDDEN
    assert client.events(message(ERROR) + b"whatever") == [MORE]
    client.receive_end()
    assert client.next() == CLOSED


def test_a_status_to_a_continued_command_leaves_the_connection_in_step() -> None:
    """It was served, so every part of it was read."""
    client = waiting_for("CLIENT_BUSY_CONTINUED")
    assert client.events(message(OUTPUT) + message(STATUS))[-1] == MORE
    assert client.send_command([b"next"]) == DONE


# ---- answers before the question ----


@pytest.mark.parametrize("ask", [Machine.send_noop, lambda each: each.send_command([b"test"])])
@pytest.mark.parametrize("protocol", [2, 1])
def test_an_answer_that_came_before_the_question_is_final(
    ask: Callable[[Machine], int], protocol: int
) -> None:
    """Whole or begun, it must not pass for the answer; nothing is asked then."""
    early = message(STATUS) if protocol == 2 else MIC
    for octets in (early, early[:1], early[:-1], early + early):
        client = negotiated(CLIENT, protocol)
        if ask == Machine.send_noop and protocol == 1:
            assert ask(client) == lib.OPSWIRE_FORBIDDEN
            continue
        assert client.receive(octets) == DONE
        assert ask(client) in {lib.OPSWIRE_TOKEN_UNEXPECTED, lib.OPSWIRE_TYPE_UNEXPECTED}
        assert client.outgoing() == b""
        assert client.next() in {lib.OPSWIRE_TOKEN_UNEXPECTED, lib.OPSWIRE_TYPE_UNEXPECTED}


# ---- messages ----

ALLOWED = {
    "CLIENT_IDLE": [],
    "CLIENT_BUSY": [OUTPUT, STATUS, ERROR, VERSIONS],
    "CLIENT_BUSY_CONTINUED": [OUTPUT, STATUS, ERROR, VERSIONS],
    "CLIENT_SENDING": [ERROR, VERSIONS],
    "CLIENT_NOOP": [NOOP, ERROR, VERSIONS],
}
EVERY = [OUTPUT, STATUS, ERROR, VERSIONS, NOOP, quit_message(), command(argument_list([b"test"]))]


@pytest.mark.parametrize(
    ("state", "plain"),
    [(state, each) for state, allowed in ALLOWED.items() for each in EVERY if each not in allowed],
    ids=lambda each: f"type {each[1]}" if isinstance(each, bytes) else each,
)
def test_a_message_that_nobody_asked_for_is_final(state: str, plain: bytes) -> None:
    """Types 1 and 2 never come from a server, the others only as answers."""
    client = waiting_for(state)
    assert client.events(message(plain)) == [lib.OPSWIRE_TYPE_UNEXPECTED]
    assert client.found == plain[1]
    assert client.events(message(STATUS)) == [lib.OPSWIRE_TYPE_UNEXPECTED]


@pytest.mark.parametrize(
    ("plain", "status", "found"),
    [
        (b"", lib.OPSWIRE_MESSAGE_MALFORMED, 0),
        (b"\x02", lib.OPSWIRE_MESSAGE_MALFORMED, 1),
        (b"\x02\x04", lib.OPSWIRE_MESSAGE_MALFORMED, 2),
        (b"\x02\x04\x00\x00", lib.OPSWIRE_MESSAGE_MALFORMED, 4),
        (wire.output(1, b"out", length=4), lib.OPSWIRE_MESSAGE_MALFORMED, 10),
        (wire.output(1, b"out", length=0xFFFFFFFF), lib.OPSWIRE_MESSAGE_MALFORMED, 10),
        (wire.output(0, b"out"), lib.OPSWIRE_STREAM_UNEXPECTED, 0),
        (wire.output(3, b"out"), lib.OPSWIRE_STREAM_UNEXPECTED, 3),
        (b"\x00\x04\x00", lib.OPSWIRE_VERSION_UNEXPECTED, 0),
        (b"\x01\x04\x00", lib.OPSWIRE_VERSION_UNEXPECTED, 1),
        (b"\x04\x04\x00", lib.OPSWIRE_VERSION_UNEXPECTED, 4),
        (b"\xff\x04\x00", lib.OPSWIRE_VERSION_UNEXPECTED, 255),
        (b"\x02\x00", lib.OPSWIRE_TYPE_UNKNOWN, 0),
        (b"\x02\x08", lib.OPSWIRE_TYPE_UNKNOWN, 8),
        (b"\x03\xff", lib.OPSWIRE_TYPE_UNKNOWN, 255),
    ],
    ids=lambda each: each.hex() if isinstance(each, bytes) else str(each),
)
def test_a_broken_message_is_final(plain: bytes, status: int, found: int) -> None:
    """It says what was found: the size, stream, version or type; and where its token began."""
    client = waiting_for("CLIENT_BUSY")
    before = len(wire.token(0x42, b"acceptor") + message(OUTPUT))
    assert client.events(message(OUTPUT) + message(plain)) == [peers.output(1, b"out"), status]
    assert (client.found, client.offset) == (found, before)
    assert client.events(message(STATUS)) == [status]


# ---- tokens ----


@pytest.mark.parametrize("flags", [0x04, 0x40, 0x4C, 0x42, 0x51, 0xC4])
def test_an_answer_with_other_flags_is_final(flags: int) -> None:
    """The flag for protocol 2 cannot be dropped later."""
    client = waiting_for("CLIENT_BUSY")
    assert client.events(wire.token(flags, wrapped(STATUS))) == [lib.OPSWIRE_TOKEN_UNEXPECTED]
    assert client.found == flags


@pytest.mark.parametrize("flags", [0x51, 0x44, 0x12, 0x11, 0x00, 0xC2])
def test_a_first_answer_with_other_flags_is_final(flags: int) -> None:
    """0x42 and 0x02 are the only ones."""
    client = Machine(CLIENT)
    client.send_hello()
    assert client.events(wire.token(flags, b"token")) == [lib.OPSWIRE_TOKEN_UNEXPECTED]


def test_a_server_cannot_fall_back_later() -> None:
    """After its first answer the protocol is settled."""
    client = Machine(CLIENT)
    client.send_hello()
    assert client.events(wire.token(0x42, b"a")) == [peers.context(b"a"), MORE]
    assert client.events(wire.token(0x02, b"b")) == [lib.OPSWIRE_TOKEN_UNEXPECTED]


def test_a_server_cannot_offer_more_later() -> None:
    """Nor in the other direction."""
    client = Machine(CLIENT)
    client.send_hello()
    assert client.events(wire.token(0x02, b"a")) == [peers.context(b"a"), MORE]
    assert client.events(wire.token(0x42, b"b")) == [lib.OPSWIRE_TOKEN_UNEXPECTED]


def test_a_client_that_has_said_nothing_expects_nothing() -> None:
    """A server does not speak first."""
    for protocol in [2, 1]:
        client = Machine(CLIENT, protocol)
        assert client.events(wire.token(0x42, b"a")) == [lib.OPSWIRE_TOKEN_UNEXPECTED]


@pytest.mark.parametrize("missing", [0x02, 0x04, 0x08, 0x10, 0x20, 0x3E])
@pytest.mark.parametrize("protocol", [2, 1])
def test_a_context_without_a_required_flag_is_final(missing: int, protocol: int) -> None:
    """No command is ever sent over it."""
    client = Machine(CLIENT, protocol)
    client.send_hello()
    client.events(wire.token(0x42 if protocol == 2 else 0x02, b"a"))
    client.take()
    assert client.establish(0x3E & ~missing) == lib.OPSWIRE_FLAGS_REFUSED
    assert client.send_command([b"test"]) == lib.OPSWIRE_FORBIDDEN
    assert client.outgoing() == b""


# ---- protocol 1 ----


def commanded_1() -> Machine:
    """A client of protocol 1 whose command is out."""
    client = negotiated(CLIENT, 1)
    client.send_command([b"test"])
    client.take()
    return client


MIC = wire.token(0x08, signature(argument_list([b"test"])))


@pytest.mark.parametrize("mic", [b"", b"M", signature(b"another"), b"M" * 10_240], ids=len)
def test_a_signature_that_does_not_verify_is_final(mic: bytes) -> None:
    """No output is delivered then."""
    client = commanded_1()
    reply = wire.token(0x04, wrapped(bytes(8)))
    assert client.events(wire.token(0x08, mic) + reply) == [lib.OPSWIRE_SECURITY_REFUSED]


def test_a_signature_longer_than_10240_octets_is_not_even_verified() -> None:
    """Its length is told."""
    client = commanded_1()
    assert client.events(wire.token(0x08, bytes(10_241))) == [lib.OPSWIRE_TOKEN_TOO_LARGE]
    assert client.found == 10_241


def test_a_reply_before_the_signature_is_final() -> None:
    """Nobody would know to which command."""
    client = commanded_1()
    octets = wire.token(0x04, wrapped(bytes(8)))
    assert client.events(octets) == [lib.OPSWIRE_TOKEN_UNEXPECTED]


@pytest.mark.parametrize(
    "plain", [b"", bytes(7), bytes(9), bytes(4) + b"\0\0\0\1", b"\0\0\0\0\xff\xff\xff\xff"], ids=len
)
def test_a_malformed_reply_is_final(plain: bytes) -> None:
    """Status and length, then as many octets."""
    client = commanded_1()
    octets = MIC + wire.token(0x04, wrapped(plain))
    assert client.events(octets) == [lib.OPSWIRE_MESSAGE_MALFORMED]
    assert client.found == len(plain)


@pytest.mark.parametrize("flags", [0x44, 0x08, 0x24])
def test_a_reply_with_other_flags_is_final(flags: int) -> None:
    """0x04 is the only one."""
    client = commanded_1()
    octets = MIC + wire.token(flags, wrapped(bytes(8)))
    assert client.events(octets) == [lib.OPSWIRE_TOKEN_UNEXPECTED]


def test_protocol_1_has_one_command_per_connection() -> None:
    """The client is spent, and what still comes is passed over."""
    client = commanded_1()
    octets = MIC + wire.token(0x04, wrapped(bytes(8)))
    assert client.events(octets + octets) == [peers.status(0), MORE]
    assert client.send_command([b"next"]) == lib.OPSWIRE_FORBIDDEN
    assert client.state == STATES["CLIENT_SPENT"]


def test_a_client_does_not_serve() -> None:
    """Its machine passes nothing on that only servers send, and the other way round."""
    pair = Pair().negotiate()
    assert pair.client.send_status(0) == lib.OPSWIRE_FORBIDDEN
    assert pair.server.send_command([b"test"]) == lib.OPSWIRE_FORBIDDEN
