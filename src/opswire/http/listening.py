"""The sockets that a server listens on: one for each address of a host."""

import socket
from typing import Any, TypeAlias

PORT_TRIES = 20
"""For a port that is free on every address of a host."""

MAX_UNSENT = 128 * 1024
"""Octets of a connection that the kernel may hold before they are sent.

Without it megabytes are copied for each client that does not read: a thousand of them stopped the
others for two to four seconds, for 70 ms with it.  What is on its way is not bounded.
"""


Place: TypeAlias = tuple[int, tuple[Any, ...]]
"""A family, and an address of it."""


def places_of(host: str, port: int) -> list[Place]:
    """Return every address of a host; this may take as long as DNS does.

    Args:
        host: a name or an address; empty for every address of this machine.
        port: of each.

    Raises:
        OSError: the host has no address.
    """
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def bound(places: list[Place], port: int, backlog: int) -> list[socket.socket]:
    """Return a listening socket for every place, all of one port.

    Args:
        places: of one host.
        port: 0 for a free one.
        backlog: connections that may wait.

    Raises:
        OSError: one of them cannot be had.
    """
    for tries_left in reversed(range(PORT_TRIES)):
        made: list[socket.socket] = []
        try:
            for family, address in places:
                chosen = made[0].getsockname()[1] if made and not port else port
                listener = _listening(family, (address[0], chosen, *address[2:]), backlog)
                if listener is not None:
                    made.append(listener)
        except BaseException as error:
            for listener in made:
                listener.close()
            # The free port of the first address may be taken on the next.
            if port or not made or not isinstance(error, OSError) or not tries_left:
                raise
        else:
            return made
    raise AssertionError("the last try has returned or raised")


def _listening(family: int, address: tuple[Any, ...], backlog: int) -> socket.socket | None:
    """Return one listening socket; None for IPv6 on a machine that has none."""
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        if family == socket.AF_INET6:
            return None
        raise
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it: an answer in two packets would wait for the client's ACK, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNSENT)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(backlog)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener
