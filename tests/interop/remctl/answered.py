"""A client for which a command was sent, and whose whole answer has come: to be read at leisure."""

import socket

from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.remctl.driver import Driver
from tests.servers import wire

ANSWER = [
    wire.output(1, b"first "),
    wire.output(1, b""),
    wire.output(1, b"second " * 100),
    wire.output(2, b"third " * 50),
    wire.output(1, b"fourth"),
    wire.output(2, b"fifth "),
    wire.output(2, b"sixth "),
    wire.status(200),
]
EVENTS = [
    *((core.OUTPUT, message[7:], 0, message[2]) for message in ANSWER[:-1]),
    (core.STATUS, b"", 200, 0),
]
"""The answer as events."""

STREAMS = [b"".join(octets for _, octets, _, to in EVENTS if to == stream) for stream in (1, 2)]
"""What of it is standard output, and what standard error."""


def answered_machine() -> tuple[core.Connection, bytes]:
    """An established machine that has sent its command, and the octets of the answer."""
    machine, theirs = core.Connection(core.CLIENT), gss.Context.accept()
    ours = gss.Context.initiate(gss.Name("host/127.0.0.1", "user"))
    token = ours.step()
    assert token is not None
    machine.send_hello()
    machine.send_context(token)
    machine.data_to_send()
    machine.receive(wire.token(wire.CONTEXT | wire.PROTOCOL, theirs.step(token) or b""))
    event = machine.next_event()
    assert event is not None
    ours.step(event[1])
    machine.establish(ours)
    machine.send_command([b"test"])
    theirs.unwrap(machine.data_to_send()[wire.HEADER.size :])
    flags = wire.DATA | wire.PROTOCOL
    return machine, b"".join(wire.token(flags, theirs.wrap(message)) for message in ANSWER)


class AnsweredDriver:
    """The same as a driver, whose peer `close()` closes, too."""

    def __init__(self) -> None:
        machine, answer = answered_machine()
        ours, self._theirs = socket.socketpair()
        self._theirs.sendall(answer)
        self.driver = Driver(machine, ours.detach(), 30.0)

    def close(self) -> None:
        """Both ends."""
        self.driver.close()
        self._theirs.close()
