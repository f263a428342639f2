"""Message protection that fails: nothing half-written stays queued."""

from collections.abc import Callable

import pytest

from opswire._core.ffi import lib
from tests.c import peers
from tests.c.machine import SERVER, STATES, Machine
from tests.c.octets import ArgumentWriter, argument_list
from tests.c.peers import message, messages, negotiated
from tests.c.requests import command
from tests.c.states import LONG, machine_in
from tests.c.visible_security import wrapped
from tests.servers import wire

FAILURES = [lib.OPSWIRE_SECURITY_REFUSED, lib.OPSWIRE_NO_MEMORY]
LIST = argument_list([b"test"])
each_failure = pytest.mark.parametrize("failure", FAILURES, ids=["refused", "no memory"])

SENDS: list[tuple[str, Callable[[Machine], int]]] = [
    ("CLIENT_IDLE", Machine.send_noop),
    ("CLIENT_IDLE", Machine.send_quit),
    ("SERVER_BUSY", lambda each: each.send_output(1, b"out")),
    ("SERVER_BUSY", lambda each: each.send_status(0)),
    ("SERVER_BUSY", lambda each: each.send_error(5, b"no")),
    ("SERVER_BUSY_1", lambda each: each.send_status(0)),
    ("SERVER_BUSY_1", lambda each: each.send_error(5, b"no")),
]


@each_failure
@pytest.mark.parametrize(("state", "send"), SENDS)
def test_a_message_that_cannot_be_wrapped_is_not_queued(
    state: str, send: Callable[[Machine], int], failure: int
) -> None:
    """The state stays, and the same call may be made again."""
    machine = machine_in(state)
    machine.security.failing["wrap"] = failure
    assert send(machine) == failure
    assert (machine.outgoing(), machine.state) == (b"", STATES[state])
    machine.security.failing.clear()
    assert send(machine) == lib.OPSWIRE_DONE


@each_failure
@pytest.mark.parametrize("state", ["CLIENT_IDLE", "CLIENT_IDLE_1"])
def test_a_command_that_cannot_be_wrapped_is_final(state: str, failure: int) -> None:
    """Its writer has gone on already; nothing is queued."""
    client = machine_in(state)
    client.security.failing["wrap"] = failure
    assert client.send_command([b"test"]) == failure
    assert client.outgoing() == b""
    client.security.failing.clear()
    assert client.send_command([b"test"]) == lib.OPSWIRE_FORBIDDEN
    assert client.next() == failure


@each_failure
def test_of_a_long_command_whole_messages_stay_queued(failure: int) -> None:
    """The first was wrapped, the second was not."""
    client = machine_in("CLIENT_IDLE")
    client.security.failing["wrap"] = failure
    client.security.successes = 1
    writer = ArgumentWriter(LONG)
    assert client.send_command_part(writer) == lib.OPSWIRE_MORE
    assert client.send_command_part(writer) == failure
    assert [len(each) for each in messages(client.outgoing())] == [65_536]


@each_failure
def test_of_long_output_whole_messages_stay_queued_and_nothing_follows(failure: int) -> None:
    """Their place in the sequence is taken; nobody could tell what of it is there already."""
    server = machine_in("SERVER_BUSY")
    server.security.failing["wrap"] = failure
    server.security.successes = 1
    assert server.send_output(1, bytes(100_000)) == failure
    server.security.failing.clear()
    assert server.send_output(1, bytes(100_000)) == lib.OPSWIRE_FORBIDDEN
    assert server.send_status(0) == lib.OPSWIRE_FORBIDDEN
    assert server.next() == failure
    assert [len(each) for each in messages(server.outgoing())] == [65_536]


@each_failure
@pytest.mark.parametrize("plain", [wire.noop(), b"\x04\x01", b"\x02\x08"], ids=len)
def test_an_answer_of_the_machine_that_cannot_be_wrapped_is_final(
    plain: bytes, failure: int
) -> None:
    """To NOOP, to a higher version, to what is refused."""
    server = machine_in("SERVER_IDLE")
    server.security.failing["wrap"] = failure
    assert server.events(message(plain)) == [failure]
    assert server.outgoing() == b""


@each_failure
@pytest.mark.parametrize("state", ["CLIENT_BUSY", "SERVER_IDLE", "SERVER_IDLE_1", "CLIENT_BUSY_1"])
def test_a_token_that_cannot_be_unwrapped_is_final(state: str, failure: int) -> None:
    """Even if it could be the next time."""
    machine = machine_in(state)
    machine.security.failing["unwrap"] = failure
    flags = {"SERVER_IDLE_1": 0x24, "CLIENT_BUSY_1": 0x04}.get(state, 0x44)
    octets = wire.token(flags, wrapped(LIST))
    before = machine.offset
    assert machine.events(octets) == [failure]
    machine.security.failing.clear()
    assert machine.events(octets) == [failure]
    assert (machine.outgoing(), machine.offset) == (b"", before)


@each_failure
def test_a_command_of_protocol_1_that_cannot_be_signed_is_final(failure: int) -> None:
    """It is not served, and nothing is queued."""
    server = machine_in("SERVER_IDLE_1")
    server.security.failing["sign"] = failure
    assert server.events(wire.token(0x24, wrapped(LIST))) == [failure]
    assert server.outgoing() == b""


def test_what_was_queued_before_a_failure_stays() -> None:
    """Only the message that failed is taken back."""
    server = negotiated(SERVER)
    server.events(message(wire.noop()))
    server.events(message(command(LIST)))
    server.security.failing["wrap"] = lib.OPSWIRE_SECURITY_REFUSED
    assert server.send_output(1, b"out") == lib.OPSWIRE_SECURITY_REFUSED
    assert messages(server.outgoing()) == [wire.noop()]
    server.security.failing.clear()
    assert server.send_status(0) == lib.OPSWIRE_DONE
    assert messages(server.outgoing()) == [wire.noop(), wire.status(0)]
    assert server.events(message(command(LIST))) == [peers.command(LIST), lib.OPSWIRE_PAUSED]
