"""A server as its event loop sees it: connections, their deadlines, the handler, the drain."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from time import monotonic
from typing import cast

from opswire.errors import HTTPBodyError
from opswire.http.bodies import send_pieces
from opswire.http.complaints import Complaints
from opswire.http.connection import Connection
from opswire.http.descriptors import Descriptors, making
from opswire.http.handlers import Handler, Threads, is_async
from opswire.http.heads import HeadReader
from opswire.http.limits import Limits
from opswire.http.request import Request
from opswire.http.response import Response, refusing
from opswire.http.secure_transport import SecureTransport
from opswire.tls import ServerTLS

logger = logging.getLogger("opswire.http")

ACCEPTED_AT_ONCE = 64
"""Connections that are accepted before those that are there have their turn."""

BREATH = 0.2
"""Seconds without accepting, when no descriptor is left."""

LAST_MOMENT = 1.0
"""Seconds that cancelled handlers have to end."""


class Service:
    """The engine of one server, on one loop.

    Args:
        handler: what answers.
        limits: of each client.
        methods: that are handed on.
        streams: the handler takes bodies as they come.
        threads: for handlers that are not async; 0 calls them on the loop.
    """

    def __init__(
        self, handler: Handler, limits: Limits, methods: Iterable[str], streams: bool, threads: int
    ) -> None:
        """Wait for `open()`."""
        self.limits = limits
        self.heads = HeadReader(limits, methods)
        self.streams = streams
        self.closing = False
        self._plain = cast("Callable[[Request], Response]", handler)
        self._awaited = cast("Callable[[Request], Awaitable[Response]]", handler)
        # What a connection calls: the answer where it is there already, else None.
        self.answer: Callable[[Connection, Request], Response | None]
        if is_async(handler):
            self.answer = self._answer_awaited
        elif threads:
            self.answer = self._answer_on_thread
        else:
            self.answer = self._answer_here
        self._number_of_threads = threads
        self._threads: Threads | None = None
        self._complaints = Complaints(logger)
        self._descriptors = Descriptors()
        self._listeners: list[socket.socket] = []
        self._connections: set[Connection] = set()
        # Those whose handler outlived them.
        self._orphans: set[Connection] = set()
        self._greetings: set[asyncio.Task[None]] = set()
        self._quiet: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._looking: asyncio.TimerHandle | None = None

    def hold(self, made: socket.socket) -> None:
        """Take a socket into account: children shall not have it."""
        self._descriptors.numbers.add(made.fileno())

    def forget(self, held: socket.socket) -> None:
        """Close a socket that is no connection."""
        self._descriptors.numbers.discard(held.fileno())
        held.close()

    @property
    def is_inherited(self) -> bool:
        """Whether this process is a child of the one that serves."""
        return self._descriptors.is_inherited

    @property
    def connections(self) -> int:
        """How many there are, in every state: also those whose handler is all that is left."""
        return len(self._connections) + len(self._orphans) + len(self._greetings)

    def open(self, listeners: Iterable[tuple[socket.socket, ServerTLS | None]]) -> None:
        """Accept connections on the running loop; the sockets are the service's from now on."""
        self._loop = asyncio.get_running_loop()
        self._quiet = asyncio.Event()
        if self._number_of_threads:
            self._threads = Threads(self._loop, self._number_of_threads)
        for listener, tls in listeners:
            self._listeners.append(listener)
            self._loop.add_reader(listener.fileno(), self._accept, listener, tls)

    async def drain(self, seconds: float) -> None:
        """Accept no more, let what is at hand be answered for so long, and end all."""
        self.closing = True
        for listener in self._listeners:
            self._loop.remove_reader(listener.fileno())
            self.forget(listener)
        self._listeners.clear()
        for greeting in self._greetings:
            greeting.cancel()
        for connection in list(self._connections):
            connection.end_soon()
        if not await self._is_quiet_within(seconds):
            logger.warning("%d connections did not end in %g s", self.connections, seconds)
            for connection in [*self._connections, *self._orphans]:
                connection.abort()
                if connection.work is not None:
                    connection.work.cancel()
            if not await self._is_quiet_within(LAST_MOMENT):
                logger.warning("%d handlers are left behind", self.connections)
        if self._looking is not None:
            self._looking.cancel()
        self._complaints.tell()

    # What a connection calls.

    def _answer_awaited(self, connection: Connection, request: Request) -> None:
        self._start(connection, self._await_answer(connection, request))

    def _answer_here(self, connection: Connection, request: Request) -> Response:
        try:
            response = self._plain(request)
            if isinstance(response, Response):
                return response
            return self._failed(_no_response(response), request)
        except BaseException as error:
            return self._failed(error, request)

    def _answer_on_thread(self, connection: Connection, request: Request) -> None:
        connection.busy = True

        def done(response: Response | None, error: BaseException | None) -> None:
            if error is None and not isinstance(response, Response):
                error = _no_response(response)
            if error is not None:
                response = self._failed(error, request)
            self._done(connection, cast("Response", response))

        threads = cast("Threads", self._threads)
        threads.call(lambda: self._plain(request), done)

    def made(self, connection: Connection) -> None:
        """Look after a connection."""
        self._connections.add(connection)
        if self._looking is None:
            self._look_later()
        if self.closing:
            connection.end_soon()

    def begin_body(self, connection: Connection, response: Response, chunked: bool) -> None:
        """Begin to send a body that comes by and by."""
        self._start(connection, self._send_body(connection, response, chunked))

    def lost(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        self._descriptors.numbers.discard(connection.descriptor)
        self._connections.discard(connection)
        if connection.busy:
            self._orphans.add(connection)
        self._tell_if_quiet()

    def complain(self, kind: str, text: str, connection: Connection) -> None:
        """Log what a client did."""
        self._complaints.add(kind, f"{connection.peer.host} port {connection.peer.port}: {text}")

    def debug(self, text: str, connection: Connection) -> None:
        """Log a step."""
        logger.debug("%s port %d: %s", connection.peer.host, connection.peer.port, text)

    # Accepting.

    def _accept(self, listener: socket.socket, tls: ServerTLS | None) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                with making:
                    client, address = listener.accept()
                    self._descriptors.numbers.add(client.fileno())
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                # Most likely no descriptor is left: to be told so without a pause would take the
                # time in which connections could end.
                self._complaints.add("accept", f"cannot accept a connection: {error}")
                self._loop.remove_reader(listener.fileno())
                self._loop.call_later(BREATH, self._accept_again, listener, tls)
                return
            client.setblocking(False)
            if self.connections >= self.limits.max_connections:
                self._turn_away(client, address, tls)
                continue
            context = None
            if tls is not None:
                try:
                    context = tls.current()
                except Exception:
                    logger.exception("TLS cannot be set up")
                    self.forget(client)
                    continue
            greeting = self._loop.create_task(self._greet(client, address, context))
            self._greetings.add(greeting)
            greeting.add_done_callback(self._greeted)

    def _accept_again(self, listener: socket.socket, tls: ServerTLS | None) -> None:
        if not self.closing:
            self._loop.add_reader(listener.fileno(), self._accept, listener, tls)

    def _turn_away(self, client: socket.socket, address: object, tls: ServerTLS | None) -> None:
        self._complaints.add("full", f"{_words(address)}: more than max_connections")
        if tls is None:
            answer = refusing(503, retry_after=1)
            octets = answer.head(version="1.1", keep=False, chunked=False)
            with suppress(OSError):  # a fresh socket has room for it
                client.send(octets + cast("bytes", answer.body))
        self.forget(client)

    async def _greet(
        self, client: socket.socket, address: object, context: ssl.SSLContext | None
    ) -> None:
        connection = Connection(self, self._loop)
        connection.descriptor = client.fileno()
        try:
            if context is None:
                await self._loop.connect_accepted_socket(lambda: connection, client)
            else:
                await self._shake_hands(connection, client, context)
        except asyncio.CancelledError:
            self.forget(client)
            raise
        except OSError as error:  # ssl.SSLError too
            reason = getattr(error, "reason", None) or error
            self._complaints.add("handshake", f"{_words(address)}: {reason}")
            self.forget(client)

    async def _shake_hands(
        self, connection: Connection, client: socket.socket, context: ssl.SSLContext
    ) -> None:
        number = connection.descriptor

        def lost() -> None:
            # Before the number can be another socket's, or a file's: a child would let go of that.
            self._descriptors.numbers.discard(number)

        secure = SecureTransport(context, connection, self._loop, lost)
        await self._loop.connect_accepted_socket(lambda: secure, client)
        seconds = self.limits.handshake
        try:
            async with asyncio.timeout(seconds):
                await secure.shaken
        except TimeoutError:
            secure.abort()
            raise TimeoutError(f"no handshake in {seconds:g} s") from None
        except BaseException:
            secure.abort()
            raise

    def _greeted(self, greeting: "asyncio.Task[None]") -> None:
        self._greetings.discard(greeting)
        if not greeting.cancelled() and greeting.exception() is not None:
            logger.error("a connection could not be made", exc_info=greeting.exception())
        self._tell_if_quiet()

    # Deadlines.

    def _look_later(self) -> None:
        self._looking = self._loop.call_later(self.limits.tick, self._look)

    def _look(self) -> None:
        now = monotonic()
        for connection in list(self._connections):
            connection.look(now)
        self._complaints.look(now)
        if self._connections:
            self._look_later()
        else:
            self._looking = None

    # Answers.

    def _start(self, connection: Connection, work: Coroutine[None, None, None]) -> None:
        connection.busy = True
        connection.work = self._loop.create_task(work)

    async def _await_answer(self, connection: Connection, request: Request) -> None:
        try:
            answer = await self._awaited(request)
            if not isinstance(answer, Response):
                raise _no_response(answer)
        except asyncio.CancelledError:
            connection.abort()
            self._end(connection)
            raise
        except BaseException as error:
            answer = self._failed(error, request)
        self._done(connection, answer)

    async def _send_body(self, connection: Connection, response: Response, chunked: bool) -> None:
        try:
            await send_pieces(connection, response, chunked, self._threads)
        except asyncio.CancelledError:
            connection.abort()
            self._end(connection)
            raise
        except BaseException:
            logger.exception("a body could not be sent")
            if connection.has_begun:
                connection.abort()
                self._end(connection)
            else:
                self._done(connection, refusing(500))
            return
        self._end(connection)
        connection.finish()

    def _done(self, connection: Connection, response: Response) -> None:
        self._end(connection)
        connection.send(response)

    def _end(self, connection: Connection) -> None:
        connection.busy = False
        connection.work = None
        if self._orphans:
            self._orphans.discard(connection)
            self._tell_if_quiet()

    def _failed(self, error: BaseException, request: Request) -> Response:
        if isinstance(error, HTTPBodyError):
            return refusing(error.status)
        # ascii(): a path may hold what a terminal takes for commands, and a query may hold secrets.
        logger.error("the handler failed at %s %a", request.method, request.path, exc_info=error)
        return refusing(500)

    def _tell_if_quiet(self) -> None:
        if self.closing and not self.connections:
            self._quiet.set()

    async def _is_quiet_within(self, seconds: float) -> bool:
        self._tell_if_quiet()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._quiet.wait()
        return self._quiet.is_set()


def _no_response(found: object) -> TypeError:
    return TypeError(f"a handler returns a Response, not {type(found).__name__}")


def _words(address: object) -> str:
    """Return the words for a peer that has no connection yet."""
    if isinstance(address, tuple) and len(address) > 1:
        return f"{address[0]} port {address[1]}"
    return "a client"
