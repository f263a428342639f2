"""A server that answers every request with the same octets, in a process of its own.

``python -m benchmarks.recipes.cim_server`` reads from standard input: a line with the length of the
head, of the part that is repeated, how often, and of the tail; then these octets. It prints its
port, and ends with its standard input.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import weakref
from typing import BinaryIO, NamedTuple

#: Octets in a chunk of a long answer, as servers with buffers send them.
CHUNK = 1 << 16


class Answer(NamedTuple):
    """A body in three parts, the middle one repeated."""

    head: bytes
    repeated: bytes
    times: int
    tail: bytes


def whole(body: bytes) -> Answer:
    """A body of one part."""
    return Answer(body, b"", 0, b"")


def serve(answer: Answer) -> int:
    """Start a server; return its port. It ends with this process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.recipes.cim_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    head, repeated, times, tail = answer
    process.stdin.write(f"{len(head)} {len(repeated)} {times} {len(tail)}\n".encode())
    process.stdin.write(head + repeated + tail)
    process.stdin.flush()
    _running.append(process)
    weakref.finalize(process, process.kill)
    return int(process.stdout.readline())


_running: list[subprocess.Popen[bytes]] = []


def main(source: BinaryIO) -> None:
    """Answer until the source is at its end."""
    sizes = source.readline().split()
    head, repeated, tail = (source.read(int(sizes[each])) for each in (0, 1, 3))
    answer = Answer(head, repeated, int(sizes[2]), tail)
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    threading.Thread(target=_accept, args=(server, answer), daemon=True).start()
    source.read()
    os._exit(0)


def _accept(server: socket.socket, answer: Answer) -> None:
    while True:
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(connection, answer), daemon=True).start()


def _serve(connection: socket.socket, answer: Answer) -> None:
    with contextlib.suppress(OSError):  # the client has seen enough
        _answer(connection, answer)


def _answer(connection: socket.socket, answer: Answer) -> None:
    start = b'HTTP/1.1 200 OK\r\nContent-Type: application/xml; charset="utf-8"\r\n'
    start += b"CIMOperation: MethodResponse\r\n"
    if not answer.times:
        octets = start + b"Content-Length: %d\r\n\r\n" % len(answer.head) + answer.head
    pending = b""
    while received := connection.recv(1 << 16):
        pending += received
        while (end := pending.find(b"\r\n\r\n")) >= 0:
            field = pending[:end].lower().partition(b"content-length:")[2]
            size = end + 4 + int(field.split(b"\r\n")[0])
            if len(pending) < size:
                break
            pending = pending[size:]
            if not answer.times:
                connection.sendall(octets)
            else:
                connection.sendall(start + b"Transfer-Encoding: chunked\r\n\r\n")
                _stream(connection, answer)


def _stream(connection: socket.socket, answer: Answer) -> None:
    each = max(1, CHUNK // len(answer.repeated))
    batch = _chunk(answer.repeated * each)
    connection.sendall(_chunk(answer.head))
    for _ in range(answer.times // each):
        connection.sendall(batch)
    rest = answer.repeated * (answer.times % each) + answer.tail
    connection.sendall(_chunk(rest) + b"0\r\n\r\n")


def _chunk(octets: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(octets), octets)


if __name__ == "__main__":
    main(sys.stdin.buffer)
