"""What clients do wrong, in the log, but not as often as they do it."""

import logging
import time
from collections.abc import Callable

SHOWN = 5
"""Of one kind, in INTERVAL; the rest is counted."""

INTERVAL = 10.0


class Complaints:
    """A log that clients cannot fill."""

    def __init__(self, logger: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing."""
        self._logger = logger
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._end = 0.0

    def add(self, kind: str, text: str) -> None:
        """Log `text`, or count it if there was too much of its kind."""
        self.look(self._clock())
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count <= SHOWN:
            self._logger.warning("%s: %s", kind, text)

    def look(self, now: float) -> None:
        """Tell what was only counted, when it is time."""
        if now >= self._end:
            self._end = now + INTERVAL
            self.tell()

    def tell(self) -> None:
        """Tell what was only counted."""
        counts, self._counts = self._counts, {}
        for kind, count in counts.items():
            if count > SHOWN:
                self._logger.warning("%s: %d more", kind, count - SHOWN)
