"""Tells what a signal raised from what a program's own objects raise when they are looked at.

KeyboardInterrupt out of a `__repr__` must not lose a report, and Ctrl-C must end the program.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType

__all__ = ["WatchedSignals", "pass_signal"]

_raised: list[BaseException] = []


def pass_signal() -> None:
    """Raise again what the handler of a signal has raised, if one has since signals are watched.

    For those who have caught a BaseException: without a signal it is the looked-at object's own.
    """
    if _raised:
        raise _raised[0]


class WatchedSignals:
    """While inside, exceptions that the handlers of signals raise are remembered.

    What remains of them at the end, because somebody swallowed it, is raised there.  Only those
    that are no Exception count: no other one leaves a reporting function.  Handlers run in the main
    thread; in any other nothing is watched, and nothing can come.
    """

    def __enter__(self) -> None:
        """Put each handler of the program into one that remembers."""
        _raised.clear()
        self._handlers: dict[int, tuple[object, object]] = {}
        for number in signal.valid_signals():
            handler = signal.getsignal(number)
            if callable(handler) and not isinstance(handler, signal.Handlers):
                watched = _remembering(handler)
                try:
                    signal.signal(number, watched)
                except (OSError, ValueError):  # not this one, or not in this thread
                    continue
                self._handlers[number] = (watched, handler)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the handlers back, but for those that were replaced meanwhile."""
        for number, (watched, handler) in self._handlers.items():
            if signal.getsignal(number) is watched:
                signal.signal(number, handler)  # type: ignore[arg-type]  # was got
        swallowed, _raised[:] = _raised[:1], []
        if error is None and swallowed:
            raise swallowed[0]


def _remembering(
    handler: Callable[[int, FrameType | None], object],
) -> Callable[[int, FrameType | None], object]:
    def remembering(number: int, frame: FrameType | None) -> object:
        try:
            return handler(number, frame)
        except Exception:
            raise
        except BaseException as error:
            _raised.append(error)
            raise

    return remembering
