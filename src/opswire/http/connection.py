"""One connection: requests one after the other, each answered before the next is looked at."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Protocol, cast

from opswire.errors import HTTPBodyError
from opswire.http.headers import Headers
from opswire.http.heads import Head, HeadReader
from opswire.http.incoming import Incoming
from opswire.http.limits import Limits
from opswire.http.patience import Patience
from opswire.http.refusal import Refusal
from opswire.http.request import Peer, Request
from opswire.http.response import BODILESS, HANG_UP, Response, refusing

READ_AHEAD = 64 * 1024
"""Octets that may wait behind the request that is being answered; then the socket is left alone."""

ANSWERED_AT_ONCE = 32
"""Pipelined requests of one connection before the others' turn."""

NO_HEAD = Head("", "", "1.1", Headers(()), (), 0, keep=True, expects=False)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Phase(Enum):
    """What a connection waits for."""

    HEAD = "the head of a request"
    BODY = "a body"
    ANSWER = "the handler"
    LINGER = "the client to hang up"
    CLOSED = "nothing"


# A member of an enumeration is found in two steps, a name of this module in one.
HEAD = Phase.HEAD
BODY = Phase.BODY
ANSWER = Phase.ANSWER
LINGER = Phase.LINGER
CLOSED = Phase.CLOSED


class Engine(Protocol):
    """What a connection needs of the server."""

    limits: Limits
    heads: HeadReader
    streams: bool
    closing: bool

    @property
    def answer(self) -> Callable[["Connection", Request], Response | None]:
        """What begins to answer: gives the answer where it is there already, else None."""

    def made(self, connection: "Connection") -> None:
        """Look after a new connection."""

    def begin_body(self, connection: "Connection", response: Response, chunked: bool) -> None:
        """Begin to send a body that comes by and by."""

    def lost(self, connection: "Connection") -> None:
        """Forget a connection that has ended."""

    def complain(self, kind: str, text: str, connection: "Connection") -> None:
        """Log what a client did."""

    def debug(self, text: str, connection: "Connection") -> None:
        """Log a step."""


class Connection(asyncio.Protocol):
    """What asyncio calls, and the server's loop looks after by ``look()``.

    Attributes:
        transport: its socket.
        peer: who is at the other end.
        descriptor: of the socket.
        phase: what it waits for.
        busy: whether the handler, or what sends its body, is still at it; that may outlive us.
        work: the task in which it is.
        writable: whether the client keeps up with what it is sent.
        has_begun: octets of the answer to the request at hand have been sent.
    """

    __slots__ = (
        "_asked",
        "_body",
        "_credit",
        "_deaf",
        "_drained",
        "_ended",
        "_engine",
        "_failure",
        "_head",
        "_held",
        "_in_turn",
        "_incoming",
        "_keep",
        "_limits",
        "_loop",
        "_owes_continue",
        "_patience",
        "_paused",
        "_slow_reader",
        "_stalled",
        "_taken",
        "_waiter",
        "_written",
        "busy",
        "descriptor",
        "has_begun",
        "peer",
        "phase",
        "transport",
        "work",
        "writable",
    )

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the connection to be made."""
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self.peer: Peer = cast("Peer", None)
        self.descriptor = -1
        self.phase = HEAD
        self.busy = False
        self.work: asyncio.Task[None] | None = None
        self.writable = True
        self.has_begun = False
        self._engine = engine
        self._loop = loop
        self._limits = engine.limits
        self._incoming = Incoming(engine.heads, engine.limits)
        self._paused = False
        # Nothing that still comes is of interest.
        self._deaf = False
        # The client will send nothing more.
        self._ended = False
        self._in_turn = False
        self._head = NO_HEAD
        self._keep = True
        # Of a body that the handler takes as it comes: what it has not taken, and who waits for it.
        self._body: list[bytes] = []
        self._held = 0
        self._asked = False
        self._stalled = False
        self._owes_continue = False
        self._failure: HTTPBodyError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._patience = Patience(engine.limits.rate)
        self._slow_reader = Patience(engine.limits.rate)
        # Octets of a body since the last look.
        self._credit = 0
        # Octets that we wrote, and of these what the kernel had taken by the last look.
        self._written = 0
        self._taken = 0

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a head."""
        self.transport = cast("asyncio.Transport", transport)
        tls = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
        self.peer = Peer(transport.get_extra_info("peername"), tls)
        self._patience.begin(self._limits.head)
        self._slow_reader.begin(self._limits.answer)
        self._engine.made(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Wake whoever waits for octets or for room."""
        self._fail_body("the connection has ended")
        self.phase = CLOSED
        self._incoming.throw_away()
        self._wake(self._drained)
        self._engine.lost(self)

    def eof_received(self) -> bool:
        """Answer what was asked, and then end too: a client may send its last word first."""
        self._ended = True
        if self.peer.tls_version is not None:
            return False  # TLS has no half of a connection
        if self.phase is BODY:
            self._refuse(Refusal(400, "the body ended early"))
        elif self.phase is HEAD:
            self._go_on()
        elif self.phase is LINGER:
            self._close()
        return self.phase is not CLOSED

    def pause_writing(self) -> None:
        """Remember that the client is slower than we are."""
        self.writable = False

    def resume_writing(self) -> None:
        """Go on where the client's slowness stopped us."""
        self.writable = True
        self._wake(self._drained)
        # What has come in the meantime was not looked at, so its time begins now.
        if self.phase is HEAD:
            ahead = self._incoming.ahead
            self._patience.begin(self._limits.head if ahead else self._limits.idle)
            self._go_on()
        elif self.phase is BODY:
            self._patience.begin(self._limits.body)
            self._go_on()

    def data_received(self, octets: bytes) -> None:
        """Take what came."""
        if self._deaf:
            return
        incoming = self._incoming
        if self.phase is HEAD and not incoming.ahead:
            head = incoming.again(octets)
            if head is not None and self.writable:
                self._begin(head)
                return
            self._patience.begin(self._limits.head)
        elif self.phase is BODY:
            self._credit += len(octets)
        incoming.ahead += octets
        if self.phase is not ANSWER and self.writable:
            self._go_on()
        else:
            self._regulate()

    # What the server calls.

    def look(self, now: float) -> None:
        """End the connection if its client took too long.

        Args:
            now: a moment of the server's clock.
        """
        waiting = self.transport.get_write_buffer_size()
        if waiting:
            taken = self._written - waiting
            since, self._taken = taken - self._taken, taken
            if self._slow_reader.is_over(now, max(since, 0)):
                self._engine.complain("slow", "does not read its answer", self)
                self.abort()
                return
        else:
            self._taken = self._written
            self._slow_reader.begin(self._limits.answer)
        credit, self._credit = self._credit, 0
        if self.phase is ANSWER or not self.writable or not self._patience.is_over(now, credit):
            return
        if self.phase is LINGER or (self.phase is HEAD and not self._incoming.ahead):
            self._engine.debug(f"closed: waited for {self.phase.value}", self)
            self._close()
        elif self.phase is not CLOSED:
            self._engine.complain("slow", f"takes too long for {self.phase.value}", self)
            self._refuse(Refusal(408, ""))

    def end_soon(self) -> None:
        """End when the request at hand is answered, at once if there is none."""
        if self.phase is LINGER or (self.phase is HEAD and not self._incoming.ahead):
            self._close()

    def abort(self) -> None:
        """End now."""
        self._fail_body("the connection was ended")
        self.phase = CLOSED
        self._deaf = True
        self.transport.abort()

    def send(self, response: Response) -> None:
        """Send the answer that the handler gave."""
        phase = self.phase
        if phase is CLOSED or phase is LINGER:
            return self._discard(response)
        if response is HANG_UP:
            return self.abort()
        body = response.body
        whole = isinstance(body, bytes)
        chunked = not whole and response.length is None and self._head.version == "1.1"
        if phase is BODY:
            # What is still to come of the request would be taken for the next one.
            self._fail_body("it was answered before it was read")
            self._keep = False
            self._stop_listening()
        if response.closes or self._engine.closing or not (whole or chunked or response.length):
            self._keep = False
        if self._head.method == "HEAD" or response.status in BODILESS:
            self.write(self.head_of(response, chunked))
            self._discard(response)
            self.finish()
        elif isinstance(body, bytes):
            octets = response.head(version=self._head.version, keep=self._keep, chunked=False)
            if len(body) > READ_AHEAD:
                self.write(octets)
                self.write(body)
            else:
                self.write(octets + body)
            self.finish()
        else:
            self._engine.begin_body(self, response, chunked)

    def head_of(self, response: Response, chunked: bool) -> bytes:
        """Return the octets before a body."""
        return response.head(version=self._head.version, keep=self._keep, chunked=chunked)

    def write(self, octets: bytes) -> None:
        """Send octets of an answer."""
        self.has_begun = True
        self._written += len(octets)
        self.transport.write(octets)

    async def room(self) -> None:
        """Return when the client has read enough of what was sent, or has gone."""
        while not self.writable and self.phase is not CLOSED:
            self._drained = self._loop.create_future()
            await self._drained

    def finish(self) -> None:
        """The answer is sent whole: the next request, or the end."""
        if self.phase is CLOSED:
            return
        if not self._keep:
            self._linger()
            return
        self._head = NO_HEAD
        self.has_begun = False
        self.phase = HEAD
        ahead = self._incoming.ahead
        self._patience.begin(self._limits.head if ahead else self._limits.idle)
        if self._engine.closing and not ahead:
            self._close()
        elif not self._in_turn and (ahead or self._ended or self._paused):
            # Not from here: the handlers of thousands of pipelined requests would stand in a tower.
            self._loop.call_soon(self._go_on)

    async def next_piece(self) -> bytes:
        """Return the next octets of a body that the handler takes as it comes; none at its end."""
        if self._owes_continue:
            self._owes_continue = False
            if self.phase is BODY:
                self._continue()
        while not self._body:
            if self._failure is not None:
                raise self._failure
            if self.phase is not BODY:
                return b""
            self._asked = True
            if self._stalled:
                self._stalled = False
                self._patience.begin(self._limits.body)
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._asked = False
        pieces, self._body, self._held = self._body, [], 0
        self._regulate()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    # What came.

    def _go_on(self) -> None:
        self._in_turn = True
        try:
            for _ in range(ANSWERED_AT_ONCE):
                if not (self.writable and self._step()):
                    break
            else:
                self._loop.call_soon(self._go_on)
        except Refusal as refusal:
            self._refuse(refusal)
        finally:
            self._in_turn = False
        self._regulate()

    def _step(self) -> bool:
        """Do one thing with what came; tell whether there may be more to do."""
        if self.phase is HEAD:
            head = self._incoming.take_head()
            if head is not None:
                self._begin(head)
                return True
            if self._ended:
                self._close()
            return False
        return self.phase is BODY and self._take_body()

    def _begin(self, head: Head) -> None:
        self._head = head
        self._keep = head.keep
        if head.length == 0:
            self.phase = ANSWER
            self._ask(Request(head, self.peer, b""))
            return
        self.phase = BODY
        self._failure = None
        self._incoming.begin_body(head)
        self._patience.begin(self._limits.body)
        self._owes_continue = head.expects and not self._incoming.ahead
        if self._engine.streams:
            self._ask(Request(head, self.peer, None, self.next_piece))
        elif self._owes_continue:
            self._owes_continue = False
            self._continue()

    def _take_body(self) -> bool:
        """Move octets from what came to the body; tell whether there may be more to do."""
        octets = self._incoming.take_body()
        done = self._incoming.done
        if octets:
            self._body.append(octets)
        if done:
            self.phase = ANSWER
        if self._engine.streams:
            self._held += len(octets)
            self._wake(self._waiter)
            if self._held > READ_AHEAD and not self._asked:
                self._stalled = True
                self._patience.begin(0)  # it is the handler that is slow
            return False
        if done:
            pieces, self._body = self._body, []
            body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            self._ask(Request(self._head, self.peer, body))
        return done

    def _ask(self, request: Request) -> None:
        response = self._engine.answer(self, request)
        if response is not None:
            self.send(response)

    def _regulate(self) -> None:
        """Read from the socket only as fast as there is use for it."""
        full = len(self._incoming.ahead) > READ_AHEAD or self._held > READ_AHEAD
        if (full or (self._deaf and self.phase is ANSWER)) == self._paused:
            return
        if not self.transport.is_closing():
            self._paused = not self._paused
            if self._paused:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    # How it ends.

    def _refuse(self, refusal: Refusal) -> None:
        if self.phase is CLOSED or self.phase is LINGER:
            return
        if refusal.reason:
            self._engine.complain("refused", f"{refusal.status}: {refusal.reason}", self)
        self._fail_body(refusal.reason or "too slow", refusal.status)
        if self.has_begun:
            self.abort()  # in the middle of an answer there is no place for another
            return
        response = refusing(refusal.status, refusal.allow)
        octets = response.head(version="1.1", keep=False, chunked=False)
        if self._head.method != "HEAD":
            octets += cast("bytes", response.body)
        self.write(octets)
        self._stop_listening()
        self._linger()

    def _fail_body(self, reason: str, status: int = 400) -> None:
        """Tell a handler that takes the body as it comes, unless all of it has come."""
        if self.phase is BODY:
            self._failure = HTTPBodyError(f"the request's body did not come: {reason}", status)
            self._body, self._held = [], 0
            self._wake(self._waiter)

    def _continue(self) -> None:
        self._written += len(CONTINUE)
        self.transport.write(CONTINUE)

    def _stop_listening(self) -> None:
        self.phase = ANSWER
        self._deaf = True
        self._incoming.throw_away()
        self._regulate()

    def _linger(self) -> None:
        """Say that nothing more is sent, and give the client a moment to end the connection.

        To close while it still sends resets the connection, and an answer that it has not read is
        lost (RFC 9112, section 9.6).
        """
        if self._ended or (self._engine.closing and not self._deaf):
            self._close()
            return
        self.phase = LINGER
        self._deaf = True
        self._incoming.throw_away()
        self._patience.begin(self._limits.linger)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._regulate()

    def _close(self) -> None:
        self.phase = CLOSED
        self._deaf = True
        self._incoming.throw_away()
        self.transport.close()

    @staticmethod
    def _discard(response: Response) -> None:
        close = getattr(response.body, "close", None)
        if close is not None:
            with suppress(Exception):  # nobody is left to be told
                close()

    @staticmethod
    def _wake(waiter: "asyncio.Future[None] | None") -> None:
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
