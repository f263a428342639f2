"""Sockets that know when they must be done, whatever is read from them and in how many pieces.

urllib3 and http.client give a timeout to each call, so that a server that sends an octet a second
is never late.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

from opswire.calls import Call
from opswire.wbem.client.deadline import Deadline

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["BoundedSocket", "connected", "make_bounded"]

_NEVER = Deadline(None)


class Bounded:
    """Mixed into a socket class: ``deadline`` bounds all that waits from then on."""

    deadline = _NEVER

    def recv_into(self, buffer: Buffer, nbytes: int | None = None, flags: int = 0) -> int:
        """Receive within the deadline."""
        self.settimeout(self.deadline.left())  # type: ignore[attr-defined]  # that of the socket beside it
        received: int = super().recv_into(buffer, nbytes or 0, flags)  # type: ignore[misc]  # that of the socket beside it
        return received

    def send(self, data: Buffer, flags: int = 0) -> int:
        """Send within the deadline."""
        self.settimeout(self.deadline.left())  # type: ignore[attr-defined]  # that of the socket beside it
        sent: int = super().send(data, flags)  # type: ignore[misc]  # that of the socket beside it
        return sent

    def sendall(self, data: Buffer, flags: int = 0) -> None:
        """Send all of it within the deadline."""
        self.settimeout(self.deadline.left())  # type: ignore[attr-defined]  # that of the socket beside it
        super().sendall(data, flags)  # type: ignore[misc]  # that of the socket beside it


class BoundedSocket(Bounded, socket.socket):
    """A socket with a deadline."""


class BoundedTLSSocket(Bounded, ssl.SSLSocket):
    """A socket with TLS and a deadline."""


def make_bounded(context: ssl.SSLContext) -> ssl.SSLContext:
    """Have a context make sockets with deadlines; those of others never have one that passes."""
    made = context.sslsocket_class
    if made is ssl.SSLSocket:
        context.sslsocket_class = BoundedTLSSocket
    elif made is not None and not issubclass(made, Bounded):
        context.sslsocket_class = type(f"Bounded{made.__name__}", (Bounded, made), {})
    return context


def connected(host: str, port: int, deadline: Deadline) -> BoundedSocket:
    """Return a socket that is connected to one of a host's addresses.

    Raises:
        OSError: to none of them, or there is no such host; TimeoutError: not in time.
    """
    error: OSError | None = None
    addresses = _addresses(host, port, deadline)
    for number, (family, address) in enumerate(addresses):
        own = BoundedSocket(family, socket.SOCK_STREAM)
        try:
            left = deadline.left()
            # An address that does not answer leaves time for the others.
            own.settimeout(None if left is None else left / (len(addresses) - number))
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            own.connect(address)
            own.deadline = deadline
            return own
        except OSError as problem:
            own.close()
            error = error or problem
        except BaseException:
            own.close()
            raise
    deadline.left()
    try:
        raise error or OSError(f"{host} has no address")
    finally:
        del error  # or its traceback and this frame would keep each other


def _addresses(host: str, port: int, deadline: Deadline) -> list[tuple[socket.AddressFamily, Any]]:
    def look_up() -> list[Any]:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)

    # On another thread: the resolver waits for dead servers as long as it likes.
    is_literal = ":" in host or host.replace(".", "").isdigit()
    try:
        found = look_up() if is_literal else Call(look_up).wait(deadline.at or 0.0)
    except UnicodeError as error:  # a part of the name is empty, or too long
        raise OSError(f"{host[:80]!r} is no name of a host") from error
    return [(family, address) for family, _, _, _, address in found]
