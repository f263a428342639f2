"""More octets than one side wants: memory stays bounded, and nobody waits for ever."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from opswire.errors import RemctlError, RemctlTimeoutError
from opswire.remctl import Remctl
from tests.forms import LONG_SECONDS, two_forms
from tests.interop import child, descriptors
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

pytestmark = pytest.mark.usefixtures("bounded")

HOST = "127.0.0.1"
Client = Callable[..., Remctl]
MEGABYTE = 1_000_000
# AddressSanitizer needs an octet for every eight, and red zones.
ALLOWANCE = 3 if child.SANITIZED else 1

MEMORY = """
import sys
from opswire.remctl import Remctl, RemctlError

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024

class Count:
    size = 0
    def write(self, octets):
        self.size += len(octets)

port = int(sys.argv[1])
with Remctl("127.0.0.1", port) as connection:
    connection.run(["test", "true"])
    before = peak()
"""


def endless(server: HandMade) -> None:
    """Answer one command well and the next without end."""
    server.establish_and_read()
    server.send(wire.status(0))
    server.read()
    while True:
        server.send(wire.output(1, bytes(65529)))


def peak_growth(port: int, body: str) -> tuple[int, str]:
    """Run `body` in another process; returns by how many octets its peak memory grew, and more."""
    program = MEMORY + "".join(f"    {line}\n" for line in body.strip().splitlines())
    program += "    print(peak() - before, told)\n"
    growth, told = child.run(program, port, timeout=LONG_SECONDS, measured=True).split(maxsplit=1)
    return int(growth), told.strip()


def test_endless_output_ends_at_the_limit_in_bounded_memory() -> None:
    body = """
try:
    connection.run(["test"], max_output=20_000_000)
except RemctlError as error:
    told = error
"""
    with EmbeddedServer(hostile=endless) as server:
        growth, told = peak_growth(server.port, body)
    assert told == (
        "the server sent more than 20000000 octets of output: "
        "raise max_output, or give a file object as stdout"
    )
    assert growth < 50 * MEGABYTE * ALLOWANCE


@pytest.mark.parametrize("megabytes", two_forms(60, 1200))
def test_endless_output_is_read_token_by_token_in_constant_memory(megabytes: int) -> None:
    body = f"""
connection.command(["test"])
told = 0
while told < {megabytes * MEGABYTE}:
    told += len(connection.output().output)
"""
    with EmbeddedServer(hostile=endless) as server:
        growth, told = peak_growth(server.port, body)
    assert int(told) >= megabytes * MEGABYTE
    assert growth < 8 * MEGABYTE * ALLOWANCE


@pytest.mark.parametrize("megabytes", two_forms(60, 1200))
def test_output_goes_to_a_file_object_in_constant_memory(megabytes: int) -> None:
    body = f"""
count = Count()
assert connection.run(["test", "bytes", "{megabytes * MEGABYTE}"], stdout=count).status == 0
told = count.size
"""
    with EmbeddedServer() as server:
        growth, told = peak_growth(server.port, body)
    assert int(told) == megabytes * MEGABYTE
    assert growth < 8 * MEGABYTE * ALLOWANCE


def test_a_long_argument_is_sent_without_a_copy() -> None:
    body = """
octets = bytes(50_000_000)
middle = peak()
told = connection.run(["test", "count"], stdin=octets).stdout_text
before += len(octets)
"""
    with EmbeddedServer() as server:
        growth, told = peak_growth(server.port, body)
    assert int(told) == 50 * MEGABYTE
    assert growth < 8 * MEGABYTE * ALLOWANCE


def test_both_streams_together_count_for_the_limit(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port) as connection:
        with pytest.raises(RemctlError, match="sent more than 19 octets"):
            connection.run(["test", "both"], max_output=19)
        assert connection.run(["test", "both"], max_output=20).status == 3


def test_output_at_the_limit_is_all_right(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port) as connection:
        assert len(connection.run(["test", "bytes", "5000"], max_output=5000).stdout) == 5000


# ---- commands that nobody reads ----


def never_read(server: HandMade) -> None:
    """Shake hands and then do nothing until the end of the test."""
    server.establish()
    NOBODY_READS.wait(30)


NOBODY_READS = threading.Event()


@pytest.fixture
def deaf_server(realm: Realm) -> Iterator[EmbeddedServer]:
    """A server that reads no command on its first connection."""
    NOBODY_READS.clear()
    with EmbeddedServer(hostile=never_read) as server:
        yield server
        NOBODY_READS.set()


def test_a_server_that_never_reads_is_a_timeout(
    client: Client, deaf_server: EmbeddedServer
) -> None:
    octets = bytes(40 * MEGABYTE)
    with client(HOST, deaf_server.port, timeout=0.5) as connection:
        with descriptors.within(10), pytest.raises(RemctlTimeoutError) as caught:
            connection.run(["test", "count"], stdin=octets)
        assert str(caught.value) == connection.error() == "error sending token: timed out"
        connection.set_timeout(0)
        with descriptors.untouched():
            assert connection.run(["test", "count"], stdin=octets).stdout == b"40000000\n"


def test_a_server_that_never_reads_meets_the_deadline(
    client: Client, deaf_server: EmbeddedServer
) -> None:
    with client(HOST, deaf_server.port) as connection:
        started = time.monotonic()
        with pytest.raises(RemctlTimeoutError, match="error sending token: timed out"):
            connection.run(["test", "count"], stdin=bytes(40 * MEGABYTE), deadline=0.5)
        assert time.monotonic() - started < 5


def test_a_server_that_reads_little_by_little_is_not_silent(client: Client) -> None:
    """Less within the timeout than the kernel, or an event loop, waits for before it goes on."""

    def read_little(server: HandMade) -> None:
        server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.establish()
        for _ in range(10):
            server.sock.recv(65536)
            time.sleep(0.2)
        server.send(wire.error(5, b"enough"))
        server.wait_for_close()

    with (
        EmbeddedServer(hostile=read_little) as server,
        client(HOST, server.port, timeout=1) as connection,
        pytest.raises(RemctlError, match=r"^enough$"),
    ):
        connection.run(["test", "count"], stdin=bytes(20 * MEGABYTE))


def test_closing_wakes_a_thread_that_sends_to_a_server_that_never_reads(
    deaf_server: EmbeddedServer,
) -> None:
    connection = Remctl(HOST, deaf_server.port)
    timer = threading.Timer(0.3, connection.close)
    timer.start()
    with descriptors.within(10), pytest.raises(RemctlError):
        connection.run(["test", "count"], stdin=bytes(40 * MEGABYTE))
    timer.join()


def test_an_error_in_answer_to_half_a_command_is_heard(client: Client) -> None:
    def refuse(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.error(8, b"Too much data"))
        NOBODY_READS.wait(30)

    NOBODY_READS.clear()
    octets = bytes(40 * MEGABYTE)
    with EmbeddedServer(hostile=refuse) as server:
        with client(HOST, server.port) as connection:
            with descriptors.within(10), pytest.raises(RemctlError) as caught:
                connection.run(["test", "count"], stdin=octets)
            assert str(caught.value) == connection.error() == "Too much data"
            assert connection.run(["test", "count"], stdin=octets).stdout == b"40000000\n"
        NOBODY_READS.set()


def test_the_error_is_an_output_token_when_one_reads_by_token(client: Client) -> None:
    def refuse(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.error(6, b"Access denied"))
        NOBODY_READS.wait(30)

    NOBODY_READS.clear()
    with EmbeddedServer(hostile=refuse) as server:
        with client(HOST, server.port) as connection:
            connection.command(["test", "count", bytes(40 * MEGABYTE)])
            assert connection.output() == ("error", b"Access denied", None, None, 6)
            assert connection.output().type == "done"
            connection.command(["test", "true"])
            assert connection.output().status == 0
        NOBODY_READS.set()


def test_a_close_while_a_command_is_sent_is_told(client: Client) -> None:
    def leave(server: HandMade) -> None:
        server.establish_and_read()

    with (
        EmbeddedServer(hostile=leave) as server,
        client(HOST, server.port) as connection,
        pytest.raises(RemctlError, match=r"error (sending|receiving) token: "),
    ):
        connection.run(["test", "count"], stdin=bytes(40 * MEGABYTE))


def test_a_server_that_floods_while_a_command_is_sent_is_a_timeout(client: Client) -> None:
    """It sends output to a command that it has not read; neither side may grow without end."""

    def flood(server: HandMade) -> None:
        server.establish_and_read()
        while True:
            server.send(wire.output(1, bytes(65000)))

    with (
        EmbeddedServer(hostile=flood) as server,
        client(HOST, server.port, timeout=1) as connection,
        pytest.raises(RemctlError),
    ):
        connection.run(["test", "count"], stdin=bytes(40 * MEGABYTE))
