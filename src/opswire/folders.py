"""Folders made, listed and cleared so that links, FIFOs and devices neither mislead nor hang.

The files in them are opened and replaced by ``opswire._core.folder_files``.  No descriptor is kept
between two calls: a program may close all of them when it becomes a daemon, and a folder may be
replaced.
"""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG
from time import monotonic, sleep, time

from opswire._core.folder_files import Folder, remove_same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FOLDER_MODE = 0o700
FILE_MODE = 0o600
LEFTOVER_SECONDS = 3600.0
"""From which age on a temporary file is one that its writer did not live to rename."""

VANISHING_SECONDS = 5.0
"""How long writing goes on while somebody removes the folder, with its host, again and again."""

_PAUSE = 0.001


class CannotBeMade(FileNotFoundError):
    """A folder has no room for another one, as those of /proc and those that were removed."""


def make_folder(base: str, names: Sequence[str], *, durable: bool = False) -> Folder:
    """Open a folder, after making what is missing, for its owner only.

    Args:
        base: the trusted folder.
        names: below it.
        durable: whether what was made survives a power failure; the folder is listable then.

    Raises:
        CannotBeMade: nothing vanished, and it will be the same next time.
        FileNotFoundError: what was made or seen has vanished.
        OSError: as for `Folder`, or it cannot be made.
    """
    try:
        return Folder(base, names, listable=durable)
    except FileNotFoundError:
        _make_base(base)
    for number in range(len(names)):
        with Folder(base, names[:number], listable=durable) as above:
            try:
                _make_in(above, base, names[:number], names[number])
                if durable:
                    os.fsync(above.fileno())
            except FileExistsError:
                pass
    return Folder(base, names, listable=durable)


class Patience:
    """With a folder that vanishes between being made or seen and being written to.

    It ends by the clock: how often a write can be disturbed in a second depends on the machine.
    """

    def __init__(self) -> None:
        """Begin with the first error."""
        self._end: float | None = None

    @property
    def begun(self) -> bool:
        """Whether something has been tried again."""
        return self._end is not None

    def ends(self, error: OSError) -> bool:
        """Tell whether to raise the error; if not, try again: whoever removes has had a moment."""
        if not isinstance(error, FileNotFoundError) or isinstance(error, CannotBeMade):
            return True
        now = monotonic()
        if self._end is None:
            self._end = now + VANISHING_SECONDS
        if now >= self._end:
            return True
        sleep(_PAUSE)
        return False


def _make_base(base: str) -> None:
    parts = base.rstrip("/").split("/")
    for number in range(1, len(parts) + 1):
        path = "/".join(parts[:number])
        if path and not os.path.isdir(path):
            parent, name = os.path.split(path)
            with Folder(parent or ".", ()) as above:
                try:
                    _make_in(above, parent or ".", (), name)
                except FileExistsError:  # by another process, in this moment
                    if not os.path.isdir(path):
                        os.lstat(path)  # or it has vanished again
                        raise
                except OSError as error:
                    error.filename = path
                    raise


def _make_in(above: Folder, base: str, names: Sequence[str], name: str) -> None:
    """Make a folder in an open one, that of the base and names.

    Raises:
        CannotBeMade: the open one is still what the names lead to.
        OSError: it cannot be made.
    """
    try:
        os.mkdir(name, FOLDER_MODE, dir_fd=above.fileno())
    except FileNotFoundError as error:
        with Folder(base, names) as there:
            if os.path.sameopenfile(above.fileno(), there.fileno()):
                raise CannotBeMade(error.errno, error.strerror, name) from None
        raise


def files(folder: Folder) -> Iterator[tuple[str, os.stat_result]]:
    """Each regular file in an open folder, with its status, in no order."""
    for name, status in _listed(folder):
        if S_ISREG(status.st_mode):
            yield name, status


def folders(folder: Folder) -> list[str]:
    """The names of the folders in an open folder, links not among them, sorted."""
    return sorted(name for name, status in _listed(folder) if S_ISDIR(status.st_mode))


def _listed(folder: Folder) -> Iterator[tuple[str, os.stat_result]]:
    for name in folder.names():
        try:
            yield name, os.stat(name, dir_fd=folder.fileno(), follow_symlinks=False)
        except FileNotFoundError:  # removed in this moment
            continue


def was_left(status: os.stat_result, older_than: float) -> bool:
    """Tell whether a temporary file is of a writer that did not live to rename it.

    Its age is that of its last change (ctime), because its writer may have set its time of
    modification to the end of a value's life.  One from the future, written before a clock was set
    right, is as old as it is early.
    """
    return abs(time() - status.st_ctime) >= older_than


def remove_files(folder: Folder, chosen: Callable[[str, os.stat_result], bool]) -> int:
    """Remove the chosen files of an open folder, unless they have been replaced meanwhile.

    Files that vanish or cannot be removed are passed over.

    Returns:
        How many were removed.
    """
    removed = 0
    for name, status in files(folder):
        if chosen(name, status):
            try:
                removed += remove_same(folder, name, status)
            except OSError:
                continue
    return removed


def located(error: OSError, base: str, names: tuple[str, ...], *spelling: str) -> OSError:
    """Return the same error with the whole path in its text: below, there are only descriptors."""
    path = "/".join((base, *names, *spelling))
    if error.errno is None:  # of a lock: it has a text of its own
        return type(error)(f"{path}: {error}")
    return OSError(error.errno, error.strerror, path)
