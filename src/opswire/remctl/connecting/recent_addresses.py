"""What was learnt about a host a moment ago: its addresses, and what Kerberos calls its service.

Programs call ``remctl()`` in loops.  For a second the answers of the name lookups stand, so that
the next call to the same host asks nobody, can block on nothing, and needs no thread to be left.
"""

import os
import socket
from time import monotonic
from typing import NamedTuple

from opswire._core.gss import Context, Name

SECONDS = 1.0
"""Short enough that a failover of a host's address is not noticed later than without."""

MAX_HOSTS = 1024

Address = tuple[socket.AddressFamily, tuple[object, ...]]


class KnownHost(NamedTuple):
    """What is known of a host and a principal.

    Attributes:
        addresses: of the host.
        service: the canonical name of the principal that the host proved to be.
        until: when it is forgotten, a moment of time.monotonic().
    """

    addresses: list[Address]
    service: Name
    until: float


_known: dict[tuple[str, str | None], KnownHost] = {}


def recall(host: str, principal: str | None) -> KnownHost | None:
    """Return what was learnt within the last second, or None."""
    found = _known.get((host, principal))
    return found if found is not None and found.until > monotonic() else None


# libkrb5 parses krb5.conf anew for every context unless one is alive that has it parsed already.
_anchor: list[Context] = []


def remember(host: str, principal: str | None, addresses: list[Address], context: Context) -> None:
    """Keep what a handshake has proved, for a second from now."""
    if len(_known) >= MAX_HOSTS:
        _known.clear()
    _known[host, principal] = KnownHost(addresses, context.service, monotonic() + SECONDS)
    _anchor[:] = [context]


def _forget() -> None:
    """A forked child looks for itself."""
    _known.clear()
    _anchor.clear()


os.register_at_fork(after_in_child=_forget)
