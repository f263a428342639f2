"""opswire.http: many requests, long bodies and slow clients, in bounded memory."""

import asyncio
import select
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from opswire.errors import HTTPBodyError
from opswire.http import Limits, Request, Response, Server
from opswire.http.connection import READ_AHEAD
from opswire.http.handlers import Handler
from tests.unit.raw_client import SECONDS, answers, connected, exchange, read_all

PIECE = b"x" * 65536
#: More than the kernel holds for a connection, on loopback.
MANY = 1000


def path_of(request: Request) -> Response:
    """Say what was asked."""
    return Response(200, {}, request.target.encode() + request.body)


async def path_of_async(request: Request) -> Response:
    """The same, and let others go first."""
    await asyncio.sleep(0)
    return path_of(request)


def pipelined(count: int) -> Iterator[bytes]:
    """Requests without and with bodies, and what each is answered."""
    for number in range(count):
        if number % 3:
            yield b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number
        else:
            yield b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n!" % number


@pytest.mark.parametrize("threads", [0, 2, None])
def test_ten_thousand_pipelined_requests_are_answered_in_order(threads: int | None) -> None:
    """Sent in one go, while nobody reads."""
    count = 10_000
    server = Server(path_of_async) if threads is None else Server(path_of, threads=threads)
    with server, connected(server.port) as connection:
        requests = b"".join(pipelined(count))
        sender = threading.Thread(target=connection.sendall, args=(requests,))
        sender.start()
        octets = b""
        while octets.count(b"HTTP/1.1 200 OK\r\n") < count or not octets.endswith(b"/9999!"):
            octets += connection.recv(1 << 20)
        sender.join()
    bodies = [answer.body.decode() for answer in answers(octets)]
    assert bodies == [f"/{number}{'' if number % 3 else '!'}" for number in range(count)]


def test_requests_are_not_read_faster_than_they_are_answered() -> None:
    """A client that only sends gets a full pipe, and the server holds next to nothing."""
    called = 0
    go_on = threading.Event()

    def slow(request: Request) -> Response:
        nonlocal called
        called += 1
        go_on.wait(SECONDS)
        return path_of(request)

    with Server(slow, threads=1) as server, connected(server.port) as connection:
        connection.setblocking(False)
        request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        sent = 0
        while sent < len(PIECE) * MANY:
            try:
                sent += connection.send(request * 2000)
            except BlockingIOError:
                if not will_take_more(connection):
                    break
        assert READ_AHEAD < held(server) <= READ_AHEAD + 256 * 1024  # one read of uvloop
        assert called == 1
        go_on.set()


def will_take_more(connection: socket.socket) -> bool:
    """Whether the server goes on to read: one that does takes no time to."""
    return bool(select.select([], [connection], [], 0.3)[1])


def held(server: Server) -> int:
    """Octets that the server has read and not looked at."""
    connections = list(server._service._connections)
    return sum(len(connection._incoming.ahead) + connection._held for connection in connections)


def test_a_client_that_does_not_read_stops_the_answers() -> None:
    """Answers are made as they are taken: the handler is not asked again and again for nothing."""
    called = 0

    def big(request: Request) -> Response:
        nonlocal called
        called += 1
        return Response(200, {}, PIECE)

    with Server(big, threads=0) as server, connected(server.port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * MANY)
        # Another client is served meanwhile; when it was, the first one's turn has come to its end.
        before = -1
        while before != called:
            before = called
            for _ in range(50):
                called -= 1
                assert answers(exchange(server.port, b"GET / HTTP/1.0\r\n\r\n"))
        assert called < MANY
        received = 0
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(1 << 20):
            received += len(piece)
    assert called == MANY
    assert received > MANY * len(PIECE)


def endless(counts: list[int]) -> Iterator[bytes]:
    """Pieces, and a list of those that were taken."""
    for number in range(MANY):
        counts.append(number)
        yield PIECE


async def endless_async(counts: list[int]) -> AsyncIterator[bytes]:
    """The same on the loop."""
    for piece in endless(counts):
        yield piece


@pytest.mark.parametrize("make", [endless, endless_async])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_body_is_made_as_fast_as_it_is_read(
    make: Callable[[list[int]], Iterator[bytes]], version: str
) -> None:
    """Chunked to HTTP/1.1; to HTTP/1.0 its end is the connection's."""
    taken: list[int] = []
    with (
        Server(lambda request: Response(200, {}, make(taken))) as server,
        connected(server.port) as connection,
    ):
        connection.sendall(f"GET / HTTP/{version}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        octets = connection.recv(1000)
        before = -1
        while before != len(taken):
            before = len(taken)
            for _ in range(20):
                exchange(server.port, b"OPTIONS * HTTP/1.0\r\nContent-Length: x\r\n\r\n")
        assert 0 < len(taken) < MANY
        octets += read_all(connection)
    assert len(taken) == MANY
    head, _, rest = octets.partition(b"\r\n\r\n")
    assert (b"chunked" in head) == (version == "1.1")
    assert b"Connection: close" in head
    whole = PIECE * MANY
    chunk = b"10000\r\n" + PIECE + b"\r\n"
    assert rest == (chunk * MANY + b"0\r\n\r\n" if version == "1.1" else whole)


def test_a_body_is_closed_when_the_client_goes() -> None:
    """What it holds is given back, from an iterator of either kind."""
    closed = threading.Event()

    def pieces() -> Iterator[bytes]:
        try:
            while True:
                yield PIECE
        finally:
            closed.set()

    with Server(lambda request: Response(200, {}, pieces())) as server:
        with connected(server.port) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(1)
        assert closed.wait(SECONDS)


def test_a_body_that_nobody_wants_is_closed() -> None:
    """A HEAD is answered without it."""
    closed = threading.Event()

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            raise AssertionError

        def close(self) -> None:
            closed.set()

    with Server(lambda request: Response(200, {}, Pieces())) as server:
        octets = exchange(server.port, b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert closed.is_set()
    assert octets.endswith(b"Transfer-Encoding: chunked\r\n\r\n")


async def count(request: Request) -> Response:
    """Count the octets of a body as they come."""
    size = 0
    async for piece in request.pieces():
        size += len(piece)
    return Response(200, {}, str(size).encode())


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_comes_in_pieces(chunked: bool) -> None:
    """More than a server would take whole, were it one."""
    size = 8 * 1024 * 1024
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (size, b"x" * size) if chunked else b"x" * size
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % size
    with Server(count, stream_bodies=True) as server:
        octets = exchange(
            server.port,
            b"POST / HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n%bGET / HTTP/1.1\r\nHost: x\r\n\r\n"
            % (length, body),
        )
    assert [answer.body for answer in answers(octets)] == [str(size).encode(), b"0"]


def test_a_body_is_read_as_fast_as_the_handler_takes_it() -> None:
    """The client waits; memory does not grow."""
    go_on = threading.Event()
    began = threading.Event()

    async def slow(request: Request) -> Response:
        pieces = request.pieces()
        await anext(pieces)
        began.set()
        await asyncio.get_running_loop().run_in_executor(None, go_on.wait, SECONDS)
        size = 0
        async for piece in pieces:
            size += len(piece)
        return Response(200, {}, b"%d" % (size > 0))

    size = len(PIECE) * MANY
    with (
        Server(slow, stream_bodies=True, limits=Limits(max_body=size)) as server,
        connected(server.port) as connection,
    ):
        connection.sendall(b"POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\nx" % size)
        assert began.wait(SECONDS)
        connection.setblocking(False)
        sent = 1
        while sent < size:
            try:
                sent += connection.send(PIECE[: size - sent])
            except BlockingIOError:
                if not will_take_more(connection):
                    break
        assert sent < size
        assert held(server) <= READ_AHEAD + 256 * 1024
        go_on.set()
        connection.setblocking(True)
        while sent < size:
            sent += connection.send(PIECE[: size - sent])
        assert answers(read_all(connection))[0].body == b"1"


BROKEN_BODIES = {
    "ends early": (b"Content-Length: 9\r\n\r\nabc", 400),
    "no chunk": (b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\nq\r\n", 400),
    "too large": (b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\nFFFF\r\n", 413),
}


@pytest.mark.parametrize("name", BROKEN_BODIES)
def test_a_handler_is_told_of_a_body_that_does_not_come(name: str) -> None:
    """And the client too, whatever the handler does then."""
    told: list[HTTPBodyError] = []

    async def take(request: Request) -> Response:
        try:
            await request.read()
        except HTTPBodyError as error:
            told.append(error)
        return Response(200, {}, b"it is well")

    head, status = BROKEN_BODIES[name]
    limits = Limits(max_body=1000)
    with Server(take, stream_bodies=True, limits=limits) as server:
        octets = exchange(server.port, b"POST / HTTP/1.1\r\nHost: x\r\n" + head)
    assert [answer.status for answer in answers(octets)] == [status]
    assert [error.status for error in told] == [status]


def test_a_body_that_was_not_taken_ends_the_connection() -> None:
    """Its rest is no request."""

    async def refuse(request: Request) -> Response:
        return Response(401, {}, b"who are you?")

    with Server(refuse, stream_bodies=True) as server, connected(server.port) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nGET")
        (answer,) = answers(read_all(connection))
    assert (answer.status, answer.headers["connection"]) == (401, "close")


def test_a_refused_client_that_still_sends_reads_why() -> None:
    """To close while it sends would reset the connection, and the answer would be lost."""
    with Server(path_of, limits=Limits(max_body=1000)) as server:
        with connected(server.port) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
            connection.sendall(b"x" * 4_000_000)
            (answer,) = answers(read_all(connection))
        assert answer.status == 413


def test_a_client_is_told_to_go_on_when_its_body_is_asked_for() -> None:
    """Not before: a handler may refuse by the head alone."""

    async def refuse(request: Request) -> Response:
        if request.path == "/refused":
            return Response(403)
        return Response(200, {}, await request.read())

    head = b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with Server(refuse, stream_bodies=True) as server:
        with connected(server.port) as connection:
            connection.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\n" + head)
            assert [answer.status for answer in answers(read_all(connection))] == [403]
        with connected(server.port) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + head)
            assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(b"ok")
            assert answers(connection.recv(1000))[0].body == b"ok"


@pytest.mark.parametrize("handler", [path_of, path_of_async])
def test_a_client_may_end_its_side_first(handler: Handler) -> None:
    """As nc does: all that it asked is answered, then the connection ends."""
    with Server(handler) as server:
        octets = exchange(server.port, b"".join(pipelined(50)))
    assert len(answers(octets)) == 50


def test_a_head_that_comes_again_is_the_same_and_another_is_not() -> None:
    """With bodies of their own, in one piece with them and apart."""
    with Server(path_of, threads=0) as server, connected(server.port) as connection:
        for path, apart in [("/a", True), ("/a", True), ("/b", True), ("/b", False), ("/a", False)]:
            for body in (b"123", b"456"):
                head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n".encode()
                if apart:
                    connection.sendall(head)
                    # The server has read it when it answers another.
                    exchange(server.port, b"GET / HTTP/1.0\r\n\r\n")
                    head = b""
                connection.sendall(head + body)
                (answer,) = answers(connection.recv(1000))
                assert answer.body == path.encode() + body
        for path in ("/c", "/c", "/d"):
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert answers(connection.recv(1000))[0].body == path.encode()
