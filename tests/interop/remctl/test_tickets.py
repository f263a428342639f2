"""Whose tickets a call uses: always those of the cache as it is now, whatever was kept before."""

import asyncio
import os
import subprocess
import threading
from pathlib import Path

import gssapi
import pytest

from opswire.errors import GSSError, RemctlAuthenticationError, RemctlError, RemctlProtocolError
from opswire.remctl import AsyncRemctl, Remctl, remctl
from opswire.remctl.connecting.dialing import Preparation
from tests.interop import descriptors
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"


def user_by(server: Remctld, ccache: str | None = None) -> str:
    """Who the server says that a one-call command came from."""
    result = remctl(HOST, server.port, None, ["test", "env"], credentials=ccache)
    assert result.stdout is not None
    lines = result.stdout.decode().splitlines()
    return next(line for line in lines if line.startswith("REMOTE_USER=")).partition("=")[2]


@pytest.fixture(scope="module")
def users(realm: Realm) -> list[str]:
    """Two users of the realm."""
    for user in ("alice", "bob"):
        realm.add_user(user)
    return ["alice", "bob"]


@pytest.fixture
def cache(realm: Realm, users: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default cache, with a ticket of the first user only."""
    path = realm.kinit(users[0], tmp_path / "ccache")
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{path}")
    return path


def test_a_cache_that_was_used_and_destroyed_is_used_no_more(remctld: Remctld, cache: Path) -> None:
    for _ in range(3):
        user_by(remctld)
    subprocess.run(["kdestroy", "-c", cache], check=True)
    with pytest.raises(RemctlProtocolError):
        user_by(remctld)


def test_a_cache_that_was_used_and_filled_anew_is_read_again(
    remctld: Remctld, realm: Realm, cache: Path
) -> None:
    for user in ("alice", "bob", "alice"):
        realm.kinit(user, cache)
        assert [user_by(remctld) for _ in range(3)] == [f"{user}@{realm.name}"] * 3


def test_another_default_cache_is_used_at_once(
    remctld: Remctld, realm: Realm, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [user_by(remctld) for _ in range(3)] == [f"alice@{realm.name}"] * 3
    monkeypatch.setenv("KRB5CCNAME", str(realm.kinit("bob", tmp_path / "other")))
    assert [user_by(remctld) for _ in range(3)] == [f"bob@{realm.name}"] * 3


def test_a_ticket_that_has_expired_is_used_no_more(
    remctld: Remctld, realm: Realm, users: list[str], tmp_path: Path
) -> None:
    def use(cache: Path) -> str:
        try:
            return user_by(remctld, f"FILE:{cache}")
        except RemctlAuthenticationError as error:
            return str(error)

    cache = tmp_path / "ccache"
    assert realm.used_until_expired(users[0], cache, use) == f"{users[0]}@{realm.name}"
    with pytest.raises(RemctlProtocolError, match="expired"):
        user_by(remctld, f"FILE:{cache}")


def test_a_context_that_expires_at_the_end_of_its_handshake_leaves_no_connection(
    remctld: Remctld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library answers no question about it any more."""

    def keep(*_: object) -> None:
        raise GSSError("The referenced context has expired", 12 << 16, 0)

    monkeypatch.setattr(Preparation, "keep", keep)
    with descriptors.none_left():
        with pytest.raises(RemctlAuthenticationError, match="expired"):
            Remctl(HOST, remctld.port)
        with pytest.raises(RemctlAuthenticationError, match="expired"):
            asyncio.run(AsyncRemctl().open(HOST, remctld.port))


def test_threads_with_different_caches_are_never_taken_for_each_other(
    remctld: Remctld, realm: Realm, users: list[str], tmp_path: Path
) -> None:
    caches = {user: f"FILE:{realm.kinit(user, tmp_path / user)}" for user in users}
    found: list[tuple[str, str]] = []

    def work(user: str) -> None:
        for _ in range(5):
            found.append((user, user_by(remctld, caches[user])))

    threads = [threading.Thread(target=work, args=[users[n % 2]]) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(told == f"{user}@{realm.name}" for user, told in found)


def test_the_principal_of_an_earlier_call_is_not_that_of_the_next(
    remctld: Remctld, remctld_service: Remctld
) -> None:
    """The second server has another key than the host-based name asks for."""
    command = ["test", "true"]
    for _ in range(3):
        assert remctl(HOST, remctld.port, None, command).status == 0
        assert remctl(HOST, remctld_service.port, "host/localhost", command).status == 0
        with pytest.raises(RemctlProtocolError):
            remctl(HOST, remctld_service.port, None, command)


def test_the_kdc_is_asked_once_for_a_service(remctld: Remctld, realm: Realm, cache: Path) -> None:
    before = realm.log().count("TGS_REQ")
    for _ in range(10):
        user_by(remctld)
    assert realm.log().count("TGS_REQ") == before + 1


def test_a_ticket_that_was_fetched_stays_in_the_cache(remctld: Remctld, cache: Path) -> None:
    user_by(remctld)
    listing = subprocess.run(["klist", cache], capture_output=True, text=True, check=True).stdout
    assert f"host/{HOST}@" in listing


def test_a_cache_in_memory_works_and_is_not_kept(
    remctld: Remctld, realm: Realm, users: list[str], tmp_path: Path
) -> None:
    name = "MEMORY:opswire-tests"
    for user in (*users, *users):
        source: dict[bytes | str, bytes | str] = {
            b"ccache": f"FILE:{realm.kinit(user, tmp_path / user)}".encode()
        }
        tickets = gssapi.Credentials(usage="initiate", store=source)
        tickets.store({b"ccache": name.encode()}, usage="initiate", overwrite=True)
        assert user_by(remctld, name) == f"{user}@{realm.name}"


def test_a_connection_outlives_its_cache(remctld: Remctld, cache: Path) -> None:
    with Remctl(HOST, remctld.port) as connection:
        cache.unlink()
        assert connection.run(["test", "true"]).status == 0
        with pytest.raises(RemctlError):
            connection.open(HOST, remctld.port)


# ---- naming a cache ----


@pytest.fixture
def second_user(realm: Realm, tmp_path: Path) -> str:
    """The name of a cache with a ticket of another user."""
    realm.add_user("second")
    return f"FILE:{realm.kinit('second', tmp_path / 'ccache')}"


def user_of(connection: Remctl) -> str:
    """Who the server says that we are."""
    lines = connection.run(["test", "env"]).stdout_text.splitlines()
    return next(line for line in lines if line.startswith("REMOTE_USER=")).partition("=")[2]


def test_a_ticket_cache_is_used_by_later_opens_of_this_object_only(
    remctld: Remctld, realm: Realm, second_user: str
) -> None:
    first, second = Remctl(HOST, remctld.port), Remctl(HOST, remctld.port)
    assert second.set_ccache(second_user) is None  # type: ignore[func-returns-value]  # nothing else is returned
    assert user_of(second) == f"tester@{realm.name}", "it is open already"
    second.open(HOST, remctld.port)
    assert user_of(second) == f"second@{realm.name}"
    assert user_of(first) == f"tester@{realm.name}"
    with Remctl(HOST, remctld.port) as third:
        assert user_of(third) == f"tester@{realm.name}"
    with Remctl(HOST, remctld.port, credentials=second_user) as fourth:
        assert user_of(fourth) == f"second@{realm.name}"
    first.close()
    second.close()


def test_the_default_cache_is_looked_up_at_every_open(
    remctld: Remctld, realm: Realm, second_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Remctl(HOST, remctld.port) as connection:
        monkeypatch.setenv("KRB5CCNAME", second_user)
        connection.open(HOST, remctld.port)
        assert user_of(connection) == f"second@{realm.name}"


def test_a_cache_that_another_ticket_was_put_into_is_read_again(
    remctld: Remctld, realm: Realm, tmp_path: Path
) -> None:
    realm.add_user("third")
    cache = realm.kinit(realm.user, tmp_path / "ccache")
    connection = Remctl(HOST, remctld.port, credentials=f"FILE:{cache}")
    assert user_of(connection) == f"tester@{realm.name}"
    realm.kinit("third", cache)
    connection.open(HOST, remctld.port)
    assert user_of(connection) == f"third@{realm.name}"
    connection.close()


@pytest.mark.parametrize(
    ("cache", "text"),
    [
        ("nonsense:cache", r"^error opening ticket cache: .*Unknown credential cache type"),
        ("FILE:/nowhere/missing", r"^GSS-API error importing ticket cache: "),
    ],
)
def test_a_cache_that_cannot_be_opened_is_told(remctld: Remctld, cache: str, text: str) -> None:
    connection = Remctl()
    connection.set_ccache(cache)
    with pytest.raises(RemctlError, match=text) as caught:
        connection.open(HOST, remctld.port)
    assert connection.error() == str(caught.value)
    connection.set_ccache(os.environ["KRB5CCNAME"])
    connection.open(HOST, remctld.port)
    connection.close()


def test_nothing_is_left_in_the_environment(remctld: Remctld, second_user: str) -> None:
    before = dict(os.environ)
    with Remctl(HOST, remctld.port, credentials=second_user) as connection:
        assert connection.run(["test", "true"]).status == 0
    assert dict(os.environ) == before
