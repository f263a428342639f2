"""An HTTP server whose answers are octets and pauses that a test writes, right or wrong."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Answer = Callable[["Peer"], None]


class Peer:
    """A client's connection, as an answer sees it."""

    def __init__(self, connection: socket.socket, ended: threading.Event) -> None:
        """Take the connection, and what is set when the server ends."""
        self.connection = connection
        self.ended = ended
        self.sent = 0
        self.body = b""  # of the request that is answered

    def send(self, octets: bytes) -> None:
        """Send all of it."""
        self.connection.sendall(octets)
        self.sent += len(octets)

    def dribble(self, octets: bytes, pause: float = 0.05) -> None:
        """Send an octet at a time, until all is sent or the client has gone."""
        for each in octets:
            self.send(bytes([each]))
            if self.ended.wait(pause):
                return

    def hold(self) -> None:
        """Say nothing more, and keep the connection open until the client or the server ends."""
        self.connection.settimeout(0.02)
        while not self.ended.is_set():
            with contextlib.suppress(TimeoutError):
                if not self.connection.recv(1):
                    return


class ScriptedHTTP:
    """Runs on threads inside the `with` block.

    Each request gets the next of `answers`, the last one for ever; a connection is closed behind an
    answer that returns after `close`. `requests` has heads and bodies, `connections` counts.
    """

    def __init__(self, *answers: Answer, context: ssl.SSLContext | None = None) -> None:
        """Bind."""
        self.answers = list(answers)
        self.requests: list[tuple[str, bytes]] = []
        self.peers: list[Peer] = []
        self._context = context
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        scheme = "http" if context is None else "https"
        host = "127.0.0.1" if context is None else "localhost"
        self.url = f"{scheme}://{host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self.peers)

    def __enter__(self) -> Self:
        """Start to answer."""
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._server.close()
        for peer in self.peers:
            with contextlib.suppress(OSError):
                peer.connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            peer = Peer(connection, self._ended)
            self.peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: Peer) -> None:
        with contextlib.suppress(OSError):
            try:
                if self._context is not None:
                    peer.connection = self._context.wrap_socket(peer.connection, server_side=True)
                with peer.connection.makefile("rb") as stream:
                    while self._answer(peer, stream):
                        pass
            finally:
                peer.connection.close()

    def _answer(self, peer: Peer, stream: object) -> bool:
        lines = []
        while (line := stream.readline()) not in (b"\r\n", b""):  # type: ignore[attr-defined]  # what the standard library's class has
            lines.append(line.decode("latin-1"))
        if not lines:
            return False
        head = "".join(lines)
        length = next(
            (
                int(each.split(":")[1])
                for each in lines
                if each.lower().startswith("content-length")
            ),
            0,
        )
        peer.body = stream.read(length)  # type: ignore[attr-defined]  # what the standard library's class has
        self.requests.append((head, peer.body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(peer)
        return not getattr(answer, "closes", False)


def cim(operation: str, inner: str, element: str = "IMETHODRESPONSE") -> bytes:
    """The body of an answer."""
    return (
        '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
        f'<MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLERSP><{element} NAME="{operation}">{inner}'
        f"</{element}></SIMPLERSP></MESSAGE></CIM>"
    ).encode()


def http(
    body: bytes = b"",
    status: str = "200 OK",
    *headers: str,
    length: str | None = "{:010}",
) -> bytes:
    """A whole answer; without `length` nothing tells where it ends."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if status.startswith("200"):
        lines.append('content-type: application/xml; charset="utf-8"')
    if length is not None:
        lines.append(f"content-length: {length.format(len(body))}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def saying(octets: bytes) -> Answer:
    """An answer of these octets; the connection stays open."""
    return lambda peer: peer.send(octets)


def closing(octets: bytes = b"") -> Answer:
    """The same, and the connection is closed."""

    def answer(peer: Peer) -> None:
        peer.send(octets)

    answer.closes = True  # type: ignore[attr-defined]  # what the standard library's class has
    return answer
