"""A man in the middle: a TCP proxy that sees tokens and may do with them as it likes."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.servers import wire
from tests.servers.ports import IPV4


class Cut(Exception):
    """Raised by a script to end the connection at once."""


class Line:
    """The way to one side; a script sends what it wants the other side to get."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.kept: list[bytes] = []

    def send(self, octets: bytes | bytearray) -> None:
        """Send octets in one write."""
        self._sock.sendall(octets)

    def trickle(self, octets: bytes, pause: float = 0.0) -> None:
        """Send octets one by one, each in a packet of its own, `pause` seconds apart."""
        for octet in octets:
            self._sock.sendall(bytes([octet]))
            time.sleep(pause)

    def hold(self) -> None:
        """Send nothing more, but stay connected until the other side closes."""
        with contextlib.suppress(OSError):
            while self._sock.recv(65536):
                pass
        raise Cut


Script = Callable[[Line, int, bytes], None]


def pass_on(line: Line, number: int, token: bytes) -> None:
    """A script that changes nothing."""
    line.send(token)


class Interceptor:
    """Connects each client to the server at `port` through two scripts.

    A script gets the way to the receiver, the number of the token (from 0, in its direction), and
    the whole token. What the client sends passes as octets unless there is a script for it.
    """

    def __init__(
        self, port: int, *, to_client: Script = pass_on, to_server: Script | None = None
    ) -> None:
        self._target = port
        self._to_client = to_client
        self._to_server = to_server
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.address = IPV4
        self.port = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.address, 0))
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(30)
        self._listener.close()
        for sock in self._sockets:
            _end(sock)
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "a thread of the interceptor does not end"
        for sock in self._sockets:
            sock.close()

    def _start(self, function: Callable[[], None]) -> None:
        thread = threading.Thread(target=function, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection((self.address, self._target))
            self._sockets += [client, server]
            for sock in (client, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._join(server, client, self._to_client)
            self._join(client, server, self._to_server)

    def _join(self, source: socket.socket, sink: socket.socket, script: Script | None) -> None:
        def run() -> None:
            with contextlib.suppress(OSError, EOFError, Cut):
                if script is None:
                    while octets := source.recv(65536):
                        sink.sendall(octets)
                else:
                    line, number = Line(sink), 0
                    while True:
                        flags, payload = wire.read_token(source)
                        script(line, number, wire.token(flags, payload))
                        number += 1
            _end(source)
            _end(sink)

        self._start(run)


def _end(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
