"""opswire.http.Server: start, addresses, handlers of every kind, and the end."""

import asyncio
import errno
import functools
import http.client
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

import pytest
import uvloop

from opswire.errors import LocalProtocolError
from opswire.http import HANG_UP, Limits, Request, Response, Server
from opswire.http.handlers import Handler
from tests.unit.raw_client import SECONDS, answers, connected, exchange, read_all

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def hello(request: Request) -> Response:
    """Answer."""
    return Response(200, {"Content-Type": "text/plain"}, b"hello\n")


async def hello_async(request: Request) -> Response:
    """Answer on the loop."""
    return hello(request)


class Callable_:
    """An object as a handler."""

    async def __call__(self, request: Request) -> Response:
        """Answer."""
        return hello(request)


def ask(server: Server, octets: bytes = LAST) -> list[int]:
    """The statuses that octets are answered with."""
    return [answer.status for answer in answers(exchange(server.port, octets))]


@pytest.mark.parametrize(
    ("handler", "threads"),
    [
        (hello, 8),
        (hello, 1),
        (hello, 0),
        (hello_async, 8),
        (functools.partial(hello_async), 8),
        (Callable_(), 8),
    ],
    ids=["function", "one thread", "on the loop", "async", "partial", "object"],
)
def test_any_callable_is_a_handler(handler: Handler, threads: int) -> None:
    """What http.client gets is what it returned."""
    with Server(handler, threads=threads) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        for _ in range(3):
            connection.request("GET", "/")
            response = connection.getresponse()
            assert (response.status, response.read()) == (200, b"hello\n")
        connection.close()


def test_a_request_says_what_was_asked() -> None:
    """Every attribute, headers without regard to case."""
    seen: list[Request] = []

    def note(request: Request) -> Response:
        seen.append(request)
        return Response(204)

    with Server(note, methods={"M-POST"}) as server, connected(server.port) as connection:
        port = connection.getsockname()[1]
        connection.sendall(
            b"M-POST http://x/cimom?a=b HTTP/1.0\r\n"
            b'Man: "http://www.dmtf.org/cim/mapping/http/v1.0"; ns=73\r\nmAN: urn:other\r\n'
            b"73-CIMOperation: MethodCall\r\nAuthorization: s3cret\r\nX: \xe9\r\nX: b\r\n"
            b"Content-Length: 0004\r\n\r\nbody"
        )
        (answer,) = answers(read_all(connection))
    assert answer.status == 204
    assert "content-length" not in answer.headers
    (request,) = seen
    assert (request.method, request.target) == ("M-POST", "http://x/cimom?a=b")
    assert (request.path, request.query, request.version) == ("/cimom", "a=b", "1.0")
    assert request.body == b"body"
    assert request.extensions == (
        ("http://www.dmtf.org/cim/mapping/http/v1.0", "73"),
        ("urn:other", ""),
    )
    headers = request.headers
    assert headers["cimoperation"] == headers["CIMOperation"] == "MethodCall"
    assert "73-CIMOperation" not in headers
    assert headers["x"] == "\xe9, b"
    assert headers.all("X") == ["\xe9", "b"]
    assert headers.get("nothing") is None
    assert headers.get("\u20ac") is None
    assert headers.raw[3] == (b"Authorization", b"s3cret")
    assert list(headers) == ["man", "cimoperation", "authorization", "x", "content-length"]
    assert (request.peer.host, request.peer.port) == ("127.0.0.1", port)
    peer = request.peer
    assert [peer.tls_version, peer.certificate, peer.certificate_der, peer.common_name] == [
        None
    ] * 4
    assert "s3cret" not in repr(request) + repr(headers) + repr(request.peer)


def test_a_query_is_not_shown() -> None:
    """It may be a token."""
    seen: list[str] = []

    def note(request: Request) -> Response:
        seen.append(repr(request))
        return hello(request)

    with Server(note) as server:
        ask(server, b"GET /a?token=s3cret HTTP/1.0\r\n\r\n")
    assert seen == ["<Request GET /a>"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "close"),
        (b"GET / HTTP/1.0\r\n\r\n", "close"),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"),
        (b"GET / HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n", "close"),
    ],
)
def test_the_answer_says_whether_the_connection_stays(head: bytes, line: str | None) -> None:
    """A client of HTTP/1.0 that is not told waits for an end that does not come."""
    with Server(hello) as server, connected(server.port) as connection:
        connection.sendall(head)
        octets = read_all(connection) if line == "close" else connection.recv(1 << 16)
        (answer,) = answers(octets)
    assert answer.headers.get("connection") == line


def test_a_small_answer_is_one_write() -> None:
    """In two, the second waits for the client's ACK."""
    with Server(hello) as server, connected(server.port) as connection:
        for _ in range(20):
            connection.sendall(GET)
            (answer,) = answers(connection.recv(1 << 16))
            assert answer.body == b"hello\n"


def test_a_handler_that_closes_is_obeyed() -> None:
    """Its header is in the answer, once."""
    with Server(lambda request: Response(200, {"Connection": "close"})) as server:
        (answer,) = answers(exchange(server.port, GET + GET))
    assert answer.headers["connection"] == "close"


def test_a_handler_that_hangs_up_answers_nothing() -> None:
    with Server(lambda request: HANG_UP) as server, connected(server.port) as connection:
        connection.sendall(GET)
        with suppress(ConnectionResetError):
            assert read_all(connection) == b""


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (100, {}, b""),
        (600, {}, b""),
        (200, {"A": "b\r\nInjected: yes"}, b""),
        (200, {"A": "b\nc"}, b""),
        (200, {"A": "\u20ac"}, b""),
        (200, {"A\r\n": "b"}, b""),
        (200, {"A b": "c"}, b""),
        (200, {"": "c"}, b""),
        (200, {"Transfer-Encoding": "chunked"}, b""),
        (200, {"Content-Length": "2"}, b"a"),
        (200, {"Content-Length": "+1"}, b"a"),
        (200, [("Content-Length", "1"), ("content-length", "1")], b"a"),
    ],
)
def test_what_cannot_be_sent_is_no_response(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    """It is the handler that is told, not the client."""
    with pytest.raises(ValueError, match=r"status|header|value|engine|Content-Length"):
        Response(status, headers, body)


def test_text_is_no_body() -> None:
    with pytest.raises(TypeError, match="octets"):
        Response(200, {}, "text")  # type: ignore[arg-type]  # what is refused


def test_a_date_of_the_handler_is_the_only_one() -> None:
    date = "Thu, 01 Jan 1970 00:00:00 GMT"
    with Server(lambda request: Response(200, [("DATE", date), ("A", "b")])) as server:
        (answer,) = answers(exchange(server.port, LAST))
    assert answer.headers["date"] == date


def test_several_addresses_and_one_that_is_taken() -> None:
    """What cannot be bound is told, and nothing else stays bound."""
    first = Server(hello)
    first.listen("localhost")
    with first:
        assert len(first.addresses) >= 2
        assert first.url == f"http://127.0.0.1:{first.port}"
        for address in first.addresses:
            with connected(address.port, address.host) as connection:
                connection.sendall(LAST)
                assert read_all(connection).startswith(b"HTTP/1.1 200 OK\r\n")
        second = Server(hello, port=0)
        second.listen("127.0.0.1", first.port)
        before = set(os.listdir("/proc/self/fd"))
        with pytest.raises(OSError, match="Address already in use") as caught:
            second.start()
        assert caught.value.errno == errno.EADDRINUSE
        assert len(os.listdir("/proc/self/fd")) <= len(before)
        second.close()


def test_an_empty_host_is_every_address() -> None:
    """Of IPv4, and of IPv6 where there is one."""
    with Server(hello, host="") as server:
        assert "0.0.0.0" in {address.host for address in server.addresses}
        assert len({address.port for address in server.addresses}) == 1
        assert ask(server) == [200]


def test_a_host_without_an_address_is_told() -> None:
    with pytest.raises(socket.gaierror):
        Server(hello, host="nowhere.invalid").start()


def test_a_server_is_started_once_and_closed_as_often_as_one_likes() -> None:
    server = Server(hello)
    with pytest.raises(LocalProtocolError, match="not been started"):
        server.port  # noqa: B018 - what is refused
    with server:
        with pytest.raises(LocalProtocolError, match="once"):
            server.start()
        with pytest.raises(LocalProtocolError, match="started"):
            server.listen("127.0.0.1")
        assert "http://127.0.0.1:" in repr(server)
    server.close()
    server.close()
    with pytest.raises(LocalProtocolError, match="once"):
        server.start()


def test_what_never_started_is_closed_too() -> None:
    server = Server(hello)
    server.close()
    with pytest.raises(LocalProtocolError, match="once"):
        server.start()


def test_nothing_is_left_of_a_server() -> None:
    """No descriptor, no thread, and no connection."""
    threads = threading.active_count()
    with Server(hello_async) as server:
        pass
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with Server(hello_async) as server, connected(server.port) as connection:
            connection.sendall(GET)
            assert connection.recv(1 << 16)
        assert server.connections == 0
        assert server._service._descriptors.numbers == set()
    assert len(os.listdir("/proc/self/fd")) == before
    assert threading.active_count() == threads


def test_only_an_async_handler_takes_a_body_in_pieces() -> None:
    with pytest.raises(ValueError, match="async"):
        Server(hello, stream_bodies=True)


LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


@pytest.fixture(params=list(LOOPS))
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    """What runs coroutines, on each event loop in turn."""
    with asyncio.Runner(loop_factory=LOOPS[request.param]) as made:
        yield made


@pytest.mark.parametrize("handler", [hello, hello_async])
def test_a_server_on_the_loop_that_runs(runner: asyncio.Runner, handler: Handler) -> None:
    """On uvloop and on asyncio's own."""

    async def main() -> None:
        async with Server(handler) as server:
            for body in (b"", b"12345"):
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                head = f"POST / HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                for piece in (head[:9], head[9:], body):
                    writer.write(piece)
                    await writer.drain()
                (answer,) = answers(await reader.read())
                assert answer.body == b"hello\n"
                writer.close()
        await server.aclose()
        assert server.connections == 0

    runner.run(main())


def test_a_server_does_not_wait_for_itself() -> None:
    """On its own loop close() says so, and aclose() is the way."""
    said: list[str] = []

    async def end(request: Request) -> Response:
        try:
            server.close()
        except LocalProtocolError as error:
            said.append(str(error))
        return Response()

    with Server(end) as server:
        assert ask(server) == [200]
    assert said == ["a server cannot wait for its own end: await aclose()"]


def raise_exit(request: Request) -> Response:
    """Fail in the way that ends programs."""
    raise SystemExit(3)


async def raise_async(request: Request) -> Response:
    """Fail on the loop."""
    raise ValueError("s3cret")


def return_nothing(request: Request) -> Response:
    """Forget to return."""
    return None  # type: ignore[return-value]  # what is refused


async def return_nothing_async(request: Request) -> Response:
    """Forget it on the loop."""
    return None  # type: ignore[return-value]  # what is refused


def fail_at_once(request: Request) -> Response:
    """Fail before the first octet of the body."""

    def pieces() -> Iterator[bytes]:
        raise ValueError("s3cret")
        yield b""

    return Response(200, {}, pieces())


async def give_text(request: Request) -> Response:
    """Give what is no octets."""

    async def pieces() -> AsyncIterator[bytes]:
        yield "text"  # type: ignore[misc]  # what is refused

    return Response(200, {}, pieces())


def promise_more(request: Request) -> Response:
    """Give less than was promised, none at all."""
    return Response(200, {"Content-Length": "3"}, iter(()))


FAILING = [
    raise_exit,
    raise_async,
    return_nothing,
    return_nothing_async,
    fail_at_once,
    give_text,
    promise_more,
]


@pytest.mark.parametrize("threads", [0, 2])
@pytest.mark.parametrize("handler", FAILING, ids=lambda handler: handler.__name__)
def test_a_handler_that_fails_is_a_500(
    handler: Handler, threads: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The client sees no reason, the log sees all; the connection goes on."""
    with Server(handler, threads=threads) as server:
        octets = exchange(server.port, GET + LAST)
    assert [answer.status for answer in answers(octets)] == [500, 500]
    assert b"s3cret" not in octets
    assert b"Traceback" not in octets
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.name for record in failures] == ["opswire.http"] * 2
    assert all(record.exc_info for record in failures)


def cut_by_exception(request: Request) -> Response:
    """Fail in the middle of the body."""

    def pieces() -> Iterator[bytes]:
        yield b"abc"
        raise ValueError

    return Response(200, {}, pieces())


def cut_by_length(request: Request) -> Response:
    """End before the length that was promised."""
    return Response(200, {"Content-Length": "10"}, iter([b"abc"]))


@pytest.mark.parametrize("handler", [cut_by_exception, cut_by_length], ids=lambda f: f.__name__)
def test_a_body_that_fails_is_cut(handler: Handler) -> None:
    """No client takes it for whole."""
    with Server(handler) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        connection.request("GET", "/")
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            connection.getresponse().read()
        connection.close()


def test_a_body_gives_no_more_than_it_promised(caplog: pytest.LogCaptureFixture) -> None:
    """What is too much would be taken for the next answer."""
    with (
        Server(
            lambda request: Response(200, {"Content-Length": "3"}, iter([b"ab", b"cd"]))
        ) as server,
        connected(server.port) as connection,
        suppress(ConnectionResetError),
    ):
        connection.sendall(GET)
        assert read_all(connection)[-2:] in (b"ab", b"")
    assert "longer than its Content-Length" in caplog.text


def test_a_thread_of_a_closed_server_keeps_no_program() -> None:
    """A handler that never returns ends neither the server's end nor the interpreter's."""
    program = (
        "import socket, threading\n"
        "from opswire.http import Response, Server\n"
        "called = threading.Event()\n"
        "def stuck(request):\n"
        "    called.set()\n"
        "    threading.Event().wait()\n"
        "server = Server(stuck)\n"
        "server.start()\n"
        "client = socket.create_connection(('127.0.0.1', server.port))\n"
        "client.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')\n"
        "called.wait()\n"
        "server.close(drain=0.05)\n"
        "print('closed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "closed\n"


def test_no_descriptor_left_is_no_end_of_the_server() -> None:
    """Connections wait until there is one again."""
    program = (
        "import resource, socket\n"
        "from opswire.http import Response, Server\n"
        "server = Server(lambda request: Response(), threads=0)\n"
        "server.start()\n"
        "sockets = [socket.create_connection(('127.0.0.1', server.port))]\n"
        "sockets[0].sendall(b'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')\n"
        "assert sockets[0].recv(1000)\n"
        "sockets += [socket.socket() for _ in range(10)]\n"
        "last = sockets[-1].fileno()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, last + 1))\n"
        "for one in sockets[1:]:\n"
        "    one.connect(('127.0.0.1', server.port))\n"
        "    one.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')\n"
        "for one in sockets[1:6]:\n"
        "    one.close()\n"
        "for one in sockets[6:]:\n"
        "    assert one.recv(1000).startswith(b'HTTP/1.1 200')\n"
        "server.close()\n"
        "print('closed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.returncode) == ("closed\n", 0), done.stderr


def test_one_connection_too_many_is_a_503() -> None:
    """With the time after which it may be tried again; those that are there are served."""
    with Server(hello, limits=Limits(max_connections=2)) as server:
        kept = [connected(server.port) for _ in range(2)]
        for connection in kept:
            connection.sendall(GET)
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
        with connected(server.port) as connection:
            (answer,) = answers(read_all(connection))
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        kept[0].close()
        while server.connections > 1:  # it is the loop that finds out
            kept[1].sendall(GET)
            kept[1].recv(1 << 16)
        assert ask(server) == [200]
        kept[1].close()
