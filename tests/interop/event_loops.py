"""The event loops that everything on asyncio is tested with."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvloop

NewLoop = Callable[[], asyncio.AbstractEventLoop]

LOOPS: dict[str, NewLoop] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}

# libuv opens a pipe with its first loop and keeps it: now, so that no test takes it for its own.
uvloop.new_event_loop().close()


@contextmanager
def running(new_loop: NewLoop) -> Iterator[asyncio.Runner]:
    """An event loop that has opened whatever it opens for itself."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_connect_once())
        yield runner


async def _connect_once() -> None:
    """Because libuv opens /dev/null with the first connection of a loop."""
    one, other = socket.socketpair()
    with other:
        _, writer = await asyncio.open_connection(sock=one)
        writer.close()
        await writer.wait_closed()
