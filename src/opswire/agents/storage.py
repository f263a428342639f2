"""Text that a program keeps between two runs, by program, host and key.

>>> from opswire.agents import Storage
>>> storage = Storage("agent_example", "db1")
>>> storage.write("token", "abc")
>>> storage.read("token", None), storage.read("other", "a default")
('abc', 'a default')
>>> storage.update("runs", lambda runs: str(int(runs) + 1), "0")
'1'
>>> storage.keys()
['runs', 'token']
"""

from __future__ import annotations

import os

from opswire._core.folder_files import Seen, open_folder, read_file, replace_file
from opswire.agents.safe_folders import (
    FILE_MODE,
    LEFTOVER_SECONDS,
    entries,
    make_folder,
    remove_files,
)
from opswire.agents.storage_names import LOCK, MAX_LENGTH, TEMPORARY, base_folder, quoted, unquoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from opswire._core.folder_files import FileStatus

    D = TypeVar("D")

_EDQUOT = 122
_STICKY = 0o1000
_ATTEMPTS = 3  # a folder may be removed, with its host, while a value is being written into it


class Storage:
    """The values of one program for one host.

    Each is a file, base/host/program/key, percent-quoted; the base folder is that of the
    environment variable SERVER_SIDE_PROGRAM_STORAGE_PATH, looked up on every call.  A value is
    always whole: the old one or the new one, whatever happens to the writer.  Threads and processes
    may share an object, and a folder.

    Args:
        program_ident: the name of the program.
        host: the name of the monitored host.
        durable: whether values survive a power failure as soon as a call returns; it costs two
            waits for the disk.  Without, the old value may come back, or on some file systems
            neither.
        quota: how many octets all values of this program and host may have together; None for no
            limit.

    Every method raises RuntimeError when the environment variable is unset or empty, and
    ValueError when a name has more than 255 characters after quoting.
    """

    def __init__(
        self, program_ident: str, host: str, *, durable: bool = False, quota: int | None = None
    ) -> None:
        """Keep the names; they are looked at when they are used."""
        self._program = program_ident
        self._host = host
        self._durable = durable
        self._quota = quota
        self._names: tuple[str, str] | None = None
        self._seen = Seen()
        self._tidied = False

    def __repr__(self) -> str:
        """Tell whose values these are."""
        return f"Storage({self._program!r}, {self._host!r})"

    def read(self, key: str, default: D, *, max_age: float | None = None) -> str | D:
        """Return a value, or the default object where there is none.

        None is: a file that is missing, unreadable, a link, no regular file, or not UTF-8; one that
        has outlived its ``ttl``; and one older than `max_age` seconds.
        """
        names = self._names or self._folder_names()
        spelling = quoted(key, "the key")
        base = base_folder()
        try:
            content, status = read_file(base, names, spelling, self._seen)
            if (max_age is not None or status.st_mode & _STICKY) and _is_over(status, max_age):
                return default
            return content.decode()
        except (OSError, ValueError):
            return default

    def write(
        self, key: str, content: str, *, durable: bool | None = None, ttl: float | None = None
    ) -> None:
        """Store a value, and make the folders for it.

        Args:
            key: its name.
            content: any text; it is stored in UTF-8, and no line ending is changed.
            durable: this value's own choice; None for the object's.
            ttl: after how many seconds it counts as missing, rounded up to a whole second.

        Raises:
            TypeError: the content is not text; nothing was touched, as with a ValueError.
            ValueError: the content has lone surrogates; the ttl is not a number above 0.
            OSError: the value is as before: disk full, no rights, over quota (EDQUOT) …
        """
        if not isinstance(content, str):
            raise TypeError(f"the content must be str, not {type(content).__name__}")
        octets = content.encode()
        names, spelling = self._names or self._folder_names(), quoted(key, "the key")
        base = base_folder()
        durable = self._durable if durable is None else durable
        mode, modified_ns = FILE_MODE, None
        if ttl is not None:
            from opswire.agents.storage_expiry import modified_ns as expiring

            mode, modified_ns = FILE_MODE | _STICKY, expiring(ttl)
        replace = replace_file if self._quota is None else self._replace_within_quota
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                if attempt > 1 or not self._tidied:
                    self._make_tidy(base, names, durable)
                seen = self._seen
                replace(base, names, spelling, octets, seen, TEMPORARY, durable, mode, modified_ns)
                return
            except OSError as error:
                if attempt == _ATTEMPTS or not isinstance(error, FileNotFoundError):
                    raise located(error, base, names, spelling) from error

    def unset(self, key: str) -> None:
        """Remove a value; nothing happens if there is none.

        Raises:
            OSError: it cannot be removed.
        """
        names, spelling = self._folder_names(), quoted(key, "the key")
        base = base_folder()
        try:
            folder = open_folder(base, names)
            try:
                os.unlink(spelling, dir_fd=folder)
            finally:
                os.close(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise located(error, base, names, spelling) from error

    def keys(self) -> list[str]:
        """Return the keys of all values, sorted; those that have outlived their ``ttl`` are not.

        Raises:
            OSError: the folder cannot be listed.
        """
        from opswire.agents.storage_expiry import is_current

        names, base = self._folder_names(), base_folder()
        found = []
        folder = _existing_folder(base, names)
        if folder is None:
            return []
        try:
            for entry in entries(folder):
                key = unquoted(entry.name)
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # removed in this moment
                    continue
                if key is not None and is_current(status, None):
                    found.append(key)
        except OSError as error:  # it may be entered, but not listed
            raise located(error, base, names) from error
        finally:
            os.close(folder)
        return sorted(found)

    def update(
        self,
        key: str,
        function: Callable[[str | D], str | None],
        default: D = None,  # type: ignore[assignment]  # mypy has no default for a type variable
        *,
        durable: bool | None = None,
        ttl: float | None = None,
        timeout: float | None = None,
    ) -> str | None:
        """Change a value so that no other ``update`` of the key comes in between.

        Args:
            key: its name.
            function: is called once with the value, or with the default where there is none;
                returns the new one, or None to remove it.
            default: what the function gets in place of a missing value.
            durable: as for `write`.
            ttl: as for `write`.
            timeout: how many seconds to wait for others; None for as long as it takes.

        Returns:
            What the function returned.

        Raises:
            TimeoutError: another one was in its ``update`` all the time.
            RuntimeError: the function calls ``update`` with the same key.
            OSError: the value cannot be read or stored; it is as before.  Unlike `read`, this does
                not take a value that cannot be read for a missing one, and overwrite it.
        """
        from opswire.agents.update_lock import UpdateLock

        names, spelling = self._folder_names(), quoted(key, "the key")
        base = base_folder()
        # Keys that are alike in their first 249 octets wait for each other.
        lock = UpdateLock(f"{LOCK}-{spelling}"[:MAX_LENGTH], timeout)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                folder = make_folder(base, names)
                try:
                    lock.acquire(folder)
                finally:
                    os.close(folder)
                break
            except OSError as error:
                if attempt == _ATTEMPTS or not isinstance(error, FileNotFoundError):
                    raise located(error, base, names, spelling) from error
        with lock:
            new = function(self._present(base, names, spelling, default))
            if new is None:
                self.unset(key)
            else:
                self.write(key, new, durable=durable, ttl=ttl)
            return new

    def read_json(self, key: str, default: D, *, max_age: float | None = None) -> Any | D:
        """Return what `write_json` stored, or the default object as `read` does, or if no JSON."""
        content = self.read(key, None, max_age=max_age)
        if content is None:
            return default
        import json

        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            return default

    def write_json(
        self, key: str, value: object, *, durable: bool | None = None, ttl: float | None = None
    ) -> None:
        """Store a value as JSON (RFC 8259), on one line; further arguments as for `write`.

        Raises:
            TypeError: JSON has no such thing; nothing was touched, as with a ValueError.
            ValueError: the value contains itself, NaN or infinity.
            OSError: as for `write`.
        """
        import json

        self.write(key, json.dumps(value, allow_nan=False), durable=durable, ttl=ttl)

    def clear(self) -> None:
        """Remove all values of this program and host, what was left over, and idle locks.

        Raises:
            OSError: something cannot be removed.
        """
        names, base = self._folder_names(), base_folder()
        folder = _existing_folder(base, names)
        if folder is None:
            return
        try:
            try:
                found = [entry.name for entry in entries(folder)]
            except OSError as error:
                raise located(error, base, names) from error
            for name in [name for name in found if unquoted(name) is not None]:
                try:
                    os.unlink(name, dir_fd=folder)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise located(error, base, names, name) from error
        finally:
            os.close(folder)
        self.remove_leftovers()

    def remove_leftovers(self, older_than: float = LEFTOVER_SECONDS) -> int:
        """Remove temporary files whose writers died, and lock files that nobody holds.

        The first `write` of an object removes temporary files by itself.

        Args:
            older_than: the age in seconds from which on a temporary file is nobody's any more.

        Returns:
            How many temporary files were removed.

        Raises:
            OSError: the folder cannot be listed.
        """
        from opswire.agents.update_lock import remove_idle_lock

        names, base = self._folder_names(), base_folder()
        folder = _existing_folder(base, names)
        if folder is None:
            return 0
        try:
            for name in [e.name for e in entries(folder) if e.name.startswith(LOCK)]:
                remove_idle_lock(folder, name)
            return remove_files(folder, _is_temporary, older_than)
        except OSError as error:
            raise located(error, base, names) from error
        finally:
            os.close(folder)

    def _folder_names(self) -> tuple[str, str]:
        if self._names is None:
            program = quoted(self._program, "the name of the program")
            self._names = (quoted(self._host, "the name of the host"), program)
        return self._names

    def _present(self, base: str, names: tuple[str, str], spelling: str, default: D) -> str | D:
        """The value to update: only what is surely not there is missing."""
        try:
            content, status = read_file(base, names, spelling, self._seen)
            return default if _is_over(status, None) else content.decode()
        except (FileNotFoundError, UnicodeDecodeError):
            return default
        except OSError as error:
            raise located(error, base, names, spelling) from error

    def _replace_within_quota(
        self,
        base: str,
        names: tuple[str, str],
        spelling: str,
        octets: bytes,
        seen: Seen,
        temporary_prefix: str,
        durable: bool,
        mode: int,
        modified_ns: int | None,
    ) -> None:
        """Do what `replace_file` does, or raise OSError (EDQUOT)."""
        from opswire.agents.update_lock import UpdateLock

        lock = UpdateLock(LOCK)
        folder = open_folder(base, names)
        try:
            lock.acquire(folder)
            with lock:
                self._refuse_over_quota(folder, spelling, len(octets))
                replace_file(
                    base,
                    names,
                    spelling,
                    octets,
                    seen,
                    temporary_prefix,
                    durable,
                    mode,
                    modified_ns,
                )
        finally:
            os.close(folder)

    def _refuse_over_quota(self, folder: int, spelling: str, size: int) -> None:
        others = sum(
            entry.stat(follow_symlinks=False).st_size
            for entry in entries(folder)
            if entry.name != spelling and unquoted(entry.name) is not None
        )
        if self._quota is not None and others + size > self._quota:
            text = (
                f"over the quota of {self._quota} octets: other values have {others}, "
                f"this one {size}; unset() some"
            )
            raise OSError(_EDQUOT, text, spelling)

    def _make_tidy(self, base: str, names: tuple[str, str], durable: bool) -> None:
        """Make the folder; once in the life of an object, remove what killed ones left over."""
        folder = make_folder(base, names, durable=durable)
        try:
            if not self._tidied:
                self._tidied = True
                remove_files(folder, _is_temporary, LEFTOVER_SECONDS)
        except OSError:
            pass  # a folder that cannot be listed can be written to
        finally:
            os.close(folder)


def _is_over(status: os.stat_result | FileStatus, max_age: float | None) -> bool:
    from opswire.agents.storage_expiry import is_current

    return not is_current(status, max_age)


def _is_temporary(name: str) -> bool:
    return name.startswith(TEMPORARY)


def _existing_folder(base: str, names: tuple[str, str]) -> int | None:
    """The folder's descriptor; None where there is no folder."""
    try:
        return open_folder(base, names)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise located(error, base, names) from error


def located(error: OSError, base: str, names: tuple[str, ...], *spelling: str) -> OSError:
    """Return the same error with the whole path in its text: below, there are only descriptors."""
    path = "/".join((base, *names, *spelling))
    if error.errno is None:  # of a lock: it has a text of its own
        return type(error)(f"{path}: {error}")
    return OSError(error.errno, error.strerror, path)
