"""What a server passes over of a refused command is not kept."""

from opswire._core.ffi import lib
from tests.c.machine import SERVER
from tests.c.peers import message, messages, negotiated, refused
from tests.c.requests import LAST, MIDDLE, command
from tests.servers import wire

MORE = lib.OPSWIRE_MORE


def test_however_much_is_passed_over_is_refused_once() -> None:
    """More than the longest command, behind parts that had no beginning."""
    server = negotiated(SERVER)
    size = 1_048_576 - 5
    part = message(command(bytes(size), MIDDLE))
    assert server.events(part) == [refused(4), MORE]
    for _ in range(lib.OPSWIRE_REMCTL_MAX_COMMAND // size + 2):
        assert server.events(part) == [MORE]
    assert server.events(message(command(b"", LAST))) == [MORE]
    assert messages(server.take()) == [wire.error(4, b"Invalid command token")]
