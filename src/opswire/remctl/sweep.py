"""A sweep over a fleet on an event loop: so many hosts at once, outcomes as they come."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from functools import partial

from opswire.remctl.fleet_hosts import FleetHost
from opswire.remctl.visit import Outcome, before_sending


class Sweep:
    """Visits hosts until none is left or it is cancelled.

    No more outcomes are kept than hosts are visited at once: who is slow in taking them slows the
    sweep down.

    Args:
        hosts: in the order in which they are begun.
        concurrency: how many are visited at once.
        visit: visits one.
    """

    def __init__(
        self,
        hosts: Iterable[FleetHost],
        concurrency: int,
        visit: Callable[[FleetHost], Awaitable[Outcome]],
    ) -> None:
        """Nothing happens before ``start()``."""
        self._waiting = dict(enumerate(hosts))
        self._begun: dict[int, FleetHost] = {}
        self._sent: set[int] = set()
        self._started = False
        self._over = False
        self._concurrency = concurrency
        self._visit = visit
        self._outcomes: deque[tuple[int, Outcome]] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._left = asyncio.Event()
        self._given: Future[bool] | None = None
        self._giving: asyncio.Task[None] | None = None
        self._visitors: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin; may be called again."""
        if self._started:
            return
        self._started = True
        self._room.set()
        for _ in range(min(self._concurrency, len(self._waiting))):
            visitor = asyncio.get_running_loop().create_task(self._visit_hosts())
            self._visitors.add(visitor)
            visitor.add_done_callback(self._gone)

    def _gone(self, visitor: "asyncio.Task[None]") -> None:
        self._visitors.discard(visitor)
        self._changed.set()

    async def _visit_hosts(self) -> None:
        while self._waiting:
            await self._room.wait()
            if self._over or not self._waiting:
                break
            number = next(iter(self._waiting))
            host = self._begun[number] = self._waiting.pop(number)
            before_sending.set(partial(self._sending, number))
            outcome = await self._visit(host)
            self._outcomes.append((number, outcome))
            if len(self._outcomes) >= self._concurrency:
                self._room.clear()
            self._changed.set()

    def _sending(self, number: int) -> None:
        if self._over:
            raise asyncio.CancelledError
        self._sent.add(number)

    async def take(self) -> list[Outcome]:
        """Wait for outcomes and return those that there are; none when the sweep is over."""
        while not self._outcomes and self._visitors:
            self._changed.clear()
            await self._changed.wait()
        taken = []
        while self._outcomes:
            number, outcome = self._outcomes.popleft()
            del self._begun[number]
            taken.append(outcome)
        self._room.set()
        return taken

    def give(self, outcomes: deque[Outcome], given: "Future[bool]") -> None:
        """Do as ``take()`` does for another thread; asked again for the same, it does nothing.

        outcomes: where they go, before `given` is done: with whether there were any.
        """
        if given is not self._given:
            self._given = given
            self._giving = asyncio.get_running_loop().create_task(self._give(outcomes, given))

    async def _give(self, outcomes: deque[Outcome], given: "Future[bool]") -> None:
        taken = await self.take()
        outcomes.extend(taken)
        given.set_result(bool(taken))

    def stop_beginning(self) -> None:
        """From now on no host is begun and no command sent; from any thread, at once."""
        self._over = True

    def cancel(self) -> None:
        """Begin no more hosts, and leave those that are being visited."""
        self.stop_beginning()
        for visitor in self._visitors:
            visitor.cancel()

    async def end(self) -> None:
        """Cancel, and wait until every visitor has gone home."""
        self.cancel()
        if self._visitors:
            await asyncio.wait(self._visitors)

    async def serve(self) -> None:
        """Be there until ``leave()``, and end."""
        await self._left.wait()
        await self.end()

    def leave(self) -> None:
        """Let ``serve()`` end; may be called again."""
        self._left.set()

    @property
    def unfinished(self) -> tuple[FleetHost, ...]:
        """The hosts without an outcome that was taken, in their order."""
        numbers = sorted([*self._begun, *self._waiting])
        return tuple(self._begun.get(number) or self._waiting[number] for number in numbers)

    @property
    def sent(self) -> tuple[FleetHost, ...]:
        """Those of the unfinished hosts to which the command was sent, or was about to be."""
        numbers = sorted(self._sent.intersection(self._begun))
        return tuple(self._begun[number] for number in numbers)
