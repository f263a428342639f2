"""What callers may give for a command, a port, a name or a timeout, and how it is refused.

The texts are those that users of remctl match on.
"""

import math
from collections.abc import Iterable

from opswire.errors import RemctlUsageError

Octets = bytes | bytearray | memoryview

PORTS = (4373, 4444)
"""Where to try when no port is given: the registered one, then the one in use before it."""


def command_octets(command: Iterable[object]) -> list[Octets]:
    """Turn the elements of a command into octets.

    str becomes UTF-8, bytes-like stays as it is, anything else goes through str().

    Raises:
        TypeError: a single str, bytes or number in place of the iterable.
        ValueError: an empty command.
    """
    if isinstance(command, (str, bytes, bytearray, memoryview, bool, int, float)):
        raise TypeError("command must be a sequence or iterator")
    try:
        elements = iter(command)
    except TypeError:
        raise TypeError("command must be a sequence or iterator") from None
    octets = [
        element
        if isinstance(element, (bytes, bytearray, memoryview))
        else str(element).encode("utf-8", "surrogateescape")
        for element in elements
    ]
    if not octets:
        raise ValueError("command must not be empty")
    return octets


def ports(port: int | str | None) -> tuple[int, ...]:
    """Return the ports to try, in order.

    Raises:
        TypeError: neither a number nor decimal text.
        ValueError: negative, or above 65535.
    """
    if port is None:
        return PORTS
    if isinstance(port, bool) or not isinstance(port, (int, str)):
        raise TypeError(f"port must be a number: {port!r}")
    try:
        number = int(port)
    except ValueError:
        raise TypeError(f"port must be a number: {port!r}") from None
    if not 0 <= number <= 65535:
        raise ValueError(f"invalid port number: {number}")
    return (number,) if number else PORTS


def host_name(host: str) -> str:
    """Check a host name or address.

    Raises:
        TypeError: not text.
        ValueError: empty, or with a NUL in it.
    """
    if not isinstance(host, str):
        raise TypeError(f"host must be a str, not {type(host).__name__}")
    if not host:
        raise ValueError("host must not be empty")
    if "\0" in host:
        raise ValueError("host must not contain a NUL")
    return host


def principal_name(principal: str | None) -> str | None:
    """Check a service principal; None and "" mean the host-based service name of the host.

    Raises:
        TypeError: not text.
        ValueError: with a NUL in it.
    """
    if principal is None:
        return None
    if not isinstance(principal, str):
        raise TypeError(f"principal must be a str, not {type(principal).__name__}")
    if "\0" in principal:
        raise ValueError("principal must not contain a NUL")
    return principal or None


def seconds(value: float, what: str = "timeout") -> float:
    """Check a number of seconds.

    Raises:
        TypeError: not a number.
        RemctlUsageError: negative, infinite or not a number at all.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{what} must be a number of seconds, not {type(value).__name__}")
    if value < 0 or not math.isfinite(value):
        raise RemctlUsageError(f"invalid {what} {value}")
    return float(value)
