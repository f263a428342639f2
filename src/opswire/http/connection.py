"""One connection: requests one after the other, each answered before the next is looked at."""

import asyncio
import ssl
from contextlib import suppress
from enum import Enum
from typing import Protocol, cast

from opswire.errors import HTTPBodyError
from opswire.http.chunks import Chunks
from opswire.http.headers import Headers
from opswire.http.heads import Head, HeadReader
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


class Engine(Protocol):
    """What a connection needs of the server."""

    limits: Limits
    heads: HeadReader
    streams: bool
    closing: bool

    def answer(self, connection: "Connection", request: Request) -> Response | None:
        """Begin to answer; the answer where it is there already, else None."""

    def begin_body(self, connection: "Connection", response: Response, chunked: bool) -> None:
        """Begin to send a body that comes by and by."""

    def lost(self, connection: "Connection") -> None:
        """Forget a connection that has ended."""

    def complain(self, kind: str, text: str, connection: "Connection") -> None:
        """Log what a client did."""

    def debug(self, text: str, connection: "Connection") -> None:
        """Log a step."""


class Connection(asyncio.Protocol):
    """What asyncio calls, and the server's loop looks after by ``look()``."""

    __slots__ = (
        "_ahead",
        "_asked",
        "_body",
        "_chunks",
        "_credit",
        "_deaf",
        "_drained",
        "_ended",
        "_engine",
        "_failure",
        "_head",
        "_in_turn",
        "_incoming",
        "_keep",
        "_left",
        "_loop",
        "_outgoing",
        "_owes_continue",
        "_paused",
        "_searched",
        "_skipped",
        "_taken",
        "_waiter",
        "_written",
        "busy",
        "descriptor",
        "has_begun",
        "peer",
        "phase",
        "transport",
        "writable",
    )

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the connection to be made."""
        self._engine = engine
        self._loop = loop
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self.peer: Peer = cast("Peer", None)
        self.descriptor = -1
        self.phase = Phase.HEAD
        # Whether the handler, or what sends its body, is still at it; that may outlive us.
        self.busy = False
        self.writable = True
        self._ahead = bytearray()
        self._searched = 0
        self._skipped = False
        self._paused = False
        # Nothing that still comes is of interest.
        self._deaf = False
        self._ended = False
        self._in_turn = False
        self._head = NO_HEAD
        self._keep = True
        # Octets of the answer to the request at hand have been sent.
        self.has_begun = False
        self._chunks: Chunks | None = None
        self._left = 0
        self._body: list[bytes] = []
        self._asked = False
        self._owes_continue = False
        self._failure: HTTPBodyError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._incoming = Patience(engine.limits.rate)
        self._outgoing = Patience(engine.limits.rate)
        self._credit = 0
        # Octets that we wrote, and of these what the client or the kernel took, by the last look.
        self._written = 0
        self._taken = 0

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a head."""
        self.transport = cast("asyncio.Transport", transport)
        tls = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
        self.peer = Peer(transport.get_extra_info("peername"), tls)
        self._incoming.begin(self._engine.limits.head)

    def connection_lost(self, error: Exception | None) -> None:
        """Wake whoever waits for octets or for room."""
        self._fail_body("the connection has ended")
        self.phase = Phase.CLOSED
        self._ahead.clear()
        self._wake(self._drained)
        self._engine.lost(self)

    def eof_received(self) -> bool:
        """Answer what was asked, and then end too: a client may send its last word first."""
        self._ended = True
        if self.peer.tls_version is not None:
            return False  # TLS has no half of a connection
        if self.phase is Phase.BODY:
            self._refuse(Refusal(400, "the body ended early"))
        elif self.phase is Phase.HEAD:
            self._go_on()
        elif self.phase is Phase.LINGER:
            self._close()
        return self.phase is not Phase.CLOSED

    def pause_writing(self) -> None:
        """Remember that the client is slower than we are."""
        self.writable = False

    def resume_writing(self) -> None:
        """Go on where the client's slowness stopped us."""
        self.writable = True
        self._wake(self._drained)
        if self.phase is Phase.HEAD or self.phase is Phase.BODY:
            self._go_on()

    def data_received(self, octets: bytes) -> None:
        """Take what came."""
        if self._deaf:
            return
        if self.phase is Phase.BODY:
            self._credit += len(octets)
        elif self.phase is Phase.HEAD and not self._ahead:
            self._incoming.begin(self._engine.limits.head)
        self._ahead += octets
        if self.phase is not Phase.ANSWER and self.writable:
            self._go_on()
        if len(self._ahead) > READ_AHEAD:
            self._pause()

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
            if self._outgoing.is_over(now, max(since, 0)):
                self._engine.complain("slow", "does not read its answer", self)
                self.abort()
                return
        else:
            self._taken = self._written
            self._outgoing.begin(self._engine.limits.answer)
        credit, self._credit = self._credit, 0
        if self.phase is Phase.ANSWER or not self._incoming.is_over(now, credit):
            return
        if self.phase is Phase.LINGER or (self.phase is Phase.HEAD and not self._ahead):
            self._engine.debug(f"closed: waited for {self.phase.value}", self)
            self._close()
        elif self.phase is not Phase.CLOSED:
            self._engine.complain("slow", f"takes too long for {self.phase.value}", self)
            self._refuse(Refusal(408, ""))

    def end_soon(self) -> None:
        """End when the request at hand is answered, at once if there is none."""
        if self.phase is Phase.LINGER or (self.phase is Phase.HEAD and not self._ahead):
            self._close()

    def abort(self) -> None:
        """End now."""
        self._fail_body("the connection was ended")
        self.phase = Phase.CLOSED
        self._deaf = True
        self.transport.abort()

    def send(self, response: Response) -> None:
        """Send the answer that the handler gave."""
        if self.phase is Phase.CLOSED or self.phase is Phase.LINGER:
            return self._discard(response)
        if response is HANG_UP:
            return self.abort()
        head = self._head
        body = response.body
        whole = isinstance(body, bytes)
        chunked = not whole and response.length is None and head.version == "1.1"
        if self.phase is Phase.BODY:
            # What is still to come of the request would be taken for the next one.
            self._fail_body("it was answered before it was read")
            self._keep = False
            self._stop_listening()
        if response.closes or self._engine.closing or not (whole or chunked or response.length):
            self._keep = False
        if head.method == "HEAD" or response.status in BODILESS:
            self.write(self.head_of(response, chunked))
            self._discard(response)
            self.finish()
        elif isinstance(body, bytes):
            octets = self.head_of(response, False)
            if len(body) > READ_AHEAD:
                self.write(octets)
                self.write(body)
            else:
                self.write(octets + body)
            self.finish()
        else:
            self._engine.begin_body(self, response, chunked)

    def head_of(self, response: Response, chunked: bool) -> bytes:
        """Return the octets before a body that comes by and by."""
        return response.head(version=self._head.version, keep=self._keep, chunked=chunked)

    def write(self, octets: bytes) -> None:
        """Send octets of an answer."""
        self.has_begun = True
        self._written += len(octets)
        self.transport.write(octets)

    async def room(self) -> None:
        """Return when the client has read enough of what was sent, or has gone."""
        while not self.writable and self.phase is not Phase.CLOSED:
            self._drained = self._loop.create_future()
            await self._drained

    def finish(self) -> None:
        """The answer is sent whole: the next request, or the end."""
        if self.phase is Phase.CLOSED:
            return
        if not self._keep:
            self._linger()
            return
        self._head = NO_HEAD
        self.has_begun = False
        self.phase = Phase.HEAD
        self._searched = 0
        limits = self._engine.limits
        self._incoming.begin(limits.head if self._ahead else limits.idle)
        if self._engine.closing and not self._ahead:
            self._close()
        elif not self._in_turn and (self._ahead or self._ended or self._paused):
            # Not from here: the handlers of thousands of pipelined requests would stand in a tower.
            self._loop.call_soon(self._go_on)

    async def next_piece(self) -> bytes:
        """Return the next octets of a body that the handler takes as it comes; none at its end."""
        if self._owes_continue:
            self._owes_continue = False
            if self.phase is not Phase.CLOSED:
                self._continue()
        while not self._body:
            if self._failure is not None:
                raise self._failure
            if self.phase is not Phase.BODY:
                return b""
            self._asked = True
            self._incoming.begin(self._engine.limits.body)
            self._resume()
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._asked = False
        pieces, self._body = self._body, []
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
        if self._paused and len(self._ahead) <= READ_AHEAD:
            self._resume()

    def _step(self) -> bool:
        """Do one thing with what came; tell whether there may be more to do."""
        if self.phase is Phase.HEAD:
            head = self._take_head()
            if head is None:
                if self._ended:
                    self._close()
                return False
            self._begin(head)
            return True
        if self.phase is Phase.BODY:
            return self._take_body()
        return False

    def _take_head(self) -> Head | None:
        ahead = self._ahead
        limits = self._engine.limits
        if not self._skipped and ahead[:2] == b"\r\n":
            del ahead[:2]  # old clients send one after a body (RFC 9112, section 2.2)
            self._skipped = True
            self._searched = 0
        end = ahead.find(b"\r\n\r\n", self._searched) + 4
        if end > 3 and end <= limits.max_head:
            octets = bytes(ahead) if end == len(ahead) else bytes(ahead[:end])
            del ahead[:end]
            self._skipped = False
            return self._engine.heads.read(octets)
        line = ahead.find(b"\n", self._searched)
        while line >= 0:
            if line == 0 or ahead[line - 1] != 0x0D:
                raise Refusal(400, "a bare LF in the head")
            line = ahead.find(b"\n", line + 1)
        if len(ahead) >= limits.max_head:
            if ahead.find(b"\n", 0, limits.max_head) < 0:
                raise Refusal(414, "the request line is longer than max_head")
            raise Refusal(431, "the head is longer than max_head")
        self._searched = max(len(ahead) - 3, 0)
        return None

    def _begin(self, head: Head) -> None:
        self._head = head
        self._keep = head.keep
        self._left = head.length or 0
        self._failure = None
        if head.length == 0:
            self._ask(Request(head, self.peer, b""))
            return
        self._chunks = Chunks(self._engine.limits.max_body) if head.length is None else None
        self.phase = Phase.BODY
        self._incoming.begin(self._engine.limits.body)
        self._owes_continue = head.expects and not self._ahead
        if self._engine.streams:
            self._ask(Request(head, self.peer, None, self.next_piece))
        elif self._owes_continue:
            self._owes_continue = False
            self._continue()

    def _take_body(self) -> bool:
        """Move octets from what came to the body; tell whether that changed the phase."""
        ahead = self._ahead
        if self._chunks is not None:
            octets = self._chunks.take(ahead)
            done = self._chunks.done
        else:
            octets = bytes(ahead) if len(ahead) <= self._left else bytes(ahead[: self._left])
            del ahead[: len(octets)]
            self._left -= len(octets)
            done = not self._left
        if octets:
            self._body.append(octets)
        if done:
            self.phase = Phase.ANSWER
        if not self._engine.streams:
            if done:
                pieces, self._body = self._body, []
                body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
                self._ask(Request(self._head, self.peer, body))
            return done
        self._wake(self._waiter)
        if not (done or self._asked) and sum(map(len, self._body)) > READ_AHEAD:
            self._pause()
            self._incoming.begin(0)  # it is the handler that is slow
        return False

    def _ask(self, request: Request) -> None:
        if self.phase is not Phase.BODY:
            self.phase = Phase.ANSWER
        response = self._engine.answer(self, request)
        if response is not None:
            self.send(response)

    # How it ends.

    def _refuse(self, refusal: Refusal) -> None:
        if self.phase is Phase.CLOSED or self.phase is Phase.LINGER:
            return
        if refusal.reason:
            self._engine.complain("refused", f"{refusal.status}: {refusal.reason}", self)
        self._fail_body(refusal.reason or "too slow", refusal.status)
        if self.has_begun:
            self.abort()  # in the middle of an answer there is no place for another
            return
        response = refusing(refusal.status, refusal.allow)
        self._keep = False
        octets = response.head(version="1.1", keep=False, chunked=False)
        if self._head.method != "HEAD":
            octets += cast("bytes", response.body)
        self.write(octets)
        self.phase = Phase.ANSWER
        self._stop_listening()
        self._linger()

    def _fail_body(self, reason: str, status: int = 400) -> None:
        """Tell a handler that takes the body as it comes, unless all of it has come."""
        if self.phase is Phase.BODY:
            self._failure = HTTPBodyError(f"the request's body did not come: {reason}", status)
            self._body = []
            self._wake(self._waiter)

    def _continue(self) -> None:
        self.transport.write(CONTINUE)
        self._written += len(CONTINUE)

    def _stop_listening(self) -> None:
        self.phase = Phase.ANSWER
        self._deaf = True
        self._ahead.clear()
        self._pause()

    def _linger(self) -> None:
        """Close.

        To close while octets of the client are unread resets the connection, and the answer is
        lost: then the client has a moment to read it first.
        """
        if self._ended or self._engine.closing or not (self._deaf or self._ahead):
            self._close()
            return
        self._deaf = True
        self._ahead.clear()
        self.phase = Phase.LINGER
        self._incoming.begin(self._engine.limits.linger)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._resume()

    def _close(self) -> None:
        self.phase = Phase.CLOSED
        self._deaf = True
        self._ahead.clear()
        self.transport.close()

    @staticmethod
    def _discard(response: Response) -> None:
        close = getattr(response.body, "close", None)
        if close is not None:
            with suppress(Exception):  # nobody is left to be told
                close()

    def _pause(self) -> None:
        if not self._paused and not self.transport.is_closing():
            self._paused = True
            self.transport.pause_reading()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()

    @staticmethod
    def _wake(waiter: "asyncio.Future[None] | None") -> None:
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
