"""A clock that stands still until a test moves it."""

from dataclasses import dataclass


@dataclass
class Clock:
    """In place of time.time or time.monotonic.

    Attributes:
        now: the moment, in seconds.
    """

    now: float = 1000.0

    def __call__(self) -> float:
        """Tell the moment."""
        return self.now

    def go_on(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += seconds
