"""At most a few connections at once between connect() and the first answered token.

remctld listens with a backlog of 5: of 64 connects at once most are dropped by its kernel and
tried again after a second, and some are lost.  Every driver of a process therefore takes a slot
here before it connects and gives it back with the first answer.
"""

import os
from _thread import allocate_lock
from collections import deque
from time import monotonic

Destination = tuple[object, ...]

MAX_CONNECTING = 4
"""Per destination; below the backlog of 5, so that another process gets a place too."""


class _Queue:
    __slots__ = ("taken", "waiting")

    def __init__(self) -> None:
        self.taken = 0
        self.waiting: deque[Slot] = deque()


_lock = allocate_lock()
_queues: dict[Destination, _Queue] = {}


class Slot:
    """A place among the connections that are being made to a destination."""

    __slots__ = ("_cancelled", "_destination", "_turn")

    def __init__(self, destination: Destination) -> None:
        """Not taken yet.  destination: what tells one listening socket from another."""
        self._destination = destination
        self._cancelled = False
        self._turn = allocate_lock()

    def take(self, deadline: float) -> None:
        """Wait for the turn; first come, first served.

        Args:
            deadline: a moment of time.monotonic(), 0.0 for none.

        Raises:
            TimeoutError: the deadline has passed.
            ConnectionAbortedError: another thread called ``cancel()``.
        """
        with _lock:
            queue = _queues.setdefault(self._destination, _Queue())
            if queue.taken < MAX_CONNECTING:
                queue.taken += 1
                return
            self._turn.acquire()
            queue.waiting.append(self)
        try:
            if not self._turn.acquire(timeout=max(deadline - monotonic(), 0.0) if deadline else -1):
                raise TimeoutError("timed out")
            if self._cancelled:
                raise ConnectionAbortedError("closed by another thread")
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        """Stand in line no more; a turn that came at that very moment passes on."""
        with _lock:
            queue = _queues.get(self._destination)
            waiting = queue is not None and self in queue.waiting
            if queue is not None and waiting:
                queue.waiting.remove(self)
        if not waiting and not self._cancelled:
            self.release()

    def cancel(self) -> None:
        """Wake the waiter, from another thread."""
        with _lock:
            queue = _queues.get(self._destination)
            if queue is not None and self in queue.waiting:
                queue.waiting.remove(self)
                self._cancelled = True
                self._turn.release()

    def release(self) -> None:
        """Let the next one in; to be called once after ``take()``."""
        with _lock:
            queue = _queues[self._destination]
            if queue.waiting:
                queue.waiting.popleft()._turn.release()
            else:
                queue.taken -= 1
                if queue.taken == 0:
                    del _queues[self._destination]


def _forget() -> None:
    """In a forked child nobody is connecting."""
    global _lock  # noqa: PLW0603 - a lock that another thread held at the fork stays held
    _lock = allocate_lock()
    _queues.clear()


os.register_at_fork(after_in_child=_forget)
