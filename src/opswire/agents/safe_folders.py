"""Folders made, listed and cleared so that links, FIFOs and devices neither mislead nor hang.

The files in them are opened and replaced by ``opswire._core.folder_files``.  No descriptor is kept
between two calls: a program may close all of them when it becomes a daemon, and a folder may be
replaced.
"""

from __future__ import annotations

import os
from os import close
from os import open as open_descriptor
from time import time

from opswire._core.folder_files import open_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FOLDER_MODE = 0o700
FILE_MODE = 0o600
LEFTOVER_SECONDS = 3600.0
"""From which age on a temporary file is one that its writer did not live to rename."""

_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK


def make_folder(base: str, names: Sequence[str], *, durable: bool = False) -> int:
    """Open a folder like `open_folder`, after making what is missing, for its owner only.

    Args:
        base: the trusted folder.
        names: below it.
        durable: whether what was made survives a power failure; the folder is listable then.

    Raises:
        OSError: as for `open_folder`, or it cannot be made.
    """
    try:
        return open_folder(base, names, listable=durable)
    except FileNotFoundError:
        _make_base(base)
    for number in range(len(names)):
        above = open_folder(base, names[:number], listable=durable)
        try:
            os.mkdir(names[number], FOLDER_MODE, dir_fd=above)
            if durable:
                os.fsync(above)
        except FileExistsError:
            pass
        finally:
            close(above)
    return open_folder(base, names, listable=durable)


def _make_base(base: str) -> None:
    parts = base.rstrip("/").split("/")
    for number in range(1, len(parts) + 1):
        path = "/".join(parts[:number])
        if path and not os.path.isdir(path):
            try:
                os.mkdir(path, FOLDER_MODE)
            except FileExistsError:  # by another process, in this moment
                if not os.path.isdir(path):
                    raise


def entries(folder: int) -> Iterator[os.DirEntry[str]]:
    """Each regular file in an open folder, in no order."""
    descriptor = open_descriptor(".", _LIST, dir_fd=folder)
    try:
        with os.scandir(descriptor) as found:
            for entry in found:
                if entry.is_file(follow_symlinks=False):
                    yield entry
    finally:
        close(descriptor)


def folders(folder: int) -> list[str]:
    """The names of the folders in an open folder, links not among them, sorted."""
    descriptor = open_descriptor(".", _LIST, dir_fd=folder)
    try:
        with os.scandir(descriptor) as found:
            return sorted(entry.name for entry in found if entry.is_dir(follow_symlinks=False))
    finally:
        close(descriptor)


def remove_files(folder: int, chosen: Callable[[str], bool], older_than: float) -> int:
    """Remove the chosen files of an open folder that were last written `older_than` seconds ago.

    Files that vanish or cannot be removed meanwhile are passed over.

    Returns:
        How many were removed.
    """
    latest = time() - older_than
    removed = 0
    for entry in entries(folder):
        if chosen(entry.name):
            try:
                if entry.stat(follow_symlinks=False).st_mtime <= latest:
                    os.unlink(entry.name, dir_fd=folder)
                    removed += 1
            except OSError:
                continue
    return removed
