"""A lock between processes and threads: flock on a file of its own, which the kernel releases.

The holder may die at any moment; nothing has to be cleaned up after it.
"""

from __future__ import annotations

import fcntl
import os
from _thread import get_ident
from time import monotonic, sleep

from opswire._core.folder_files import refuse_unless_regular
from opswire.agents.safe_folders import FILE_MODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.05

# flock() would let a thread wait for itself: two descriptors of one file exclude each other.
_held: set[tuple[int, int, int]] = set()


class UpdateLock:
    """A lock that `acquire` gets and leaving a ``with`` block releases.

    Args:
        name: of the lock file.
        timeout: how many seconds to wait; None for as long as it takes.
    """

    def __init__(self, name: str, timeout: float | None = None) -> None:
        """Prepare; nothing is opened yet."""
        self._name = name
        self._timeout = timeout

    def acquire(self, folder: int) -> None:
        """Wait for the lock; to be followed by ``with`` at once.

        Args:
            folder: the descriptor of the lock file's folder; it need not stay open.

        Raises:
            TimeoutError: another one held it all the time.
            RuntimeError: this thread holds it already.
            OSError: the lock file cannot be made or is no regular file.
        """
        end = None if self._timeout is None else monotonic() + self._timeout
        while True:
            descriptor = os.open(self._name, _OPEN, FILE_MODE, dir_fd=folder)
            try:
                status = os.fstat(descriptor)
                refuse_unless_regular(status.st_mode, self._name)
                key = (get_ident(), status.st_dev, status.st_ino)
                if key in _held:
                    raise RuntimeError(
                        "update() of the same key inside the function of update(): it would wait "
                        "for itself; return the new text instead"
                    )
                self._wait(descriptor, end)
                if _has_name(folder, self._name, status):
                    _held.add(key)
                    self._descriptor, self._key = descriptor, key
                    return
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)

    def __enter__(self) -> None:
        """Hold what was acquired."""

    def _wait(self, descriptor: int, end: float | None) -> None:
        if end is None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                left = end - monotonic()
                if left <= 0:
                    text = f"the lock {self._name} was held by another for {self._timeout} s"
                    raise TimeoutError(text) from None
                sleep(min(pause, left))
                pause = min(2 * pause, _LONGEST_PAUSE)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the next one in."""
        _held.discard(self._key)
        # Closing would not be enough where a fork has made a second descriptor of it.
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)


def _has_name(folder: int, name: str, status: os.stat_result) -> bool:
    """Whether the file that was locked still has its name; a clean-up may have removed it."""
    try:
        now = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == (status.st_dev, status.st_ino)


def remove_idle_lock(folder: int, name: str) -> bool:
    """Remove a lock file that nobody holds, and tell whether that was done."""
    try:
        descriptor = os.open(name, _OPEN & ~os.O_CREAT, dir_fd=folder)
    except OSError:
        return False
    try:
        status = os.fstat(descriptor)
        refuse_unless_regular(status.st_mode, name)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _has_name(folder, name, status):
            return False
        # Whoever waits on it by now will see that its name is gone, and start again.
        os.unlink(name, dir_fd=folder)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
