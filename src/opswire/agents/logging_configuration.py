"""Logging of a program that a monitoring server runs: everything to standard error."""

from __future__ import annotations

import logging
import sys
from datetime import datetime

from opswire.public_names import public_in


@public_in("opswire.agents")
def configure_logging(level: int | str) -> None:
    """Send what the root logger gets to standard error, in place of its handlers so far.

    A record is one line, ``<ISO time with milliseconds and zone> [name] [LEVEL] text``; below INFO
    ``[name file:line function]`` tells where it comes from.

    Args:
        level: the lowest level that is shown, as ``logging`` has them: a number or a name.

    Raises:
        ValueError: there is no level of that name.
        TypeError: it is neither a number nor text.
    """
    if not isinstance(level, int | str):
        raise TypeError(f"level must be a number or a name, not {type(level).__name__}")
    root = logging.getLogger()
    root.setLevel(level)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)


class _Lines(logging.Formatter):
    """Records as lines; those for developers with their origin."""

    _PLAIN = "%(asctime)s [%(name)s] [%(levelname)s] %(message)s"
    _ORIGIN = (
        "%(asctime)s [%(name)s %(filename)s:%(lineno)d %(funcName)s] [%(levelname)s] %(message)s"
    )

    def __init__(self) -> None:
        super().__init__(self._PLAIN)
        self._with_origin = logging.Formatter(self._ORIGIN)
        self._with_origin.formatTime = self.formatTime  # type: ignore[method-assign]  # set on the object, as logging's own manual does

    def format(self, record: logging.LogRecord) -> str:
        if record.levelno < logging.INFO:
            return self._with_origin.format(record)
        return super().format(record)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone()
        return moment.isoformat(timespec="milliseconds")
