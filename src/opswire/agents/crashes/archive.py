"""The folder of crash reports: storing, listing, reading, and removing the old ones.

Each report is base/type/ID/crash.info; a type is "agent" or "active_check".
"""

from __future__ import annotations

import base64
import errno
import json
import os
import re
from contextlib import suppress
from time import time
from typing import Any, NamedTuple

from opswire._core.folder_files import Folder, Seen, read_file, replace_file
from opswire.agents.crashes import KEEP, VARIABLE
from opswire.folders import files, folders, located, make_folder

FILE = "crash.info"
TYPES = ("active_check", "agent")
MAX_REPORT = 64 * 1024 * 1024
"""Octets; a report is some 100 KB, and its variables 7 MB at most."""

_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TEMPORARY = "%tmp"
_DAY = 86_400
_MOST_DAYS = 1e9  # what is longer than all time is of no use, and may be no float


class StoredCrash(NamedTuple):
    """A report in its folder.

    Attributes:
        type: "agent" or "active_check".
        crash_id: its identifier, unique.
        time: when it was stored, in seconds of the epoch.
        path: of its file.
    """

    type: str
    crash_id: str
    time: float
    path: str


def base_folder() -> str:
    """Return the folder of all reports.

    Raises:
        RuntimeError: the environment variable SERVER_SIDE_PROGRAM_CRASHES_PATH is unset or empty.
    """
    if base := os.environ.get(VARIABLE):
        return base
    raise RuntimeError(f"{VARIABLE} environment variable is not set.")


def store(
    report: dict[str, Any],
    base: str,
    *,
    private: bool = False,
    keep: int = KEEP,
    keep_days: float | None = None,
) -> str:
    """Store a report, and remove those of its type that are too old or too many.

    Args:
        report: with "crash_type" and "crash_id".
        base: the folder of all reports; it is made if missing.
        private: whether to refuse a base that is a link, another user's, or open to others.
        keep: how many reports of the type stay, this one included.
        keep_days: after how many days a report is removed; None for never.

    Returns:
        The path of the file.

    Raises:
        OSError: it cannot be stored.
    """
    kind, identifier = report["crash_type"], report["crash_id"]
    content = json.dumps(report, indent=4).encode()
    if private:
        _make_private(base)
    names = (kind, identifier)
    make_folder(base, names, durable=True).close()
    try:
        replace_file(base, names, FILE, content, Seen(), _TEMPORARY, durable=True)
    except OSError:
        with suppress(OSError):  # a folder without a report would be nobody's
            os.rmdir(f"{base}/{kind}/{identifier}")
        raise
    with suppress(Exception):  # the report is what matters, and a program's log may be broken
        _make_room(kind, base, keep, keep_days, identifier)
    return f"{base}/{kind}/{identifier}/{FILE}"


def _make_room(kind: str, base: str, keep: int, keep_days: float | None, identifier: str) -> None:
    import logging

    logger = logging.getLogger("opswire.agents")
    try:
        removed = prune(kind, base, keep=keep, keep_days=keep_days, spare=identifier)
    except OSError as error:
        logger.warning("old crash reports stay: %s", error)
        return
    if removed:
        logger.info("%s/%s: %d old crash reports are removed", base, kind, removed)


def _make_private(base: str) -> None:
    """Others may write where the spare folder stands: it must be ours already, or not exist."""
    above, name = os.path.split(base)
    with make_folder(above, (name,)) as folder:
        status = os.fstat(folder.fileno())
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise PermissionError(f"{base} is not a folder of this user alone; remove it")


def stored(base: str | None = None) -> list[StoredCrash]:
    """Return all reports, the newest first.

    Args:
        base: the folder of all reports; None for that of the environment variable.

    Raises:
        RuntimeError: no base was given and the environment variable is unset or empty.
        OSError: a folder cannot be listed; a missing one has no reports.
    """
    base = base_folder() if base is None else base
    found = [crash for kind in TYPES for crash in _of_type(kind, base)]
    return sorted(found, key=lambda crash: crash.time, reverse=True)


def _of_type(kind: str, base: str) -> list[StoredCrash]:
    try:
        folder = Folder(base, (kind,))
    except FileNotFoundError:
        return []
    found = []
    with folder:
        try:
            identifiers = folders(folder)
        except FileNotFoundError:  # removed in this moment
            return []
        except OSError as error:  # it may be entered, but not listed
            raise located(error, base, (kind,)) from error
        for identifier in identifiers:
            if _IDENTIFIER.fullmatch(identifier):
                try:
                    status = os.stat(
                        f"{identifier}/{FILE}", dir_fd=folder.fileno(), follow_symlinks=False
                    )
                except OSError:
                    continue
                path = f"{base}/{kind}/{identifier}/{FILE}"
                found.append(StoredCrash(kind, identifier, status.st_mtime, path))
    return found


def read(crash_id: str, base: str | None = None) -> dict[str, Any]:
    """Return a report by its identifier, or by the beginning of it that no other has.

    Raises:
        RuntimeError: no base was given and the environment variable is unset or empty.
        LookupError: there is no such report, or more than one.
        ValueError: its file has no report in it.
        OSError: it cannot be read.
    """
    base = base_folder() if base is None else base
    found = [crash for crash in stored(base) if crash_id and crash.crash_id.startswith(crash_id)]
    if len(found) != 1:
        number = "no" if not found else "more than one"
        raise LookupError(f"{base} has {number} crash report {crash_id!r}")
    return load(found[0], base)


def load(crash: StoredCrash, base: str | None = None) -> dict[str, Any]:
    """Return one of the reports that `stored` found; raises as `read` does, LookupError if gone."""
    if not isinstance(crash, StoredCrash):
        raise TypeError(f"a stored crash is needed, not {type(crash).__name__}")
    base = base_folder() if base is None else base
    try:
        content, _ = read_file(base, (crash.type, crash.crash_id), FILE, Seen(), MAX_REPORT)
    except FileNotFoundError:
        raise LookupError(f"{crash.path} has just been removed") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise ValueError(f"{crash.path} is too large for a crash report") from None
        raise located(error, base, (crash.type, crash.crash_id), FILE) from error
    try:
        report = json.loads(content)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict):
        raise ValueError(f"{crash.path} has no crash report in it")
    return report


def local_variables(report: dict[str, Any]) -> str:
    """Return the local variables of a report as text.

    Raises:
        ValueError: they are not what a report has there.
    """
    if not isinstance(report, dict):
        raise TypeError(f"a report is a dict, not {type(report).__name__}")
    encoded = report.get("local_vars", "")
    if not isinstance(encoded, str):
        raise ValueError("the local variables of a report must be text in base64")
    return base64.b64decode(encoded, validate=True).decode("utf-8", "replace")


def prune(
    kind: str,
    base: str,
    *,
    keep: int = KEEP,
    keep_days: float | None = None,
    spare: str | None = None,
) -> int:
    """Remove the reports of a type that are too old or too many, and return how many.

    Args:
        kind: the type.
        base: the folder of all reports.
        keep: how many stay, the newest.
        keep_days: after how many days a report is removed; None for never.
        spare: the identifier of a report that stays in any case.

    Raises:
        OSError: the folder cannot be listed.
        TypeError: what is to be a number is none.
    """
    if not isinstance(keep, int):
        raise TypeError(f"keep is how many reports stay, not {type(keep).__name__}")
    if keep_days is not None and not isinstance(keep_days, int | float):
        raise TypeError(f"keep_days is a number, not {type(keep_days).__name__}")
    earliest = float("-inf") if keep_days is None else time() - min(keep_days, _MOST_DAYS) * _DAY
    newest = sorted(_of_type(kind, base), key=lambda one: (one.crash_id == spare, one.time))[::-1]
    removed = 0
    for number, crash in enumerate(newest):
        if crash.crash_id != spare and (number >= keep or crash.time < earliest):
            removed += _remove(crash, base)
    return removed


def _remove(crash: StoredCrash, base: str) -> int:
    try:
        with Folder(base, (crash.type, crash.crash_id)) as folder:
            for name in [name for name, _ in files(folder)]:
                os.unlink(name, dir_fd=folder.fileno())
        with Folder(base, (crash.type,)) as above:
            os.rmdir(crash.crash_id, dir_fd=above.fileno())
    except OSError:
        return 0  # another process removed it, or it is not ours
    return 1
