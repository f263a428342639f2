"""A machine in each state that a driver can bring it into, by the moves of both roles."""

from collections.abc import Callable

from opswire._core.ffi import lib
from tests.c.machine import CLIENT, SERVER, STATES, Machine
from tests.c.octets import ArgumentWriter, argument_list
from tests.c.peers import message, negotiated
from tests.c.requests import FIRST, MIDDLE, command
from tests.c.visible_security import signature, wrapped
from tests.servers import wire

LONG = [b"test", b"x" * 100_000]
LIST = argument_list([b"test"])
MIC = wire.token(0x08, signature(LIST))


def _started(role: int, protocol: int, octets: bytes = b"") -> Machine:
    machine = Machine(role, protocol)
    machine.send_hello()
    machine.events(octets)
    return machine


def _client(send: Callable[[Machine], int], protocol: int = 2, octets: bytes = b"") -> Machine:
    client = negotiated(CLIENT, protocol)
    assert send(client) >= lib.OPSWIRE_DONE
    client.events(octets)
    return client


def _server(octets: bytes, protocol: int = 2) -> Machine:
    server = negotiated(SERVER, protocol)
    server.events(octets)
    return server


def _replied_1() -> Machine:
    client = _client(lambda client: client.send_command([b"test"]), 1, MIC)
    client.receive(wire.token(0x04, wrapped(b"\0\0\0\0\0\0\0\1x")))
    client.next()
    return client


_MAKERS: dict[str, Callable[[], Machine]] = {
    "CLIENT_START": lambda: Machine(CLIENT),
    "CLIENT_GREETED": lambda: _started(CLIENT, 2),
    "CLIENT_NEGOTIATING": lambda: _started(CLIENT, 2, wire.token(0x42)),
    "CLIENT_IDLE": lambda: negotiated(CLIENT),
    "CLIENT_SENDING": lambda: _client(lambda each: each.send_command_part(ArgumentWriter(LONG))),
    "CLIENT_BUSY": lambda: _client(lambda each: each.send_command([b"test"])),
    "CLIENT_BUSY_CONTINUED": lambda: _client(lambda each: each.send_command(LONG)),
    "CLIENT_NOOP": lambda: _client(Machine.send_noop),
    "CLIENT_SPENT": lambda: _client(
        lambda each: each.send_command(LONG), octets=message(wire.error(5, b"no"))
    ),
    "CLIENT_START_1": lambda: Machine(CLIENT, 1),
    "CLIENT_NEGOTIATING_1": lambda: _started(CLIENT, 1),
    "CLIENT_IDLE_1": lambda: negotiated(CLIENT, 1),
    "CLIENT_UNCONFIRMED_1": lambda: _client(lambda each: each.send_command([b"test"]), 1),
    "CLIENT_BUSY_1": lambda: _client(lambda each: each.send_command([b"test"]), 1, MIC),
    "CLIENT_REPLIED_1": _replied_1,
    "SERVER_START": lambda: Machine(SERVER),
    "SERVER_NEGOTIATING": lambda: _started(SERVER, 2, wire.token(0x51)),
    "SERVER_IDLE": lambda: negotiated(SERVER),
    "SERVER_COLLECTING": lambda: _server(message(command(LIST, FIRST))),
    "SERVER_DISCARDING": lambda: _server(message(command(LIST, MIDDLE))),
    "SERVER_BUSY": lambda: _server(message(command(LIST))),
    "SERVER_NEGOTIATING_1": lambda: _started(SERVER, 2, wire.token(0x11)),
    "SERVER_IDLE_1": lambda: negotiated(SERVER, 1),
    "SERVER_BUSY_1": lambda: _server(wire.token(0x24, wrapped(LIST)), 1),
    "CLOSED": lambda: _client(Machine.send_quit),
}
REACHABLE = sorted(_MAKERS)


def machine_in(state: str) -> Machine:
    """A machine in that state, with nothing queued."""
    machine = _MAKERS[state]()
    assert machine.state == STATES[state]
    machine.take()
    return machine
