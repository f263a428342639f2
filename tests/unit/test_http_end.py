"""opswire.http: the end of a server, with requests at hand, and children that are forked."""

import asyncio
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from opswire.http import Request, Response, Server
from opswire.http.handlers import Handler
from tests.unit.raw_client import SECONDS, answers, connected, read_all

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
SHORT = 0.05


class Gate:
    """A handler that waits until it is let go on, in a form for threads and one for the loop."""

    def __init__(self) -> None:
        """Wait."""
        self.called = threading.Event()
        self.may_go_on = threading.Event()
        self.cancelled = threading.Event()

    def on_thread(self, request: Request) -> Response:
        """Wait on a thread."""
        self.called.set()
        self.may_go_on.wait(SECONDS)
        return Response(200, {}, b"whole")

    async def on_loop(self, request: Request) -> Response:
        """Wait on the loop."""
        self.called.set()
        try:
            while not self.may_go_on.is_set():
                await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return Response(200, {}, b"whole")

    async def in_body(self, request: Request) -> Response:
        """Wait in the middle of a body."""

        def pieces() -> Iterator[bytes]:
            yield b"who"
            self.called.set()
            self.may_go_on.wait(SECONDS)
            yield b"le"

        return Response(200, {"Content-Length": "5"}, pieces())


@pytest.fixture(params=["on_thread", "on_loop", "in_body"])
def handler(request: pytest.FixtureRequest) -> tuple[Gate, Handler]:
    """A handler that waits, of each form in turn."""
    gate = Gate()
    return gate, getattr(gate, request.param)


def test_a_request_at_hand_is_answered(handler: tuple[Gate, Handler]) -> None:
    """Nothing new is accepted meanwhile; the answer says that the connection ends."""
    gate, function = handler
    server = Server(function)
    server.start()
    with connected(server.port) as idle, connected(server.port) as connection:
        connection.sendall(GET)
        assert gate.called.wait(SECONDS)
        end = threading.Thread(target=server.close)
        end.start()
        assert read_all(idle) == b""
        with pytest.raises(ConnectionRefusedError):
            connected(server.port)
        gate.may_go_on.set()
        (answer,) = answers(read_all(connection))
        end.join(SECONDS)
    assert not end.is_alive()
    assert answer.body == b"whole"
    assert server.connections == 0


def test_a_request_that_takes_too_long_is_cut(handler: tuple[Gate, Handler]) -> None:
    """The end has its time; on the loop the handler is cancelled."""
    gate, function = handler
    server = Server(function)
    server.start()
    with connected(server.port) as connection:
        connection.sendall(GET)
        assert gate.called.wait(SECONDS)
        began = time.monotonic()
        server.close(drain=SHORT)
        assert time.monotonic() - began < SECONDS / 2
        with suppress(ConnectionResetError):
            assert b"whole" not in read_all(connection)
        assert gate.cancelled.is_set() == (function == gate.on_loop)
    gate.may_go_on.set()


def test_a_head_that_has_begun_may_end() -> None:
    """Its client is told too that the connection ends."""
    server = Server(lambda request: Response(200, {}, b"whole"))
    server.start()
    with connected(server.port) as connection:
        connection.sendall(GET[:9])
        while not (server._service._connections and _ahead(server)):
            time.sleep(0.001)
        end = threading.Thread(target=server.close)
        end.start()
        while not server._service.closing:
            time.sleep(0.001)
        connection.sendall(GET[9:])
        (answer,) = answers(read_all(connection))
        end.join(SECONDS)
    assert answer.headers["connection"] == "close"


def _ahead(server: Server) -> int:
    return sum(len(one._incoming.ahead) for one in list(server._service._connections))


def test_a_handler_counts_when_its_client_has_gone() -> None:
    """Or a client that comes and goes could start any number of them."""
    gate = Gate()
    with Server(gate.on_loop) as server:
        with connected(server.port) as connection:
            connection.sendall(GET)
            assert gate.called.wait(SECONDS)
            # A reset; a mere end may be that of a client that waits for its answer.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        while server._service._connections:
            time.sleep(0.001)
        assert server.connections == 1
        gate.may_go_on.set()
        while server.connections:
            time.sleep(0.001)


def test_threads_close_a_server_together() -> None:
    """Each call returns when it has ended."""
    server = Server(lambda request: Response())
    server.start()
    threads = [threading.Thread(target=server.close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    with pytest.raises(ConnectionRefusedError):
        connected(server.port)


def test_a_forked_child_holds_no_socket() -> None:
    """The client sees the end when the parent ends the connection, though the child lives on."""
    server = Server(lambda request: Response(200, {}, b"whole"))
    server.start()
    port = server.port
    with connected(port) as connection:
        connection.sendall(GET)
        assert connection.recv(1 << 16)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:  # no exception leaves this block
            try:
                os.close(writing)
                server.close()
                os.read(reading, 1)
            finally:
                os._exit(0)
        os.close(reading)
        try:
            connection.sendall(GET)
            assert connection.recv(1 << 16)
            server.close()
            assert read_all(connection) == b""
            with pytest.raises(ConnectionRefusedError):
                connected(port)
            with Server(lambda request: Response(), port=port):
                pass
        finally:
            os.close(writing)
            os.waitpid(child, 0)


def test_a_child_opens_and_serves_its_own() -> None:
    """What it inherited keeps nothing from it."""
    with Server(lambda request: Response(200, {}, b"parent")) as server:
        child = os.fork()
        if not child:
            status = 1
            try:
                with (
                    Server(lambda request: Response(200, {}, b"child")) as own,
                    connected(own.port) as connection,
                ):
                    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    status = 0 if read_all(connection).endswith(b"child") else 2
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        with connected(server.port) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert read_all(connection).endswith(b"parent")
