"""SIGINT and SIGTERM as a request to come to an end, while there are results to be told."""

import signal
from collections.abc import Callable
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

from opswire.cli import signals

TOGETHER = 0.1
"""Seconds within which two signals are one request: timeout(1) sends its signal to the process and
then to the group of it."""


class Interruption:
    """Calls a function at the first SIGINT or SIGTERM; the second one ends the program at once.

    For the main thread, and for the signals that would end the program: one that is ignored, as
    with nohup, stays so.

    Args:
        cancel: ends the work soon; called between any two lines of Python.
        abandon: called before the program ends at once.
        clock: seconds, as time.monotonic() counts them.

    Attributes:
        number: of the first signal; 0 before it.
    """

    def __init__(
        self,
        cancel: Callable[[], None],
        abandon: Callable[[], None],
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Deaf until it is entered."""
        self._cancel = cancel
        self._abandon = abandon
        self._clock = clock
        self._listening: list[int] = []
        self._since = 0.0
        self.number = 0

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listening = [
            number for number in signals.NUMBERS if signal.getsignal(number) is signals.end
        ]
        self._handle(self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the signals end the program as before."""
        self._handle(signals.end)

    def _handle(self, action: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
        for number in self._listening:
            signal.signal(number, action)

    def _take(self, number: int, frame: FrameType | None) -> None:
        if not self.number:
            self._since = self._clock()
            self.number = number
            self._cancel()
        elif self._clock() - self._since >= TOGETHER:
            # A third one ends it even if nobody reads what is written now.
            self._handle(signal.SIG_DFL)
            self._abandon()
            signals.end(number)
