"""Calls that cannot be interrupted, on threads that the impatient caller can leave.

getaddrinfo and Kerberos libraries wait for dead servers for half a minute, deaf to signals.  A
``Call`` runs on a thread of its own; whoever waits for it can be timed out, cancelled or
interrupted, and the thread then finishes alone, drops the result, and serves the next call.
"""

import os
from _thread import LockType, allocate_lock, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Generic, TypeVar

from opswire.errors import StuckCallsError

T = TypeVar("T")

MAX_THREADS = 512
"""In one process.  Each one that is stuck belongs to a caller who left or is about to."""

MAX_IDLE = 8
"""Threads that wait for the next call; starting one costs more than waking one."""

IDLE_SECONDS = 1.0
"""How long they wait: a process that makes no connections has no threads of ours."""


class Call(Generic[T]):
    """One call on another thread.

    Args:
        function: what to call.
        finished: called on that thread when the function has ended; it must not raise.

    Raises:
        StuckCallsError: MAX_THREADS are stuck already.
    """

    __slots__ = ("_done", "_error", "_finished", "_function", "_listener", "_result")

    def __init__(
        self, function: Callable[[], T], finished: Callable[[], object] | None = None
    ) -> None:
        """Start the call."""
        self._function = function
        self._listener = finished
        self._result: T | None = None
        self._error: BaseException | None = None
        self._finished = False
        self._done = allocate_lock()
        self._done.acquire()
        _start(self)

    def wait(self, deadline: float) -> T:
        """Return what the function returned, or raise what it raised.

        Args:
            deadline: a moment of time.monotonic(), 0.0 for none.

        Raises:
            TimeoutError: the deadline has passed.
            ConnectionAbortedError: another thread called ``cancel()``, or this is a forked child.
        """
        if deadline:
            done = self._done.acquire(timeout=max(deadline - monotonic(), 0.0))
        else:
            done = self._done.acquire()
        if not done:
            raise TimeoutError("timed out")
        if not self._finished:
            raise ConnectionAbortedError("closed by another thread")
        return self.outcome()

    def outcome(self) -> T:
        """Return what the function returned, or raise what it raised; once, after its end."""
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # or its traceback and this frame would keep each other
        return self._result  # type: ignore[return-value]  # T, once finished without an error

    def cancel(self) -> None:
        """Wake the waiter; no effect when the call has ended."""
        self._wake()

    def run(self) -> None:
        """Do it; for the worker thread."""
        try:
            self._result = self._function()
        except BaseException as error:
            self._error = error
        del self._function  # what it holds is to be freed now, not when the waiter is done
        self._finished = True
        _running.pop(self, None)
        self._wake()
        if self._listener is not None:
            self._listener()

    def _wake(self) -> None:
        # Cancelled and finished at the same time, the first to come has woken the waiter.
        with suppress(RuntimeError):
            self._done.release()


class _Worker:
    """A thread that runs calls, one after the other, until too many are idle."""

    __slots__ = ("_wake", "call")

    def __init__(self, call: Call[Any]) -> None:
        self.call: Call[Any] | None = call
        self._wake: LockType = allocate_lock()
        self._wake.acquire()
        start_new_thread(self._serve, ())

    def give(self, call: Call[Any]) -> None:
        self.call = call
        self._wake.release()

    def _serve(self) -> None:
        while self.call is not None:
            call, self.call = self.call, None
            call.run()
            del call
            if len(_idle) >= MAX_IDLE:
                break
            _idle.append(self)
            if not self._wake.acquire(timeout=IDLE_SECONDS) and not self._called_late():
                break
        _alive.pop()

    def _called_late(self) -> bool:
        """Stand in the list no more; a call that came at that very moment is on its way."""
        try:
            _idle.remove(self)
        except ValueError:
            return self._wake.acquire()
        return False


# Adding to and popping from a list or dict is atomic, which is all the synchronisation there is.
_idle: list[_Worker] = []
_alive: list[None] = []
_running: dict[Call[Any], None] = {}


def _start(call: Call[T]) -> None:
    _running[call] = None
    try:
        _hand_over(call)
    except BaseException:
        _running.pop(call, None)
        raise


def _hand_over(call: Call[T]) -> None:
    try:
        worker = _idle.pop()
    except IndexError:
        if len(_alive) >= MAX_THREADS:
            raise StuckCallsError(
                f"{MAX_THREADS} calls that cannot be interrupted are stuck already"
            ) from None
        _alive.append(None)
        try:
            _Worker(call)
        except BaseException:
            _alive.pop()
            raise
    else:
        worker.give(call)


def _forget() -> None:
    """In a forked child there are no such threads, and nothing else ends what they were given."""
    _idle.clear()
    _alive.clear()
    lost = list(_running)
    _running.clear()
    for call in lost:
        call.cancel()


os.register_at_fork(after_in_child=_forget)
