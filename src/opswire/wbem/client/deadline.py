"""One moment by which an operation must be over, whatever it waits for and how often."""

from time import monotonic

__all__ = ["Deadline"]


class Deadline:
    """When an operation must be over: ``at``, a moment of time.monotonic(), or None for never."""

    __slots__ = ("at", "seconds")

    def __init__(self, seconds: float | None) -> None:
        """Begin now."""
        self.seconds = seconds
        self.at = None if seconds is None else monotonic() + seconds

    def left(self) -> float | None:
        """Return the seconds that are left, or None for no end.

        Raises:
            TimeoutError: none are.
        """
        if self.at is None:
            return None
        left = self.at - monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def pause(self, seconds: float) -> None:
        """Leave out a time in which the server was not waited for."""
        if self.at is not None:
            self.at += seconds
