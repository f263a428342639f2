"""How a handler is called: awaited on the loop, on a thread, or on the spot."""

import asyncio
import inspect
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias, TypeVar

from opswire.calls import Call
from opswire.http.request import Request
from opswire.http.response import Response

T = TypeVar("T")

Handler: TypeAlias = Callable[[Request], Response] | Callable[[Request], Awaitable[Response]]


def is_async(handler: Handler) -> bool:
    """Tell whether a handler is to be awaited: an async function, or an object with such a call."""
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(
        getattr(handler, "__call__", None)  # noqa: B004 - of an object, to look at it
    )


class Threads:
    """At most so many calls at a time, on threads that nobody has to wait for.

    One that is stuck ends neither the server's end nor the interpreter's.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        """Start none before they are needed."""
        self._loop = loop
        self._free = number
        self._waiting: deque[Callable[[], None]] = deque()

    def call(
        self, function: Callable[[], T], done: Callable[[T | None, BaseException | None], None]
    ) -> None:
        """Call `function` on a thread, then `done` on the loop with its result or exception."""

        def start() -> None:
            # "finished" may be called before Call() has returned: the result comes another way.
            outcome: list[tuple[T | None, BaseException | None]] = []

            def run() -> None:
                try:
                    outcome.append((function(), None))
                except BaseException as error:
                    outcome.append((None, error))

            def finished() -> None:
                with suppress(RuntimeError):  # the loop has ended, and nobody waits
                    self._loop.call_soon_threadsafe(self._after, done, outcome)

            try:
                Call(run, finished)
            except Exception as error:  # as many threads as are allowed are stuck
                failed: list[tuple[T | None, BaseException | None]] = [(None, error)]
                self._loop.call_soon(self._after, done, failed)

        if self._free:
            self._free -= 1
            start()
        else:
            self._waiting.append(start)

    async def wait_for(self, function: Callable[[], T]) -> T:
        """Return what `function` returned on a thread, or raise what it raised."""
        future: asyncio.Future[T] = self._loop.create_future()

        def done(result: T | None, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]  # T, without an error

        self.call(function, done)
        return await future

    def _after(
        self,
        done: Callable[[T | None, BaseException | None], None],
        outcome: list[tuple[T | None, BaseException | None]],
    ) -> None:
        if self._waiting:
            self._waiting.popleft()()
        else:
            self._free += 1
        done(*outcome[0])
