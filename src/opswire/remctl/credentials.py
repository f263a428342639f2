"""Which tickets a connection uses, and which are kept for the next one.

Acquiring from a FILE: cache reads and parses it; a program that makes many connections to the same
host does so for nothing.  Credentials of such caches are therefore kept, as long as the file is to
the octet the same one.  KCM, KEYRING, MEMORY and the rest have no such sign and are acquired anew.
"""

import os
import time
from _thread import allocate_lock
from dataclasses import dataclass, field

from opswire._core.gss import Credential

MAX_KEPT = 16
"""Credentials of one cache: a security context uses one alone while it is being established."""

MAX_CACHES = 64
"""Cache files of which credentials are kept."""

EXPIRY_MARGIN = 60.0
"""Seconds before the end of a ticket from which on it is not taken from here."""

_Key = tuple[int, ...]


@dataclass(slots=True)
class _Kept:
    key: _Key
    credentials: list[tuple[Credential, float]] = field(default_factory=list)


_lock = allocate_lock()
_kept: dict[str, _Kept] = {}


def _file_of(name: str | None) -> str | None:
    """Return the path of a FILE: cache; None for every other kind."""
    if name is None:
        return None
    kind, colon, path = name.partition(":")
    if colon and kind == "FILE":
        return path
    return name if name.startswith("/") else None


def _key_of(path: str) -> _Key | None:
    """Tell one state of a file from every other, for this process and user only."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (
        status.st_dev,
        status.st_ino,
        status.st_mtime_ns,
        status.st_size,
        os.geteuid(),
        os.getpid(),
    )


@dataclass(slots=True)
class Loan:
    """A credential lent to one thread for the first step of a security context.

    ``credential`` is None for a default cache that is not known to be a file: the library then
    chooses.
    """

    credential: Credential | None
    _name: str = ""
    _key: _Key | None = None
    _expires: float = 0.0

    def keep(self) -> None:
        """Keep it for the next borrower; to be called when it has done its work well."""
        if self._key is not None and self.credential is not None:
            _keep(self._name, self._key, self.credential, self._expires)


def borrow(ccache: str | None) -> Loan:
    """Return a credential of a ticket cache.

    Args:
        ccache: the name of the cache; None means KRB5CCNAME, or else what krb5.conf says.

    Raises:
        GSSError: no such cache, or no valid tickets in it.
        NotSupportedError: the library cannot choose a cache.
    """
    name = ccache if ccache is not None else os.environ.get("KRB5CCNAME")
    path = _file_of(name)
    key = _key_of(path) if path is not None else None
    if name is None or key is None:
        return Loan(None if ccache is None else Credential.from_ccache(ccache))
    credential, expires = _take(name, key) or _acquire(name)
    return Loan(credential, name, key, expires)


def _acquire(name: str) -> tuple[Credential, float]:
    credential = Credential.from_ccache(name)
    lifetime = credential.lifetime
    return credential, float("inf") if lifetime is None else time.time() + lifetime


def _take(name: str, key: _Key) -> tuple[Credential, float] | None:
    with _lock:
        kept = _kept.get(name)
        if kept is None or kept.key != key or not kept.credentials:
            return None
        credential, expires = kept.credentials.pop()
    return (credential, expires) if expires - EXPIRY_MARGIN > time.time() else None


def _keep(name: str, key: _Key, credential: Credential, expires: float) -> None:
    with _lock:
        kept = _kept.get(name)
        if kept is None or kept.key != key:
            if kept is None and len(_kept) >= MAX_CACHES:
                _kept.pop(next(iter(_kept)))
            kept = _kept[name] = _Kept(key)
        if len(kept.credentials) < MAX_KEPT:
            kept.credentials.append((credential, expires))


def _forget() -> None:
    """A forked child has the parent's memory, but may soon have another identity."""
    global _lock
    _lock = allocate_lock()
    _kept.clear()


os.register_at_fork(after_in_child=_forget)
