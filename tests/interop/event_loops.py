"""The event loops that everything on asyncio is tested with."""

import asyncio
from collections.abc import Callable

import uvloop

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}

# libuv opens a pipe with its first loop and keeps it: now, so that no test takes it for its own.
uvloop.new_event_loop().close()
