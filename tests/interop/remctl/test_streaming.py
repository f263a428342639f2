"""Output that goes to file objects as it arrives, and what stops it."""

import io
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from opswire.errors import RemctlError, RemctlTimeoutError
from opswire.remctl import Remctl
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
ENDLESS = ["test", "bytes", 10**12]


@pytest.fixture
def connection(remctld: Remctld) -> Iterator[Remctl]:
    """An open connection."""
    with Remctl(HOST, remctld.port) as opened:
        yield opened


class Nowhere(io.RawIOBase):
    """Takes everything."""

    def writable(self) -> bool:
        return True

    def write(self, octets: object) -> int:
        assert isinstance(octets, bytes)
        return len(octets)


class FullDisk(io.RawIOBase):
    """Takes nothing."""

    def writable(self) -> bool:
        return True

    def write(self, octets: object) -> int:
        raise OSError(28, "No space left on device")


def still_works(connection: Remctl) -> bool:
    return connection.run(["test", "echo", "on"]).stdout == b"on\n"


def test_both_streams_go_to_their_files(connection: Remctl) -> None:
    stdout, stderr = io.BytesIO(), io.BytesIO()
    result = connection.run(["test", "both"], stdout=stdout, stderr=stderr)
    assert (stdout.getvalue(), stderr.getvalue()) == (b"to stdout\n", b"to stderr\n")
    assert (result.stdout, result.stderr, result.status) == (b"", b"", 3)


def test_an_unbuffered_file_gets_every_octet(connection: Remctl) -> None:
    reader, writer = os.pipe()
    received = bytearray()

    def drain() -> None:
        while piece := os.read(reader, 1000):
            received.extend(piece)
        os.close(reader)

    thread = threading.Thread(target=drain)
    thread.start()
    with open(writer, "wb", buffering=0) as file:
        connection.run(["test", "bytes", 300_000], stdout=file)
    thread.join(30)
    assert len(received) == 300_000


def test_an_error_of_the_file_reaches_the_caller_as_it_is(connection: Remctl) -> None:
    with pytest.raises(OSError, match="No space left on device") as caught:
        connection.run(["test", "bytes", 1000], stdout=FullDisk())
    assert not isinstance(caught.value, RemctlError)
    assert still_works(connection)


def test_a_deadline_ends_a_server_that_is_never_slow(connection: Remctl) -> None:
    with pytest.raises(RemctlTimeoutError, match=r"^error receiving token: timed out$"):
        connection.run(ENDLESS, stdout=Nowhere(), deadline=0.3)
    assert still_works(connection)


def test_a_deadline_ends_tokens_that_never_stop(connection: Remctl) -> None:
    connection.command(ENDLESS, deadline=0.3)
    with pytest.raises(RemctlTimeoutError):
        list(connection)
    assert still_works(connection)


def test_a_signal_handler_runs_while_output_never_stops(connection: Remctl) -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            connection.run(ENDLESS, stdout=Nowhere())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert still_works(connection)


def test_after_an_interrupted_output_the_answer_can_still_be_read(connection: Remctl) -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        connection.command(["test", "sleep", "1"])
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(KeyboardInterrupt):
            connection.output()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert connection.output().status == 0
