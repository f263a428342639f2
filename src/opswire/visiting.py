"""Many places visited, so many at once, outcomes as they come.

``Visits`` does it on an event loop, ``Run`` for programs without one.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

Place = TypeVar("Place")
Outcome = TypeVar("Outcome")

before_sending: ContextVar[Callable[[], None] | None] = ContextVar("before_sending", default=None)
"""In the task of a visit, what is called before anything is sent that acts; it may cancel it."""


def ask_before_sending() -> None:
    """Call what wants to be called before a visitor sends what acts.

    Raises:
        asyncio.CancelledError: it must not be sent any more.
    """
    ask = before_sending.get()
    if ask is not None:
        ask()


class Visits(Generic[Place, Outcome]):
    """Visits places until none is left or it is cancelled.

    No more outcomes are kept than places are visited at once: who is slow in taking them slows the
    visitors down.

    Args:
        places: hosts, for one; in the order in which they are begun.
        concurrency: how many are visited at once.
        visit: visits one, and calls `ask_before_sending` before it sends what acts.
    """

    def __init__(
        self,
        places: Iterable[Place],
        concurrency: int,
        visit: Callable[[Place], Awaitable[Outcome]],
    ) -> None:
        """Nothing happens before ``start()``."""
        self._waiting = dict(enumerate(places))
        self._begun: dict[int, Place] = {}
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
            visitor = asyncio.get_running_loop().create_task(self._visit_places())
            self._visitors.add(visitor)
            visitor.add_done_callback(self._gone)

    def _gone(self, visitor: "asyncio.Task[None]") -> None:
        self._visitors.discard(visitor)
        self._changed.set()

    async def _visit_places(self) -> None:
        while self._waiting:
            await self._room.wait()
            if self._over or not self._waiting:
                break
            number = next(iter(self._waiting))
            place = self._begun[number] = self._waiting.pop(number)
            before_sending.set(partial(self._sending, number))
            outcome = await self._visit(place)
            self._outcomes.append((number, outcome))
            if len(self._outcomes) >= self._concurrency:
                self._room.clear()
            self._changed.set()

    def _sending(self, number: int) -> None:
        if self._over:
            raise asyncio.CancelledError
        self._sent.add(number)

    async def take(self) -> list[Outcome]:
        """Wait for outcomes and return those that there are; none when it is over."""
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
        """From now on no place is begun and nothing sent that acts; from any thread, at once."""
        self._over = True

    def cancel(self) -> None:
        """Begin no more places, and leave those that are being visited."""
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
    def unfinished(self) -> tuple[Place, ...]:
        """The places without an outcome that was taken, in their order."""
        numbers = sorted([*self._begun, *self._waiting])
        return tuple(
            self._begun[number] if number in self._begun else self._waiting[number]
            for number in numbers
        )

    @property
    def sent(self) -> tuple[Place, ...]:
        """Those of the unfinished places where something was sent that acts, or was about to be."""
        numbers = sorted(self._sent.intersection(self._begun))
        return tuple(self._begun[number] for number in numbers)


class Run(Generic[Place, Outcome]):
    """Visits for those who have no event loop: an iterator over the outcomes as they come.

    A context manager too: leaving it cancels what is left.  Ctrl-C comes out of the iteration;
    ``cancel()`` and iterating on then gives the outcomes that were there already, ``unfinished``
    the rest, and ``sent`` those of the rest where something was sent that acts.  The places are
    visited from a thread of its own, which ends with the run.  For one thread.

    Args:
        places, concurrency, visit: as in ``Visits``.
        thread: the name of the thread.
    """

    # Where a signal's exception ends __init__ in the middle, __del__ finds these.
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    def __init__(
        self,
        places: Iterable[Place],
        concurrency: int,
        visit: Callable[[Place], Awaitable[Outcome]],
        *,
        thread: str = "opswire visits",
    ) -> None:
        """Nothing happens before ``begin()``."""
        self._taken: deque[Outcome] = deque()
        self._giving: Future[bool] | None = None
        self._visits = Visits(places, concurrency, visit)
        self._name = thread
        self._owner: dict[str, object] = {}
        self._loop = asyncio.new_event_loop()

    def begin(self) -> Self:
        """Begin to visit, unless it was cancelled or begun; return the object itself."""
        if self._loop is None:
            return self
        if self._thread is None:
            # Not a method: the thread would keep the run that nobody else has any more.
            self._thread = threading.Thread(
                target=_serve,
                args=(self._loop, self._visits, self._owner),
                name=self._name,
                daemon=True,
            )
        if self._thread.ident is None:
            self._thread.start()
        self._tell(self._visits.start)
        return self

    def __iter__(self) -> Iterator[Outcome]:
        """Return the object itself."""
        return self

    def __next__(self) -> Outcome:
        """Wait for the next outcome.

        Raises:
            StopIteration: all have one, or the run was cancelled.
        """
        while not self._taken:
            if self._loop is None or self._loop.is_closed():
                raise StopIteration
            self.begin()
            # A signal may come out of any of these lines; the next call then goes on from there.
            if self._giving is None:
                self._giving = Future()
            self._tell(partial(self._visits.give, self._taken, self._giving))
            if not self._giving.result():
                self.close()
                raise StopIteration
            self._giving = None
        # Python looks for signals behind a call: an outcome that a call has taken could get lost.
        outcome = self._taken[0]
        del self._taken[0]
        return outcome

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Cancel what is left, and close."""
        self.close()

    def __del__(self) -> None:
        """Cancel what is left."""
        self.close()

    @property
    def unfinished(self) -> tuple[Place, ...]:
        """The places without an outcome so far, in their order."""
        return self._visits.unfinished

    @property
    def sent(self) -> tuple[Place, ...]:
        """Those of the unfinished places where something was sent, and may have acted."""
        return self._visits.sent

    def cancel(self) -> None:
        """Begin no more places, and leave those that are being visited.

        May be called by a signal handler.  From then on nothing is sent that acts.
        """
        self._visits.stop_beginning()
        self._tell(self._visits.cancel)

    def close(self) -> None:
        """Cancel, and wait until nothing of the run is left.  Idempotent."""
        if self._loop is None:
            return
        if self._owner.setdefault(OWNER, CALLER) is CALLER:
            self._loop.close()
            return
        self._tell(self._visits.leave)
        # The thread itself comes here when its own garbage collection finds the run.
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _tell(self, callback: Callable[[], object]) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # it is closed already
                self._loop.call_soon_threadsafe(callback)


OWNER = "owner"
"""Who comes first closes the event loop of a run.  A signal's exception may come out of starting a
thread, and leave it open whether there is one; setting a default in a dict is atomic."""

CALLER = "the caller"


def _serve(
    loop: asyncio.AbstractEventLoop, visits: Visits[Any, Any], owner: dict[str, object]
) -> None:
    """Run the event loop of a run, and close it; what its thread does."""
    this_thread = object()
    if owner.setdefault(OWNER, this_thread) is not this_thread:
        return
    try:
        loop.run_until_complete(visits.serve())
    finally:
        loop.close()
