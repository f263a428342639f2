"""The full interface on asyncio: one object, one connection at a time, many commands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import NoReturn

from opswire._core import remctl as core
from opswire.errors import (
    LocalProtocolError,
    OpswireError,
    RemctlError,
    RemctlUsageError,
)
from opswire.public_names import public_in
from opswire.remctl import arguments, failures
from opswire.remctl.asyncio_driver import BUSY, Stream
from opswire.remctl.client_settings import NO_ERROR, Credentials, Settings, log_connection
from opswire.remctl.command_output import (
    DEFAULT_MAX_OUTPUT,
    BinaryWriter,
    Collection,
    WriteFailedError,
)
from opswire.remctl.connecting.asyncio_dialing import AsyncioDialing
from opswire.remctl.results import DONE, RemctlOutput, Result, token_of


@public_in("opswire.remctl")
class AsyncRemctl(Settings):
    r"""A connection to a remctl server, on asyncio.

    >>> import asyncio
    >>> async def hello():
    ...     async with AsyncRemctl(host, port) as connection:
    ...         return await connection.run(["test", "echo", "hello"])
    >>> asyncio.run(hello()).stdout_text
    'hello\n'

    The constructor does not wait: ``async with`` opens and closes, or ``open()`` and ``close()``.
    After an end of file, a time-out or another failure on the wire the connection is dropped, and
    the next ``command()``, ``run()`` or ``noop()`` connects again to the same host, port and
    principal.

    One task at a time; a second one gets RemctlUsageError.  ``close()`` may come from any task of
    the same event loop and ends the wait of the one inside.  Every wait can be cancelled: within
    ``output()`` nothing is lost, everywhere else the connection is dropped.

    Args:
        host: name or address; None means that ``open()`` will tell.
        port, principal, timeout, credentials, source_ip, srv: as in ``Remctl``.

    Raises:
        TypeError, ValueError: an argument of the wrong type or form.
        LibraryMissingError: ``srv`` without dnspython.
        RemctlLimitError: a timeout or port that is out of its range; also a ValueError.
        RemctlAuthenticationError: credentials that cannot be used.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int | str | None = None,
        principal: str | None = None,
        *,
        timeout: float | None = None,
        credentials: Credentials = None,
        source_ip: str | None = None,
        srv: bool = False,
    ) -> None:
        """See the class."""
        self._stream: Stream | None = None
        self._dialing: AsyncioDialing | None = None
        self._deadline = 0.0
        self._set_up(timeout=timeout, credentials=credentials, source_ip=source_ip, srv=srv)
        if host is not None:
            self._remember(host, port, principal)

    async def __aenter__(self) -> AsyncRemctl:
        """Open, if a host was given and it is not open yet."""
        if self._host is not None:
            await self._ready(0.0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close, and wait until the descriptor is gone."""
        stream = self._stream
        self.close()
        if stream is not None:
            await stream.wait_closed()

    def __repr__(self) -> str:
        """Tell where to, and whether it is open."""
        state = "open" if self._stream is not None else "closed"
        return f"<{type(self).__name__} to {self._host or 'nowhere'} ({state})>"

    def _apply_timeout(self, timeout: float) -> None:
        super()._apply_timeout(timeout)
        if self._stream is not None:
            self._stream.set_timeout(timeout)

    # -- opening and closing --

    async def open(
        self,
        host: str,
        port: int | str | None = None,
        principal: str | None = None,
        *,
        deadline: float | None = None,
    ) -> None:
        """Connect and authenticate; a connection that is open is closed first.

        Args:
            host: name or address.
            port: 0 or None mean 4373, then 4444.
            principal: of the service; None means ``host@HOST``.
            deadline: seconds for the whole, besides the inactivity timeout; None for no limit.

        Raises:
            TypeError, ValueError: an argument of the wrong type or form.
            RemctlConnectError: no connection was made.
            RemctlTimeoutError: the timeout or the deadline has passed.
            RemctlAuthenticationError: no tickets, wrong server …
            RemctlError: the peer broke the protocol, or another task closed the object.
        """
        until = self._until(deadline)
        self._check_not_dialing()
        self._remember(host, port, principal)
        self._drop()
        try:
            await self._dial(until)
        except BaseException:
            self._host = None
            raise

    def close(self) -> None:
        """Say good-bye and close; never waits, and a closed object stays closed.

        The descriptor is gone a turn of the event loop later.  From another task: ends the wait of
        the one inside, which then raises.
        """
        if self._dialing is not None:
            self._dialing.cancel()
        self._host = None
        self._drop()
        self._error = failures.NO_CONNECTION

    async def _dial(self, until: float) -> Stream:
        self._check_not_dialing()
        host = self._host
        if host is None:
            self._fail(failures.not_opened())
        dialing = self._dialing = AsyncioDialing(self._destination(host), self._timeout, until)
        try:
            stream = await dialing.run()
        except RemctlError as error:
            self._fail(error)
        finally:
            self._dialing = None
        self._stream = stream
        self._protocol = stream.machine.protocol
        self._error = NO_ERROR
        log_connection(host, self._protocol)
        return stream

    def _check_not_dialing(self) -> None:
        if self._dialing is not None:
            raise RemctlUsageError("another task is opening this connection")

    def _drop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    # -- commands --

    async def command(self, command: Iterable[object], *, deadline: float | None = None) -> None:
        """Send a command; its answer is read with ``output()``.

        Args and errors as in ``Remctl.command()``.
        """
        await self._transmit(arguments.command_octets(command), self._until(deadline))
        self._error = NO_ERROR

    async def _transmit(self, octets: list[arguments.Octets], until: float) -> Stream:
        stream = self._free_now() or await self._free(until)
        self._deadline = until
        try:
            await stream.send_command(octets, until)
        except BaseException as error:
            self._broken(stream, "sending token", error)
        if stream.machine.unconfirmed:
            try:
                await stream.confirm(until)
            except BaseException as error:
                self._broken(stream, "receiving token", error)
        return stream

    async def output(self) -> RemctlOutput:
        """Return the next token of the answer.

        Returns:
            ``(type, output, stream, status, error)``; see RemctlOutput.  After a status or an error
            token, and before the first command, it is a "done" token, as often as one asks.

        Raises:
            RemctlNotOpenedError: never opened, or closed.
            RemctlTimeoutError: silence, or the deadline of the command.
            RemctlError: the connection failed; it is dropped.
        """
        stream = self._stream
        if stream is None:
            self._check_not_dialing()
            self._fail(failures.not_opened() if self._host is None else failures.dropped())
        if not stream.outstanding:
            self._error = NO_ERROR
            return DONE
        event = await self._event(stream, self._deadline)
        self._error = NO_ERROR
        try:
            token = token_of(event)
        except MemoryError as error:
            # It is gone; without a connection nobody takes what follows for the whole answer.
            self._broken(stream, "receiving token", error)
        if token is None:
            self._fail(failures.refused(*event[:3]))
        return token

    async def _event(self, stream: Stream, until: float) -> tuple[int, bytes, int, int]:
        try:
            return await stream.next_event(until)
        except Exception as error:
            self._broken(stream, "receiving token", error)

    async def __aiter__(self) -> AsyncIterator[RemctlOutput]:
        """Iterate over the tokens of the answer, the last one (status or error) included."""
        while (token := await self.output()).type != "done":
            yield token

    async def run(
        self,
        command: Iterable[object],
        *,
        stdin: str | bytes | bytearray | memoryview | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        stdout: BinaryWriter | None = None,
        stderr: BinaryWriter | None = None,
        max_output: int = DEFAULT_MAX_OUTPUT,
    ) -> Result:
        """Run a command to its end.

        Args, result and errors as in ``Remctl.run()``.  The file objects are written to on the
        event loop: let them not block.
        """
        elements = arguments.command_octets(command)
        if stdin is not None:
            elements.append(arguments.stdin_octets(stdin))
        output = Collection(stdout, stderr, max_output)
        inactivity = self._timeout if timeout is None else arguments.seconds(timeout)
        until = self._until(deadline)
        usual = self._timeout
        self._apply_timeout(inactivity)
        try:
            stream = await self._transmit(elements, until)
            return await self._collect(stream, output, until)
        finally:
            self._apply_timeout(usual)

    async def _collect(self, stream: Stream, output: Collection, until: float) -> Result:
        try:
            while True:
                kind, octets, number, source = await stream.next_event(until)
                if kind != core.OUTPUT:
                    break
                (output.write_output if source == 1 else output.write_error)(octets)
        except WriteFailedError:
            self._drop()  # what was read of the answer is gone
            raise output.take_failure() from None
        except BaseException as error:
            if not isinstance(error, LocalProtocolError):
                stream.close()
            self._broken(stream, "receiving token", error)
        if kind == core.STATUS:
            self._error = NO_ERROR
            return Result(*output.octets(), number)
        self._fail(failures.refused(kind, octets, number))

    async def noop(self) -> bool:
        """Ask the server for a sign of life.

        Returns and errors as ``Remctl.noop()``.
        """
        stream = self._free_now() or await self._free(0.0)
        if self._protocol == 1:
            self._fail(failures.no_noop())
        doing = "sending NOOP token"
        try:
            await stream.send_noop()
            doing = "receiving token"
            event = await stream.next_event()
        except BaseException as error:
            self._broken(stream, doing, error)
        if event[0] != core.NOOP:
            self._fail(failures.no_noop())
        self._error = NO_ERROR
        return True

    # -- shared --

    async def _ready(self, until: float) -> Stream:
        """Return the stream, after a reconnect if it was dropped or the peer has left."""
        stream = self._stream
        if stream is not None and (stream.outstanding or not stream.over):
            return stream
        self._check_not_dialing()
        self._drop()
        return await self._dial(until)

    def _free_now(self) -> Stream | None:
        """Return a stream on which a command or NOOP can go out; None if there is no such."""
        stream = self._stream
        return stream if stream is not None and stream.free else None

    async def _free(self, until: float) -> Stream:
        """Make one, or tell why not."""
        stream = await self._ready(until)
        if stream.outstanding:
            self._fail(failures.still_running())
        if stream.busy:
            self._fail(RemctlUsageError(BUSY))
        if not stream.machine.ready:  # protocol 1, or a refused continued command: one only
            self._drop()
            stream = await self._dial(until)
        return stream

    def _broken(self, stream: Stream, doing: str, error: BaseException) -> NoReturn:
        """Drop a connection that failed, and raise what users know; not for a call out of turn."""
        try:
            if isinstance(error, LocalProtocolError) and not stream.closed:
                self._fail(failures.on_the_wire(doing, error))
            if self._stream is stream:
                self._stream = None
            stream.close()
            if isinstance(error, RemctlError):
                self._fail(error)
            if isinstance(error, (OSError, OpswireError)):
                if self._host is None:
                    self._fail(failures.closed_meanwhile(error))
                self._fail(failures.on_the_wire(doing, error))
            raise error
        finally:
            del error  # or its traceback and this frame would keep each other
