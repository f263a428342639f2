"""What callers may give for a port, a name or a limit, and how it is refused.

A wrong type is a TypeError, a text that means nothing a ValueError, and a number that is out of its
range a RemctlLimitError, which is a ValueError and a RemctlUsageError.  The texts are those that
users of remctl match on.
"""

import math
from operator import index
from reprlib import repr as shown
from typing import SupportsIndex

from opswire.errors import RemctlLimitError

PORTS = (4373, 4444)
"""Where to try when no port is given: the registered one, then the one in use before it."""

MAX_SECONDS = 1e9
"""More is taken for this, 31 years: locks cannot wait for all that a float can be."""


def ports(port: int | str | None) -> tuple[int, ...]:
    """Return the ports to try, in order.

    Raises:
        TypeError: neither a number nor decimal text.
        RemctlLimitError: negative, or above 65535.
    """
    if port is None:
        return PORTS
    if isinstance(port, bool) or not isinstance(port, (int, str)):
        raise TypeError(f"port must be a number: {shown(port)}")
    try:
        number = int(port)
    except ValueError:
        raise TypeError(f"port must be a number: {shown(port)}") from None
    if not 0 <= number <= 65535:
        raise RemctlLimitError(f"invalid port number: {number}")
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
        hint = ": give the command as command=[…]" if isinstance(principal, (list, tuple)) else ""
        raise TypeError(f"principal must be a str, not {type(principal).__name__}{hint}")
    if "\0" in principal:
        raise ValueError("principal must not contain a NUL")
    return principal or None


def seconds(value: float, what: str = "timeout") -> float:
    """Check a number of seconds.

    Raises:
        TypeError: not a number.
        RemctlLimitError: negative, infinite or not a number at all.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{what} must be a number of seconds, not {type(value).__name__}")
    if value < 0 or (isinstance(value, float) and not math.isfinite(value)):
        raise RemctlLimitError(f"invalid {what} {value}")
    return float(min(value, MAX_SECONDS))


def count(value: int, what: str, least: int = 0) -> int:
    """Check how many of something there may be.

    Raises:
        TypeError: not a whole number.
        RemctlLimitError: less than ``least``.
    """
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{what} must be a whole number, not {type(value).__name__}")
    number = index(value)
    if number < least:
        raise RemctlLimitError(f"{what} must be at least {least}, not {number}")
    return number
