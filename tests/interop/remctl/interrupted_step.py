"""A coroutine to which something happens at a chosen one of its suspensions."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from enum import Enum
from typing import Any

MOST_STEPS = 500


class Moment(Enum):
    """When within a suspension it happens."""

    WAITING = "while it waits"
    WOKEN = "when what it waited for has come"


class InterruptedStep:
    """Awaits a coroutine and calls a function at its n-th suspension.

    Args:
        coroutine: what is awaited.
        number: of the suspension, from 1 on.
        interrupt: called with the task.
        moment: WOKEN is between the end of the wait and the first statement after it, where
            the result of the wait exists already and nobody has it yet.

    Attributes:
        reached: whether there were that many suspensions.
    """

    def __init__(
        self,
        coroutine: Coroutine[Any, Any, object],
        number: int,
        moment: Moment,
        interrupt: Callable[[asyncio.Task[Any]], object] = asyncio.Task.cancel,
    ) -> None:
        """Nothing happens before it is awaited."""
        self._coroutine = coroutine
        self._left = number
        self._moment = moment
        self._interrupt = interrupt
        self.reached = False

    async def run(self) -> None:
        """Await it, in a task of its own."""
        await self

    def __await__(self) -> Generator[Any, Any, None]:
        """Hand every suspension on to the event loop."""
        suspensions = self._coroutine.__await__()
        try:
            waited_for = next(suspensions)
            while True:
                self._count(waited_for)
                try:
                    answer = yield waited_for
                except BaseException as error:
                    waited_for = suspensions.throw(error)
                else:
                    waited_for = suspensions.send(answer)
        except StopIteration:
            return

    def _count(self, waited_for: "asyncio.Future[Any] | None") -> None:
        self._left -= 1
        if self._left:
            return
        self.reached = True
        task = asyncio.current_task()
        assert task is not None
        if waited_for is None or self._moment is Moment.WAITING:
            asyncio.get_running_loop().call_soon(self._interrupt, task)
        else:
            # Callbacks run in the order in which they were added; the task adds its own later.
            waited_for.add_done_callback(lambda _: self._interrupt(task))
