"""The full interface on asyncio: one object, one connection at a time, many commands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from operator import call
from types import TracebackType

from opswire._core import remctl as core
from opswire.public_names import public_in
from opswire.remctl.asyncio_driver import AsyncioDriver
from opswire.remctl.client_settings import Credentials
from opswire.remctl.command_output import DEFAULT_MAX_OUTPUT, BinaryWriter, CommandOutput
from opswire.remctl.connecting.asyncio_dialing import AsyncioDialing
from opswire.remctl.exchanges import Exchanges
from opswire.remctl.results import RemctlOutput, Result
from opswire.steps import perform_awaiting


@public_in("opswire.remctl")
class AsyncRemctl(Exchanges[AsyncioDriver]):
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

    _dialing_class = AsyncioDialing

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
        self._begin()
        self._set_up(timeout=timeout, credentials=credentials, source_ip=source_ip, srv=srv)
        if host is not None:
            self._remember(host, port, principal)

    async def __aenter__(self) -> AsyncRemctl:
        """Open, if a host was given and it is not open yet."""
        if self._host is not None:
            await perform_awaiting(self._ready(0.0), call)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close, and wait until the descriptor is gone."""
        driver = self._link
        self.close()
        if driver is not None:
            await driver.wait_closed()

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
        await perform_awaiting(self._opening(host, port, principal, deadline), call)

    async def command(self, command: Iterable[object], *, deadline: float | None = None) -> None:
        """Send a command; its answer is read with ``output()``.

        Args and errors as in ``Remctl.command()``.
        """
        await perform_awaiting(self._commanding(core.Arguments(command), deadline), call)

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
        return await perform_awaiting(self._reading(), call)

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
        return await perform_awaiting(
            self._running(
                core.Arguments(command, stdin),
                CommandOutput(stdout, stderr, max_output),
                timeout,
                deadline,
            ),
            call,
        )

    async def noop(self) -> bool:
        """Ask the server for a sign of life.

        Returns and errors as ``Remctl.noop()``.
        """
        return await perform_awaiting(self._asking(), call)
