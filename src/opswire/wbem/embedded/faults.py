"""Faults on demand: what real servers do to their clients, once, when a test asks for it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from opswire.wbem.objects import CIMInstance


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens to one answer.

    Args:
        slow: seconds before the answer begins.
        http_status: a status of HTTP instead of an answer.
        headers: of that, or in addition to the usual ones.
        close: the connection ends without an answer.
        cut: octets of the body after which the connection ends.
        garbage: octets instead of the message.
        octets_per_second: how slowly the body comes.
        cim_error: a status code instead of objects.
        instances: CIM_Error instances that come with it.
        answers_to: the operation's name in the answer.
    """

    slow: float = 0.0
    http_status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False
    cut: int | None = None
    garbage: bytes | None = None
    octets_per_second: float | None = None
    cim_error: int | None = None
    instances: Sequence[CIMInstance] = ()
    answers_to: str | None = None


class Faults:
    """The faults that wait for their requests; may be shared by threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._waiting: list[tuple[str | None, Fault]] = []

    def next(self, operation: str | None = None, *, times: int = 1, **what: object) -> None:
        """Let the next request for an operation fail.

        Args:
            operation: its name, also of a method; None: whatever comes next.
            times: the next so many.
            what: the arguments of Fault.
        """
        fault = Fault(**what)  # type: ignore[arg-type]  # Fault says what is none of its
        with self._lock:
            self._waiting += [(operation, fault)] * times

    def take(self, operation: str) -> Fault | None:
        """Return the fault of a request, and forget it."""
        with self._lock:
            for at, (name, fault) in enumerate(self._waiting):
                if name is None or name.lower() == operation.lower():
                    del self._waiting[at]
                    return fault
        return None

    def clear(self) -> None:
        """Forget all that have not happened."""
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        """Count those that have not happened."""
        return len(self._waiting)
