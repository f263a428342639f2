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

from opswire._core.folder_files import (
    MAX_SIZE,
    Folder,
    Seen,
    call_locked,
    read_file,
    remove_idle_lock,
    replace_file,
)
from opswire.agents.storage.names import LOCK, MAX_LENGTH, TEMPORARY, base_folder, quoted, unquoted
from opswire.folders import (
    FILE_MODE,
    LEFTOVER_SECONDS,
    Patience,
    files,
    located,
    make_folder,
    remove_files,
    was_left,
)
from opswire.public_names import public_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import EllipsisType, ModuleType
    from typing import Any, TypeVar

    from opswire._core.folder_files import FileLock, FileStatus

    D = TypeVar("D")

_ENOMEM, _EFBIG, _EDQUOT = 12, 27, 122  # the module errno is not loaded for three numbers
_STICKY = 0o1000
_NESTED = (
    "update() of the same key inside the function of update(): it would wait for itself; "
    "return the new text instead"
)


@public_in("opswire.agents")
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
        if quota is not None and not isinstance(quota, int):
            raise TypeError(f"quota is a number of octets, not {type(quota).__name__}")
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

    def read(
        self, key: str, default: D, *, max_age: float | None = None, max_size: int = MAX_SIZE
    ) -> str | D:
        """Return a value, or the default object where there is none.

        None is: a file that is missing; one that has outlived its ``ttl``, or has one and was
        written in the future, before a clock was set right; one older than `max_age` seconds.  With
        a warning of the logger ``opswire.agents`` so are one that is unreadable, a link, no regular
        file or not UTF-8, and one larger than `max_size` octets (64 MiB), or than the memory.
        """
        names = self._names or self._folder_names()
        spelling = quoted(key, "the key")
        base = base_folder()
        try:
            content, status = read_file(base, names, spelling, self._seen, max_size)
            if (max_age is not None or status.st_mode & _STICKY) and _is_over(status, max_age):
                return default
            return content.decode()
        except FileNotFoundError:
            pass
        except OSError as error:
            too_large = f"it is larger than {max_size} octets"
            _warn(base, names, spelling, too_large if error.errno == _EFBIG else error.strerror)
        except MemoryError:
            _warn(base, names, spelling, "there is no memory for it")
        except UnicodeDecodeError:
            _warn(base, names, spelling, "it is not UTF-8")
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
            OSError: the value is as before: disk full, no rights, over quota (EDQUOT), a folder
                that cannot be made, or that somebody removes again and again for 5 seconds …
        """
        self._store(key, content, durable, None if ttl is None else _expiring(ttl))

    def unset(self, key: str) -> None:
        """Remove a value; nothing happens if there is none.

        Raises:
            OSError: it cannot be removed.
        """
        names, spelling = self._folder_names(), quoted(key, "the key")
        base = base_folder()
        try:
            with Folder(base, names) as folder:
                os.unlink(spelling, dir_fd=folder.fileno())
        except FileNotFoundError:
            return
        except OSError as error:
            raise located(error, base, names, spelling) from error

    def keys(self) -> list[str]:
        """Return the keys of all values, sorted; those that have outlived their ``ttl`` are not.

        Raises:
            OSError: the folder cannot be listed.
        """
        from opswire.agents.storage.expiry import is_current

        names, base = self._folder_names(), base_folder()
        try:
            with Folder(base, names) as folder:
                spellings = [name for name, status in files(folder) if is_current(status, None)]
        except FileNotFoundError:
            return []
        except OSError as error:  # it must not be entered, or not be listed
            raise located(error, base, names) from error
        return sorted(key for key in map(unquoted, spellings) if key is not None)

    def update(
        self,
        key: str,
        function: Callable[[str | D], str | None],
        default: D = None,  # type: ignore[assignment]  # mypy has no default for a type variable
        *,
        durable: bool | None = None,
        ttl: float | EllipsisType | None = ...,
        timeout: float | None = None,
        max_size: int = MAX_SIZE,
    ) -> str | None:
        """Change a value so that no other ``update`` of the key comes in between.

        Args:
            key: its name.
            function: is called once with the value, or with the default where there is none;
                returns the new one, or None to remove it.
            default: what the function gets in place of a missing value.
            durable: as for `write`.
            ttl: as for `write`, None for a value without an end; when it is left out, the new value
                ends when the old one would have, if that had an end.
            timeout: how many seconds to wait for others; None for as long as it takes.
            max_size: as for `read`.

        Returns:
            What the function returned.

        Raises:
            TimeoutError: another one was in its ``update`` all the time.
            RuntimeError: the function calls ``update`` with the same key; or it forks, and returns
                in the child too, which does not have the lock and stores nothing.
            OSError: the value cannot be read or stored; it is as before.  Unlike `read`, this does
                not take a value that cannot be read for a missing one, and overwrite it.
        """
        names, spelling = self._folder_names(), quoted(key, "the key")
        base = base_folder()
        begun = False

        def change(lock: FileLock) -> str | None:
            nonlocal begun
            begun = True
            old, end_ns = self._present(base, names, spelling, default, max_size)
            new = function(old)
            if not lock.held:
                text = "a process that was forked in the function of update() stores nothing"
                raise RuntimeError(f"{text}: the lock is its parent's")
            if new is None:
                self.unset(key)
            else:
                if not isinstance(ttl, type(...)):
                    end_ns = None if ttl is None else _expiring(ttl)
                self._store(key, new, durable, end_ns)
            return new

        # Keys that are alike in their first 249 octets wait for each other.
        lock_name = f"{LOCK}-{spelling}"[:MAX_LENGTH]
        if timeout is not None and not isinstance(timeout, int | float):
            raise TypeError(f"timeout is a number of seconds, not {type(timeout).__name__}")
        at_once = 0 if timeout is None else min(timeout, 0)
        patience = Patience()
        while True:
            try:
                with make_folder(base, names) as folder:
                    try:
                        return call_locked(folder, lock_name, change, at_once, mode=FILE_MODE)
                    except TimeoutError:
                        if begun or at_once == timeout:
                            raise
                    if log := _log():
                        log.waits(base, names, spelling)
                    return call_locked(folder, lock_name, change, timeout, mode=FILE_MODE)
            except RuntimeError as error:
                if begun:
                    raise
                raise RuntimeError(_NESTED) from error
            except OSError as error:
                if begun:
                    raise
                _have_patience(patience, error, base, names, spelling)

    def read_json(
        self, key: str, default: D, *, max_age: float | None = None, max_size: int = MAX_SIZE
    ) -> Any | D:
        """Return what `write_json` stored, or the default object as `read` does, or if no JSON."""
        content = self.read(key, None, max_age=max_age, max_size=max_size)
        if content is None:
            return default
        import json

        try:
            return json.loads(content)
        except MemoryError:
            spelling = quoted(key, "the key")
            _warn(base_folder(), self._folder_names(), spelling, "there is no memory for its JSON")
            return default
        except (ValueError, RecursionError):
            spelling = quoted(key, "the key")
            _warn(base_folder(), self._folder_names(), spelling, "it is no JSON")
            return default

    def write_json(
        self, key: str, value: object, *, durable: bool | None = None, ttl: float | None = None
    ) -> None:
        """Store a value as JSON (RFC 8259), on one line; further arguments as for `write`.

        Raises:
            TypeError: JSON has no such thing; nothing was touched, as with a ValueError.
            ValueError: the value contains itself, NaN or infinity, or is nested too deeply.
            OSError: as for `write`.
        """
        import json

        try:
            content = json.dumps(value, allow_nan=False)
        except RecursionError:
            raise ValueError("the value is nested too deeply for JSON") from None
        self.write(key, content, durable=durable, ttl=ttl)

    def clear(self) -> None:
        """Remove all values of this program and host, what was left over, and idle locks.

        Raises:
            OSError: something cannot be removed.
        """
        names, base = self._folder_names(), base_folder()
        spelling: tuple[str, ...] = ()
        try:
            with Folder(base, names) as folder:
                for spelling in [(name,) for name, _ in files(folder)]:
                    try:
                        if unquoted(*spelling) is not None:
                            os.unlink(*spelling, dir_fd=folder.fileno())
                    except FileNotFoundError:  # removed in this moment
                        continue
        except FileNotFoundError:
            return
        except OSError as error:
            raise located(error, base, names, *spelling) from error
        self.remove_leftovers()

    def remove_leftovers(self, older_than: float = LEFTOVER_SECONDS) -> int:
        """Remove values that have outlived their ``ttl``, temporary files whose writers died, and
        lock files that nobody holds.

        The first `write` of an object removes the values and temporary files by itself.  A value
        that another one writes meanwhile stays; where a file system cannot lock folders, as on some
        networks, so do the old ones.

        Args:
            older_than: the age in seconds from which on a temporary file is nobody's any more.

        Returns:
            How many values and temporary files were removed.

        Raises:
            OSError: the folder cannot be listed.
        """
        if not isinstance(older_than, int | float):
            raise TypeError(f"older_than is a number of seconds, not {type(older_than).__name__}")
        names, base = self._folder_names(), base_folder()
        try:
            with Folder(base, names) as folder:
                for name in folder.names():
                    if name.startswith(LOCK):
                        remove_idle_lock(folder, name)
                removed = _remove_leftovers(folder, older_than)
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise located(error, base, names) from error
        if removed and (log := _log()):
            log.cleared(base, names, removed)
        return removed

    def _folder_names(self) -> tuple[str, str]:
        if self._names is None:
            program = quoted(self._program, "the name of the program")
            self._names = (quoted(self._host, "the name of the host"), program)
        return self._names

    def _store(self, key: str, content: str, durable: bool | None, end_ns: int | None) -> None:
        """Do what `write` does; `end_ns` is the time of modification of a value that expires."""
        if not isinstance(content, str):
            raise TypeError(f"the content must be str, not {type(content).__name__}")
        octets = content.encode()
        names, spelling = self._names or self._folder_names(), quoted(key, "the key")
        base = base_folder()
        durable = self._durable if durable is None else durable
        mode = FILE_MODE if end_ns is None else FILE_MODE | _STICKY
        replace = replace_file if self._quota is None else self._replace_within_quota
        patience = None
        while True:
            try:
                if patience is not None or not self._tidied:
                    self._make_tidy(base, names, durable)
                replace(base, names, spelling, octets, self._seen, TEMPORARY, durable, mode, end_ns)
                return
            except OSError as error:
                patience = patience or Patience()
                _have_patience(patience, error, base, names, spelling)

    def _present(
        self, base: str, names: tuple[str, str], spelling: str, default: D, max_size: int
    ) -> tuple[str | D, int | None]:
        """The value to update, and its time of modification if it expires.

        Only what is surely not there is missing.
        """
        try:
            content, status = read_file(base, names, spelling, self._seen, max_size)
            if not status.st_mode & _STICKY:
                return content.decode(), None
            from opswire.agents.storage.expiry import expires

            if _is_over(status, None):
                return default, None
            return content.decode(), None if expires(status) is None else status.st_mtime_ns
        except FileNotFoundError:
            return default, None
        except UnicodeDecodeError:
            _warn(base, names, spelling, "it is not UTF-8")
            return default, None
        except MemoryError:
            error = OSError(_ENOMEM, os.strerror(_ENOMEM))
            raise located(error, base, names, spelling) from None
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

        def replace(_: FileLock) -> None:
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

        with Folder(base, names) as folder:
            call_locked(folder, LOCK, replace, mode=FILE_MODE)

    def _refuse_over_quota(self, folder: Folder, spelling: str, size: int) -> None:
        from opswire.agents.storage.expiry import is_current

        others = sum(
            status.st_size
            for name, status in files(folder)
            if name != spelling and unquoted(name) is not None and is_current(status, None)
        )
        if self._quota is not None and others + size > self._quota:
            text = (
                f"over the quota of {self._quota} octets: other values have {others}, "
                f"this one {size}; unset() some"
            )
            raise OSError(_EDQUOT, text, spelling)

    def _make_tidy(self, base: str, names: tuple[str, str], durable: bool) -> None:
        """Make the folder; once in the life of an object, remove what is nobody's any more."""
        with make_folder(base, names, durable=durable) as folder:
            try:
                if not self._tidied:
                    self._tidied = True
                    removed = _remove_leftovers(folder, LEFTOVER_SECONDS)
                    if removed and (log := _log()):
                        log.cleared(base, names, removed)
            except OSError:
                return  # a folder that cannot be listed can be written to


def _remove_leftovers(folder: Folder, older_than: float) -> int:
    """Remove temporary files of that age and values that have expired; return how many."""

    def chosen(name: str, status: os.stat_result) -> bool:
        if name.startswith(TEMPORARY):
            return was_left(status, older_than)
        if not status.st_mode & _STICKY or unquoted(name) is None:
            return False  # most programs never load what tells when a value expires
        from opswire.agents.storage.expiry import has_expired

        return has_expired(status)

    return remove_files(folder, chosen)


def _expiring(ttl: float) -> int:
    from opswire.agents.storage.expiry import modified_ns

    return modified_ns(ttl)


def _is_over(status: os.stat_result | FileStatus, max_age: float | None) -> bool:
    from opswire.agents.storage.expiry import is_current

    return not is_current(status, max_age)


def _have_patience(
    patience: Patience, error: OSError, base: str, names: tuple[str, str], spelling: str
) -> None:
    """Let whoever removes the folder have a moment, or raise the error."""
    first = not patience.begun
    if patience.ends(error):
        raise located(error, base, names, spelling) from error
    if first and (log := _log()):
        log.tried_again(base, names, spelling, error)


def _warn(base: str, names: tuple[str, str], spelling: str, reason: object) -> None:
    if log := _log():
        log.counts_as_missing(base, names, spelling, reason)


def _log() -> ModuleType | None:
    try:
        from opswire.agents.storage import log
    except (ImportError, OSError, MemoryError):
        return None  # no descriptor, no memory: what is lost then is a line, not a value
    return log
