"""The folder of all values, looked at as a whole: whose values there are, and removing a host's."""

from __future__ import annotations

import os
from typing import NamedTuple

from opswire.agents.safe_files import entries, folders, open_folder
from opswire.agents.storage import Storage
from opswire.agents.storage_expiry import expires, is_current
from opswire.agents.storage_names import base_folder, quoted, unquoted


class StoredValue(NamedTuple):
    """A value in its file.

    Attributes:
        host: the monitored host.
        program: the name of the program.
        key: the name of the value.
        size: in octets.
        written: when, in seconds of the epoch.
        expires: from which second of the epoch on it counts as missing; None for never.
        path: of its file.
    """

    host: str
    program: str
    key: str
    size: int
    written: float
    expires: int | None
    path: str


def programs() -> list[tuple[str, str]]:
    """Return each host and program that has a folder, sorted.

    Raises:
        RuntimeError: the environment variable is unset or empty.
        OSError: a folder cannot be listed; a missing one has nothing in it.
    """
    return [
        (host, program) for host_folder, host in _names(()) for _, program in _names((host_folder,))
    ]


def values() -> list[StoredValue]:
    """Return every value that has not outlived its time, sorted; raises as `programs` does."""
    base = base_folder()
    found = []
    for host, program in programs():
        names = (quoted(host, "the name of the host"), quoted(program, "the name of the program"))
        try:
            folder = open_folder(base, names)
        except FileNotFoundError:
            continue
        try:
            for entry in entries(folder):
                key = unquoted(entry.name)
                status = entry.stat(follow_symlinks=False)
                if key is not None and is_current(status, None):
                    end = expires(status)
                    written = status.st_mtime if end is None else status.st_ctime
                    path = "/".join((base, *names, entry.name))
                    found.append(
                        StoredValue(host, program, key, status.st_size, written, end, path)
                    )
        finally:
            os.close(folder)
    return sorted(found)


def purge(host: str) -> int:
    """Remove all values of a host, whatever its name, and return of how many programs.

    Raises:
        RuntimeError: the environment variable is unset or empty.
        ValueError: the name is too long.
        OSError: something cannot be removed.
    """
    base = base_folder()
    spelling = quoted(host, "the name of the host")
    found = _names((spelling,))
    for _, program in found:
        Storage(program, host).clear()
    for names, last in [*(((spelling,), folder) for folder, _ in found), ((), spelling)]:
        try:
            above = open_folder(base, names)
        except FileNotFoundError:
            continue
        try:
            os.rmdir(last, dir_fd=above)
        except OSError:
            continue  # not empty: there is a new value, or somebody's own file
        finally:
            os.close(above)
    return len(found)


def _names(above: tuple[str, ...]) -> list[tuple[str, str]]:
    """The folders in a folder that were made of names, with these."""
    try:
        folder = open_folder(base_folder(), above)
    except FileNotFoundError:
        return []
    try:
        found = [(spelling, unquoted(spelling)) for spelling in folders(folder)]
    finally:
        os.close(folder)
    return [(spelling, name) for spelling, name in found if name is not None]
