"""Why a command was not run: its class, its code or cause, what to do; in every interface."""

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pytest

from opswire._core.gss import Credential
from opswire._core.remctl.driver import Driver
from opswire.errors import (
    GSSError,
    OpswireError,
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlTimeoutError,
)
from opswire.remctl import AsyncRemctl, ErrorCode, Fleet, FleetHost, Remctl, remctl
from opswire.remctl.connecting.dialing import Dialing, Preparation
from tests.interop import child
from tests.interop.event_loops import LOOPS, NewLoop, running
from tests.servers.clocks import ahead
from tests.servers.lame import dead_port, hanging_port, refusing_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld
from tests.unit.missing_library import without_library

HOST = "127.0.0.1"
DAY = 24 * 3600
KRB5 = -1765328384 % (1 << 32)
NO_CREDENTIAL = 7 << 16
CREDENTIALS_EXPIRED = 11 << 16
FAILURE = 13 << 16


class Call(NamedTuple):
    """What is tried."""

    port: int
    host: str = HOST
    principal: str | None = None
    command: tuple[str, ...] = ("test", "true")
    credentials: str | None = None
    timeout: float | None = None


Way = Callable[[Call], OpswireError]


def simple(call: Call) -> OpswireError:
    """The one-call interface: RemctlProtocolError, or a class below it."""
    with pytest.raises(RemctlProtocolError) as caught:
        remctl(
            call.host,
            call.port,
            call.principal,
            call.command,
            credentials=call.credentials,
            timeout=call.timeout,
        )
    return caught.value


def full(call: Call) -> OpswireError:
    """A connection."""
    connection = Remctl(credentials=call.credentials, timeout=call.timeout)
    with pytest.raises(RemctlError) as caught:
        _open_and_run(connection, call)
    assert connection.error() == str(caught.value)
    connection.close()
    return caught.value


def _open_and_run(connection: Remctl, call: Call) -> None:
    connection.open(call.host, call.port, call.principal)
    connection.run(call.command)


def on(new_loop: NewLoop) -> Way:
    """A connection on an event loop."""

    async def fail(call: Call) -> None:
        async with AsyncRemctl(
            call.host,
            call.port,
            call.principal,
            credentials=call.credentials,
            timeout=call.timeout,
        ) as connection:
            await connection.run(call.command)

    def way(call: Call) -> OpswireError:
        with running(new_loop) as runner, pytest.raises(RemctlError) as caught:
            runner.run(fail(call))
        return caught.value

    return way


def fleet(call: Call, executor: Executor | None = None) -> OpswireError:
    """The outcome of a host."""
    hosts = [FleetHost(call.host, call.port, call.principal)]
    (outcome,) = Fleet(
        hosts, credentials=call.credentials, timeout=call.timeout, executor=executor
    ).run(call.command)
    assert outcome.error is not None
    return outcome.error


@pytest.fixture(scope="module")
def processes(realm: Realm) -> Iterator[Executor]:
    """Another process, which shares nothing with this one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


WAYS: dict[str, Way] = {
    "simple": simple,
    "full": full,
    **{name: on(new_loop) for name, new_loop in LOOPS.items()},
    "fleet": fleet,
}


@pytest.fixture(params=[*WAYS, "fleet, in another process"])
def way(request: pytest.FixtureRequest, processes: Executor) -> Way:
    """Each interface in turn."""
    return WAYS.get(request.param) or (lambda call: fleet(call, processes))


# ---- what the server refuses ----


@pytest.mark.parametrize(
    ("command", "code", "text"),
    [
        (("nonsense",), ErrorCode.UNKNOWN_COMMAND, "Unknown command"),
        (("test", "denied"), ErrorCode.ACCESS, "Access denied"),
        (("help", "test", "echo"), ErrorCode.NO_HELP, "No help defined for command"),
        (("test", *["x"] * 5000), ErrorCode.TOO_MANY_ARGUMENTS, "Too many arguments"),
    ],
)
def test_a_refusal_has_the_code_of_the_server(
    remctld: Remctld, way: Way, command: tuple[str, ...], code: ErrorCode, text: str
) -> None:
    error = way(Call(remctld.port, command=command))
    assert type(error) is RemctlRefusedError
    assert (error.code, str(error), error.__cause__) == (code, text, None)


# ---- no connection ----


def test_an_unknown_host_is_a_connect_error_of_the_lookup(realm: Realm, way: Way) -> None:
    error = way(Call(1, host="nosuch.invalid"))
    assert type(error) is RemctlConnectError
    assert isinstance(error.__cause__, socket.gaierror)
    assert error.__cause__.errno == socket.EAI_NONAME


def test_a_host_with_a_port_in_it_is_told(realm: Realm) -> None:
    for way in WAYS.values():
        error = way(Call(1, host="nosuch.invalid:4373"))
        assert str(error).endswith(" (host and port are two arguments)")


def test_a_refused_connection_is_a_connect_error_of_the_system(realm: Realm, way: Way) -> None:
    with refusing_port() as port:
        error = way(Call(port))
    assert type(error) is RemctlConnectError
    assert isinstance(error.__cause__, ConnectionRefusedError)
    assert str(error).endswith(str(error.__cause__.strerror))


def test_a_silent_server_is_a_timeout_of_the_system(realm: Realm, way: Way) -> None:
    with hanging_port() as port:
        error = way(Call(port, timeout=0.3))
    assert type(error) is RemctlConnectTimeoutError
    assert isinstance(error.__cause__, TimeoutError)


def test_a_silent_command_is_a_timeout_too(remctld: Remctld, way: Way) -> None:
    error = way(Call(remctld.port, command=("test", "sleep", "5"), timeout=0.3))
    assert type(error) is RemctlTimeoutError
    assert isinstance(error.__cause__, TimeoutError)


def test_a_library_that_is_missing_is_told(realm: Realm, tmp_path: Path) -> None:
    """With the package to install; the server is not to blame."""
    printed = child.run(
        "from opswire.remctl import Remctl, RemctlError\n"
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    try:\n"
        "        Remctl(*server.getsockname())\n"
        "    except RemctlError as error:\n"
        "        print(error, type(error.__cause__).__name__)\n",
        extra=without_library(tmp_path),
    )
    assert printed.startswith("no GSS-API library found: install libgssapi-krb5-2 ")
    assert printed.endswith(" LibraryMissingError\n")


# ---- what Kerberos refuses ----


class Refusal(NamedTuple):
    """What is told: codes of the cause, and the end of the text."""

    major: int
    minor: int
    advice: str


def check(error: OpswireError, refusal: Refusal) -> None:
    """By classes and codes; the words of the library come first, and then what to do."""
    assert type(error) is RemctlAuthenticationError
    assert error.advice == refusal.advice
    assert str(error) == f"{error.text}: {error.advice}"
    assert error.text.startswith(("GSS-API error ", "error opening ticket cache: "))
    assert isinstance(error.__cause__, GSSError)
    assert (error.__cause__.major, error.__cause__.minor) == refusal[:2]
    assert error.text.endswith(str(error.__cause__))


def test_no_ticket_is_told_with_the_cache(remctld: Remctld, tmp_path: Path, way: Way) -> None:
    name = f"FILE:{tmp_path / 'no such cache'}"
    refusal = Refusal(NO_CREDENTIAL, KRB5 + 195, f"run kinit -c '{name}'")
    check(way(Call(remctld.port, credentials=name)), refusal)


def test_an_expired_ticket_is_told(
    remctld: Remctld, realm: Realm, tmp_path: Path, way: Way
) -> None:
    """And not with "Success", which is what the mechanism says when it has nothing to add."""
    name = ahead(realm.kinit(ccache=tmp_path / "ccache"), 2 * DAY, tmp_path / "expired")
    error = way(Call(remctld.port, credentials=name))
    check(error, Refusal(CREDENTIALS_EXPIRED, 0, f"run kinit -c {name}"))
    assert "Success" not in str(error)
    assert ", " not in str(error)


def test_an_unknown_server_is_told(remctld: Remctld, way: Way) -> None:
    refusal = Refusal(FAILURE, KRB5 + 7, "check the name of the host, or its principal")
    check(way(Call(remctld.port, principal="host/nowhere")), refusal)


def test_another_server_than_that_of_the_ticket_is_told(remctld_service: Remctld, way: Way) -> None:
    """It has no key for host@127.0.0.1."""
    refusal = Refusal(FAILURE, KRB5 + 35, "the server is another principal, or has another key")
    check(way(Call(remctld_service.port)), refusal)


@pytest.mark.parametrize("when", ["the KDC is asked", "the server is asked"])
def test_a_wrong_clock_is_told(
    remctld: Remctld, realm: Realm, tmp_path: Path, way: Way, when: str
) -> None:
    cache = realm.kinit(ccache=tmp_path / "ccache")
    if when == "the server is asked":  # the ticket for it is there already
        remctl(HOST, remctld.port, None, ["test", "true"], credentials=f"FILE:{cache}")
    name = ahead(cache, 3600, tmp_path / "ahead")
    refusal = Refusal(FAILURE, KRB5 + 37, "set the clocks of this host and the server")
    check(way(Call(remctld.port, credentials=name)), refusal)


def test_no_ticket_in_the_default_cache_is_told(
    remctld: Remctld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of this process: one that was started before has its own."""
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path / 'missing'}")
    for way in WAYS.values():
        error = way(Call(remctld.port))
        check(error, Refusal(NO_CREDENTIAL, KRB5 + 141, "run kinit"))
        assert f"(default cache: FILE:{tmp_path / 'missing'})" in str(error)


def test_an_expired_credential_object_is_told(
    remctld: Remctld, realm: Realm, tmp_path: Path
) -> None:
    """Another kinit would not mend it."""
    name = ahead(realm.kinit(ccache=tmp_path / "ccache"), 2 * DAY, tmp_path / "expired")
    with pytest.raises(RemctlAuthenticationError) as caught:
        Remctl(HOST, remctld.port, credentials=Credential.from_ccache(name))
    refusal = Refusal(FAILURE, KRB5 + 32, "make the credential anew, of tickets that are valid")
    check(caught.value, refusal)


@pytest.mark.parametrize("name", WAYS)
def test_a_type_of_cache_that_does_not_exist_needs_no_kinit(remctld: Remctld, name: str) -> None:
    error = WAYS[name](Call(remctld.port, credentials="nonsense:x"))
    check(error, Refusal(NO_CREDENTIAL, KRB5 + 140, "check the name 'nonsense:x'"))
    assert str(error).startswith("error opening ticket cache: ")


# ---- an error that is kept ----

# Contexts and credentials are kept elsewhere too, for the next connection.
HOLDERS = (Preparation, Dialing, Driver, AsyncRemctl, asyncio.Transport)


def test_a_kept_cause_keeps_nothing_else(remctld: Remctld, realm: Realm, tmp_path: Path) -> None:
    """No connection, no tickets, no octets: an outcome is all there is of a host."""
    name = ahead(realm.kinit(ccache=tmp_path / "ccache"), 3600, tmp_path / "ahead")
    calls = [
        Call(remctld.port, credentials=name),
        Call(remctld.port, command=("test", "sleep", "5"), timeout=0.3),
        Call(remctld.port, host="nosuch.invalid"),
        Call(remctld.port, principal="host/nowhere"),
    ]
    with dead_port() as port:
        calls += [Call(port, timeout=0.3), Call(1)]
        keep_and_look(calls)


def keep_and_look(calls: list[Call]) -> None:
    """Make the calls, keep their errors, and see that nothing of the connections is left."""
    gc.collect()
    before = {id(each) for each in gc.get_objects() if isinstance(each, HOLDERS)}
    kept = [fleet(call) for call in calls]
    gc.collect()
    found = [each for each in gc.get_objects() if isinstance(each, HOLDERS)]
    assert [each for each in found if id(each) not in before] == []
    assert all(error.__cause__ is not None for error in kept)
    below = [error.__cause__ for error in kept]
    assert [error.__traceback__ for error in below if error is not None] == [None] * len(calls)
