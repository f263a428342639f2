"""Ports where something is wrong below remctl: dead, hanging, refusing; of one address or all."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.servers.ports import IPV4


@contextmanager
def dead_port(address: str = IPV4) -> Iterator[int]:
    """A port where connect() is never answered: the queue behind it is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((address, 0))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield listener.getsockname()[1]


@contextmanager
def hanging_port(address: str = IPV4) -> Iterator[int]:
    """A port where connect() succeeds and nobody ever says a word."""
    with socket.create_server((address, 0), backlog=64) as listener:
        yield listener.getsockname()[1]


@contextmanager
def refusing_port(address: str = IPV4) -> Iterator[int]:
    """A port that is taken, where nobody listens."""
    with socket.socket() as bound:
        bound.bind((address, 0))
        yield bound.getsockname()[1]
