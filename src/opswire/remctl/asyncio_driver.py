"""What moves the octets of a remctl connection on an event loop."""

import asyncio
import fcntl
import socket
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import cast

from opswire._core import remctl as core
from opswire._core.gss import Context
from opswire.errors import ConnectionBusyError, LocalProtocolError, RemoteProtocolError

_Event = tuple[int, bytes, int, int]

UNREAD_LIMIT = 1 << 20
"""Octets that may wait for somebody to ask for them before the socket is read no further."""

ROOM = 1 << 16
"""Octets that are read at once."""

BUSY = "another task is inside a call on this connection"

SHORT_READ = 2048
"""A longer read is part of a stream that is acknowledged at once anyway."""


class AsyncioDriver(asyncio.BufferedProtocol):
    """The twin of ``_core.remctl.driver.Driver`` on asyncio: one task at a time.

    ``deadline`` arguments are moments of time.monotonic() in seconds, 0.0 for none.  A call that
    is cancelled while it reads loses nothing; one that is cancelled while it writes leaves half a
    message, after which the stream is to be closed.

    Args:
        connection: the machine, in its first state.
        timeout: inactivity timeout in seconds, 0.0 for none: how long the peer may neither send nor
            take an octet.

    Attributes:
        busy: a task waits inside.
        over: the peer sends nothing more, or the socket is closed.
        closed: ``close()`` was called.

    Raises (every method that waits):
        TimeoutError: the inactivity timeout or the deadline has passed.
        OSError: the socket failed.
        RemoteProtocolError: the peer broke the protocol, or ended the connection too early.
        LocalProtocolError: not allowed in this state, closed, or another task is waiting.
    """

    def __init__(self, connection: core.Connection, timeout: float) -> None:
        """See the class."""
        self.connection = connection
        self._timeout = timeout
        self.closed = False
        self.busy = False
        self.over = False
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[Exception | None] | None = None
        self._early: _Event | None = None
        self._unread = 0
        self._reading = True
        self._writable = True
        self._heard_little = False
        # An asyncio.Protocol is given a new object for every read, for which 256 KiB are taken and
        # given back: three times the cost of everything else that a NOOP needs.
        self._room = memoryview(bytearray(ROOM))

    # -- what the transport calls --

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is connected."""
        self._transport = cast(asyncio.Transport, transport)
        self._acknowledge_now: Callable[..., None] = transport.get_extra_info("socket").setsockopt

    def get_buffer(self, sizehint: int) -> memoryview:
        """Octets may come; ``sizehint`` is a guess that says nothing here."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """Octets have come."""
        try:
            self.connection.receive(self._room[:nbytes])
        except (LocalProtocolError, RemoteProtocolError, MemoryError) as error:
            self._failure = error
        self._heard_little = nbytes < SHORT_READ
        self._unread += nbytes
        if self._unread > UNREAD_LIMIT and self._reading:
            self._reading = False
            self._open_transport().pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """The peer sends nothing more; the transport closes itself."""
        self.over = True
        self.connection.receive_end()
        self._wake()

    def connection_lost(self, failure: Exception | None) -> None:
        """The socket is closed."""
        self.over = True
        self._failure = self._failure or failure
        self._writable = True
        if not self._gone.done():
            self._gone.set_result(None)
        self._wake()

    def pause_writing(self) -> None:
        """The peer takes octets more slowly than they come."""
        self._writable = False

    def resume_writing(self) -> None:
        """The peer has taken enough."""
        self._writable = True
        self._wake()

    @property
    def timeout(self) -> float:
        """The inactivity timeout; the task that waits inside begins to count a new one anew."""
        return self._timeout

    @timeout.setter
    def timeout(self, timeout: float) -> None:
        if timeout != self._timeout:
            self._timeout = timeout
            self._wake()

    # -- closing --

    def close(self) -> None:
        """Say good-bye if the protocol has a word for it, and close the socket.

        Never waits; the descriptor is gone a turn of the event loop later.  Idempotent.  Ends the
        wait of the task inside.
        """
        transport = self._transport
        if self.closed or transport is None:
            return
        self.closed = True
        self._wake()
        if transport.is_closing():
            return
        # Protocol 1 has no such word, and to a peer that broke the protocol there is none to say.
        with suppress(LocalProtocolError, RemoteProtocolError):
            if self.connection.ready and not transport.get_write_buffer_size():
                self.connection.send_quit()
                transport.write(self.connection.data_to_send())
                if not transport.get_write_buffer_size():
                    transport.close()
                    return
        # What a peer does not take must not keep the descriptor.
        transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the descriptor is gone."""
        await asyncio.shield(self._gone)

    # -- waiting --

    def _open_transport(self) -> asyncio.Transport:
        if self.closed or self._transport is None:
            raise LocalProtocolError("the connection is closed")
        return self._transport

    def _wake(self, problem: Exception | None = None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(problem)

    def _turn(self, deadline: float) -> asyncio.Future[Exception | None]:
        """Return what to await until something has come, or can go; `_go_on()` takes its result.

        A future and no coroutine: this is where a NOOP spends its time.
        """
        if self._failure is not None:
            raise self._failure
        self._open_transport()
        waiter = self._waiter = self._loop.create_future()
        limit = self._timeout
        if deadline:
            left = deadline - monotonic()
            limit = min(limit, left) if limit else left
            if left <= 0:
                raise TimeoutError("timed out")
        if limit:
            timer = self._loop.call_later(limit, self._wake, TimeoutError("timed out"))
            waiter.add_done_callback(lambda _: timer.cancel())
        return waiter

    def _go_on(self, problem: Exception | None) -> None:
        if self.closed:
            raise LocalProtocolError("the connection was closed by another task")
        if problem is not None:
            raise problem

    def _hear(self) -> None:
        """Let octets come, all that came before being read."""
        self._unread = 0
        if not self._reading:
            self._reading = True
            self._open_transport().resume_reading()
        elif self._heard_little and not self._open_transport().is_closing():
            # remctld sends a command's output and its status in two writes with Nagle's delay on:
            # the second waits for our ACK of the first, which the kernel would delay by 40 ms.
            self._acknowledge_now(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _write(self) -> None:
        """Hand over what the machine has queued; what does not go at once follows by itself."""
        if self._failure is not None:
            raise self._failure
        self._open_transport().write(self.connection.data_to_send())
        self._heard_little = False

    async def _written(self, deadline: float) -> None:
        """Wait until most of what was handed over has gone, or the peer answers before that."""
        self._enter()
        try:
            if self._writable:
                # A peer that takes all at once must not keep the loop from all other tasks.
                await asyncio.sleep(0)
                if deadline and monotonic() >= deadline:
                    raise TimeoutError("timed out")
                self._early = self.connection.next_event()
            while not self._writable and self._early is None:
                await self._pause_to_write(deadline)
                # A peer that answers a half-sent command is heard, or both would wait for ever.
                self._early = self.connection.next_event()
        finally:
            self.busy = False

    async def _pause_to_write(self, deadline: float) -> None:
        """Wait for a turn; a peer that takes a little, too little to go on, is not silent."""
        waiting = self._not_taken()
        try:
            self._go_on(await self._turn(deadline))
        except TimeoutError:
            if (deadline and monotonic() >= deadline) or self._not_taken() == waiting:
                raise

    def _not_taken(self) -> int:
        """Octets that the peer has not acknowledged, or that the kernel has not taken yet.

        The kernel says nothing until a third of its buffer is free, which a slow peer may not
        achieve within the timeout.
        """
        transport = self._open_transport()
        queued = fcntl.ioctl(transport.get_extra_info("socket"), termios.TIOCOUTQ, bytes(4))
        return transport.get_write_buffer_size() + int.from_bytes(queued, sys.byteorder)

    def _enter(self) -> None:
        if self.busy:
            raise ConnectionBusyError(BUSY)
        self.busy = True

    # -- what callers do --

    @property
    def free(self) -> bool:
        """Whether a command or a NOOP can go out now."""
        return self.connection.ready and self._early is None and not (self.busy or self.over)

    @property
    def gone(self) -> bool:
        """Whether nothing more can be asked, nor is anything left to be read."""
        return self.closed or (self.over and not self.outstanding)

    @property
    def outstanding(self) -> bool:
        """Whether the answer to a command has not been read to its end."""
        return self._early is not None or self.connection.outstanding

    async def next_event(self, deadline: float = 0.0) -> _Event:
        """Wait for the next event; as ``Connection.next_event()`` of the machine."""
        self._enter()
        try:
            if self._early is not None:
                early, self._early = self._early, None
                return early
            while (event := self.connection.next_event()) is None:
                self._hear()
                self._go_on(await self._turn(deadline))
            return event
        finally:
            self.busy = False

    async def handshake(self, context: Context, token: bytes | None, deadline: float) -> None:
        """Establish the security context with the peer.

        Args:
            context: as initiator, after its first step.
            token: what that first step returned; it goes out together with the hello.
            deadline: see the class.

        Raises:
            GSSError: the context refused a token.
        """
        self.connection.send_hello()
        while True:
            if token is not None:
                self.connection.send_context(token)
                self._write()
                if not self._writable:
                    await self._written(deadline)
            if context.complete:
                break
            kind, octets, _, _ = await self.next_event(deadline)
            if kind != core.CONTEXT:
                raise RemoteProtocolError(
                    "the peer closed the connection too early", status=core.END_OF_FILE
                )
            token = context.step(octets)
        self.connection.establish(context)

    async def send_command(self, command: core.Arguments, deadline: float) -> None:
        """Send a whole command, in constant memory.

        An error that the peer sends before it has read everything ends the sending; it is the next
        event.
        """
        whole = False
        while not whole and self._early is None:
            whole = self.connection.queue_command(command)
            self._write()
            if not (self._writable and whole):
                await self._written(deadline)

    async def copy_output(
        self,
        write_output: Callable[[bytes], object],
        write_error: Callable[[bytes], object],
        deadline: float,
    ) -> _Event:
        """Hand output to two callables as it arrives; returns the event that ended the command."""
        while (event := await self.next_event(deadline))[0] == core.OUTPUT:
            (write_output if event[3] == 1 else write_error)(event[1])
        return event

    async def confirm(self, deadline: float) -> None:
        """Wait until the server has signed the command that was sent; protocol 1 only.

        It does so before it runs the command.  What comes together with it is the next event.
        """
        self._enter()
        try:
            while self.connection.unconfirmed:
                self._early = self.connection.next_event()
                if self.connection.unconfirmed:
                    self._hear()
                    self._go_on(await self._turn(deadline))
        finally:
            self.busy = False

    async def send_noop(self) -> None:
        """Send a NOOP; its answer is the next event."""
        self.connection.send_noop()
        self._write()
        if not self._writable:
            await self._written(0.0)
