"""Which tickets a connection uses, and which are kept for the next one.

Acquiring from a FILE: cache reads and parses it; a program that makes many connections to the same
host does so for nothing.  Credentials of such caches are therefore kept, as long as the file is to
the octet the same one.  KCM, KEYRING, MEMORY and the rest have no such sign and are acquired anew.
"""

import os
from _thread import allocate_lock
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from time import time
from typing import Protocol

from opswire._core.gss import Credential, default_ccache
from opswire.errors import GSSError, NotSupportedError, RemctlAuthenticationError

MAX_KEPT = 16
"""Credentials of one cache: a security context uses one alone while it is being established."""

MAX_TARGETS = 4096
"""Services of which it is remembered that a cache file has the ticket."""

MAX_CACHES = 64
"""Cache files of which credentials are kept."""

EXPIRY_MARGIN = 60.0
"""Seconds before the end of a ticket from which on it is not taken from here."""

_Key = tuple[int, ...]

CacheFile = tuple[str, str, _Key]
"""A cache in a file: name, path, and what tells one state of it from every other, for this process
and user only."""


class Exportable(Protocol):
    """``gssapi.Credentials`` of the extra ``opswire[gssapi]``."""

    def export(self) -> bytes:
        """Return the token that gss_import_cred takes."""


Tickets = str | Credential | None
"""The name of a ticket cache, a credential, or None for the default cache."""


def tickets_of(credentials: str | Credential | Exportable | None) -> Tickets:
    """Turn what callers may give as ``credentials=`` into what ``borrow()`` takes.

    Raises:
        TypeError: none of the types that are taken.
        ValueError: a name with a NUL in it.
        RemctlAuthenticationError: a credential that cannot be exported, or not imported here.
    """
    if credentials is None or isinstance(credentials, Credential):
        return credentials
    if isinstance(credentials, str):
        if "\0" in credentials:
            raise ValueError("the name of a ticket cache must not contain a NUL")
        return credentials
    if not callable(getattr(credentials, "export", None)):
        raise TypeError(
            "credentials must be the name of a ticket cache, an opswire._core.gss.Credential or "
            f"a gssapi.Credentials, not {type(credentials).__name__}"
        )
    try:
        token = credentials.export()
    except Exception as error:
        # Of another library, which has exceptions of its own.
        raise RemctlAuthenticationError(f"error exporting credentials: {error}") from error
    if not isinstance(token, bytes):
        raise TypeError(f"export() of credentials must return bytes, not {type(token).__name__}")
    try:
        return Credential.imported(token)
    except GSSError as error:
        raise RemctlAuthenticationError(f"GSS-API error importing credentials: {error}") from error
    except (NotSupportedError, ValueError) as error:
        raise RemctlAuthenticationError(f"error importing credentials: {error}") from error


@dataclass(slots=True)
class _Kept:
    """What is known of one state of a cache file."""

    key: _Key
    credentials: list[tuple[Credential, float]] = field(default_factory=list)
    targets: dict[str, float] = field(default_factory=dict)  # and when their tickets expire
    copied: bool = False


_lock = allocate_lock()
_kept: dict[str, _Kept] = {}


def cache_file(tickets: Tickets) -> CacheFile | None:
    """Look at the cache file that tickets come from; None for every other kind, and for no file."""
    name = default_ccache() if tickets is None else tickets
    if not isinstance(name, str) or not name.startswith(("FILE:", "/")):
        return None
    path = name.removeprefix("FILE:")
    try:
        status = os.stat(path)
    except OSError:
        return None
    key = (
        status.st_dev,
        status.st_ino,
        status.st_mtime_ns,
        status.st_size,
        os.geteuid(),
        os.getpid(),
    )
    return name, path, key


class Loan:
    """A credential lent to one thread for the first step of a security context.

    Attributes:
        credential: None for a default cache that is not known to be a file: the library chooses.
    """

    __slots__ = ("_expires", "_file", "_target", "_warm", "credential")

    def __init__(
        self,
        credential: Credential | None,
        file: CacheFile | None = None,
        target: str = "",
        warm: bool = False,
        expires: float = inf,
    ) -> None:
        """As ``borrow()`` makes it."""
        self.credential = credential
        self._file = file
        self._target = target
        self._warm = warm  # the file holds the ticket for the target already
        self._expires = expires

    def keep(self, lifetime: float | None) -> None:
        """Keep it for the next borrower; to be called when it has done its work well.

        Args:
            lifetime: of the context that it made, in seconds; None for no limit.
        """
        if self.credential is None or self._file is None:
            return
        name, path, key = self._file
        with _lock:
            kept = _kept.get(name)
            if kept is None or kept.key != key:
                if kept is None and len(_kept) >= MAX_CACHES:
                    _kept.pop(next(iter(_kept)))
                kept = _kept[name] = _Kept(key)
            # A ticket that had to be fetched changes the file, and with it the key, unless the
            # file cannot be written; then no ticket is known to be in it.
            if not self._warm and len(kept.targets) < MAX_TARGETS and os.access(path, os.W_OK):
                kept.targets[self._target] = inf if lifetime is None else time() + lifetime
            if len(kept.credentials) < MAX_KEPT and self._warm == kept.copied:
                kept.credentials.append((self.credential, self._expires))


def borrow(tickets: Tickets, file: CacheFile | None, target: str, *, warm: bool) -> Loan:
    """Return a credential of a ticket cache, or the one that was given.

    Args:
        tickets: None means the cache of KRB5CCNAME, or else what krb5.conf says.
        file: what ``cache_file()`` says of them now.
        target: the service that it is for, in any form that tells it from others.
        warm: what ``is_warm()`` says of these.

    Raises:
        GSSError: no such cache, or no valid tickets in it.
        NotSupportedError: the library cannot choose a cache.
    """
    if file is None:
        return Loan(Credential.from_ccache(tickets) if isinstance(tickets, str) else tickets)
    taken = _take(file, warm=warm)
    if taken is not None:
        return Loan(taken[0], file, target, warm, taken[1])
    credential = Credential.from_ccache(file[0])
    lifetime = credential.lifetime
    if warm:
        # With every ticket that will be asked for in the file, nothing is lost when the library
        # reads them from memory: a third of what a one-call command costs is reading that file.
        # Without, a ticket fetched now would not be there for the next process.
        with suppress(GSSError, NotSupportedError):
            credential = credential.in_memory()
    return Loan(credential, file, target, warm, inf if lifetime is None else time() + lifetime)


def is_warm(file: CacheFile | None, target: str) -> bool:
    """Tell whether borrowing for a target, and using the loan, asks neither a KDC nor a daemon."""
    kept = _kept.get(file[0]) if file is not None else None
    return (
        file is not None
        and kept is not None
        and kept.key == file[2]
        and kept.targets.get(target, 0.0) > time() + EXPIRY_MARGIN
    )


def _take(file: CacheFile, *, warm: bool) -> tuple[Credential, float] | None:
    """Take a kept credential, with the end of its tickets."""
    name, _, key = file
    with _lock:
        kept = _kept.get(name)
        if kept is None or kept.key != key:
            return None
        if warm and not kept.copied:
            kept.credentials.clear()
            kept.copied = True
        # Copies in memory know no other tickets than the file had then.
        if not kept.credentials or (kept.copied and not warm):
            return None
        taken = kept.credentials.pop()
    return taken if taken[1] > time() + EXPIRY_MARGIN else None


def _forget() -> None:
    """A forked child has the parent's memory, but may soon have another identity."""
    global _lock  # noqa: PLW0603 - a lock that another thread held at the fork stays held
    _lock = allocate_lock()
    _kept.clear()


os.register_at_fork(after_in_child=_forget)
