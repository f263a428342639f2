"""A server as programs see it: what is listened on, start and end."""

import asyncio
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

from opswire.errors import LocalProtocolError
from opswire.http.descriptors import making
from opswire.http.handlers import Handler, is_async
from opswire.http.heads import METHODS
from opswire.http.limits import Limits
from opswire.http.listening import bound, places_of
from opswire.http.service import Service, logger
from opswire.public_names import public_in
from opswire.tls import ServerTLS

DRAIN_SECONDS = 10.0
"""That ``close()`` waits for what is at hand."""


@public_in("opswire.http")
class Address(NamedTuple):
    """Where a server listens.

    Attributes:
        host: the address as text.
        port: its port.
        tls: whether it speaks TLS.
    """

    host: str
    port: int
    tls: bool

    @property
    def url(self) -> str:
        """``https://[::1]:5989`` and the like."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


@public_in("opswire.http")
class Server:
    r"""An HTTP/1.1 server.

        def hello(request: Request) -> Response:
            return Response(200, {"Content-Type": "text/plain"}, b"hello\n")

        with Server(hello) as server:
            print(server.url)

    A handler is an ordinary function, called on one of ``threads`` threads, or an async one,
    awaited on the server's loop.  What it raises is logged, and answered 500.  Returning
    ``HANG_UP`` ends the connection without an answer.

    ``start()``, or the with block, runs an event loop on a thread of its own; ``serve_here()``, or
    ``async with``, uses the loop that runs.  A server is used once.  Its methods may be called from
    any thread; children that are forked hold none of its sockets.

    Args:
        handler: gives each ``Request`` its ``Response``.
        host: a name or an address to listen on, every address that it has; empty for all of this
            machine.
        port: 0 for a free one; None for nothing yet, see ``listen()``.
        tls: a certificate, for https.
        limits: what a client may take.
        methods: that are handed on; ``M-POST`` must be named.  A HEAD is answered like a GET, and
            the body left out.
        stream_bodies: the handler, an async one, is called when the head has come.
        threads: that ordinary handlers run on at most; 0 calls them on the loop, where they must
            not wait.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        host: str = "127.0.0.1",
        port: int | None = 0,
        tls: ServerTLS | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        methods: Iterable[str] = METHODS,
        stream_bodies: bool = False,
        threads: int = 8,
    ) -> None:
        """Keep what is to be served; nothing is bound before the start."""
        if stream_bodies and not is_async(handler):
            raise ValueError("stream_bodies is for an async handler, which can wait for its body")
        self.limits = limits
        self._wanted: list[tuple[str, int, ServerTLS | None]] = []
        self._service = Service(handler, limits, methods, stream_bodies, threads)
        self._lock = threading.Lock()
        self._state = "new"
        self._addresses: tuple[Address, ...] = ()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event
        self._drain_seconds = DRAIN_SECONDS
        self._failure: BaseException | None = None
        if port is not None:
            self.listen(host, port, tls=tls)

    def listen(self, host: str, port: int = 0, *, tls: ServerTLS | None = None) -> None:
        """Listen there too, from the start on.

        Raises:
            LocalProtocolError: the server has been started.
        """
        if self._state != "new":
            raise LocalProtocolError("the server has been started")
        self._wanted.append((host, port, tls))

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where it listens, in the order of ``listen()``; empty before the start."""
        return self._addresses

    @property
    def port(self) -> int:
        """The port of the first address."""
        return self._first.port

    @property
    def url(self) -> str:
        """The URL of the first address, without a slash at its end."""
        return self._first.url

    @property
    def _first(self) -> Address:
        if not self._addresses:
            raise LocalProtocolError("the server has not been started, or listens on nothing")
        return self._addresses[0]

    @property
    def connections(self) -> int:
        """How many there are."""
        return self._service.connections

    def start(self) -> None:
        """Listen, and serve on a thread of its own.

        Raises:
            OSError: an address cannot be had; nothing is left bound.
            LocalProtocolError: the server has been started before.
        """
        # Here, not where the class is: who only names it needs no event loop.
        import uvloop

        listeners = self._bind()
        self._loop = uvloop.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._loop, listeners, ready), name=repr(self), daemon=True
        )
        self._thread.start()
        ready.wait()
        if self._failure is not None:
            raise self._failure

    def close(self, drain: float = DRAIN_SECONDS) -> None:
        """Accept no more, let requests at hand be answered for so many seconds, and end.

        Again, or before the start, it does nothing.  Other threads' calls return when it has ended.

        Raises:
            LocalProtocolError: this is the thread of the server's loop.
        """
        with self._lock:
            if self._state == "new":
                self._state = "closed"
            thread, loop = self._thread, self._loop
        if thread is None or loop is None or self._service.is_inherited:
            return
        if thread is threading.current_thread():
            raise LocalProtocolError("a server cannot wait for its own end: await aclose()")
        self._drain_seconds = drain
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(self._stop.set)
        thread.join()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    async def serve_here(self) -> None:
        """Listen, and serve on the loop that runs: uvloop's or asyncio's.

        Raises:
            OSError: an address cannot be had; nothing is left bound.
            LocalProtocolError: the server has been started before.
        """
        self._service.open(self._bind())

    async def aclose(self, drain: float = DRAIN_SECONDS) -> None:
        """The same as ``close()``, on the loop of ``serve_here()``."""
        with self._lock:
            state, self._state = self._state, "closed"
        if state == "started" and not self._service.is_inherited:
            await self._service.drain(drain)

    async def __aenter__(self) -> Self:
        """Serve here."""
        await self.serve_here()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show where it listens."""
        return f"<Server {', '.join(address.url for address in self._addresses) or self._state}>"

    def _bind(self) -> list[tuple[socket.socket, ServerTLS | None]]:
        with self._lock:
            if self._state != "new":
                raise LocalProtocolError("a server is started once")
            self._state = "started"
        listeners: list[tuple[socket.socket, ServerTLS | None]] = []
        try:
            for host, port, tls in self._wanted:
                found = places_of(host, port)
                with making:
                    for listener in bound(found, port, self.limits.backlog):
                        self._service.hold(listener)
                        listeners.append((listener, tls))
        except BaseException:
            for listener, _ in listeners:
                self._service.forget(listener)
            self._state = "closed"
            raise
        places = [(listener.getsockname(), tls is not None) for listener, tls in listeners]
        self._addresses = tuple(Address(name[0], name[1], tls) for name, tls in places)
        return listeners

    def _run(
        self,
        loop: asyncio.AbstractEventLoop,
        listeners: list[tuple[socket.socket, ServerTLS | None]],
        ready: threading.Event,
    ) -> None:
        try:
            loop.run_until_complete(self._serve(listeners, ready))
            loop.run_until_complete(loop.shutdown_asyncgens())
        except BaseException as error:
            self._failure = error
            logger.exception("the server has ended")
        finally:
            ready.set()
            # Not asyncio.Runner's end: it waits for threads, those of stuck calls too.
            loop.close()

    async def _serve(
        self, listeners: list[tuple[socket.socket, ServerTLS | None]], ready: threading.Event
    ) -> None:
        self._stop = asyncio.Event()
        self._service.open(listeners)
        ready.set()
        await self._stop.wait()
        await self._service.drain(self._drain_seconds)
