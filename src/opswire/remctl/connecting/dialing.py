"""From a host name to a connection whose security context stands: lookup, connect, handshake.

What happens, and in which order, is decided here; whoever drives the ``steps()`` does the waiting:
``blocking_dialing`` on a thread, ``asyncio_dialing`` on an event loop.
"""

import errno
import logging
import os
import socket
from collections.abc import Callable, Generator
from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar, Generic, Literal, NamedTuple, Protocol, TypeVar

from opswire._core import gss
from opswire.errors import (
    GSSError,
    LocalProtocolError,
    NotSupportedError,
    OpswireError,
    RemctlConnectError,
    RemctlError,
    RemctlProtocolError,
    StuckCallsError,
)
from opswire.pacing import Slot
from opswire.remctl import failures
from opswire.remctl.connecting.credentials import (
    CacheFile,
    Loan,
    Tickets,
    borrow,
    cache_file,
    is_warm,
)
from opswire.remctl.connecting.recent_addresses import Address, recall, remember

logger = logging.getLogger("opswire.remctl")

LinkType = TypeVar("LinkType", bound="Link")


class Link(Protocol):
    """A connected socket, with what moves the octets of a connection over it."""

    def close(self) -> None:
        """Close it, now; may be called again."""


class Aside(NamedTuple):
    """A step: call a function that may block deaf to signals, and return what it returns."""

    function: Callable[[], Any]


class Turn(NamedTuple):
    """A step: wait for the turn of a slot."""

    slot: Slot


class Connect(NamedTuple):
    """A step: connect to an address, and return the link."""

    family: socket.AddressFamily
    address: tuple[Any, ...]
    source: tuple[str, int] | None


class Handshake(NamedTuple):
    """A step: exchange context tokens over a link until the context stands."""

    link: Any
    context: gss.Context
    token: bytes | None


Step = Aside | Turn | Connect | Handshake
Steps = Generator[Step, Any, LinkType]


class Destination(NamedTuple):
    """Where to, as whom, from where.

    Attributes:
        host: name or address.
        ports: to be tried in this order.
        principal: of the service, as Kerberos takes it; None means ``host@HOST``.
        tickets: ticket cache or credential; None means the default cache.
        source: address to connect from; None means any.
        srv: whether to ask DNS for the hosts and ports of the service.
        protocol: the highest version to speak, 2 or 1.
    """

    host: str
    ports: tuple[int, ...]
    principal: str | None
    tickets: Tickets
    source: str | None
    srv: bool
    protocol: int


class Dialing(Generic[LinkType]):
    """One attempt to open a connection.

    Args:
        destination: where to.
        timeout: inactivity timeout in seconds, 0.0 for none: of the lookup, of every connect(), and
            of every token.
        deadline: of the whole, a moment of time.monotonic(), 0.0 for none.

    A driver raises what goes wrong into the steps: TimeoutError when ``until()`` of the beginning
    of a step, or for Turn the deadline, has passed; ConnectionAbortedError when it was cancelled;
    StuckCallsError when an Aside finds no thread.
    """

    closer: ClassVar[str]
    """What else may close the connection meanwhile, for messages."""

    def __init__(self, destination: Destination, timeout: float, deadline: float) -> None:
        """Nothing happens before the first step."""
        self.destination = destination
        self.timeout = timeout
        self.deadline = deadline
        self.cancelled = False
        self._process = os.getpid()

    @property
    def lost(self) -> bool:
        """Whether this is a forked child, in which whoever is inside ``run()`` does not exist."""
        return self._process != os.getpid()

    def cancel(self) -> None:
        """Make ``run()`` raise soon; from any thread, or any task of the same loop."""
        raise NotImplementedError

    def run(self) -> Any:
        """Return a link that is ready for a command, or an awaitable of one."""
        raise NotImplementedError

    def until(self) -> float:
        """When a step that begins now must be over: a moment of time.monotonic(), 0.0 for never."""
        if not self.timeout:
            return self.deadline
        silence = monotonic() + self.timeout
        return min(silence, self.deadline) if self.deadline else silence

    def steps(self) -> Steps[LinkType]:
        """Return a generator: of what is to be done next, its value the link, ready for a command.

        It raises:
            RemctlError: with the text of the step that failed.
        """
        host, ports, principal, _, _, srv, _ = self.destination
        if srv:
            return self._dial_located(host, ports, principal)
        return self._dial(host, ports, principal)

    def _dial_located(
        self, host: str, ports: tuple[int, ...], principal: str | None
    ) -> Steps[LinkType]:
        from opswire.remctl.connecting.service_location import Location, locations

        try:
            found: list[Location] = yield Aside(lambda: locations(host))
        except StuckCallsError as error:
            raise failures.stuck_lookups(error) from error
        except TimeoutError as error:
            raise failures.unknown_host(host, error) from error
        except ConnectionAbortedError:
            raise failures.aborted(self.closer) from None
        if not found:
            logger.info("%s has no SRV records: its own addresses are tried", host)
            return (yield from self._dial(host, ports, principal))
        errors: list[RemctlConnectError] = []
        for location in found:
            try:
                return (yield from self._dial(location.host, (location.port,), principal))
            except RemctlConnectError as error:
                logger.info("%s", error)
                errors.append(error)
        try:
            raise errors[0]
        finally:
            errors.clear()  # or their tracebacks and this frame would keep each other

    def _dial(self, host: str, ports: tuple[int, ...], principal: str | None) -> Steps[LinkType]:
        preparation = Preparation(host, principal, self.destination.tickets, self)
        if not preparation.try_now():
            yield from self._prepare(preparation)
        link, slot = yield from self._connect(host, ports, preparation.addresses)
        try:
            yield from self._shake_hands(preparation, link)
            return link
        finally:
            slot.release()

    # -- what may block deaf to signals --

    def _prepare(self, preparation: "Preparation") -> Generator[Step, Any, None]:
        host = preparation.host
        logger.debug("looking %s up", host)
        try:
            yield Aside(preparation.run)
        except StuckCallsError as error:
            raise failures.stuck_lookups(error) from error
        except TimeoutError as error:
            if preparation.looked_up:
                raise failures.in_handshake("initializing context", error) from error
            raise failures.unknown_host(host, error) from error
        except ConnectionAbortedError:
            raise failures.aborted(self.closer) from None
        except socket.gaierror as error:
            raise failures.unknown_host(host, error) from error
        except UnicodeError as error:
            reason = failures.lookup_error(error)
            raise failures.unknown_host(host, reason) from reason

    # -- connect() --

    def _connect(
        self, host: str, ports: tuple[int, ...], addresses: list[Address]
    ) -> Generator[Step, Any, tuple[LinkType, Slot]]:
        """Try every address on every port.

        The slot of the one that answered is still taken: until the first answered token.
        """
        source, family = None, None
        if self.destination.source is not None:
            source, family = self._source_address(self.destination.source, host, ports[0])
        first_error: OSError | None = None
        for port in ports:
            for address_family, address in addresses:
                if family is not None and family != address_family:
                    continue
                place = (address[0], port, *address[2:])
                slot = Slot(place)
                logger.debug("connecting to %s port %d", place[0], port)
                try:
                    if not slot.enter():
                        yield Turn(slot)
                    try:
                        link: LinkType = yield Connect(address_family, place, source)
                    except BaseException:
                        slot.release()
                        raise
                    return link, slot
                except TimeoutError as error:
                    if self.deadline and monotonic() >= self.deadline:
                        raise failures.cannot_connect(host, port, error) from error
                    logger.info("no answer from %s port %d", place[0], port)
                    first_error = first_error or error
                except (ConnectionAbortedError, LocalProtocolError):
                    if self.cancelled:
                        raise failures.aborted(self.closer) from None
                    first_error = first_error or failures.errno_error(errno.ECONNABORTED)
                except OSError as error:
                    logger.info("no connection to %s port %d: %s", place[0], port, error.strerror)
                    first_error = first_error or error
        first_error = first_error or failures.errno_error(errno.EAFNOSUPPORT)
        try:
            raise failures.cannot_connect(host, ports[0], first_error) from first_error
        finally:
            del first_error  # or its traceback and this frame would keep each other

    def _source_address(
        self, source: str, host: str, port: int
    ) -> tuple[tuple[str, int], socket.AddressFamily]:
        for family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):
                socket.inet_pton(family, source.partition("%")[0])
                return (source, 0), family
        # Only literals: a name would need another lookup that may block.
        error = failures.errno_error(errno.EINVAL)
        raise failures.cannot_connect(host, port, error) from error

    # -- the handshake --

    def _shake_hands(self, preparation: "Preparation", link: Link) -> Generator[Step, Any, None]:
        try:
            if preparation.context is None:
                raise preparation.take_refusal() or failures.aborted(self.closer)
            logger.debug("authenticating to %s", preparation.host)
            yield Handshake(link, preparation.context, preparation.token)
            preparation.keep(preparation.context)
        except BaseException as error:
            # Now: an exception that somebody keeps must not keep a descriptor.
            link.close()
            if self.cancelled and isinstance(error, Exception):
                raise failures.aborted(self.closer) from None
            if isinstance(error, RemctlError):
                raise
            if isinstance(error, GSSError):
                tickets = self.destination.tickets
                raise failures.not_authenticated("initializing context", error, tickets) from error
            if isinstance(error, (OSError, OpswireError)):
                raise failures.in_handshake("receiving token", error) from error
            raise


class Preparation:
    """What precedes connect(): the addresses, and the first GSS-API step or its failure.

    The step comes first: it needs no connection, and a server should not be kept waiting for a
    KDC.  Its failure is told only if the host can be reached at all.
    """

    def __init__(
        self, host: str, principal: str | None, tickets: Tickets, dialing: Dialing[Any]
    ) -> None:
        """Nothing happens before ``try_now()`` or ``run()``."""
        self.host = host
        self.addresses: list[Address] = []
        self.looked_up = False
        self.context: gss.Context | None = None
        self.token: bytes | None = None
        self._refused: RemctlError | None = None
        self._principal = principal
        self._target = principal or f"host@{host}"
        self._tickets = tickets
        self._dialing = dialing
        self._loan: Loan | None = None

    def try_now(self) -> bool:
        """Prepare from what is known, where nobody has to be asked and nothing can block."""
        recent = recall(self.host, self._principal)
        if recent is None:
            return False
        file = cache_file(self._tickets)
        if not is_warm(file, self._target):
            return False
        self.addresses = recent.addresses
        self._borrow_and_step(file, recent.service, warm=True)
        return True

    def run(self) -> None:
        """Ask DNS and the KDC, for as long as these like."""
        found = socket.getaddrinfo(self.host, None, type=socket.SOCK_STREAM)
        self.addresses = [(family, address) for family, _, _, _, address in found]
        self.looked_up = True
        if not self._dialing.cancelled:
            file = cache_file(self._tickets)
            self._borrow_and_step(file, None, warm=is_warm(file, self._target))

    def _borrow_and_step(
        self, file: CacheFile | None, service: gss.Name | None, *, warm: bool
    ) -> None:
        doing = ""
        try:
            loan = borrow(self._tickets, file, self._target, warm=warm)
            if service is None:
                doing = "parsing name"
                kind: Literal["hostbased", "user"]
                kind = "hostbased" if self._principal is None else "user"
                service = gss.Name(self._target, kind)
            doing = "initializing context"
            context = gss.Context.initiate(service, loan.credential)
            self.token = context.step()
        except OpswireError as error:
            self._refused = self._refusal(doing, error)
        else:
            self.context = context
            self._loan = loan

    def _refusal(self, doing: str, error: OpswireError) -> RemctlError:
        """doing: what failed; empty for borrowing the tickets."""
        if not doing and isinstance(error, (GSSError, NotSupportedError)):
            if self._tickets is not None:
                return failures.no_tickets(error, self._tickets)
            doing = "initializing context"
        if isinstance(error, GSSError):
            return failures.not_authenticated(doing, error, self._tickets)
        return failures.because(RemctlProtocolError(str(error)), error)

    def take_refusal(self) -> RemctlError | None:
        """Return why there is no context; once, or its traceback and this would keep each other."""
        refused, self._refused = self._refused, None
        return refused

    def keep(self, context: gss.Context) -> None:
        """Keep what the handshake of a context has proved for the next attempt."""
        if self._loan is None:
            return
        if self.looked_up:
            self._loan.keep(context.lifetime)
            remember(self.host, self._principal, self.addresses, context)
        else:
            self._loan.keep(None)  # what is known of the ticket's end stays known
