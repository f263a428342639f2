"""A client that sends octets as they are given, and reads until the server hangs up."""

import re
import socket
from typing import NamedTuple

SECONDS = 20.0
"""For what never takes long."""

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([0-9]{3}) [^\r\n]*\r\n")


class Answer(NamedTuple):
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def connected(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Return a connection whose every wait ends."""
    return socket.create_connection((host, port), timeout=SECONDS)


def exchange(port: int, octets: bytes, chunk: int = 1 << 20, *, last: bool = True) -> bytes:
    """Send octets, `chunk` of them at a time, and return all that comes back.

    `last`: they are followed by the end of what we send.
    """
    with connected(port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for start in range(0, len(octets), chunk):
                connection.sendall(octets[start : start + chunk])
            if last:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was refused before it was sent whole
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """Return everything until the end."""
    pieces = []
    while piece := connection.recv(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


def answers(octets: bytes) -> list[Answer]:
    """Take apart what a server sent: answers with Content-Length, or chunked."""
    found = []
    while octets:
        line = STATUS_LINE.match(octets)
        assert line, octets[:200]
        head, _, octets = octets.partition(b"\r\n\r\n")
        pairs = [text.split(": ", 1) for text in head.decode("latin-1").split("\r\n")[1:]]
        headers = {name.lower(): value for name, value in pairs}
        assert len(headers) == len(pairs), head
        if headers.get("transfer-encoding") == "chunked":
            body, octets = _unchunked(octets)
        else:
            size = int(headers.get("content-length", 0))
            body, octets = octets[:size], octets[size:]
            assert len(body) == size
        found.append(Answer(int(line[1]), headers, body))
    return found


def _unchunked(octets: bytes) -> tuple[bytes, bytes]:
    body = b""
    while True:
        size, _, octets = octets.partition(b"\r\n")
        length = int(size, 16)
        body += octets[:length]
        assert octets[length : length + 2] == b"\r\n"
        octets = octets[length + 2 :]
        if not length:
            return body, octets
