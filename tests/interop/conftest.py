"""The event loops that everything on asyncio is tested with."""

import asyncio
from collections.abc import Iterator

import pytest
import uvloop

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}

# libuv opens a pipe with its first loop and keeps it: now, so that no test takes it for its own.
uvloop.new_event_loop().close()


@pytest.fixture(params=LOOPS.values(), ids=LOOPS)
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    """What runs coroutines, on each event loop in turn."""
    with asyncio.Runner(loop_factory=request.param) as running:
        yield running
