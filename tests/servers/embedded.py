"""A remctl server made of our own server role, in threads of this process."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.remctl.driver import Driver
from opswire.errors import OpswireError
from tests.servers.hand_made import HandMade
from tests.servers.ports import IPV4

Handler = Callable[[Driver, list[bytes]], None]
Script = Callable[[HandMade], None]

IDLE_SECONDS = 60.0
PIECE = bytes(1024 * 1024)


def answer(driver: Driver, arguments: list[bytes]) -> None:
    """Do what remctld does for the commands of remctld_commands.py, without forking."""
    connection = driver.connection
    name, parameters = arguments[1:2], arguments[2:]
    match name:
        case [b"echo"]:
            connection.send_output(1, b" ".join(parameters) + b"\n")
        case [b"arguments"]:
            connection.send_output(1, b"".join(each + b"\0" for each in parameters))
        case [b"count"]:
            connection.send_output(1, b"%d\n" % len(parameters[-1]))
        case [b"both"]:
            connection.send_output(1, b"to stdout\n")
            connection.send_output(2, b"to stderr\n")
            connection.send_status(3)
            return
        case [b"status"]:
            connection.send_status(int(parameters[0]))
            return
        case [b"sleep"]:
            time.sleep(float(parameters[0]))
        case [b"bytes"]:
            _send_octets(driver, int(parameters[0]))
        case [b"true"]:
            pass
        case _:
            connection.send_error(5, b"Unknown command")
            return
    connection.send_status(0)


def _send_octets(driver: Driver, size: int) -> None:
    for start in range(0, size, len(PIECE)):
        driver.connection.send_output(1, PIECE[: size - start])
        driver.flush_queued()


class EmbeddedServer:
    """Listens on loopback inside the `with` block and serves every client in a thread of its own.

    `handler` answers commands. `hostile`, when given, gets the first connection in its place: a
    script that plays the server by hand; later clients are served well. `protocol` 1 makes a
    server that has never heard of a higher one. `delay` are seconds between accepting a connection
    and answering its first token; `greeted` and `answering` are called before and after.

    `hellos` are the flags of the first token of each connection that was served well, `commands`
    the argument lists, `ends` how connections ended ("quit", "closed", "hostile", "finished" by
    the server, or an exception's text).
    """

    def __init__(
        self,
        handler: Handler = answer,
        *,
        hostile: Script | None = None,
        protocol: int = 2,
        backlog: int = 128,
        delay: float = 0.0,
        greeted: Callable[[], None] = lambda: None,
        answering: Callable[[], None] = lambda: None,
    ) -> None:
        self._handler = handler
        self._hostile = hostile
        self._protocol = protocol
        self._backlog = backlog
        self._greeted = greeted
        self._answering = answering
        self._stop = threading.Event()
        self.delay = delay
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket | Driver] = []
        self.address = IPV4
        self.port = 0
        self.hellos: list[int] = []
        self.commands: list[list[bytes]] = []
        self.ends: list[str] = []

    def __enter__(self) -> Self:
        self._credential = gss.Credential.default(accept=True)
        self._listener = socket.create_server((self.address, 0), backlog=self._backlog)
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        # close() alone would leave accept() waiting on the listener that it holds.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(30)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                if isinstance(connection, socket.socket):
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                else:
                    connection.close()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "a thread of the server does not end"

    def wait_for_ends(self, count: int) -> list[str]:
        """Return `ends` when that many connections have ended, or 10 s later."""
        deadline = time.monotonic() + 10
        while len(self.ends) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.ends

    def _start(self, function: Callable[[], None]) -> None:
        thread = threading.Thread(target=function, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            hostile, self._hostile = self._hostile, None
            self._start(partial(self._run, sock, hostile))

    def _run(self, sock: socket.socket, hostile: Script | None) -> None:
        connection: socket.socket | Driver = sock
        with self._lock:
            self._open.append(sock)
        try:
            self._greeted()
            self._stop.wait(self.delay)
            self._answering()
            if hostile is not None:
                hostile(HandMade(sock, self._credential))
                self.ends.append("hostile")
            else:
                driver = self._driver(sock)
                with self._lock:
                    self._open.remove(sock)
                    self._open.append(driver)
                connection = driver
                if self._stop.is_set():
                    driver.close()
                self.ends.append(self._serve(driver))
        except (OSError, EOFError, OpswireError) as error:
            self.ends.append(str(error))
        finally:
            with self._lock:
                self._open.remove(connection)
            connection.close()

    def _driver(self, sock: socket.socket) -> Driver:
        machine = core.Connection(core.SERVER, self._protocol)
        first = sock.recv(1, socket.MSG_PEEK | socket.MSG_WAITALL)
        if not first:
            raise EOFError("closed before a hello")
        self.hellos.append(first[0])
        return Driver(machine, sock.detach(), IDLE_SECONDS)

    def _serve(self, driver: Driver) -> str:
        driver.handshake(gss.Context.accept(self._credential))
        while True:
            driver.flush_queued()
            event = driver.next_event()
            assert event is not None, "a handler answers its command"
            kind, octets, _, _ = event
            if kind == core.COMMAND:
                arguments = core.arguments(octets)
                self.commands.append(arguments)
                driver.flush_queued()  # protocol 1: the signature of the command
                self._handler(driver, arguments)
                if driver.connection.finished:
                    driver.flush_queued()
                    return "finished"
            elif kind == core.QUIT:
                return "quit"
            elif kind == core.CLOSED:
                return "closed"
