"""How many objects have come, on a terminal, while a long enumeration runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TypeVar

from opswire.cli import standard_streams

T = TypeVar("T")

STEP = 1000
"""Objects from one line to the next: what is short shows none."""
CLEAR = b"\r\x1b[K"


class Progress:
    """A line on standard error, where that is a terminal.

    Args:
        what: is counted, like "instances".
        wanted: whether there is a place for it: lines that run over the same terminal tell enough.
    """

    def __init__(self, what: str, *, wanted: bool) -> None:
        """Show nothing yet."""
        self._what = what
        self._wanted = wanted and os.isatty(standard_streams.ERROR)
        self._is_shown = False

    def count(self, objects: Iterable[T]) -> Iterator[T]:
        """Pass objects on, and tell of every thousand; the line is gone at the end."""
        if not self._wanted:
            yield from objects
            return
        try:
            for number, each in enumerate(objects, 1):
                yield each
                if number % STEP == 0:
                    text = f"\r{number:,} {self._what}"
                    standard_streams.write(standard_streams.ERROR, text.encode())
                    self._is_shown = True
        finally:
            self.hide()

    def hide(self) -> None:
        """Take the line away: something else is to stand there."""
        if self._is_shown:
            standard_streams.write(standard_streams.ERROR, CLEAR)
            self._is_shown = False
