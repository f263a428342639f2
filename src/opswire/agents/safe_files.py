"""Files and folders opened so that links, FIFOs and devices neither mislead nor hang.

Everything below the trusted base folder is opened relative to the descriptor of its folder, never
through a link (O_NOFOLLOW) and never waiting for a partner (O_NONBLOCK), and is used only after
fstat says what it is.  No descriptor is kept between two calls: a program may close all of them
when it becomes a daemon, and a folder may be replaced.
"""

from __future__ import annotations

import os
from os import close, fstat, getpid, read
from os import open as open_descriptor
from stat import S_ISREG
from time import time, time_ns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FOLDER_MODE = 0o700
FILE_MODE = 0o600
LEFTOVER_SECONDS = 3600.0
"""From which age on a temporary file is one that its writer did not live to rename."""

_EINVAL, _ENOTSUP = 22, 95  # the module errno is not loaded for two numbers
_MAX_SEEN = 16
# O_PATH: searching a folder needs no right to list it. Only Linux has it.
_SEARCH = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW
_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW

Seen = dict[str, tuple[str, int, int]]
"""Path, inode and device of one folder that was reached without a link, by its base folder."""


def open_folder(base: str, names: Sequence[str], *, listable: bool = False) -> int:
    """Open the folder base/names[0]/names[1]…; only `base` may contain links.

    Returns:
        A descriptor for use as ``dir_fd``; a `listable` one can be listed and synchronised too.

    Raises:
        OSError: one of them is missing, no folder, a link, or must not be entered.
    """
    last = _LIST if listable else _SEARCH
    # One open for base and the first name: O_NOFOLLOW is about the last part of a path.
    path = f"{base}/{names[0]}" if names else f"{base}/."
    descriptor = open_descriptor(path, _SEARCH if len(names) > 1 else last)
    for number, name in enumerate(names[1:], 2):
        above = descriptor
        try:
            descriptor = open_descriptor(
                name, last if number == len(names) else _SEARCH, dir_fd=above
            )
        finally:
            close(above)
    return descriptor


def open_seen(base: str, names: Sequence[str], seen: Seen, *, listable: bool = False) -> int:
    """Open a folder like `open_folder`, in one system call if it has been seen before."""
    if base in seen:
        path, inode, device = seen[base]
        descriptor = open_descriptor(path, _LIST if listable else _SEARCH)
        status = fstat(descriptor)
        # However the path led there, it is the folder to which no link led before.
        if status.st_ino == inode and status.st_dev == device:
            return descriptor
        close(descriptor)
    descriptor = open_folder(base, names, listable=listable)
    status = fstat(descriptor)
    if len(seen) >= _MAX_SEEN:
        seen.clear()
    seen[base] = "/".join((base, *names)), status.st_ino, status.st_dev
    return descriptor


def make_folder(
    base: str, names: Sequence[str], seen: Seen | None = None, *, durable: bool = False
) -> int:
    """Open a folder like `open_folder`, after making what is missing, for its owner only.

    Args:
        base: the trusted folder.
        names: below it.
        seen: for `open_seen`.
        durable: whether what was made survives a power failure; the folder is listable then.

    Raises:
        OSError: as for `open_folder`, or it cannot be made.
    """
    try:
        if seen is None:
            return open_folder(base, names, listable=durable)
        return open_seen(base, names, seen, listable=durable)
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


def read_file(
    base: str, names: tuple[str, str], name: str, seen: Seen
) -> tuple[bytes, os.stat_result]:
    """Read the regular file base/names[0]/names[1]/name; only `base` may contain links.

    Args:
        base: the trusted folder.
        names: of the folders below it.
        name: of the file.
        seen: for `open_seen`; the caller's to keep, for these names only.

    Returns:
        Its octets and its status.

    Raises:
        OSError: it or a folder is missing, a link, not what it should be, or cannot be read.
    """
    within = open_seen(base, names, seen)
    try:
        descriptor = open_descriptor(name, _READ, dir_fd=within)
    finally:
        close(within)
    try:
        status = fstat(descriptor)
        if not S_ISREG(status.st_mode):
            refuse_unless_regular(status, name)
        size = status.st_size
        content = read(descriptor, size + 1)
        # Files are replaced, not changed, so that this was all; unless somebody else's hand did.
        if len(content) != size:
            while more := read(descriptor, 1 << 20):
                content += more
        return content, status
    finally:
        close(descriptor)


def refuse_unless_regular(status: os.stat_result, name: str) -> None:
    """Raise OSError for a FIFO, a device and whatever else is no regular file."""
    if not S_ISREG(status.st_mode):
        raise OSError(_EINVAL, "not a regular file", name)


def replace_file(
    folder: int,
    name: str,
    content: bytes,
    temporary_prefix: str,
    durable: bool = False,
    mode: int = FILE_MODE,
    modified_ns: int | None = None,
) -> None:
    """Give a file in an open folder new content, all or nothing.

    Args:
        folder: the descriptor of the folder.
        name: of the file; a link or FIFO of that name is replaced, not followed.
        content: all of it.
        temporary_prefix: how the name of the file begins until it has its own.
        durable: the new content survives a power failure once this returns; the folder must have
            been opened as a listable one.
        mode: of the new file.
        modified_ns: its time of modification, in nanoseconds of the epoch; None for now.

    Raises:
        OSError: nothing was changed; unless the folder could not be synchronised in the end.
    """
    while True:
        # Unique among the writers of one moment; O_EXCL is what makes sure.
        temporary = f"{temporary_prefix}{getpid():x}.{time_ns():x}"
        try:
            descriptor = open_descriptor(temporary, _CREATE, mode, dir_fd=folder)
            break
        except FileExistsError:
            continue
    try:
        try:
            written = os.write(descriptor, content)
            while written < len(content):
                written += os.write(descriptor, memoryview(content)[written:])
            if modified_ns is not None:
                _set_modified(descriptor, modified_ns, name)
            if durable:
                os.fsync(descriptor)
        finally:
            close(descriptor)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        try:  # noqa: SIM105 - an agent's start does not load contextlib
            os.unlink(temporary, dir_fd=folder)
        except OSError:
            pass  # what went wrong first is what matters
        raise
    if durable:
        os.fsync(folder)


def _set_modified(descriptor: int, modified_ns: int, name: str) -> None:
    os.utime(descriptor, ns=(time_ns(), modified_ns))
    if fstat(descriptor).st_mtime_ns != modified_ns:
        text = "this file system does not keep the time of modification to the nanosecond"
        raise OSError(_ENOTSUP, text, name)


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
