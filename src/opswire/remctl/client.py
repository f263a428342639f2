"""The full interface: one object, one connection at a time, many commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import call
from types import TracebackType
from typing import Self

from opswire._core import remctl as core
from opswire._core.remctl.driver import Driver
from opswire._core.remctl.shortcuts import Shortcuts
from opswire.public_names import public_in
from opswire.remctl.client_settings import Credentials
from opswire.remctl.command_output import DEFAULT_MAX_OUTPUT, BinaryWriter, CommandOutput
from opswire.remctl.connecting.blocking_dialing import BlockingDialing
from opswire.remctl.exchanges import Exchanges
from opswire.remctl.results import RemctlOutput, Result
from opswire.steps import perform


class BlockingExchanges(Exchanges[Driver]):
    """Every exchange, its steps performed on the thread that asks for it."""

    _dialing_class = BlockingDialing

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
        """See ``Remctl``."""
        self._begin()
        self._set_up(timeout=timeout, credentials=credentials, source_ip=source_ip, srv=srv)
        if host is not None:
            self.open(host, port, principal)

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def open(
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
            RemctlError: the peer broke the protocol, or another thread closed the object.
        """
        perform(self._opening(host, port, principal, deadline), call)

    def command(self, command: Iterable[object], *, deadline: float | None = None) -> None:
        """Send a command; see ``Remctl.command()``."""
        perform(self._commanding(core.Arguments(command), deadline), call)

    def output(self) -> RemctlOutput:
        """Return the next token of the answer; see ``Remctl.output()``."""
        return perform(self._reading(), call)

    def noop(self) -> bool:
        """Ask the server for a sign of life; see ``Remctl.noop()``."""
        return perform(self._asking(), call)

    def __iter__(self) -> Iterator[RemctlOutput]:
        """Iterate over the tokens of the answer, the last one (status or error) included."""
        while (token := self.output()).type != "done":
            yield token

    def run(
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

        Args:
            command: as in ``command()``.
            stdin: for a command whose server configuration says ``stdin=last``: octets (or text,
                as UTF-8) that go as its last argument.  Any buffer is sent without a copy.
            timeout: inactivity timeout of this command in seconds; None keeps that of the object.
            deadline: seconds for the whole command, a reconnect included; None for no limit.
            stdout: a binary file object to write standard output to as it arrives, in constant
                memory; None collects it in the result.
            stderr: the same for standard error.
            max_output: octets that are collected at most, both streams together.

        Returns:
            Result; ``check()`` of it raises for a status other than 0.

        Raises:
            RemctlRefusedError: the server did not run the command.
            RemctlError: it sent more than ``max_output``, or the connection failed.
            RemctlLimitError: a negative limit.
            TypeError: a file object for text, or of no file.
            TypeError, ValueError, RemctlNotOpenedError, RemctlTimeoutError: as ``command()``.
        """
        return perform(
            self._running(
                core.Arguments(command, stdin),
                CommandOutput(stdout, stderr, max_output),
                timeout,
                deadline,
            ),
            call,
        )


@public_in("opswire.remctl")
class Remctl(Shortcuts[RemctlOutput], BlockingExchanges):
    r"""A connection to a remctl server.

    >>> with Remctl(host, port) as connection:
    ...     result = connection.run(["test", "echo", "hello"])
    >>> result.stdout_text, result.status
    ('hello\n', 0)

    With a host the constructor opens at once; else ``open()`` does.  After an end of file, a
    time-out or another failure on the wire the connection is dropped, and the next ``command()``,
    ``run()`` or ``noop()`` connects again to the same host, port and principal.

    One thread at a time; a second one gets RemctlUsageError.  ``close()`` may come from any thread
    and ends the wait of the one inside.  Waits let other threads run and end at once on Ctrl-C.

    Args:
        host: name or address; None opens nothing.
        port: 0 or None mean 4373, then 4444.  Decimal text is taken as well.
        principal: of the service; None means the host-based service ``host@HOST``.
        timeout: as ``set_timeout()``; None for none.
        credentials: the name of a ticket cache, an ``opswire._core.gss.Credential`` or a
            ``gssapi.Credentials``; None means the default cache.
        source_ip: as ``set_source_ip()``.
        srv: look up the SRV records of ``_remctl._tcp.HOST`` and connect to the hosts and ports
            that they name (extra ``opswire[srv]``).  Without such records, and when a port is
            given, it is HOST itself.

    Raises:
        TypeError, ValueError: an argument of the wrong type or form.
        LibraryMissingError: ``srv`` without dnspython.  It is the cause of a RemctlError where no
            GSS-API library is installed.
        RemctlLimitError: a timeout or port that is out of its range; also a ValueError.
        RemctlError: what ``open()`` raises, or credentials that cannot be used.
    """

    def _begin(self) -> None:
        self._set_token(RemctlOutput)
        super()._begin()
