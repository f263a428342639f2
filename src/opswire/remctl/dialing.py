"""From a host name to a driver whose security context stands: lookup, connect, handshake."""

import errno
import ipaddress
import socket
from time import monotonic
from typing import Literal

from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.remctl_driver import Driver
from opswire.errors import (
    GSSError,
    LocalProtocolError,
    NotSupportedError,
    OpswireError,
    RemctlError,
)
from opswire.remctl import failures
from opswire.remctl.abandonment import Call
from opswire.remctl.credentials import Loan, borrow, is_warm
from opswire.remctl.pacing import Slot
from opswire.remctl.recent import Address, recall, remember


class Dialing:
    """One attempt to open a connection.  ``run()`` in one thread, ``cancel()`` from any other.

    Args:
        host: name or address.
        ports: to be tried in this order.
        principal: of the service, as Kerberos takes it; None means ``host@HOST``.
        ccache: name of the ticket cache; None means the default one.
        source: address to connect from; None means any.
        timeout: inactivity timeout in seconds, 0.0 for none: of the lookup, of every connect(), and
            of every token.
        deadline: of the whole, a moment of time.monotonic(), 0.0 for none.
        protocol: the highest version to speak, 2 or 1.
    """

    def __init__(
        self,
        host: str,
        ports: tuple[int, ...],
        principal: str | None,
        *,
        ccache: str | None,
        source: str | None,
        timeout: float,
        deadline: float,
        protocol: int,
    ) -> None:
        """Nothing happens before ``run()``."""
        self._host = host
        self._ports = ports
        self._principal = principal
        self._target = principal or f"host@{host}"
        self._ccache = ccache
        self._source = source
        self._timeout = timeout
        self._deadline = deadline
        self._protocol = protocol
        self._cancelled = False
        self._waiting: Call[list[Address]] | Slot | Driver | None = None
        self._context: gss.Context | None = None
        self._token: bytes | None = None
        self._refused: RemctlError | None = None
        self._looked_up = False
        self._loan: Loan | None = None

    def cancel(self) -> None:
        """Make ``run()`` raise soon."""
        self._cancelled = True
        waiting = self._waiting
        if isinstance(waiting, Driver):
            waiting.close()
        elif waiting is not None:
            waiting.cancel()

    def run(self) -> Driver:
        """Return a driver that is ready for a command.

        Raises:
            RemctlError: with the text of the step that failed.
        """
        addresses = self._prepared()
        driver, slot = self._connect(addresses)
        try:
            return self._shake_hands(driver, addresses)
        finally:
            slot.release()

    # -- what may block deaf to signals --

    def _prepared(self) -> list[Address]:
        """Return the addresses; the first GSS-API step is taken, or its failure kept.

        The step comes before connect(): it needs no connection, and a server should not be kept
        waiting for a KDC.  Its failure is told only if the host can be reached at all.
        """
        recent = recall(self._host, self._principal)
        if recent is not None and is_warm(self._ccache, self._target):
            # Nobody will be asked anything, so nothing can block.
            loan = self._borrowed()
            if loan is not None:
                self._step(loan, recent.service)
            return recent.addresses
        call = self._waiting = Call(self._prepare)
        try:
            return call.wait(self._until())
        except TimeoutError as error:
            if self._looked_up:
                raise failures.on_the_wire("initializing context", error) from None
            raise failures.unknown_host(self._host, error) from None
        except ConnectionAbortedError:
            raise self._aborted() from None
        except socket.gaierror as error:
            raise failures.unknown_host(self._host, error) from error
        except UnicodeError as error:
            reason = OSError(errno.EINVAL, f"not a host name ({error})")
            raise failures.unknown_host(self._host, reason) from error

    def _prepare(self) -> list[Address]:
        found = socket.getaddrinfo(self._host, None, type=socket.SOCK_STREAM)
        self._looked_up = True
        if not self._cancelled:
            loan = self._borrowed()
            if loan is not None:
                try:
                    kind: Literal["hostbased", "user"] = (
                        "hostbased" if self._principal is None else "user"
                    )
                    target = gss.Name(self._target, kind)
                except OpswireError as error:
                    self._refused = failures.on_the_wire("parsing name", error)
                else:
                    self._step(loan, target)
        return [(family, address) for family, _, _, _, address in found]

    def _borrowed(self) -> Loan | None:
        """Return a credential, or None with the failure kept."""
        try:
            return borrow(self._ccache, self._target)
        except (GSSError, NotSupportedError) as error:
            if self._ccache is None:
                self._refused = failures.on_the_wire("initializing context", error)
            else:
                self._refused = failures.no_tickets(error)
        except OpswireError as error:
            self._refused = RemctlError(str(error))
        return None

    def _step(self, loan: Loan, target: gss.Name) -> None:
        """Take the first step of the context, or keep its failure."""
        try:
            context = gss.Context.initiate(target, loan.credential)
            self._token = context.step()
        except OpswireError as error:
            self._refused = failures.on_the_wire("initializing context", error)
        else:
            self._context = context
            self._loan = loan

    # -- connect() --

    def _connect(self, addresses: list[Address]) -> tuple[Driver, Slot]:
        """Try every address on every port.

        The slot of the one that answered is still taken: until the first answered token.
        """
        source, family = self._source_address()
        first_error: OSError | None = None
        for port in self._ports:
            for address_family, address in addresses:
                if family is not None and family != address_family:
                    continue
                place = (address[0], port, *address[2:])
                try:
                    return self._connect_to(address_family, place, source)
                except TimeoutError as error:
                    if self._deadline and monotonic() >= self._deadline:
                        raise failures.cannot_connect(self._host, port, error) from None
                    first_error = first_error or error
                except (ConnectionAbortedError, LocalProtocolError):
                    if self._cancelled:
                        raise self._aborted() from None
                    first_error = first_error or failures.errno_error(errno.ECONNABORTED)
                except OSError as error:
                    first_error = first_error or error
        first_error = first_error or failures.errno_error(errno.EAFNOSUPPORT)
        raise failures.cannot_connect(self._host, self._ports[0], first_error) from first_error

    def _source_address(self) -> tuple[tuple[object, ...] | None, socket.AddressFamily | None]:
        if self._source is None:
            return None, None
        try:
            version = ipaddress.ip_address(self._source).version
        except ValueError:
            # Only literals: a name would need another lookup that may block.
            error = failures.errno_error(errno.EINVAL)
            raise failures.cannot_connect(self._host, self._ports[0], error) from None
        return (self._source, 0), socket.AF_INET if version == 4 else socket.AF_INET6

    def _connect_to(
        self,
        family: socket.AddressFamily,
        address: tuple[object, ...],
        source: tuple[object, ...] | None,
    ) -> tuple[Driver, Slot]:
        slot = self._waiting = Slot(address)
        if self._cancelled:
            raise ConnectionAbortedError
        slot.take(self._deadline)
        driver: Driver | None = None
        try:
            machine = core.Connection(core.CLIENT, self._protocol)
            driver = self._waiting = Driver.unconnected(machine, family, self._timeout)
            if self._cancelled:
                raise ConnectionAbortedError
            driver.connect(family, address, source, self._deadline)
        except BaseException:
            # Now: an exception that somebody keeps must not keep a descriptor.
            if driver is not None:
                driver.close()
            slot.release()
            raise
        return driver, slot

    # -- the handshake --

    def _shake_hands(self, driver: Driver, addresses: list[Address]) -> Driver:
        context, loan = self._context, self._loan
        try:
            if context is None or loan is None:
                raise self._refused or self._aborted()
            driver.handshake(context, self._token, self._deadline)
        except BaseException as error:
            driver.close()
            if self._cancelled:
                raise self._aborted() from None
            if isinstance(error, GSSError):
                raise failures.on_the_wire("initializing context", error) from error
            if isinstance(error, (OSError, OpswireError)):
                raise failures.on_the_wire("receiving token", error) from error
            raise
        self._waiting = None
        if self._looked_up:
            loan.keep(context.lifetime)
            remember(self._host, self._principal, addresses, context)
        else:
            loan.keep(None)  # what is known of the ticket's end stays known
        return driver

    # -- limits --

    def _until(self) -> float:
        """When the step that begins now must be over; 0.0 for never."""
        if not self._timeout:
            return self._deadline
        silence = monotonic() + self._timeout
        return min(silence, self._deadline) if self._deadline else silence

    def _aborted(self) -> RemctlError:
        return RemctlError("the connection was closed by another thread")
