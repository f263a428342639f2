"""Signals while octets come, or go, without a pause: no call is ever so busy that it is deaf."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.remctl.driver import Driver
from opswire.remctl import Remctl
from tests.interop import descriptors
from tests.interop.remctl.their_gssapi import command_message
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm

HOST = "127.0.0.1"
SERVICE = "host/127.0.0.1"
DATA = wire.DATA | wire.PROTOCOL
BATCH = 500
BATCHES = 4000
"""Most that is sent of them: without a signal the flood would end after that."""


class Interrupted(Exception):
    """What the handler of the signal raises."""


def interrupt(number: int, frame: FrameType | None) -> None:
    """A handler, for the main thread."""
    raise Interrupted


@pytest.fixture(autouse=True)
def bounded(realm: Realm) -> Iterator[None]:
    """Every test here leaves no descriptor, and SIGUSR1 as it was."""
    with descriptors.none_left():
        before = signal.signal(signal.SIGUSR1, interrupt)
        yield
        signal.signal(signal.SIGUSR1, before)


class Flood:
    """Sends what `batch()` returns until nobody takes it any more, or BATCHES times.

    After ten batches it raises the signal in its own thread, so that no system call of the main
    thread is interrupted by it.
    """

    def __init__(self, sock: socket.socket, batch: Callable[[], bytes]) -> None:
        self._sock = sock
        self._batch = batch
        self.cut = False

    def run(self) -> None:
        """Send."""
        try:
            for number in range(BATCHES):
                self._sock.sendall(self._batch())
                if number == 10:
                    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        except OSError:
            self.cut = True


def established() -> tuple[Driver, socket.socket, gss.Context]:
    """A driver in the server role, the client's socket and its context."""
    ours, theirs = socket.socketpair()
    driver = Driver(core.Connection(core.SERVER), ours.detach())
    client = gss.Context.initiate(gss.Name(SERVICE, "user"))

    def shake() -> None:
        token = client.step()
        assert token is not None
        theirs.sendall(wire.token(wire.NOOP | wire.CONTEXT_NEXT | wire.PROTOCOL))
        theirs.sendall(wire.token(wire.CONTEXT | wire.PROTOCOL, token))
        client.step(wire.read_token(theirs)[1])

    thread = threading.Thread(target=shake)
    thread.start()
    driver.handshake(gss.Context.accept())
    thread.join(30)
    return driver, theirs, client


FIRST = command_message(b"test", b"x")[:3] + b"\1" + command_message(b"test", b"x")[4:]
MIDDLE = b"\2\1\1\2x"
ALONE = b"\2\1\1\2"  # a middle that no first went before: refused, and all after it passed over


@pytest.mark.parametrize("first", [FIRST, ALONE], ids=["collected", "discarded"])
def test_a_server_that_reads_parts_without_end_hears_signals(first: bytes) -> None:
    driver, theirs, client = established()

    def wrapped(message: bytes) -> bytes:
        return wire.token(DATA, client.wrap(message))

    theirs.sendall(wrapped(first))
    if first == ALONE:
        event = driver.next_event()
        assert event is not None
        assert event[0] == core.REFUSED
        driver.flush_queued()
    flood = Flood(theirs, lambda: b"".join(wrapped(MIDDLE) for _ in range(BATCH)))
    thread = threading.Thread(target=flood.run)
    thread.start()
    with pytest.raises(Interrupted):
        driver.next_event()
    driver.close()
    thread.join(30)
    assert flood.cut, "it heard the signal only when the parts had ended"
    theirs.close()


def test_a_client_that_reads_empty_output_without_end_hears_signals() -> None:
    floods: list[Flood] = []

    def play(server: HandMade) -> None:
        server.establish_and_read()
        nothing = wire.output(1, b"")
        flood = Flood(server.sock, lambda: b"".join(server.wrapped(nothing) for _ in range(BATCH)))
        floods.append(flood)
        flood.run()

    with EmbeddedServer(hostile=play) as server, Remctl(HOST, server.port) as connection:
        with pytest.raises(Interrupted):
            connection.run(["test"])
        server.wait_for_ends(1)
    assert floods[0].cut, "it heard the signal only when the output had ended"


def test_a_client_that_sends_without_a_pause_hears_signals() -> None:
    """To a server that takes all at once, of a command that takes a minute."""
    received = 0

    def play(server: HandMade) -> None:
        nonlocal received
        server.establish()
        told = False
        room = bytearray(1 << 20)
        while octets := server.sock.recv_into(room):
            received += octets
            if received > 1 << 20 and not told:
                told = True
                signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    size = 1 << 30
    with EmbeddedServer(hostile=play) as server, Remctl(HOST, server.port) as connection:
        connection.set_timeout(30)
        octets = memoryview(bytes(1 << 20)).cast("B")
        with pytest.raises(Interrupted):
            connection.command(["test", *[octets] * (size >> 20)])
        server.wait_for_ends(1)
    assert received < size, "it heard the signal only when all was sent"
