"""What is done to an HTTP server, and what that costs it or others."""

import contextlib
import resource
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.claim import Recipe, Round
from tests.servers.certificates import Authority

REQUESTS = 2000
IDLE = 2000
SLOW = 1000
SLOW_SECONDS = 12
HEAD = b"GET /%b HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nUser-Agent: benchmark/1\r\n\r\n"


def requests(kind: str, connections: int, *, changing: bool = False) -> Recipe:
    """Requests on connections that are kept: the server's CPU for each, in µs."""

    def prepare(folder: str) -> Round:
        server = _server(kind)
        port, cpu = _port(server), _clock(server.pid)
        sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
        heads = _heads(changing)

        def round_() -> float:
            began = cpu()
            for _ in range(REQUESTS // connections):
                for connection in sockets:
                    connection.sendall(next(heads))
                for connection in sockets:
                    _read(connection)
            return (cpu() - began) / REQUESTS * 1e6

        return round_

    return prepare


def _heads(changing: bool) -> Iterator[bytes]:
    number = 0
    while True:
        number += changing
        yield HEAD % str(number).encode()


def _read(connection: socket.socket) -> None:
    octets = connection.recv(1 << 16)
    while not octets.endswith(b"x" * 500):
        octets += connection.recv(1 << 16)


def idle_tls(kind: str) -> Recipe:
    """Connections with TLS that wait for their next request: memory of the server, KB for each."""

    def prepare(folder: str) -> Round:
        authority = Authority(Path(folder).resolve())
        pair = authority.pair("localhost")
        server = _server(kind, *map(str, pair))
        port = _port(server)
        context = ssl.create_default_context(cafile=authority.certificate)
        _allow_descriptors()

        def connect() -> ssl.SSLSocket:
            plain = socket.create_connection(("127.0.0.1", port))
            connection = context.wrap_socket(plain, server_hostname="localhost")
            connection.sendall(HEAD % b"")
            _read(connection)
            return connection

        def round_() -> float:
            kept = [connect() for _ in range(20)]
            before = _resident(server.pid)
            kept += [connect() for _ in range(IDLE)]
            return (_resident(server.pid) - before) / IDLE / 1e3

        return round_

    return prepare


def beside_slow_clients(kind: str, mode: list[str]) -> Recipe:
    """Another client while slowhttptest attacks: of its requests, each a connection, p99 in ms."""

    def prepare(folder: str) -> Round:
        server = _server(kind)
        url = f"http://127.0.0.1:{_port(server)}/big"
        _allow_descriptors()
        words = ["slowhttptest", *mode, "-u", url, "-c", str(SLOW), "-r", str(SLOW)]
        words += ["-l", str(SLOW_SECONDS), "-v", "0"]

        def round_() -> float:
            delays = []
            with subprocess.Popen(words, stdout=subprocess.DEVNULL) as attack:
                while attack.poll() is None:
                    began = time.perf_counter()
                    with socket.create_connection(("127.0.0.1", _port_of(url))) as connection:
                        connection.sendall(HEAD % b"")
                        _read(connection)
                    delays.append(time.perf_counter() - began)
                    time.sleep(0.005)
            delays.sort()
            return delays[int(len(delays) * 0.99)] * 1e3

        return round_

    return prepare


def _port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1].partition("/")[0])


def _server(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.recipes.http_servers", *words],
        stdin=subprocess.PIPE,  # ends with this process, and the server with it
        stdout=subprocess.PIPE,
        text=True,
    )


def _port(server: "subprocess.Popen[str]") -> int:
    assert server.stdout is not None
    port = int(server.stdout.readline())
    # What was bound before it was served may refuse or wait; what answers does neither.
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return port
        time.sleep(0.01)


def _clock(process: int) -> Callable[[], float]:
    """The CPU time of another process, user and system, in seconds (clock_getcpuclockid(3))."""
    number = (~process << 3) | 2
    return lambda: time.clock_gettime(number)


def _resident(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS")


def _allow_descriptors() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
