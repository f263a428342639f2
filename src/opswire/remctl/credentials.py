"""Which tickets a connection uses, and which are kept for the next one.

Acquiring from a FILE: cache reads and parses it; a program that makes many connections to the same
host does so for nothing.  Credentials of such caches are therefore kept, as long as the file is to
the octet the same one.  KCM, KEYRING, MEMORY and the rest have no such sign and are acquired anew.
"""

import os
import time
from _thread import allocate_lock
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from opswire._core.gss import Credential
from opswire.errors import GSSError, NotSupportedError, RemctlError

MAX_KEPT = 16
"""Credentials of one cache: a security context uses one alone while it is being established."""

MAX_TARGETS = 4096
"""Services of which it is remembered that a cache file has the ticket."""

MAX_CACHES = 64
"""Cache files of which credentials are kept."""

EXPIRY_MARGIN = 60.0
"""Seconds before the end of a ticket from which on it is not taken from here."""

_Key = tuple[int, ...]


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
        RemctlError: a credential that cannot be exported, or not imported here.
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
        raise RemctlError(f"error exporting credentials: {error}") from error
    if not isinstance(token, bytes):
        raise TypeError(f"export() of credentials must return bytes, not {type(token).__name__}")
    try:
        return Credential.imported(token)
    except GSSError as error:
        raise RemctlError(f"GSS-API error importing credentials: {error}") from error
    except (NotSupportedError, ValueError) as error:
        raise RemctlError(f"error importing credentials: {error}") from error


@dataclass(slots=True)
class _Kept:
    """What is known of one state of a cache file."""

    key: _Key
    credentials: list[tuple[Credential, float]] = field(default_factory=list)
    targets: dict[str, float] = field(default_factory=dict)  # and when their tickets expire
    copied: bool = False


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


def _file_state(tickets: Tickets) -> tuple[str, str, _Key] | None:
    """Return the name, path and state of a cache that is a file; None for every other kind."""
    if isinstance(tickets, Credential):
        return None
    name = tickets if tickets is not None else os.environ.get("KRB5CCNAME")
    path = _file_of(name)
    key = _key_of(path) if path is not None else None
    return None if name is None or path is None or key is None else (name, path, key)


@dataclass(slots=True)
class Loan:
    """A credential lent to one thread for the first step of a security context.

    Attributes:
        credential: None for a default cache that is not known to be a file: the library chooses.
        warm: the file holds the ticket for the target already, so that no KDC will be asked.
    """

    credential: Credential | None
    warm: bool = False
    _name: str = ""
    _path: str = ""
    _key: _Key | None = None
    _target: str = ""
    _expires: float = 0.0

    def keep(self, lifetime: float | None) -> None:
        """Keep it for the next borrower; to be called when it has done its work well.

        Args:
            lifetime: of the context that it made, in seconds; None for no limit.
        """
        _keep(self, float("inf") if lifetime is None else time.time() + lifetime)


def borrow(tickets: Tickets, target: str) -> Loan:
    """Return a credential of a ticket cache, or the one that was given.

    Args:
        tickets: None means the cache of KRB5CCNAME, or else what krb5.conf says.
        target: the service that it is for, in any form that tells it from others.

    Raises:
        GSSError: no such cache, or no valid tickets in it.
        NotSupportedError: the library cannot choose a cache.
    """
    state = _file_state(tickets)
    if state is None:
        return Loan(Credential.from_ccache(tickets) if isinstance(tickets, str) else tickets)
    name, path, key = state
    taken, warm = _take(name, key, target)
    if taken is not None:
        return Loan(taken[0], warm, name, path, key, target, taken[1])
    credential = Credential.from_ccache(name)
    lifetime = credential.lifetime
    expires = float("inf") if lifetime is None else time.time() + lifetime
    if warm:
        # With every ticket that will be asked for in the file, nothing is lost when the library
        # reads them from memory: a third of what a one-call command costs is reading that file.
        # Without, a ticket fetched now would not be there for the next process.
        with suppress(GSSError, NotSupportedError):
            credential = credential.in_memory()
    return Loan(credential, warm, name, path, key, target, expires)


def is_warm(tickets: Tickets, target: str) -> bool:
    """Tell whether borrowing for a target, and using the loan, asks neither a KDC nor a daemon."""
    state = _file_state(tickets)
    if state is None:
        return False
    name, _, key = state
    with _lock:
        kept = _kept.get(name)
        return kept is not None and kept.key == key and _in_file(kept, target)


def _in_file(kept: _Kept, target: str) -> bool:
    return kept.targets.get(target, 0.0) > time.time() + EXPIRY_MARGIN


def _take(name: str, key: _Key, target: str) -> tuple[tuple[Credential, float] | None, bool]:
    """Take a kept credential, and tell whether the ticket for the target is in the file."""
    with _lock:
        kept = _kept.get(name)
        if kept is None or kept.key != key:
            return None, False
        warm = _in_file(kept, target)
        if warm and not kept.copied:
            kept.credentials.clear()
            kept.copied = True
        # Copies in memory know no other tickets than the file had then.
        if not kept.credentials or (kept.copied and not warm):
            return None, warm
        taken = kept.credentials.pop()
    return (taken if taken[1] > time.time() + EXPIRY_MARGIN else None), warm


def _keep(loan: Loan, ticket_end: float) -> None:
    credential, key = loan.credential, loan._key
    if credential is None or key is None:  # of a cache that is no file
        return
    with _lock:
        kept = _kept.get(loan._name)
        if kept is None or kept.key != key:
            if kept is None and len(_kept) >= MAX_CACHES:
                _kept.pop(next(iter(_kept)))
            kept = _kept[loan._name] = _Kept(key)
        # A ticket that had to be fetched changes the file, and with it the key, unless the file
        # cannot be written; then no ticket is known to be in it.
        if not loan.warm and len(kept.targets) < MAX_TARGETS and os.access(loan._path, os.W_OK):
            kept.targets[loan._target] = ticket_end
        if len(kept.credentials) < MAX_KEPT and loan.warm == kept.copied:
            kept.credentials.append((credential, loan._expires))


def _forget() -> None:
    """A forked child has the parent's memory, but may soon have another identity."""
    global _lock  # noqa: PLW0603 - a lock that another thread held at the fork stays held
    _lock = allocate_lock()
    _kept.clear()


os.register_at_fork(after_in_child=_forget)
