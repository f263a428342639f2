"""Enumerations that are open between two pulls (DSP0200, 5.3.2.24)."""

import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from opswire.errors.wbem import CIMError
from opswire.wbem.status_codes import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_ENUMERATION_CONTEXT,
    CIM_ERR_INVALID_OPERATION_TIMEOUT,
    CIM_ERR_PULL_CANNOT_BE_ABANDONED,
    CIM_ERR_SERVER_LIMITS_EXCEEDED,
)

MAX_OPEN = 1000
"""Enumerations at once: clients that never close theirs must not fill the memory."""

DEFAULT_SECONDS = 30
LONGEST_SECONDS = 300
"""What a client may ask for between two pulls; 0, for ever, it may not."""

_END = object()


class Enumeration:
    """One that is open.  Who has ``take()`` running has it alone.

    Attributes:
        element: what becomes of each object.
        pull: the name of the operation that goes on with it, in lower case.
        namespace: that it was opened in.
    """

    def __init__(
        self, objects: Iterator[Any], element: str, pull: str, namespace: str, seconds: int
    ) -> None:
        """Begin before the first object."""
        self.element = element
        self.pull = pull
        self.namespace = namespace
        self.seconds = seconds
        self.deadline = 0.0
        self.busy = False
        self.is_over = False
        self._objects = objects
        self._next: Any = _END

    def take(self, count: int) -> Generator[Any, None, None]:
        """Iterate over so many objects; whether there are more is known behind them."""
        try:
            if self._next is _END:
                self._next = next(self._objects, _END)
            for _ in range(count):
                if self._next is _END:
                    break
                one, self._next = self._next, _END
                yield one
                self._next = next(self._objects, _END)
        except BaseException:
            # What was on its way when a client went, or a provider failed, would be missing.
            self.is_over = True
            raise
        self.is_over = self._next is _END

    def close(self) -> None:
        """End what makes the objects."""
        self.is_over = True
        self._next = _END
        close = getattr(self._objects, "close", None)
        if close is not None:
            close()


class Contexts:
    """All enumerations that are open; may be shared by threads.

    Args:
        clock: seconds, for the time between two pulls.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none."""
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Enumeration] = {}

    def __len__(self) -> int:
        """Count those that are open."""
        return len(self._open)

    def add(self, enumeration: Enumeration) -> str:
        """Give an enumeration its name; the caller has it until ``done()``."""
        self.look()
        name = secrets.token_hex(16)
        enumeration.busy = True
        with self._lock:
            if len(self._open) >= MAX_OPEN:
                full = True
            else:
                full = False
                self._open[name] = enumeration
        if full:
            enumeration.close()
            raise CIMError(
                CIM_ERR_SERVER_LIMITS_EXCEEDED, f"{MAX_OPEN} enumerations are open already"
            )
        return name

    def take(self, name: str, pull: str | None, namespace: str) -> Enumeration:
        """Return an enumeration, which the caller has until ``done()``.

        Args:
            name: what ``add()`` gave.
            pull: the name of the operation; None for one that any enumeration allows.
            namespace: of the request.
        """
        self.look()
        with self._lock:
            found = self._open.get(name)
            if (
                found is None
                or pull not in {None, found.pull}
                or namespace.lower() != found.namespace.lower()
            ):
                raise CIMError(
                    CIM_ERR_INVALID_ENUMERATION_CONTEXT,
                    "the enumeration is not open: it was closed, has expired or is another one's",
                )
            if found.busy:
                raise CIMError(
                    CIM_ERR_PULL_CANNOT_BE_ABANDONED if pull is None else CIM_ERR_FAILED,
                    "another request is pulling from this enumeration",
                )
            found.busy = True
        return found

    def done(self, name: str, enumeration: Enumeration) -> None:
        """Give it back: it stays open for its seconds, or is forgotten when it is over."""
        with self._lock:
            enumeration.busy = False
            enumeration.deadline = self._clock() + enumeration.seconds
            if enumeration.is_over:
                self._open.pop(name, None)
        if enumeration.is_over:
            enumeration.close()

    def look(self) -> None:
        """Close those that nobody has pulled from in time."""
        now = self._clock()
        with self._lock:
            late = [name for name, one in self._open.items() if not one.busy and one.deadline < now]
            closed = [self._open.pop(name) for name in late]
        for one in closed:
            one.close()

    def close(self) -> None:
        """Close all that nobody is pulling from."""
        with self._lock:
            closed = [one for one in self._open.values() if not one.busy]
            self._open.clear()
        for one in closed:
            one.close()


def allowed_seconds(asked: int | None) -> int:
    """Return the seconds between two pulls for an OperationTimeout.

    Raises:
        CIMError: they are not allowed.
    """
    if asked is None:
        return DEFAULT_SECONDS
    if not 0 < asked <= LONGEST_SECONDS:
        raise CIMError(
            CIM_ERR_INVALID_OPERATION_TIMEOUT,
            f"OperationTimeout is from 1 to {LONGEST_SECONDS} s here, not {asked}",
        )
    return asked
