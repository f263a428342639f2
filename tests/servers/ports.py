"""Loopback addresses of this machine, and ports on them that nobody uses."""

import socket

IPV4 = "127.0.0.1"
IPV6 = "::1"


def family_of(address: str) -> socket.AddressFamily:
    """The socket family of a literal address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def loopbacks() -> tuple[str, ...]:
    """The loopback addresses that can be bound here; for parametrised tests, instead of a skip."""
    return tuple(address for address in (IPV4, IPV6) if _can_bind(address))


def free_port(address: str = IPV4) -> int:
    """A port that is free for TCP and for UDP at this moment.

    Somebody else may take it before it is used, so whoever starts a server tries again when the
    server ends at once.
    """
    family = family_of(address)
    for _ in range(50):
        with (
            socket.socket(family, socket.SOCK_STREAM) as stream,
            socket.socket(family, socket.SOCK_DGRAM) as datagram,
        ):
            stream.bind((address, 0))
            port: int = stream.getsockname()[1]
            try:
                datagram.bind((address, port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port of {address} is free for both TCP and UDP")


def _can_bind(address: str) -> bool:
    try:
        with socket.socket(family_of(address), socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
