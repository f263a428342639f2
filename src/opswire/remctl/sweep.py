"""A sweep over a fleet on an event loop: so many hosts at once, outcomes as they come."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from opswire.remctl.fleet_hosts import FleetHost
from opswire.remctl.visit import Outcome


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
        self._concurrency = concurrency
        self._visit = visit
        self._outcomes: deque[tuple[int, Outcome]] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._visitors: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin."""
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
            if not self._waiting:
                break
            number = next(iter(self._waiting))
            host = self._begun[number] = self._waiting.pop(number)
            outcome = await self._visit(host)
            self._outcomes.append((number, outcome))
            if len(self._outcomes) >= self._concurrency:
                self._room.clear()
            self._changed.set()

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

    def cancel(self) -> None:
        """Begin no more hosts, and leave those that are being visited."""
        for visitor in self._visitors:
            visitor.cancel()

    async def end(self) -> None:
        """Cancel, and wait until every visitor has gone home."""
        self.cancel()
        if self._visitors:
            await asyncio.wait(self._visitors)

    @property
    def unfinished(self) -> tuple[FleetHost, ...]:
        """The hosts without an outcome that was taken, in their order."""
        numbers = sorted([*self._begun, *self._waiting])
        return tuple(self._begun.get(number) or self._waiting[number] for number in numbers)
