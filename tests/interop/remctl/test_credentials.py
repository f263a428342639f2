"""credentials= in every client: names of caches, our credentials, and those of python-gssapi."""

import asyncio
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gssapi
import pytest

from opswire._core import gss
from opswire.errors import GSSError, RemctlError
from opswire.remctl import AsyncRemctl, Fleet, Remctl, remctl
from tests.interop import child, descriptors
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
ENV = ["test", "env"]

Ask = Callable[[int, Any], str]
"""Runs a command on a port with credentials; returns what it printed, or raises."""


def with_one_call(port: int, credentials: Any) -> str:
    """As remctl() does."""
    stdout = remctl(HOST, port, None, ENV, credentials=credentials).stdout
    assert stdout is not None
    return stdout.decode()


def with_an_object(port: int, credentials: Any) -> str:
    """As Remctl does."""
    with Remctl(HOST, port, credentials=credentials) as connection:
        return connection.run(ENV).stdout_text


def on_asyncio(port: int, credentials: Any) -> str:
    """As AsyncRemctl does."""

    async def ask() -> str:
        async with AsyncRemctl(HOST, port, credentials=credentials) as connection:
            return (await connection.run(ENV)).stdout_text

    return asyncio.run(ask())


def with_a_fleet(port: int, credentials: Any) -> str:
    """As Fleet does, whose outcome of a host is returned or raised."""
    (outcome,) = Fleet([f"{HOST}:{port}"], credentials=credentials).run(ENV)
    if outcome.error is not None:
        raise outcome.error
    assert outcome.result is not None
    return outcome.result.stdout_text


CLIENTS: dict[str, Ask] = {
    "remctl": with_one_call,
    "Remctl": with_an_object,
    "AsyncRemctl": on_asyncio,
    "Fleet": with_a_fleet,
}


@pytest.fixture(params=list(CLIENTS))
def ask(request: pytest.FixtureRequest) -> Ask:
    """Each client in turn."""
    return CLIENTS[request.param]


@pytest.fixture(autouse=True)
def nothing_is_left(realm: Realm) -> Iterator[None]:
    """No descriptor, whatever fails."""
    with descriptors.none_left():
        yield


@pytest.fixture(scope="module")
def alice(realm: Realm) -> str:
    """Another user than that of the default cache."""
    realm.add_user("alice")
    return f"alice@{realm.name}"


@pytest.fixture
def cache(realm: Realm, alice: str, tmp_path: Path) -> Path:
    """A cache with a ticket of alice."""
    return realm.kinit("alice", tmp_path / "ccache")


def user(printed: str) -> str:
    """Who the server says that the command came from."""
    lines = printed.splitlines()
    return next(line for line in lines if line.startswith("REMOTE_USER=")).partition("=")[2]


def of_gssapi(cache: Path | str) -> gssapi.Credentials:
    """The tickets of a cache, in the hands of python-gssapi."""
    return gssapi.Credentials(usage="initiate", store={b"ccache": str(cache).encode()})


# ---- what is taken ----


def the_file(cache: Path) -> str:
    """FILE:."""
    return f"FILE:{cache}"


def in_memory(cache: Path) -> str:
    """MEMORY:, filled by another library of this process."""
    name = f"MEMORY:{cache}"
    of_gssapi(cache).store({b"ccache": name.encode()}, usage="initiate", overwrite=True)
    return name


def in_a_folder(cache: Path) -> str:
    """DIR:, one of the kinds that no client of ours knows by name."""
    folder = cache.with_name("folder")
    folder.mkdir()
    shutil.copy(cache, folder / "tkt")
    (folder / "primary").write_text("tkt\n")
    return f"DIR:{folder}"


def ours(cache: Path) -> gss.Credential:
    """The low-level credential of opswire."""
    return gss.Credential.from_ccache(f"FILE:{cache}")


def ours_in_memory(cache: Path) -> gss.Credential:
    """The same, read from its file once and for all."""
    return ours(cache).in_memory()


def of_gssapi_in_memory(cache: Path) -> gssapi.Credentials:
    """Those of python-gssapi, which are in no file."""
    return of_gssapi(in_memory(cache))


GIVEN: dict[str, Callable[[Path], Any]] = {
    "FILE:": the_file,
    "a path": str,
    "MEMORY:": in_memory,
    "DIR:": in_a_folder,
    "Credential": ours,
    "Credential in memory": ours_in_memory,
    "gssapi": of_gssapi,
    "gssapi in memory": of_gssapi_in_memory,
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_the_server_sees_whose_credentials_were_given(
    remctld: Remctld,
    realm: Realm,
    ask: Ask,
    alice: str,
    cache: Path,
    given: Callable[[Path], Any],
) -> None:
    """Again and again, and nobody else is taken for her."""
    credentials = given(cache)
    for _ in range(2):
        assert user(ask(remctld.port, credentials)) == alice
        assert user(ask(remctld.port, None)) == f"tester@{realm.name}"


@pytest.mark.parametrize("given", ["Credential in memory", "gssapi in memory"])
def test_what_was_read_outlives_its_file(
    remctld: Remctld, ask: Ask, alice: str, cache: Path, given: str
) -> None:
    credentials = GIVEN[given](cache)
    cache.unlink()
    assert user(ask(remctld.port, credentials)) == alice


def test_a_client_needs_the_credentials_of_gssapi_at_its_making_only(
    remctld: Remctld, alice: str, cache: Path
) -> None:
    """What was imported is its own."""
    credentials = of_gssapi_in_memory(cache)
    connection = Remctl(credentials=credentials)
    fleet = Fleet([f"{HOST}:{remctld.port}"] * 3, credentials=credentials)
    del credentials
    for _ in range(2):
        connection.open(HOST, remctld.port)
        assert user(connection.run(ENV).stdout_text) == alice
        users = [user(each.result.stdout_text) for each in fleet.run(ENV) if each.result]
        assert users == [alice] * 3
    connection.close()


def test_credentials_of_gssapi_are_as_good_as_before(
    remctld: Remctld, ask: Ask, alice: str, cache: Path
) -> None:
    credentials = of_gssapi(cache)
    ask(remctld.port, credentials)
    assert str(credentials.name) == alice
    assert credentials.lifetime is not None
    assert user(ask(remctld.port, credentials)) == alice


# ---- shared ----


@pytest.mark.parametrize("given", ["Credential", "Credential in memory"])
def test_one_credential_serves_many_threads_at_once(
    remctld: Remctld, alice: str, cache: Path, given: str
) -> None:
    credential = GIVEN[given](cache)
    start = threading.Barrier(8)
    found: list[str] = []

    def work() -> None:
        start.wait()
        for _ in range(3):
            found.append(user(with_an_object(remctld.port, credential)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [alice] * 24


@pytest.mark.parametrize("given", ["FILE:", "MEMORY:", "Credential", "gssapi in memory"])
def test_one_credential_serves_a_whole_fleet(
    remctld: Remctld, alice: str, cache: Path, given: str
) -> None:
    fleet = Fleet([f"{HOST}:{remctld.port}"] * 32, credentials=GIVEN[given](cache))
    outcomes = list(fleet.run(ENV))
    assert [str(outcome.error) for outcome in outcomes if not outcome.ok] == []
    assert [user(each.result.stdout_text) for each in outcomes if each.result] == [alice] * 32


def test_connections_of_one_credential_work_at_the_same_time(
    remctld: Remctld, alice: str, cache: Path
) -> None:
    credential = ours(cache)
    with ExitStack() as stack:
        connections = [
            stack.enter_context(Remctl(HOST, remctld.port, credentials=credential))
            for _ in range(5)
        ]
        del credential
        for connection in connections:
            connection.command(ENV)
        for connection in reversed(connections):
            printed = b"".join(token.output or b"" for token in connection)
            assert user(printed.decode()) == alice


# ---- what is left of a copy ----


PASSAGES = """
import sys
from opswire._core import gss
from opswire.errors import GSSError

def there(name):
    try:
        return gss.Credential.from_ccache(name).name
    except GSSError:
        return None

credential = gss.Credential.from_ccache(sys.argv[1])
copy = credential.in_memory()
try:
    gss.Credential.default(accept=True).in_memory()
except GSSError:
    print(copy.name)
names = ["MEMORY:opswire", *(f"MEMORY:opswire-{number}" for number in range(4))]
print([name for name in names if there(name)])
"""


def test_a_copy_leaves_no_tickets_on_their_way(realm: Realm, alice: str, cache: Path) -> None:
    """Neither when it is made, nor when it cannot be."""
    assert child.run(PASSAGES, f"FILE:{cache}") == f"{alice}\n[]\n"


WITHOUT_MEMORY = """
import ctypes, itertools, sys
from opswire._core import gss
from opswire.errors import GSSError

allocator = ctypes.PyDLL(sys.argv[1])
allocator.fail_at.argtypes = (ctypes.c_ulong, ctypes.c_ulong)
allocator.seen.restype = ctypes.c_ulong
allocator.install()
credential = gss.Credential.from_ccache(sys.argv[2])
failed, left = 0, []
for number in itertools.count(1):
    allocator.fail_at(number, 1)
    try:
        credential.in_memory()
        if allocator.seen() < number:
            break
    except MemoryError:
        allocator.seen()
        failed += 1
for passage in range(1, number + 1):
    try:
        left.append(gss.Credential.from_ccache(f"MEMORY:opswire-{passage}").name)
    except GSSError:
        pass
print(failed, left)
"""


def test_a_copy_that_fails_halfway_leaves_no_tickets_on_their_way(
    realm: Realm, allocator: Path, cache: Path
) -> None:
    """Each allocation of Python fails in turn, also between the two halves of the way."""
    failed, left = child.run(WITHOUT_MEMORY, allocator, f"FILE:{cache}").split(maxsplit=1)
    assert int(failed) > 1
    assert left == "[]\n"


MANY_COPIES = """
import sys
from opswire._core import gss

def used():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024

def make(count):
    for _ in range(count):
        credential.in_memory()

credential = gss.Credential.from_ccache(sys.argv[1])
make(200)
before = used()
make(2000)
print(used() - before)
"""


def test_copies_that_are_gone_take_no_memory(realm: Realm, cache: Path) -> None:
    """A cache that stayed would be 2 KB: its own, or the one that the tickets passed through."""
    assert int(child.run(MANY_COPIES, f"FILE:{cache}", measured=True)) < 1_000_000


def test_copies_are_made_by_many_threads_at_once(remctld: Remctld, alice: str, cache: Path) -> None:
    credential, found = ours(cache), []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        for _ in range(20):
            found.append(credential.in_memory().name)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [alice] * 160


# ---- what is not ----

WRONG = "credentials must be the name of a ticket cache, an opswire._core.gss.Credential or a "


class NotCallable:
    """Has something of the right name."""

    export = b"token"


@pytest.mark.parametrize(
    "value",
    [5, b"FILE:/x", Path("/x"), ["FILE:/x"], True, object(), NotCallable()],
    ids=lambda value: type(value).__name__,
)
def test_another_type_is_a_type_error(realm: Realm, ask: Ask, value: object) -> None:
    with pytest.raises(TypeError) as caught:
        ask(1, value)
    assert str(caught.value) == f"{WRONG}gssapi.Credentials, not {type(value).__name__}"


def test_a_name_with_a_nul_is_a_value_error(realm: Realm, ask: Ask) -> None:
    with pytest.raises(ValueError, match=r"^the name of a ticket cache must not contain a NUL$"):
        ask(1, "FILE:/tmp/\0")


class Exportable:
    """Stands in for what no library here exports."""

    def __init__(self, token: object) -> None:
        self._token = token

    def export(self) -> bytes:
        """Whatever it was told."""
        return self._token  # type: ignore[return-value]  # a wrong one, too


@pytest.mark.parametrize("token", ["text", None, 5])
def test_an_export_of_another_type_is_a_type_error(realm: Realm, ask: Ask, token: object) -> None:
    with pytest.raises(TypeError) as caught:
        ask(1, Exportable(token))
    assert str(caught.value) == (
        f"export() of credentials must return bytes, not {type(token).__name__}"
    )


@pytest.mark.parametrize("token", [b"", b"garbage", bytes(4), b"K5C1[]"])
def test_what_cannot_be_imported_is_told(realm: Realm, ask: Ask, token: bytes) -> None:
    """Such as the export of another mechanism, or of another library's release."""
    with pytest.raises(RemctlError, match=r"^(GSS-API )?error importing credentials: "):
        ask(1, Exportable(token))


def test_what_cannot_be_exported_is_told(realm: Realm, ask: Ask, cache: Path) -> None:
    """python-gssapi looks for the cache first."""
    credentials = of_gssapi(cache)
    cache.unlink()
    with pytest.raises(RemctlError, match=r"^error exporting credentials: .*No credentials cache"):
        ask(1, credentials)


ACCEPTING: dict[str, Callable[[], Any]] = {
    "ours": lambda: gss.Credential.default(accept=True),
    "of gssapi": lambda: gssapi.Credentials(usage="accept"),
}


@pytest.mark.parametrize("make", ACCEPTING.values(), ids=ACCEPTING)
def test_credentials_of_a_server_are_none_of_a_client(
    remctld: Remctld, ask: Ask, make: Callable[[], Any]
) -> None:
    with pytest.raises(RemctlError, match=r"^GSS-API error initializing context: No credentials"):
        ask(remctld.port, make())


MISSING = r"^GSS-API error importing ticket cache: .*No credentials cache found"


@pytest.mark.parametrize(
    "name", ["FILE:/nowhere/cc", "/nowhere/cc", "MEMORY:empty", "DIR:/nowhere"]
)
def test_a_missing_cache_is_told(remctld: Remctld, ask: Ask, name: str) -> None:
    with pytest.raises(RemctlError, match=MISSING):
        ask(remctld.port, name)


def test_a_kind_of_cache_that_nobody_knows_is_told(remctld: Remctld, ask: Ask) -> None:
    text = r"^error opening ticket cache: .*Unknown credential cache type"
    with pytest.raises(RemctlError, match=text):
        ask(remctld.port, "nonsense:x")


def test_a_cache_that_is_destroyed_is_told(remctld: Remctld, ask: Ask, cache: Path) -> None:
    """A credential of a file reads it when it is used."""
    credential = ours(cache)
    subprocess.run(["kdestroy", "-c", cache], check=True)
    with pytest.raises(RemctlError, match="No credentials cache found"):
        ask(remctld.port, credential)


def test_a_file_that_is_no_cache_is_told(remctld: Remctld, ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_text("Dear KDC,")
    with pytest.raises(RemctlError, match=r"^GSS-API error importing ticket cache: .*format"):
        ask(remctld.port, f"FILE:{path}")


@pytest.fixture(scope="module")
def expired(realm: Realm, alice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was good for a few seconds, by its kind."""

    def make(cache: Path) -> dict[str, Any]:
        try:
            return {name: given(cache) for name, given in GIVEN.items()}
        except (RemctlError, GSSError, gssapi.raw.misc.GSSError):
            return {}  # it has expired while they were made

    cache = tmp_path_factory.mktemp("expired") / "ccache"
    return realm.used_until_expired("alice", cache, make)


@pytest.mark.parametrize("kind", GIVEN)
def test_tickets_that_have_expired_are_told(
    remctld: Remctld, ask: Ask, expired: dict[str, Any], kind: str
) -> None:
    with pytest.raises(RemctlError, match="expired"):
        ask(remctld.port, expired[kind])


# ---- without python-gssapi ----

WITHOUT = """
import sys
sys.modules["gssapi"] = None  # as if it were not installed
from opswire.remctl import Remctl
with Remctl("127.0.0.1", sys.argv[1], credentials=sys.argv[2]) as connection:
    print(connection.run(["test", "status", "5"]).status)
"""


def test_names_need_no_python_gssapi(remctld: Remctld, cache: Path) -> None:
    assert child.run(WITHOUT, remctld.port, cache) == "5\n"
