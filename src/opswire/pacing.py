"""At most a few connections at once between connect() and the first answered token.

Servers may listen with a short backlog, remctld with one of 5: of 64 connects at once most are
dropped by its kernel and tried again after a second, and some are lost.  Every driver of a process
therefore takes a slot here before it connects and gives it back with the first answer.
"""

import os
from _thread import LockType, allocate_lock
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

Destination = tuple[object, ...]

MAX_CONNECTING = 4
"""Per destination; below the backlog of 5, so that another process gets a place too."""


class _Queue:
    __slots__ = ("taken", "waiting")

    def __init__(self) -> None:
        self.taken = 0
        #: In the order of their arrival, with what tells each that its turn has come.
        self.waiting: dict[Slot, Callable[[], object]] = {}


_lock = allocate_lock()
_queues: dict[Destination, _Queue] = {}


class Slot:
    """A place among the connections that are being made to a destination."""

    __slots__ = ("_cancelled", "_destination", "_queue", "_turn")

    def __init__(self, destination: Destination) -> None:
        """Not taken yet.  destination: what tells one listening socket from another."""
        self._destination = destination
        self._cancelled = False
        # Its own, and not the one of that name: after a fork there are others.
        self._queue: _Queue | None = None
        self._turn: LockType | None = None

    def enter(self, turn: Callable[[], object] | None = None) -> bool:
        """Take the place, or stand in line for it; first come, first served.

        Args:
            turn: called when the place is taken, by whoever gave it back; a RuntimeError (its event
                loop is closed) passes the place on.  None: do not stand in line.

        Returns:
            True: it is taken now, and ``turn`` will not be called.
        """
        with _lock:
            queue = _queues.get(self._destination)
            if queue is None:
                queue = _queues[self._destination] = _Queue()
            self._queue = queue
            if queue.taken < MAX_CONNECTING:
                queue.taken += 1
                return True
            if turn is not None:
                queue.waiting[self] = turn
            return False

    def take(self, deadline: float) -> None:
        """Wait for the turn.

        Args:
            deadline: a moment of time.monotonic(), 0.0 for none.

        Raises:
            TimeoutError: the deadline has passed.
            ConnectionAbortedError: another thread called ``cancel()``, or this is a forked child.
        """
        turn = self._turn = allocate_lock()
        turn.acquire()
        if self.enter(turn.release):
            return
        try:
            if not turn.acquire(timeout=max(deadline - monotonic(), 0.0) if deadline else -1):
                raise TimeoutError("timed out")
            if self._cancelled:
                raise ConnectionAbortedError("closed by another thread")
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Stand in line no more; a turn that came at that very moment passes on."""
        with _lock:
            queue = self._queue
            waiting = queue is not None and queue.waiting.pop(self, None) is not None
        if not waiting and not self._cancelled:
            self.release()

    def cancel(self) -> None:
        """Wake the waiter, from another thread."""
        with _lock:
            queue = self._queue
            turn = queue.waiting.pop(self, None) if queue is not None else None
            if turn is not None:
                self._cancelled = True
                turn()

    def abandon(self) -> None:
        """In a forked child: a thread that stood in line is told so; nobody else will wake it."""
        if self._turn is not None:
            self._cancelled = True
            self._turn.release()

    def release(self) -> None:
        """Let the next one in; to be called once after the place was taken."""
        with _lock:
            queue, self._queue = self._queue, None
            if queue is None:
                return
            while queue.waiting:
                turn = queue.waiting.pop(next(iter(queue.waiting)))
                with suppress(RuntimeError):
                    turn()
                    return
            queue.taken -= 1
            if queue.taken == 0 and _queues.get(self._destination) is queue:
                del _queues[self._destination]


def _forget() -> None:
    """In a forked child nobody is connecting."""
    global _lock  # noqa: PLW0603 - a lock that another thread held at the fork stays held
    _lock = allocate_lock()
    queues = list(_queues.values())
    _queues.clear()
    for slot in [slot for queue in queues for slot in queue.waiting]:
        slot.abandon()


os.register_at_fork(after_in_child=_forget)
