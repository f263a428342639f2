"""opswire.http: a client that takes too long is ended, in every phase; others are served."""

import logging
import re
import socket
import time
from dataclasses import fields

import pytest

from opswire.http import Limits, Request, Response, Server
from opswire.http.complaints import INTERVAL, SHOWN, Complaints
from opswire.http.connection import NO_HEAD
from opswire.http.patience import Patience
from tests.unit.clock import Clock
from tests.unit.raw_client import SECONDS, answers, connected, exchange, read_all


def hello(request: Request) -> Response:
    """Answer."""
    return Response(200, {}, b"hello")


async def take(request: Request) -> Response:
    """Take the body in pieces."""
    return Response(200, {}, await request.read())


def test_a_phase_has_its_time() -> None:
    """It counts from the first look, and ends when it is over."""
    patience = Patience(rate=500)
    assert not patience.is_over(1e9)
    patience.begin(10)
    assert not patience.is_over(100)
    assert not patience.is_over(109.9)
    assert patience.is_over(110)
    patience.begin(10)
    assert not patience.is_over(200)
    patience.begin(0)
    assert not patience.is_over(1e9)


def test_octets_put_the_end_off_at_the_rate() -> None:
    """500 octets are a second: who sends less, falls back until the time is over."""
    patience = Patience(rate=500)
    patience.begin(10)
    assert not patience.is_over(0)
    for second in range(1, 100):
        assert not patience.is_over(second, 500)
    # 10 seconds are left, and each of these gives half a second back.
    over = [second for second in range(100, 121) if patience.is_over(second, 250)]
    assert over[0] == 119


def test_much_at_once_buys_no_more_than_the_time() -> None:
    """Or a body of megabytes could stand still for hours before its last octet."""
    patience = Patience(rate=500)
    patience.begin(10)
    assert not patience.is_over(0)
    assert not patience.is_over(1, 10_000_000)
    assert not patience.is_over(10.9)
    assert patience.is_over(11)


class Looks(Clock):
    """The server's clock, which counts how often the deadlines were looked at."""

    count = 0

    def __call__(self) -> float:
        """Tell the moment."""
        self.count += 1
        return self.now

    def after(self, seconds: float, server: Server) -> None:
        """Let so much time pass, and return when every deadline has been looked at since."""
        self.go_on(seconds)
        self.look(server)

    def look(self, server: Server) -> None:
        """Return when every deadline of a server has been looked at, or it has no connection."""
        # The look at hand may have begun before; it ends before the next begins.
        end = self.count + 2
        while self.count < end and server.connections:
            time.sleep(0.001)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """A clock that stands still, and is looked at often."""
    looks = Looks()
    monkeypatch.setattr("opswire.http.service.monotonic", looks)
    monkeypatch.setattr(Limits, "tick", 0.002)
    return looks


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"


def is_open(connection: socket.socket) -> bool:
    """Whether the server has neither said nor ended anything."""
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(SECONDS)
    return False


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streaming"])
@pytest.mark.parametrize(
    ("octets", "answered", "seconds", "statuses"),
    [
        (b"", 0, 10, []),
        (b"\r", 0, 10, [408]),
        (HEAD, 0, 10, [408]),
        (BODY, 0, 30, [408]),
        (CHUNKED, 0, 30, [408]),
        (HEAD + b"\r\n", 1, 75, []),
        (HEAD + b"\r\n" + HEAD, 1, 10, [408]),
        (HEAD + b"\r\n" + BODY, 1, 30, [408]),
    ],
    ids=["connected", "CR", "head", "body", "chunked", "idle", "2nd head", "2nd body"],
)
def test_a_client_that_stops_is_ended(
    octets: bytes, answered: int, seconds: float, statuses: list[int], streams: bool, clock: Looks
) -> None:
    """Not before, and not much after."""
    with (
        Server(take if streams else hello, stream_bodies=streams) as server,
        connected(server.port) as connection,
    ):
        connection.sendall(octets)
        for _ in range(answered):
            assert answers(connection.recv(1 << 16))[0].status == 200
        while not server.connections or (octets and not answered and not _has_come(server)):
            time.sleep(0.001)
        clock.look(server)
        clock.after(seconds - 0.1, server)
        assert is_open(connection)
        clock.after(0.2, server)
        assert [answer.status for answer in answers(read_all(connection))] == statuses


def _has_come(server: Server) -> bool:
    """Whether octets of a request have."""
    connections = list(server._service._connections)
    return any(one._incoming.ahead or one._head is not NO_HEAD for one in connections)


def test_a_refused_client_has_a_moment(clock: Looks) -> None:
    """To read why; then the connection ends, though it has not ended its side."""
    with Server(hello) as server, connected(server.port) as connection:
        connection.sendall(b"what?\r\n\r\n")
        assert answers(read_all(connection))[0].status == 400
        clock.look(server)
        clock.after(1.9, server)
        assert server.connections == 1
        clock.go_on(0.2)
        while server.connections:
            time.sleep(0.001)


def test_empty_lines_buy_no_time(clock: Looks) -> None:
    """One is passed over; lines without a request, for ever, are none."""
    with Server(hello) as server, connected(server.port) as connection:
        for _ in range(3):
            connection.sendall(b"\r\n")
            while not server.connections:
                time.sleep(0.001)
            clock.after(9, server)
        assert answers(read_all(connection))[0].status == 400


def test_a_body_may_take_long_at_the_rate(clock: Looks) -> None:
    """Minutes, as long as octets come."""
    with Server(take, stream_bodies=True) as server, connected(server.port) as connection:
        connection.sendall(b"POST / HTTP/1.0\r\nContent-Length: 500000\r\n\r\n")
        for left in range(450_000, 0, -50_000):
            connection.sendall(b"x" * 50_000)
            while _left(server) != left:
                time.sleep(0.001)
            clock.look(server)
            clock.after(29, server)
        connection.sendall(b"x" * 50_000)
        assert answers(read_all(connection))[0].status == 200


def _left(server: Server) -> int:
    """Octets of a body that are to come."""
    return sum(one._incoming._left for one in list(server._service._connections))


def test_a_client_that_does_not_read_is_ended(
    clock: Looks, caplog: pytest.LogCaptureFixture
) -> None:
    """In the middle of an answer that is larger than the kernel's buffers."""
    big = Response(200, {}, b"x" * 50_000_000)
    with Server(lambda request: big) as server, connected(server.port) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert connection.recv(1) == b"H"
        clock.look(server)
        clock.after(29.9, server)
        assert server.connections == 1
        # And the kernel was not given all that it would take, which is megabytes.
        (held,) = server._service._connections
        assert held._written - held.transport.get_write_buffer_size() < 2_000_000
        clock.go_on(0.2)
        while server.connections:
            time.sleep(0.001)
    assert "does not read its answer" in caplog.text


def test_a_client_that_reads_is_not_ended(clock: Looks) -> None:
    """However long it takes, and though something is always waiting for it."""
    size = 50_000_000
    big = Response(200, {}, b"x" * (size // 2))
    with Server(lambda request: big) as server, connected(server.port) as connection:
        # The second waits for longer than a head may take, but it is there.
        connection.sendall(HEAD + b"\r\n" + HEAD + b"Connection: close\r\n\r\n")
        received = 0
        while piece := connection.recv(1 << 20):
            before, received = received, received + len(piece)
            if before // 2_000_000 != received // 2_000_000:
                clock.after(20, server)
    assert received > size


def test_what_clients_do_is_logged_but_not_as_often(caplog: pytest.LogCaptureFixture) -> None:
    """A flood of the same is a count."""
    clock = Clock()
    complaints = Complaints(logging.getLogger("opswire.http"), clock)
    for number in range(100):
        complaints.add("refused", f"client {number}")
    complaints.add("slow", "client")
    assert len(caplog.records) == SHOWN + 1
    clock.go_on(INTERVAL)
    complaints.add("refused", "another")
    words = [record.getMessage() for record in caplog.records][SHOWN + 1 :]
    complaints.tell()
    assert words == [f"refused: {100 - SHOWN} more", "refused: another"]


def test_no_text_of_a_request_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Credentials, or what a terminal takes for commands."""
    caplog.set_level(logging.DEBUG)
    with Server(hello) as server:
        exchange(server.port, b"GET / HTTP/1.1\r\nAuthorization: s3cret\r\n\r\n")
        exchange(server.port, b"s3cret / HTTP/1.1\r\nAuthorization: s3cret\r\n\r\n")
        exchange(server.port, HEAD + b"Authorization: s3cret\r\n\r\n")
    assert "400: no Host" in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_a_limit_of_nothing_is_none(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{name} must be more than 0, not 0")):
        Limits(**{name: 0})


def test_the_limits_are_those_that_are_documented() -> None:
    """Each with its source in the docstring."""
    limits = Limits()
    assert (limits.handshake, limits.head, limits.body, limits.idle) == (10, 10, 30, 75)
    assert (limits.rate, limits.backlog) == (500, 1024)
    assert (limits.max_headers, limits.max_head) == (100, 65536)
