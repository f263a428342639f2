"""Ctrl-C as a request to come to an end, in place of an exception at any point."""

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self


class Interruption:
    """Calls a function at the first Ctrl-C, and is KeyboardInterrupt again for the second.

    An exception could come out in the middle of a line that is being written, or lose the result
    that was just taken.  For the main thread; where SIGINT is ignored, as with nohup, it stays so.
    """

    def __init__(self, cancel: Callable[[], None]) -> None:
        """cancel: ends the work soon; called between any two lines of Python."""
        self._cancel = cancel
        self._listening = False
        self.happened = False

    def __enter__(self) -> Self:
        """Begin to listen."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
            self._listening = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Be deaf again."""
        if self._listening:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.happened = True
        self._cancel()
