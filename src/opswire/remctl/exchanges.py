"""What clients say to a server, in which order, and what becomes of a failure.

Every exchange is a generator of steps; a step is a call of a dialing or of the link, and that is
where one waits: ``Remctl`` on a thread, ``AsyncRemctl`` on an event loop.
"""

import logging
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, ClassVar, Generic, NoReturn, Protocol, TypeAlias, TypeVar

from opswire._core import remctl as core
from opswire.errors import (
    ConnectionBusyError,
    LocalProtocolError,
    NotSupportedError,
    OpswireError,
    RemctlError,
    RemctlUsageError,
)
from opswire.remctl import arguments, failures
from opswire.remctl.client_settings import NO_ERROR, ClientSettings
from opswire.remctl.command_output import CommandOutput, WriteFailedError
from opswire.remctl.connecting.dialing import Dialing, Link
from opswire.remctl.results import DONE, RemctlOutput, Result, token_of

logger = logging.getLogger("opswire.remctl")

Event = tuple[int, bytes, int, int]


class ClientLink(Link, Protocol):
    """What exchanges need of the driver of a connection; the calls that wait are its twins' own.

    Attributes:
        connection: the machine.
        timeout: inactivity timeout in seconds, 0.0 for none; may be set while somebody waits.
        closed: ``close()`` was called.
        gone: nothing more can be asked of it, nor is there anything left to be read.
        busy: another caller waits inside.
        free: a command or NOOP can go out at once.
        outstanding: the answer to a command has not been read to its end.
    """

    timeout: float

    @property
    def connection(self) -> core.Connection: ...
    @property
    def closed(self) -> bool: ...
    @property
    def gone(self) -> bool: ...
    @property
    def busy(self) -> bool: ...
    @property
    def free(self) -> bool: ...
    @property
    def outstanding(self) -> bool: ...
    @property
    def send_command(self) -> Callable[..., Any]: ...
    @property
    def confirm(self) -> Callable[..., Any]: ...
    @property
    def send_noop(self) -> Callable[..., Any]: ...
    @property
    def next_event(self) -> Callable[..., Any]: ...
    @property
    def copy_output(self) -> Callable[..., Any]: ...


LinkType = TypeVar("LinkType", bound=ClientLink)
T = TypeVar("T")

Steps: TypeAlias = Generator[Callable[[], Any], Any, T]
"""A step is called, and may wait; or returns what is to be awaited."""


class Exchanges(ClientSettings, Generic[LinkType]):
    """The exchanges of one client; the subclass says how one dials, and performs the steps."""

    _dialing_class: ClassVar[type[Dialing[Any]]]

    # The subclass, or what is compiled in its place, keeps these too.
    _link: LinkType | None
    _dialing: Dialing[LinkType] | None
    _deadline: float

    def __repr__(self) -> str:
        """Tell where to, and whether it is open."""
        state = "open" if self._link is not None else "closed"
        return f"<{type(self).__name__} to {self._host or 'nowhere'} ({state})>"

    def _begin(self) -> None:
        self._link = None
        self._dialing = None
        self._deadline = 0.0

    def _apply_timeout(self, timeout: float) -> None:
        super()._apply_timeout(timeout)
        if self._link is not None:
            self._link.timeout = timeout

    # -- opening and closing --

    def _opening(
        self, host: str, port: int | str | None, principal: str | None, deadline: float | None
    ) -> Steps[None]:
        until = self._until(deadline)
        self._check_not_dialing()
        self._remember(host, port, principal)
        self._drop()
        try:
            yield from self._dialed(until)
        except BaseException:
            self._host = None
            raise

    def close(self) -> None:
        """Say good-bye and close; never waits, and a closed object stays closed.

        From another thread, or another task of the same loop: ends the wait of the one inside,
        which then raises.  On a loop the descriptor is gone a turn later.
        """
        dialing = self._dialing
        if dialing is not None:
            dialing.cancel()
        self._host = None
        self._drop()
        self._error = failures.NO_CONNECTION

    def _dialed(self, until: float) -> Steps[LinkType]:
        host = self._host
        if host is None:
            self._fail(failures.not_opened())
        destination = self._destination(host)
        dialing = self._dialing = self._dialing_class(destination, self._timeout, until)
        try:
            link: LinkType = yield dialing.run
        except RemctlError as error:
            self._fail(error)
        finally:
            self._dialing = None
        if self._host is None:
            link.close()
            self._fail(failures.aborted(dialing.closer))
        self._link = link
        self._protocol = link.connection.protocol
        self._error = NO_ERROR
        # Protocol 1 is what is fallen back to, and has no long answers.
        level = logging.INFO if self._protocol == 1 else logging.DEBUG
        logger.log(level, "connected to %s, protocol %d", host, self._protocol)
        return link

    def _check_not_dialing(self) -> None:
        if self._dialing is not None and not self._dialing.lost:
            raise RemctlUsageError(f"another {self._dialing.closer} is opening this connection")

    def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    # -- commands --

    def _commanding(self, command: core.Arguments, deadline: float | None) -> Steps[None]:
        yield from self._sent(command, self._until(deadline))
        self._error = NO_ERROR

    def _sent(self, command: core.Arguments, until: float) -> Steps[LinkType]:
        link = self._free_link() or (yield from self._freed(until))
        self._deadline = until
        try:
            yield partial(link.send_command, command, until)
        except BaseException as error:
            self._broken(link, "sending token", error)
        if link.connection.unconfirmed:
            try:
                yield partial(link.confirm, until)
            except BaseException as error:
                self._broken(link, "receiving token", error)
        return link

    def _reading(self) -> Steps[RemctlOutput]:
        link = self._link
        if link is None:
            self._check_not_dialing()
            self._fail(failures.not_opened() if self._host is None else failures.dropped())
        if not link.outstanding:
            self._error = NO_ERROR
            return DONE
        try:
            event: Event = yield partial(link.next_event, self._deadline)
        except Exception as error:
            # Whatever else is raised, Ctrl-C or a cancellation, has interrupted a wait that loses
            # nothing.
            self._broken(link, "receiving token", error)
        self._error = NO_ERROR
        try:
            token = token_of(event)
        except MemoryError as error:
            # It is gone; without a connection nobody takes what follows for the whole answer.
            self._broken(link, "receiving token", error)
        if token is None:
            self._fail(failures.refused(*event[:3]))
        return token

    def _running(
        self,
        command: core.Arguments,
        output: CommandOutput,
        timeout: float | None,
        deadline: float | None,
    ) -> Steps[Result]:
        usual = self._timeout
        if timeout is not None:
            self._apply_timeout(arguments.seconds(timeout))
        try:
            link = yield from self._sent(command, self._until(deadline))
            return (yield from self._collected(link, output))
        finally:
            if timeout is not None:
                self._apply_timeout(usual)

    def _collected(self, link: LinkType, output: CommandOutput) -> Steps[Result]:
        streams = (output.write_output, output.write_error)
        try:
            event: Event = yield partial(link.copy_output, *streams, self._deadline)
        except WriteFailedError:
            self._drop()  # what was read of the answer is gone
            raise output.take_failure() from None
        except BaseException as error:
            # What was read of the answer is gone then too; a caller out of turn has read nothing.
            if not isinstance(error, ConnectionBusyError):
                link.close()
            self._broken(link, "receiving token", error)
        kind, octets, number, _ = event
        if kind == core.STATUS:
            self._error = NO_ERROR
            return Result(*output.octets(), number)
        self._fail(failures.refused(kind, octets, number))

    def _asking(self) -> Steps[bool]:
        link = self._free_link() or (yield from self._freed(0.0))
        if self._protocol == 1:
            self._fail(failures.no_noop())
        doing = "sending NOOP token"
        try:
            yield link.send_noop
            doing = "receiving token"
            event: Event = yield link.next_event
            if event[0] != core.NOOP:
                raise NotSupportedError("another answer than NOOP")
        except BaseException as error:
            self._broken(link, doing, error)
        self._error = NO_ERROR
        return True

    # -- a link for them --

    def _free_link(self) -> LinkType | None:
        link = self._link
        return link if link is not None and link.free else None

    def _freed(self, until: float) -> Steps[LinkType]:
        """Make one, or tell why not."""
        link = yield from self._ready(until)
        if link.outstanding:
            self._fail(failures.still_running())
        if link.busy:
            self._fail(failures.busy(self._dialing_class.closer))
        if not link.connection.ready:  # protocol 1, or a refused continued command: one only
            self._drop()
            link = yield from self._dialed(until)
        return link

    def _ready(self, until: float) -> Steps[LinkType]:
        """Connect anew if the connection was dropped or the peer has left."""
        link = self._link
        if link is not None and not link.gone:
            return link
        self._check_not_dialing()
        self._drop()
        return (yield from self._dialed(until))

    def _broken(self, link: LinkType, doing: str, error: BaseException) -> NoReturn:
        """Drop a connection that failed, and raise what users know; not for a call out of turn."""
        try:
            if isinstance(error, NotSupportedError):  # an answer, and a whole one
                self._fail(failures.no_noop())
            if isinstance(error, LocalProtocolError) and not link.closed:
                self._fail(failures.on_the_wire(doing, error))
            # What is half-sent, or was raised in the middle of an answer by a file object or a
            # signal handler, leaves nothing to go on with.
            if self._link is link:
                self._link = None
            link.close()
            if isinstance(error, RemctlError):
                self._fail(error)
            if isinstance(error, (OSError, OpswireError)):
                if self._host is None:
                    self._fail(failures.closed_meanwhile(error))
                self._fail(failures.on_the_wire(doing, error))
            raise error
        finally:
            del error  # or its traceback and this frame would keep each other
