"""The hosts of a fleet, as objects and as text."""

import socket
from typing import NamedTuple

from opswire.public_names import public_in
from opswire.remctl import arguments


@public_in("opswire.remctl")
class FleetHost(NamedTuple):
    """A host of a fleet.

    Attributes:
        host: name or address.
        port: None means that of the fleet.
        principal: of the service; None means that of the fleet.
    """

    host: str
    port: int | None = None
    principal: str | None = None

    def __str__(self) -> str:
        """Return what ``parse()`` takes."""
        if self.port is None:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> "FleetHost":
        """Make one of ``name``, ``name:port``, ``address`` or ``[address]:port``.

        >>> FleetHost.parse("[2001:db8::1]:4444")
        FleetHost(host='2001:db8::1', port=4444, principal=None)

        Raises:
            ValueError: none of these.
            TypeError: no text.
        """
        if not isinstance(text, str):
            raise TypeError(f"a host is text, not {type(text).__name__}")
        host, port = text, ""
        if text.startswith("["):
            host, bracket, port = text[1:].partition("]")
            if not bracket or (port and not port.startswith(":")):
                raise ValueError(f"not [ADDRESS] or [ADDRESS]:PORT: {text!r}")
            port = port[1:] if port else ""
            if text.endswith(":"):
                raise ValueError(f"a port must follow the colon: {text!r}")
        elif text.count(":") == 1:
            host, _, port = text.partition(":")
            if not port:
                raise ValueError(f"a port must follow the colon: {text!r}")
        elif ":" in text and not _is_ipv6(text):
            raise ValueError(f"not an IPv6 address; with a port it is [ADDRESS]:PORT: {text!r}")
        if not host or any(character.isspace() for character in host):
            raise ValueError(f"not a host name: {text!r}")
        if not port:
            return cls(arguments.host_name(host))
        if not (port.isascii() and port.isdigit()) or not 0 < int(port) <= 65535:
            raise ValueError(f"the port must be a number from 1 to 65535: {text!r}")
        return cls(arguments.host_name(host), int(port))


def _is_ipv6(text: str) -> bool:
    address, _, zone = text.partition("%")
    try:
        socket.inet_pton(socket.AF_INET6, address)
    except (OSError, ValueError):  # ValueError: with a NUL in it
        return False
    return ":" not in zone


def checked(host: str | FleetHost) -> FleetHost:
    """Return what was given as a host of a fleet, as an object with which something can be done.

    Raises:
        TypeError, ValueError: it is none.
    """
    if isinstance(host, str):
        return FleetHost.parse(host)
    if not isinstance(host, FleetHost):
        hint = ": write FleetHost(host, port)" if isinstance(host, (list, tuple)) else ""
        raise TypeError(
            f"a host of a fleet is a str or a FleetHost, not {type(host).__name__}{hint}"
        )
    arguments.host_name(host.host)
    arguments.ports(host.port)
    arguments.principal_name(host.principal)
    return host
