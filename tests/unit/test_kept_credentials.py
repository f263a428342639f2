"""What is kept of a ticket cache between two connections, and until when."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import ClassVar, cast

import pytest

from opswire._core.gss import Credential
from opswire.remctl.connecting import credentials
from opswire.remctl.connecting.credentials import CacheFile, Loan, borrow, cache_file, is_warm
from tests.unit.clock import Clock

HOST = "host@db1"
NOBODY = 65534
# What is kept is handed out again as it is: any object will do.
CREDENTIAL = cast(Credential, object())


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The clock by which tickets expire; nothing is kept before and after."""
    made = Clock()
    monkeypatch.setattr(credentials, "time", made)
    credentials._forget()
    yield made
    credentials._forget()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache file."""
    made = tmp_path / "cache"
    made.write_bytes(b"tickets")
    return made


def seen(path: Path) -> CacheFile:
    """The file as it is now."""
    file = cache_file(f"FILE:{path}")
    assert file is not None
    return file


def keep(file: CacheFile, target: str = HOST, *, lifetime: float | None = None) -> None:
    """Keep the credential of a connection that was made with tickets of the file."""
    Loan(CREDENTIAL, file, target).keep(lifetime)


def taken(file: CacheFile) -> int:
    """Take everything that is kept of a file, and count it."""
    return len(list(iter(lambda: credentials._take(file, warm=False), None)))


def test_a_ticket_counts_until_a_minute_before_its_end(path: Path, clock: Clock) -> None:
    """A context begun with it would not live longer."""
    keep(seen(path), lifetime=100.0)
    clock.go_on(39.9)
    assert is_warm(seen(path), HOST)
    clock.go_on(0.1)
    assert not is_warm(seen(path), HOST)


class Acquired:
    """A credential as it is acquired from a cache.

    Attributes:
        asked: the names of the caches.
        lifetime: of its tickets.
    """

    asked: ClassVar[list[str]] = []
    lifetime: ClassVar[float | None] = None

    @classmethod
    def from_ccache(cls, name: str) -> "Acquired":
        """Acquire one."""
        cls.asked.append(name)
        return cls()

    def in_memory(self) -> "Acquired":
        """Copy it."""
        return self


@pytest.mark.parametrize("warm", [False, True])
def test_a_borrowed_credential_is_kept_until_a_minute_before_its_tickets_end(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, warm: bool
) -> None:
    """Whatever the lifetime of the context was that it made."""
    monkeypatch.setattr(credentials, "Credential", Acquired)
    monkeypatch.setattr(Acquired, "asked", [])
    monkeypatch.setattr(Acquired, "lifetime", 100)
    file = seen(path)
    if warm:
        keep(file)
    loans = [borrow(None, file, HOST, warm=warm) for _ in range(2)]
    for loan in loans:
        loan.keep(None)
    clock.go_on(39.9)
    again = borrow(None, file, HOST, warm=warm)
    assert again.credential is loans[1].credential
    clock.go_on(0.1)
    assert borrow(None, file, HOST, warm=warm).credential is not loans[0].credential
    assert Acquired.asked == [f"FILE:{path}"] * 3


def test_a_borrowed_credential_without_an_end_is_kept_for_ever(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "Credential", Acquired)
    monkeypatch.setattr(Acquired, "lifetime", None)
    loan = borrow(None, seen(path), HOST, warm=False)
    loan.keep(None)
    clock.go_on(1e9)
    assert borrow(None, seen(path), HOST, warm=False).credential is loan.credential


def test_a_ticket_without_an_end_counts_for_ever(path: Path, clock: Clock) -> None:
    keep(seen(path), lifetime=None)
    clock.go_on(1e9)
    assert is_warm(seen(path), HOST)


def test_a_credential_is_taken_until_a_minute_before_its_end(path: Path, clock: Clock) -> None:
    file = seen(path)
    for _ in range(2):
        Loan(CREDENTIAL, file, HOST, expires=clock.now + 100).keep(None)
    clock.go_on(39.9)
    assert credentials._take(file, warm=False) == (CREDENTIAL, 1100.0)
    clock.go_on(0.1)
    assert credentials._take(file, warm=False) is None


@contextmanager
def unable_to_write(path: Path) -> Iterator[None]:
    """Root may write everything, so that another real user id, which access() asks about, helps."""
    path.chmod(0o444)
    if os.geteuid() == 0:
        os.setreuid(NOBODY, -1)
    try:
        yield
    finally:
        if os.geteuid() == 0:
            os.setreuid(0, -1)
        path.chmod(0o644)


def test_a_cache_that_cannot_be_written_has_no_ticket_for_certain(clock: Clock) -> None:
    """The ticket that was fetched is not in it, and the next connection would fetch it again."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - whoever cannot write must see it
        path = Path(folder, "cache")
        path.write_bytes(b"tickets")
        with unable_to_write(path):
            assert path.read_bytes() == b"tickets"
            keep(seen(path))
            assert not is_warm(seen(path), HOST)
        keep(seen(path))
        assert is_warm(seen(path), HOST)


def test_a_file_of_another_time_is_another_cache(path: Path) -> None:
    """Of the same size, written into the same file."""
    keep(seen(path))
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert not is_warm(seen(path), HOST)
    assert taken(seen(path)) == 0


def test_a_file_of_another_inode_is_another_cache(path: Path) -> None:
    """With the time and the size of the one before."""
    keep(seen(path))
    status = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert not is_warm(seen(path), HOST)


def test_a_file_of_another_user_is_another_cache(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that has become somebody else goes by what that one may read."""
    keep(seen(path))
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    assert not is_warm(seen(path), HOST)
    assert taken(seen(path)) == 0


def test_copies_in_memory_are_for_those_whose_ticket_is_in_the_file(path: Path) -> None:
    """They know no other ones; and what reads the file is no copy."""
    file = seen(path)
    keep(file)
    assert credentials._take(file, warm=True) is None
    copy = cast(Credential, object())
    Loan(copy, file, HOST, warm=True).keep(None)
    keep(file, "host@db2")
    assert credentials._take(file, warm=False) is None
    assert [credentials._take(file, warm=True) for _ in range(2)] == [(copy, inf), None]


def test_sixteen_credentials_of_a_cache_are_kept(path: Path) -> None:
    for _ in range(20):
        keep(seen(path))
    assert taken(seen(path)) == 16


def test_services_beyond_the_limit_are_not_remembered(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "MAX_TARGETS", 2)
    targets = ["host@db1", "host@db2", "host@db3"]
    for target in targets:
        keep(seen(path), target)
    assert [is_warm(seen(path), target) for target in targets] == [True, True, False]


def test_the_first_of_too_many_caches_is_forgotten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "MAX_CACHES", 2)
    paths = [path.with_name(name) for name in "abc"]
    for each in paths:
        each.write_bytes(b"tickets")
        keep(seen(each))
    assert [is_warm(seen(each), HOST) for each in paths] == [False, True, True]
