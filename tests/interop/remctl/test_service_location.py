"""srv=True: hosts and ports of a service come from a real DNS server, or from one that is dead."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dns.resolver
import pytest

from opswire.errors import (
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
)
from opswire.remctl import Fleet, Remctl, remctl
from tests.interop import child, descriptors
from tests.servers.dead_dns import cut_off
from tests.servers.dns import ZONE, NameServer, Target, reachable
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.lame import hanging_port, refusing_port
from tests.servers.ports import IPV4
from tests.servers.realm import Realm

Client = Callable[..., Remctl]
NAME = f"web.{ZONE}"
ECHO = ["test", "echo", "hello"]
SMALL, LARGE = 0, 65535
"""Weights of which the first is preferred to the second once in 65,536 times."""

pytestmark = pytest.mark.usefixtures("bounded")


@pytest.fixture
def servers(realm: Realm) -> Iterator[list[EmbeddedServer]]:
    """Two servers, which know what they were asked."""
    with EmbeddedServer() as first, EmbeddedServer() as second:
        yield [first, second]


@contextmanager
def asked(server: NameServer) -> Iterator[NameServer]:
    """Let dnspython ask it in place of those of resolv.conf, which cannot have another port."""
    with server, pytest.MonkeyPatch.context() as patch:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [server.address]
        resolver.port = server.port
        patch.setattr(dns.resolver, "default_resolver", resolver)
        yield server


@contextmanager
def offered(*targets: Target) -> Iterator[NameServer]:
    """A DNS server that names these targets for the service of NAME."""
    with asked(NameServer({NAME: targets})) as server:
        yield server


def at(
    server: EmbeddedServer | int, priority: int = 0, weight: int = 0, host: str = "localhost"
) -> Target:
    """The target that is this server."""
    port = server if isinstance(server, int) else server.port
    return Target(host, port, priority, weight)


def works(connection: Remctl) -> bool:
    """Whether a command runs."""
    return connection.run(ECHO).stdout == b"hello\n"


def failure(call: Callable[[], object], kind: type[RemctlError] = RemctlConnectError) -> str:
    """The text of the error that the call raises."""
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


# ---- the records decide ----


def test_the_service_is_where_its_record_says(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    with offered(at(servers[0])) as server:
        with client(NAME, srv=True) as connection:
            assert works(connection)
        assert server.questions == [f"SRV _remctl._tcp.{NAME}"]
    assert len(servers[0].commands) == 1


def test_one_call_and_a_fleet_look_it_up_too(servers: list[EmbeddedServer]) -> None:
    with offered(at(servers[0])) as server:
        assert remctl(NAME, None, None, ECHO, srv=True).stdout == b"hello\n"
        (outcome,) = Fleet([NAME], srv=True).run(ECHO)
        assert outcome.ok
        assert str(outcome.host) == NAME
        assert server.questions == [f"SRV _remctl._tcp.{NAME}"] * 2


def test_the_lowest_priority_is_preferred_whatever_the_weights(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    with offered(at(servers[0], 20, LARGE), at(servers[1], 10, SMALL)):
        for _ in range(5):
            with client(NAME, srv=True) as connection:
                assert works(connection)
    assert [len(server.commands) for server in servers] == [0, 5]


def test_the_greater_weight_is_preferred(client: Client, servers: list[EmbeddedServer]) -> None:
    with offered(at(servers[0], 10, SMALL), at(servers[1], 10, LARGE)):
        for _ in range(5):
            with client(NAME, srv=True) as connection:
                assert works(connection)
    assert [len(server.commands) for server in servers] == [0, 5]


def test_equal_weights_share_the_connections(servers: list[EmbeddedServer]) -> None:
    """That one of them gets none of 64 happens once in 2**63 runs."""
    with offered(at(servers[0], 10, 1000), at(servers[1], 10, 1000)):
        outcomes = list(Fleet([NAME] * 64, srv=True).run(ECHO))
    assert all(outcome.ok for outcome in outcomes)
    counts = [len(server.commands) for server in servers]
    assert sum(counts) == 64
    assert min(counts) > 0


def test_more_records_than_a_datagram_holds_are_asked_for_again(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    """And of more than are looked at, those that are to be tried first."""
    many = [at(1, 100 + number, host=f"{'x' * 60}{number}.{ZONE}") for number in range(100)]
    with offered(*many, at(servers[0], 1)), client(NAME, srv=True) as connection:
        assert works(connection)


def test_the_principal_is_that_of_the_target(
    client: Client, realm: Realm, servers: list[EmbeddedServer]
) -> None:
    """For NAME itself there is no key."""
    with offered(at(servers[0])), client(NAME, srv=True) as connection:
        assert works(connection)
    with offered(at(servers[0])):
        text = failure(lambda: client(NAME, None, f"host/{NAME}", srv=True), RemctlError)
    assert f"host/{NAME}@{realm.name} not found in Kerberos database" in text


# ---- targets that do not answer ----


def test_the_next_target_is_tried_where_one_cannot_be_connected_to(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    with refusing_port() as refusing, hanging_port() as hanging:
        targets = [
            at(refusing, 1),
            at(4373, 2, host=f"nosuch.{ZONE}"),
            at(hanging, 3),
            at(servers[0], 4),
        ]
        with offered(*targets), client(NAME, srv=True, timeout=5) as connection:
            # Long enough for a name lookup, and for a server on this machine.
            assert works(connection)


def test_the_next_target_is_tried_where_one_leaves_in_the_handshake(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    def leave(server: HandMade) -> None:
        server.read_hello()

    with EmbeddedServer(hostile=leave) as leaving:
        with offered(at(leaving, 1), at(servers[0], 2)), client(NAME, srv=True) as connection:
            assert works(connection)
        assert leaving.wait_for_ends(1) == ["hostile"]


def test_a_refused_login_is_not_tried_elsewhere(
    client: Client, realm: Realm, servers: list[EmbeddedServer]
) -> None:
    """A server that has no key is a mistake to be told, not one to be hidden."""
    with offered(at(servers[0], 1, host="ip6-localhost"), at(servers[1], 2)):
        assert "not found in Kerberos database" in failure(
            lambda: client(NAME, None, "host/nobody", srv=True), RemctlError
        )
    assert servers[1].hellos == []


def test_where_all_targets_fail_the_first_of_them_is_told(client: Client) -> None:
    with (
        refusing_port() as first,
        refusing_port() as second,
        offered(at(first, 1), at(second, 2)),
    ):
        text = failure(lambda: client(NAME, srv=True))
    assert text == f"cannot connect to localhost (port {first}): Connection refused"


def test_the_deadline_holds_for_all_targets_together(client: Client) -> None:
    with ExitStack() as stack:
        ports = [stack.enter_context(hanging_port()) for _ in range(5)]
        stack.enter_context(offered(*map(at, ports)))
        connection = client(srv=True)
        with descriptors.within(10):
            text = failure(lambda: connection.open(NAME, deadline=0.5), RemctlConnectTimeoutError)
    assert text == "error receiving token: timed out"


def test_connecting_again_looks_the_service_up_again(client: Client, realm: Realm) -> None:
    with EmbeddedServer() as server, offered(at(server)):
        connection = client(NAME, srv=True)
        assert works(connection)
    with EmbeddedServer() as server, offered(at(server)):
        with suppress(RemctlError):  # the end of the first may be noticed by now
            connection.noop()
        assert works(connection)
        assert len(server.commands) == 1
        connection.close()


# ---- no records ----


def test_a_service_that_is_not_offered_is_told(client: Client) -> None:
    connection = client(srv=True)
    with offered(Target("")):
        text = failure(lambda: connection.open(NAME))
    assert text == f"_remctl._tcp.{NAME} says that the service is not offered"
    assert connection.error() == text


def test_one_target_that_is_a_dot_takes_nothing_from_the_others(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    with offered(Target(""), at(servers[0], 1)), client(NAME, srv=True) as connection:
        assert works(connection)


def test_a_dns_that_refuses_to_answer_is_told(client: Client) -> None:
    with asked(NameServer({})):
        text = failure(lambda: client("web.example.org", srv=True))
    assert text.startswith("cannot look up _remctl._tcp.web.example.org: ")
    assert "REFUSED" in text


@pytest.mark.parametrize("name", [f"web..{ZONE}", f"{'x' * 64}.{ZONE}", f"{'x.' * 120}{ZONE}"])
def test_a_name_that_dns_cannot_have_is_told(client: Client, name: str) -> None:
    with asked(NameServer({})) as server:
        text = failure(lambda: client(name, srv=True))
        assert text.startswith(f"cannot look up _remctl._tcp.{name}: ")
        assert server.questions == []


def test_a_given_port_needs_no_lookup(client: Client, servers: list[EmbeddedServer]) -> None:
    with asked(NameServer({})) as server:
        with client("localhost", servers[0].port, srv=True) as connection:
            assert works(connection)
        (outcome,) = Fleet([f"localhost:{servers[0].port}"], srv=True).run(ECHO)
        assert outcome.ok
        assert server.questions == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::1%lo"])
def test_an_address_needs_no_lookup(client: Client, address: str) -> None:
    """Whoever listens there on the registered port, or nobody."""
    with asked(NameServer({})) as server:
        connection = client(srv=True, timeout=5)
        try:
            connection.open(address, principal="host/nobody")
        except RemctlError:
            connection.close()
        assert server.questions == []


def test_without_srv_dns_is_not_asked_for_a_service(
    client: Client, servers: list[EmbeddedServer]
) -> None:
    with offered(at(servers[1])) as server:
        with client("localhost", servers[0].port) as connection:
            assert works(connection)
        assert server.questions == []


# ---- a machine that asks such a server for everything ----

MACHINE = """
import asyncio, os, sys
from opswire.remctl import AsyncRemctl, Fleet, RemctlError, remctl
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

TRUE = ["test", "true"]

def simple(name):
    return remctl(name, None, None, TRUE, srv=True, timeout=20).status

async def on_asyncio(name):
    async with AsyncRemctl(name, srv=True, timeout=20) as connection:
        return (await connection.run(TRUE)).status

def fleet(name):
    (outcome,) = Fleet([name], srv=True, timeout=20).run(TRUE)
    return outcome.error or outcome.result.status

with Realm() as realm:
    for host in ("a", "b", "plain"):
        realm.add_service(f"host/{host}.opswire.test")
    os.environ.update(realm.environment)
    with Remctld(realm, port=4373) as usual, Remctld(realm, port=4999) as other:
        for ask in (simple, lambda name: asyncio.run(on_asyncio(name)), fleet):
            for name in sys.argv[1:]:
                before = [server.log().count("test true") for server in (usual, other)]
                try:
                    told = ask(name)
                except RemctlError as error:
                    told = error
                after = [server.log().count("test true") for server in (usual, other)]
                served = [after[0] - before[0], after[1] - before[1]]
                print(name, served, told)
"""


def test_a_machine_whose_dns_has_records_finds_services_by_them(tmp_path: Path) -> None:
    """With resolv.conf, the port of DNS and that of remctl as they are everywhere."""
    machine = reachable(
        [],
        tmp_path,
        {
            f"web.{ZONE}": [Target(f"a.{ZONE}", 4998, 1), Target(f"b.{ZONE}", 4999, 2)],
            f"none.{ZONE}": [Target("")],
        },
        {f"{name}.{ZONE}": IPV4 for name in ("a", "b", "plain")},
    )
    names = [f"{name}.{ZONE}" for name in ("web", "plain", "none", "nowhere")]
    lines = child.run(MACHINE, *names, around=machine).splitlines()
    web, plain, none, nowhere = names
    for told in (lines[:4], lines[4:8], lines[8:]):
        assert told[:3] == [
            f"{web} [0, 1] 0",
            f"{plain} [1, 0] 0",
            f"{none} [0, 0] _remctl._tcp.{none} says that the service is not offered",
        ]
        assert told[3].startswith(f"{nowhere} [0, 0] unknown host {nowhere}: ")


# ---- a dead DNS ----

DEAD = """
import asyncio, os, signal, sys, threading, time
from opswire.errors import RemctlError
from opswire.remctl import AsyncRemctl, Fleet, Remctl, remctl

# Whoever started the tests in the background has ignored it for all of us.
signal.signal(signal.SIGINT, signal.default_int_handler)
HOST = "web.opswire.test"

async def opened(**limit):
    connection = AsyncRemctl(srv=True)
    await connection.open(HOST, **limit)

async def cancelled():
    task = asyncio.create_task(opened())
    await asyncio.sleep(0.3)
    task.cancel()
    await task

def swept(**limit):
    (outcome,) = Fleet([HOST], srv=True, **limit).run(["test"])
    raise outcome.error

def closed():
    connection = Remctl(srv=True)
    threading.Timer(0.3, connection.close).start()
    connection.open(HOST)

def interrupted(call):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    call()

for call in (
    lambda: Remctl(srv=True).open(HOST, deadline=0.3),
    lambda: Remctl(HOST, srv=True, timeout=0.3),
    lambda: remctl(HOST, None, None, ["test"], srv=True, deadline=0.3),
    lambda: asyncio.run(opened(deadline=0.3)),
    lambda: swept(deadline=0.3),
    lambda: swept(timeout=0.3, retries=1),
    closed,
    lambda: interrupted(lambda: Remctl(srv=True).open(HOST)),
    lambda: interrupted(lambda: list(Fleet([HOST], srv=True).run(["test"]))),
    lambda: asyncio.run(cancelled()),
):
    try:
        call()
    except BaseException as error:
        print(type(error).__name__, error)
"""


def test_a_dead_dns_is_left_at_any_limit_or_signal(tmp_path: Path) -> None:
    """The lookups go on meanwhile, and the process ends before them."""
    late = f"unknown host {NAME}: timed out"
    with descriptors.within(25):  # a lookup itself takes 30 s
        lines = child.run(DEAD, around=cut_off([], tmp_path)).splitlines()
    assert lines == [
        f"RemctlConnectTimeoutError {late}",
        f"RemctlConnectTimeoutError {late}",
        f"RemctlConnectTimeoutError {late}",
        *[f"RemctlConnectTimeoutError {late}"] * 3,
        "RemctlError the connection was closed by another thread",
        *["KeyboardInterrupt "] * 2,
        "CancelledError ",
    ]


# ---- without dnspython ----

MISSING = """
import asyncio, sys
sys.modules["dns"] = None  # as if it were not installed
from opswire.errors import LibraryMissingError
from opswire.remctl import AsyncRemctl, Fleet, Remctl, remctl

HOST = "web.opswire.test"

async def streamed():
    return [outcome async for outcome in Fleet([HOST], srv=True).stream(["test"])]

for call in (
    lambda: Remctl(HOST, srv=True),
    lambda: remctl(HOST, None, None, ["test"], srv=True),
    lambda: AsyncRemctl(srv=True),
    lambda: Fleet([HOST], srv=True).run(["test"]),
    lambda: asyncio.run(streamed()),
):
    try:
        print(call())
    except LibraryMissingError as error:
        print(error)
"""


def test_a_missing_dnspython_is_told_with_what_to_install() -> None:
    lines = child.run(MISSING).splitlines()
    text = "srv needs the package dnspython: pip install 'opswire[srv]'"
    assert lines == [text] * 5
