"""The steps of a dialing, waited for on an event loop."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

from opswire._core import remctl as core
from opswire.calls import Call
from opswire.pacing import Slot
from opswire.remctl import failures
from opswire.remctl.asyncio_driver import AsyncioDriver
from opswire.remctl.connecting.dialing import Aside, Connect, Dialing, Step, Turn
from opswire.steps import perform_awaiting


class AsyncioDialing(Dialing[AsyncioDriver]):
    """``run()`` in one task, ``cancel()`` from any other of the same loop."""

    closer = "task"

    _task: asyncio.Task[Any] | None = None

    def cancel(self) -> None:
        """Make ``run()`` raise RemctlError soon."""
        self.cancelled = True
        if self._task is not None:
            self._task.cancel()

    async def run(self) -> AsyncioDriver:
        """Return a driver that is ready for a command.

        Cancelled, it leaves nothing behind but a thread that cannot be interrupted.

        Raises:
            RemctlError: with the text of the step that failed.
        """
        self._task = asyncio.current_task()
        try:
            return await perform_awaiting(self.steps(), self._perform)
        finally:
            self._task = None

    async def _perform(self, step: Step) -> object:
        try:
            return await self._wait_for(step)
        except asyncio.CancelledError:
            # Ours is no cancellation for the rest of the task.
            if self.cancelled and self._task is not None and not self._task.uncancel():
                raise ConnectionAbortedError from None
            raise
        except TimeoutError as error:
            # Without the cancellation that it was made of, and all its frames.
            error.__cause__ = error.__context__ = None
            raise

    async def _wait_for(self, step: Step) -> object:
        if self.cancelled:
            raise ConnectionAbortedError
        if isinstance(step, Turn):
            await self._take(step.slot)
            return None
        if isinstance(step, Connect):
            async with asyncio.timeout(_left(self.until())):
                return await self._connect_now(step)
        if isinstance(step, Aside):
            async with asyncio.timeout(_left(self.until())):
                return await _call(step.function)
        await step.link.handshake(step.context, step.token, self.deadline)
        return None

    async def _take(self, slot: Slot) -> None:
        turn = _Signal()
        if slot.enter(turn.give):
            return
        try:
            async with asyncio.timeout(_left(self.deadline)):
                await turn.wait()
        except BaseException:
            slot.leave()
            raise

    async def _connect_now(self, step: Connect) -> AsyncioDriver:
        loop = asyncio.get_running_loop()
        machine = core.Connection(core.CLIENT, self.destination.protocol)
        own_end = socket.socket(step.family, socket.SOCK_STREAM)
        try:
            own_end.setblocking(False)
            own_end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if step.source is not None:
                own_end.bind(step.source)
            await loop.sock_connect(own_end, step.address)
        except BaseException as error:
            # Now: an exception that somebody keeps must not keep a descriptor.
            own_end.close()
            if isinstance(error, OSError) and error.errno:
                # The event loop's own text says which call failed instead of why.
                error.__traceback__ = None  # it has this frame
                raise failures.errno_error(error.errno) from None
            raise
        # From here on the descriptor is the transport's, which closes it when it is cancelled.
        make = partial(AsyncioDriver, machine, self.timeout)
        _, driver = await loop.create_connection(make, sock=own_end)
        return driver


class _Signal:
    """Wakes a task of this loop, from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()

    def give(self) -> None:
        """Wake the task; RuntimeError when the loop is closed."""
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self) -> None:
        """Wait for ``give()``."""
        await self._future


async def _call(function: Callable[[], object]) -> object:
    """Call on a thread of its own, which finishes alone when nobody waits any more."""
    finished = _Signal()

    def tell() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            finished.give()

    call = Call(function, tell)
    await finished.wait()
    return call.outcome()


def _left(until: float) -> float | None:
    """Seconds until a moment of time.monotonic(), 0.0 for never."""
    return until - monotonic() if until else None
