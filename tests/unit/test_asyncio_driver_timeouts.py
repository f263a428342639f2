"""How long a stream on an event loop waits, by a clock of the test."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from opswire._core import remctl as core
from opswire.remctl import asyncio_driver
from opswire.remctl.asyncio_driver import AsyncioDriver
from tests.unit.clock import Clock


class Timers:
    """An event loop that is asked for timers; they are noted, and the real ones never ring.

    Attributes:
        limits: after how many seconds each was to ring.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.limits: list[float] = []

    def create_future(self) -> asyncio.Future[Any]:
        """As the event loop does."""
        return self._loop.create_future()

    def call_later(
        self, seconds: float, call: Callable[..., object], *arguments: object
    ) -> asyncio.TimerHandle:
        """Note it."""
        self.limits.append(seconds)
        return self._loop.call_later(3600, call, *arguments)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of deadlines."""
    made = Clock()
    monkeypatch.setattr(asyncio_driver, "monotonic", made)
    return made


@asynccontextmanager
async def connected(timeout: float) -> AsyncIterator[tuple[AsyncioDriver, Timers]]:
    """A stream to a peer that does nothing, and the timers that it sets."""
    one, other = socket.socketpair()
    with other:
        loop = asyncio.get_running_loop()
        made = AsyncioDriver(core.Connection(core.CLIENT), timeout)
        await loop.create_connection(lambda: made, sock=one)
        timers = Timers(loop)
        made._loop = cast(asyncio.AbstractEventLoop, timers)
        try:
            yield made, timers
        finally:
            made.close()
            await made.wait_closed()


@pytest.mark.parametrize(
    ("timeout", "deadline", "limits"),
    [
        (0.0, 0.0, []),
        (5.0, 0.0, [5.0]),
        (0.0, 1003.0, [3.0]),
        (5.0, 1003.0, [3.0]),
        (5.0, 1050.0, [5.0]),
    ],
)
def test_a_wait_ends_with_the_timeout_or_with_the_deadline(
    timeout: float, deadline: float, limits: list[float]
) -> None:
    """Whichever comes first; 0 is neither."""

    async def wait() -> list[float]:
        async with connected(timeout) as (made, timers):
            made._turn(deadline).cancel()
            return timers.limits

    assert asyncio.run(wait()) == limits


@pytest.mark.parametrize("late", [0.0, 1.0])
def test_a_wait_does_not_begin_after_the_deadline(late: float) -> None:
    async def wait() -> None:
        async with connected(5.0) as (made, _):
            made._turn(1000.0 - late)

    with pytest.raises(TimeoutError):
        asyncio.run(wait())


def test_a_peer_that_takes_all_at_once_is_held_to_the_deadline(clock: Clock) -> None:
    """Nothing ever waits for it, so that no timer would ring."""

    async def write() -> None:
        async with connected(5.0) as (made, _):
            await made._written(1000.001)
            clock.go_on(0.001)
            await made._written(1000.001)

    with pytest.raises(TimeoutError):
        asyncio.run(write())
    assert clock.now == 1000.001
