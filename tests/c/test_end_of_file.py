"""The peer closes: between two exchanges that is its right, anywhere else it is an error."""

import pytest

from opswire._core.ffi import lib
from tests.c.machine import CLOSED, STATES
from tests.c.octets import argument_list
from tests.c.peers import message
from tests.c.requests import command
from tests.c.states import REACHABLE, machine_in
from tests.servers import wire

# Nothing is outstanding in these.
QUIET = {
    "CLIENT_IDLE",
    "CLIENT_IDLE_1",
    "CLIENT_SPENT",
    "SERVER_START",
    "SERVER_IDLE",
    "SERVER_IDLE_1",
    "SERVER_DISCARDING",
    "CLOSED",
}
# These say something else first.
SPEAKING = {"SERVER_BUSY", "SERVER_BUSY_1", "CLIENT_REPLIED_1"}
PART = b"\x44\x00\x00\x00"


@pytest.mark.parametrize("state", sorted(QUIET))
def test_an_end_between_two_exchanges_is_an_event(state: str) -> None:
    """The last one, however often it is asked for."""
    machine = machine_in(state)
    machine.receive_end()
    assert [machine.next() for _ in range(3)] == [CLOSED] * 3
    assert machine.state == STATES["CLOSED"]


@pytest.mark.parametrize("state", sorted(set(REACHABLE) - QUIET - SPEAKING))
def test_an_end_elsewhere_is_too_early(state: str) -> None:
    """And final; nothing of a token was there."""
    machine = machine_in(state)
    machine.receive_end()
    assert [machine.next() for _ in range(3)] == [lib.OPSWIRE_END_OF_FILE] * 3
    assert machine.found == 0


@pytest.mark.parametrize("state", sorted(set(REACHABLE) - SPEAKING - {"CLIENT_SPENT", "CLOSED"}))
def test_an_end_inside_a_token_is_too_early(state: str) -> None:
    """It is told how many octets of it were there."""
    for size in range(1, len(PART) + 1):
        machine = machine_in(state)
        machine.receive(PART[:size])
        machine.receive_end()
        assert machine.next() == lib.OPSWIRE_END_OF_FILE
        assert machine.found == size


@pytest.mark.parametrize("state", ["CLIENT_SPENT", "CLOSED"])
def test_an_end_after_rubbish_that_nobody_listens_to_is_an_event(state: str) -> None:
    """Nothing that came before it can matter."""
    machine = machine_in(state)
    machine.receive(PART)
    machine.receive_end()
    assert machine.next() == CLOSED


@pytest.mark.parametrize("state", ["SERVER_BUSY", "SERVER_BUSY_1"])
def test_a_command_is_answered_although_its_client_has_closed(state: str) -> None:
    """It may have closed one direction only."""
    server = machine_in(state)
    server.receive_end()
    assert server.next() == lib.OPSWIRE_PAUSED
    assert server.send_status(0) == lib.OPSWIRE_DONE
    assert server.next() == CLOSED


def test_a_status_that_has_arrived_is_delivered_before_the_end() -> None:
    """A server of protocol 1 closes right behind its reply."""
    client = machine_in("CLIENT_REPLIED_1")
    client.receive_end()
    assert not isinstance(client.next(), int)
    assert client.next() == CLOSED


def test_what_arrived_before_the_end_is_served() -> None:
    """A client may send all its commands and close its side."""
    server = machine_in("SERVER_IDLE")
    server.receive(message(command(argument_list([b"one"]))))
    server.receive(message(wire.noop()))
    server.receive_end()
    assert len(server.events()) == 2
    server.send_status(0)
    noop, closed = server.events()
    assert not isinstance(noop, int)
    assert (noop.type, closed) == (lib.OPSWIRE_REMCTL_EVENT_NOOP, CLOSED)
