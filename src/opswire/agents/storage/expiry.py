"""When a value expires, written where it disturbs nobody: in the file's mode and time.

The text stays the value and nothing else, so that other programs read it as ever.  A value with a
time to live has the sticky bit, which means nothing on a file, and as its time of modification the
second from which on it counts as missing, with nanoseconds that no clock gives twice in 30 years.
Whoever overwrites the text in place changes that time, and the value expires no more.
"""

from __future__ import annotations

from math import isfinite
from stat import S_ISVTX
from time import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from opswire._core.folder_files import FileStatus

_NANOSECONDS = 271_828_182

LONGEST = 1e11
"""Seconds, some 3,000 years: the time of a file has 64 bits, and many a file system fewer."""

COARSENESS = 2.0
"""Seconds by which the time of a file may be ahead of the clock: some file systems count in such
steps, and a file server has a clock of its own."""


def modified_ns(ttl: float) -> int:
    """Return the time of modification for a value that lives `ttl` seconds, rounded up.

    Raises:
        ValueError: it is not more than 0, or no file's time goes so far.
    """
    try:
        sound = isfinite(ttl) and 0 < ttl < LONGEST
    except OverflowError:  # a whole number beyond all others
        sound = False
    if not sound:
        limits = f"above 0 and below {LONGEST:g}"
        raise ValueError(f"the time to live must be a number of seconds {limits}, not {ttl!r}")
    return int(time() + ttl + 1) * 1_000_000_000 + _NANOSECONDS


def expires(status: os.stat_result | FileStatus) -> int | None:
    """Return the second of the epoch from which on a value counts as missing; None for never."""
    seconds, nanoseconds = divmod(status.st_mtime_ns, 1_000_000_000)
    return seconds if status.st_mode & S_ISVTX and nanoseconds == _NANOSECONDS else None


def has_expired(status: os.stat_result | FileStatus) -> bool:
    """Tell whether a value has outlived its time to live."""
    end = expires(status)
    return end is not None and time() >= end


def is_current(status: os.stat_result | FileStatus, max_age: float | None) -> bool:
    """Tell whether a value has not expired and is at most `max_age` seconds old.

    A value from the future, written before a clock was set right, is as old as it is early.  One
    with a time to live is missing then: nobody knows how much of that is left.
    """
    if max_age is not None and not isinstance(max_age, int | float):
        raise TypeError(f"max_age is a number of seconds, not {type(max_age).__name__}")
    end = expires(status)
    if end is None and max_age is None:
        return True
    now = time()
    if end is not None and (now >= end or status.st_ctime > now + COARSENESS):
        return False
    written = status.st_mtime if end is None else status.st_ctime
    return max_age is None or abs(now - written) <= max_age
