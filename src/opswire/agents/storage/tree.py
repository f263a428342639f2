"""The folder of all values, looked at as a whole: whose values there are, and removing them."""

from __future__ import annotations

import os
from typing import NamedTuple

from opswire._core.folder_files import Folder, Seen, read_file
from opswire.agents.storage.expiry import expires, is_current
from opswire.agents.storage.names import base_folder, quoted, unquoted
from opswire.agents.storage.program_values import Storage
from opswire.folders import files, folders, located


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
        names = _folder_names(host, program)
        try:
            with Folder(base, names) as folder:
                for spelling, status in files(folder):
                    key = unquoted(spelling)
                    if key is not None and is_current(status, None):
                        end = expires(status)
                        written = status.st_mtime if end is None else status.st_ctime
                        path = "/".join((base, *names, spelling))
                        found.append(
                            StoredValue(host, program, key, status.st_size, written, end, path)
                        )
        except FileNotFoundError:
            continue
        except OSError as error:  # it must not be entered, or not be listed
            raise located(error, base, names) from error
    return sorted(found)


def content(host: str, program: str, key: str) -> bytes:
    """Return the octets of a value as they stand in its file.

    Raises:
        RuntimeError: the environment variable is unset or empty.
        ValueError: a name is too long.
        LookupError: there is no such value, or it has outlived its time.
        OSError: it cannot be read.
    """
    base, names = base_folder(), _folder_names(host, program)
    spelling = quoted(key, "the key")
    try:
        octets, status = read_file(base, names, spelling, Seen())
    except FileNotFoundError:
        raise _missing(host, program, key) from None
    except OSError as error:
        raise located(error, base, names, spelling) from error
    if not is_current(status, None):
        raise _missing(host, program, key)
    return octets


def remove(host: str, program: str, key: str) -> None:
    """Remove a value, or what stands in its place; raises as `content` does.

    Unlike ``Storage.unset`` it tells when there is none; one that has outlived its time is removed.
    """
    base, names = base_folder(), _folder_names(host, program)
    spelling = quoted(key, "the key")
    try:
        with Folder(base, names) as folder:
            os.unlink(spelling, dir_fd=folder.fileno())
    except FileNotFoundError:
        raise _missing(host, program, key) from None
    except OSError as error:
        raise located(error, base, names, spelling) from error


def purge(host: str, program: str | None = None) -> int:
    """Remove all values of a host, whatever its name, and return of how many programs.

    Args:
        host: the name of the host.
        program: only those of this program; None for all.

    Raises:
        RuntimeError: the environment variable is unset or empty.
        ValueError: the name is too long.
        OSError: something cannot be removed.
    """
    base = base_folder()
    spelling = quoted(host, "the name of the host")
    found = [pair for pair in _names((spelling,)) if program in {None, pair[1]}]
    for _, name in found:
        Storage(name, host).clear()
    for names, last in [*(((spelling,), folder) for folder, _ in found), ((), spelling)]:
        try:
            above = Folder(base, names)
        except FileNotFoundError:
            continue
        with above:
            try:
                os.rmdir(last, dir_fd=above.fileno())
            except OSError:
                continue  # not empty: there is a new value, or somebody's own file
    return len(found)


def _folder_names(host: str, program: str) -> tuple[str, str]:
    return quoted(host, "the name of the host"), quoted(program, "the name of the program")


def _missing(host: str, program: str, key: str) -> LookupError:
    return LookupError(
        f"{base_folder()} has no value {key!r} of program {program!r}, host {host!r}"
    )


def _names(above: tuple[str, ...]) -> list[tuple[str, str]]:
    """The folders in a folder that were made of names, with these."""
    base = base_folder()
    try:
        with Folder(base, above) as folder:
            found = [(spelling, unquoted(spelling)) for spelling in folders(folder)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise located(error, base, above) from error
    return [(spelling, name) for spelling, name in found if name is not None]
