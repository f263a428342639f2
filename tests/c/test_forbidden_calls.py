"""Every call out of turn, in every state: FORBIDDEN, nothing queued, and nothing else changed."""

from collections.abc import Callable

import pytest

from opswire._core.ffi import ffi, lib
from tests.c import peers
from tests.c.machine import CLIENT, SERVER, STATES, STEPS, Machine
from tests.c.octets import ArgumentWriter, argument_list
from tests.c.peers import message, negotiated
from tests.c.states import LONG, REACHABLE, machine_in
from tests.servers import wire

FORBIDDEN = lib.OPSWIRE_FORBIDDEN


def _middle_of_a_command(machine: Machine) -> int:
    writer = ArgumentWriter(LONG)
    other = negotiated(CLIENT)
    assert other.send_command_part(writer) == lib.OPSWIRE_MORE
    return machine.send_command_part(writer)


CALLS: dict[str, Callable[[Machine], int]] = {
    "SEND_HELLO": Machine.send_hello,
    "SEND_CONTEXT": lambda each: each.send_context(b"token"),
    "ESTABLISH": Machine.establish,
    "SEND_COMMAND": lambda each: each.send_command([b"test"]),
    "SEND_COMMAND_PART": lambda each: each.send_command(LONG),
    "SEND_COMMAND_LAST": _middle_of_a_command,
    "SEND_NOOP": Machine.send_noop,
    "SEND_QUIT": Machine.send_quit,
    "SEND_OUTPUT": lambda each: each.send_output(1, b"out"),
    "SEND_STATUS": lambda each: each.send_status(0),
    "SEND_ERROR": lambda each: each.send_error(5, b"no"),
}


def allowed(state: str, call: str) -> bool:
    """What the table says; tests/cases says the same. A long command begins like any other."""
    first = "SEND_COMMAND" if call == "SEND_COMMAND_PART" else call
    return lib.opswire_remctl_transition(STATES[state], STEPS[first]) != 0


def test_every_state_is_tried() -> None:
    """All that there are."""
    assert set(REACHABLE) == set(STATES) - {"FORBIDDEN", "STATE_COUNT"}


@pytest.mark.parametrize("state", REACHABLE)
def test_a_call_out_of_turn_queues_nothing_and_changes_nothing(state: str) -> None:
    """Not the state, the protocol, or what is said next."""
    machine, untouched = machine_in(state), machine_in(state)
    forbidden = [call for call in CALLS if not allowed(state, call)]
    assert len(forbidden) >= 6
    for call in forbidden:
        assert CALLS[call](machine) == FORBIDDEN, call
        assert (machine.outgoing(), machine.state) == (b"", STATES[state]), call
    assert (machine.protocol, machine.missing) == (untouched.protocol, untouched.missing)
    assert machine.next() == untouched.next()


@pytest.mark.parametrize("state", REACHABLE)
def test_a_call_in_turn_is_done(state: str) -> None:
    """Each on a machine of its own; only protocol 1 cannot carry the long command."""
    for call, make in CALLS.items():
        if allowed(state, call):
            status = make(machine_in(state))
            if call == "SEND_COMMAND_PART" and state == "CLIENT_IDLE_1":
                assert status == lib.OPSWIRE_TOO_MUCH_DATA
            else:
                assert status == lib.OPSWIRE_DONE, call


@pytest.mark.parametrize("state", REACHABLE)
def test_a_broken_machine_forbids_everything(state: str) -> None:
    """Whatever its state was."""
    machine = machine_in(state)
    machine.receive(b"\xff" * 5)
    while (status := machine.next()) == lib.OPSWIRE_DONE or not isinstance(status, int):
        pass
    if status >= lib.OPSWIRE_DONE:  # it must answer first, or listens to nothing any more
        assert state in {"SERVER_BUSY", "SERVER_BUSY_1", "CLIENT_SPENT", "CLOSED"} or (
            state == "CLIENT_REPLIED_1"
        )
        return
    for call in CALLS.values():
        assert call(machine) == FORBIDDEN
    assert machine.outgoing() == b""
    assert machine.next() == status


def test_a_connection_goes_on_after_calls_out_of_turn() -> None:
    """The command at hand is answered as ever."""
    client = machine_in("CLIENT_BUSY")
    assert client.send_command([b"second"]) == client.send_noop() == FORBIDDEN
    assert client.events(message(wire.status(7)))[0] == peers.status(7)
    assert client.send_noop() == lib.OPSWIRE_DONE


@pytest.mark.parametrize("stream", [0, 3, 255])
def test_output_on_a_stream_that_does_not_exist_is_out_of_range(stream: int) -> None:
    """Nothing is queued, and the command can still be answered."""
    for state in ("SERVER_BUSY", "SERVER_BUSY_1"):
        server = machine_in(state)
        assert server.send_output(stream, b"out") == lib.OPSWIRE_OUT_OF_RANGE
        assert server.outgoing() == b""
        assert server.send_status(0) == lib.OPSWIRE_DONE


def test_an_error_text_longer_than_a_message_is_out_of_range() -> None:
    """Nothing is queued, and a shorter one goes."""
    server = machine_in("SERVER_BUSY")
    assert server.send_error(5, bytes(65_536 - 9)) == lib.OPSWIRE_OUT_OF_RANGE
    assert server.outgoing() == b""
    assert server.send_error(5, bytes(65_536 - 10)) == lib.OPSWIRE_DONE


def test_a_context_token_longer_than_a_token_is_out_of_range() -> None:
    """Nothing is queued."""
    client = machine_in("CLIENT_GREETED")
    assert client.send_context(bytes(1_048_577)) == lib.OPSWIRE_OUT_OF_RANGE
    assert client.outgoing() == b""
    assert client.send_context(bytes(1_048_576)) == lib.OPSWIRE_DONE


@pytest.mark.parametrize("role", [CLIENT, SERVER])
@pytest.mark.parametrize("protocol", [-1, 0, 3, 4])
def test_a_protocol_that_does_not_exist_makes_no_machine(role: int, protocol: int) -> None:
    """2 includes 3."""
    assert lib.opswire_remctl_connection_new(role, protocol) == ffi.NULL


def test_a_role_that_does_not_exist_makes_no_machine() -> None:
    """There are two; and no machine can be freed."""
    assert lib.opswire_remctl_connection_new(2, 2) == ffi.NULL
    lib.opswire_remctl_connection_free(ffi.NULL)


def test_a_list_of_one_empty_argument_is_a_command() -> None:
    """Whether it means anything is for others to say."""
    client, server = machine_in("CLIENT_IDLE"), machine_in("SERVER_IDLE")
    client.send_command([b""])
    assert server.events(client.take())[0] == peers.command(argument_list([b""]))


@pytest.mark.parametrize("role", [CLIENT, SERVER])
def test_a_machine_that_lost_an_event_is_final(role: int) -> None:
    """What has arrived behind the event is not said, or it would pass for the whole."""
    machine = negotiated(role)
    if role == CLIENT:
        machine.send_command([b"test"])
        machine.take()
    octets = message(wire.output(1, b"out")) + message(wire.status(0))
    if role == SERVER:
        octets = message(wire.noop()) * 2
    machine.receive(octets)
    assert not isinstance(machine.next(), int)
    machine.take()
    machine.event_lost()
    assert [machine.next() for _ in range(3)] == [lib.OPSWIRE_NO_MEMORY] * 3
    for call in CALLS.values():
        assert call(machine) == FORBIDDEN
    assert machine.outgoing() == b""
