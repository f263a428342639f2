"""The full interface: one object, one connection at a time, many commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NoReturn

from opswire._core import remctl as core
from opswire._core.remctl.client import Client
from opswire._core.remctl.driver import Driver
from opswire.errors import (
    ConnectionBusyError,
    LocalProtocolError,
    OpswireError,
    RemctlError,
    RemctlUsageError,
)
from opswire.public_names import public_in
from opswire.remctl import arguments, failures
from opswire.remctl.client_settings import NO_ERROR, Credentials, Settings, log_connection
from opswire.remctl.command_output import (
    DEFAULT_MAX_OUTPUT,
    BinaryWriter,
    Collection,
    WriteFailedError,
)
from opswire.remctl.connecting.blocking_dialing import BlockingDialing
from opswire.remctl.results import DONE, RemctlOutput, Result, token_of


@public_in("opswire.remctl")
class Remctl(Settings, Client[RemctlOutput]):
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
        self._set_token(RemctlOutput)
        self._dialing: BlockingDialing | None = None
        self._set_up(timeout=timeout, credentials=credentials, source_ip=source_ip, srv=srv)
        if host is not None:
            self.open(host, port, principal)

    def __enter__(self) -> Remctl:
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

    def __repr__(self) -> str:
        """Tell where to, and whether it is open."""
        state = "open" if self._driver is not None else "closed"
        return f"<{type(self).__name__} to {self._host or 'nowhere'} ({state})>"

    def _apply_timeout(self, timeout: float) -> None:
        super()._apply_timeout(timeout)
        if self._driver is not None:
            self._driver.timeout = timeout

    # -- opening and closing --

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
        until = self._until(deadline)
        self._check_not_dialing()
        self._remember(host, port, principal)
        self._drop()
        try:
            self._dial(until)
        except BaseException:
            self._host = None
            raise

    def close(self) -> None:
        """Say good-bye and close; never waits, and a closed object stays closed.

        From another thread: ends the wait of the one inside, which then raises.
        """
        dialing = self._dialing
        if dialing is not None:
            dialing.cancel()
        self._host = None
        self._drop()
        self._error = failures.NO_CONNECTION

    def _dial(self, until: float) -> Driver:
        host = self._host
        if host is None:
            self._fail(failures.not_opened())
        destination = self._destination(host)
        dialing = self._dialing = BlockingDialing(destination, self._timeout, until)
        try:
            driver = dialing.run()
        except RemctlError as error:
            self._fail(error)
        finally:
            self._dialing = None
        if self._host is None:
            driver.close()
            self._fail(failures.aborted(BlockingDialing.closer))
        self._driver = driver
        self._protocol = driver.connection.protocol
        self._error = NO_ERROR
        log_connection(host, self._protocol)
        return driver

    def _check_not_dialing(self) -> None:
        if self._dialing is not None and not self._dialing.lost:
            raise RemctlUsageError("another thread is opening this connection")

    def _drop(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            driver.close()

    # -- commands --

    def _send(self, command: Iterable[object], deadline: float | None) -> None:
        """What ``command()`` leaves over: any iterable, a deadline, a connection to be made."""
        self._transmit(arguments.command_octets(command), self._until(deadline))
        self._error = NO_ERROR

    def _transmit(self, octets: list[arguments.Octets], until: float) -> Driver:
        driver = self._ready(until)
        if driver.outstanding:
            self._fail(failures.still_running())
        self._deadline = until
        if not driver.connection.ready:  # protocol 1, or a refused continued command: one only
            self._drop()
            driver = self._dial(until)
        try:
            driver.send_command(octets, until)
        except BaseException as error:
            self._broken(driver, "sending token", error)
        if driver.connection.unconfirmed:
            try:
                driver.confirm(until)
            except BaseException as error:
                self._broken(driver, "receiving token", error)
        return driver

    def _idle_output(self) -> RemctlOutput:
        """What ``output()`` leaves over: nothing outstanding, no driver, an answer come early."""
        driver = self._driver
        if driver is None:
            self._check_not_dialing()
            self._fail(failures.not_opened() if self._host is None else failures.dropped())
        if not driver.outstanding:
            self._error = NO_ERROR
            return DONE
        event = driver.next_event(self._deadline)
        if event is None:  # only a server has to answer first
            raise LocalProtocolError("a client was asked for an answer")
        return self._odd_token(event)

    def _odd_token(self, event: tuple[int, bytes, int, int]) -> RemctlOutput:
        """Turn an answer that came early, or is neither output nor a status, into a token."""
        self._error = NO_ERROR
        try:
            token = token_of(event)
        except MemoryError as error:
            # It is gone; without a connection nobody takes what follows for the whole answer.
            if self._driver is not None:
                self._broken(self._driver, "receiving token", error)
            raise
        if token is None:
            self._fail(failures.refused(*event[:3]))
        return token

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
        elements = arguments.command_octets(command)
        if stdin is not None:
            elements.append(arguments.stdin_octets(stdin))
        output = Collection(stdout, stderr, max_output)
        usual = self._timeout
        if timeout is not None:
            self._apply_timeout(arguments.seconds(timeout))
        try:
            driver = self._transmit(elements, self._until(deadline))
            return self._collect(driver, output)
        finally:
            if timeout is not None:
                self._apply_timeout(usual)

    def _collect(self, driver: Driver, output: Collection) -> Result:
        try:
            kind, octets, number, _ = driver.copy_output(
                output.write_output, output.write_error, self._deadline
            )
        except WriteFailedError:
            self._drop()  # what was read of the answer is gone
            raise output.take_failure() from None
        except BaseException as error:
            if not isinstance(error, ConnectionBusyError):
                driver.close()
            self._broken(driver, "receiving token", error)
        if kind == core.STATUS:
            self._error = NO_ERROR
            return Result(*output.octets(), number)
        self._fail(failures.refused(kind, octets, number))

    def _ask_again(self) -> bool:
        """What ``noop()`` leaves over: a connection to be made, protocol 1, a call out of turn."""
        driver = self._ready(0.0)
        if driver.outstanding:
            self._fail(failures.still_running())
        if not driver.connection.ready:
            self._drop()
            driver = self._dial(0.0)
        if self._protocol == 1:
            self._fail(failures.no_noop())
        return self._ask(driver)

    def _not_known(self, event: tuple[int, bytes, int, int]) -> NoReturn:
        """A server answered a NOOP with something else: it is older than protocol 3."""
        self._fail(failures.no_noop())

    # -- shared --

    def _ready(self, until: float) -> Driver:
        """Return the driver, after a reconnect if it was dropped."""
        driver = self._driver
        if driver is not None and not driver.closed:
            return driver
        self._check_not_dialing()
        return self._dial(until)

    def _broken(self, driver: Driver, doing: str, error: BaseException) -> NoReturn:
        """Drop a connection that failed, and raise what users know; not for a call out of turn."""
        try:
            if isinstance(error, LocalProtocolError) and not driver.closed:
                self._fail(failures.on_the_wire(doing, error))
            # What is half-sent, or was raised by a file object or a signal handler in the middle of
            # an answer, leaves nothing to go on with.
            if doing != "receiving token" or not isinstance(error, KeyboardInterrupt):
                if self._driver is driver:
                    self._driver = None
                driver.close()
            if isinstance(error, (OSError, OpswireError)) and not isinstance(error, RemctlError):
                if self._host is None:
                    self._fail(failures.closed_meanwhile(error))
                self._fail(failures.on_the_wire(doing, error))
            if isinstance(error, RemctlError):
                self._fail(error)
            raise error
        finally:
            del error  # or its traceback and this frame would keep each other
