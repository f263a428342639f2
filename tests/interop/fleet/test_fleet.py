"""One command on many hosts: real servers, and hosts that hang, refuse or do not exist."""

import asyncio
import gc
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from opswire import pacing
from opswire.errors import (
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlTimeoutError,
)
from opswire.remctl import AsyncRemctl, Fleet, FleetHost, Outcome
from opswire.remctl.fleet import host_visit
from tests.interop import child, descriptors
from tests.servers.lame import dead_port, hanging_port, refusing_port
from tests.servers.ports import free_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

TRUE = ["test", "true"]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Whatever a test does: no descriptor, no thread of a run, no place in a queue."""
    with descriptors.none_left():
        yield
    assert [thread.name for thread in threading.enumerate() if "fleet" in thread.name] == []
    assert pacing._queues == {}


@pytest.fixture(scope="module")
def second(realm: Realm) -> Iterator[Remctld]:
    """Another server."""
    with Remctld(realm) as running:
        yield running


def at(*ports: int) -> list[str]:
    """Hosts on these ports."""
    return [f"127.0.0.1:{port}" for port in ports]


def ports_of(outcomes: list[Outcome]) -> list[int | None]:
    """In the order of the outcomes."""
    return [outcome.host.port for outcome in outcomes]


# ---- outcomes ----


def test_every_host_has_its_outcome(remctld: Remctld, second: Remctld) -> None:
    fleet = Fleet(at(remctld.port, second.port) * 20)
    outcomes = list(fleet.run(["test", "echo", "hello"]))
    assert Counter(ports_of(outcomes)) == {remctld.port: 20, second.port: 20}
    assert {outcome.result.stdout for outcome in outcomes if outcome.result} == {b"hello\n"}
    assert all(outcome.ok and outcome.error is None for outcome in outcomes)
    assert {outcome.attempts for outcome in outcomes} == {1}
    assert all(0 < outcome.seconds < 60 for outcome in outcomes)


def test_an_exit_status_is_a_result_and_not_ok(remctld: Remctld) -> None:
    (outcome,) = Fleet(at(remctld.port)).run(["test", "status", "3"])
    assert outcome.result is not None
    assert (outcome.result.status, outcome.ok, outcome.error) == (3, False, None)


def test_standard_input_goes_to_every_host(remctld: Remctld) -> None:
    outcomes = list(Fleet(at(remctld.port) * 3).run(["test", "count"], stdin="x" * 100_000))
    assert [o.result.stdout.strip() for o in outcomes if o.result] == [b"100000"] * 3


def test_outcomes_come_as_they_are_there(remctld: Remctld, second: Remctld) -> None:
    with hanging_port() as hanging:
        fleet = Fleet([*at(hanging), *at(remctld.port)], deadline=3)
        with fleet.run(TRUE) as run:
            assert next(run).host.port == remctld.port
            assert run.unfinished == (FleetHost("127.0.0.1", hanging),)


def test_a_refusal_of_the_server_is_its_words(remctld: Remctld) -> None:
    (outcome,) = Fleet(at(remctld.port)).run(["test", "denied"])
    assert (outcome.result, str(outcome.error)) == (None, "Access denied")


def test_output_beyond_the_limit_ends_that_host_only(remctld: Remctld) -> None:
    outcomes = list(Fleet(at(remctld.port) * 2, max_output=1000).run(["test", "bytes", "5000"]))
    assert [str(outcome.error) for outcome in outcomes] == [
        "the server sent more than 1000 octets of output: raise max_output, or give a file object "
        "as stdout"
    ] * 2


def test_a_principal_of_the_host_wins_over_that_of_the_fleet(remctld: Remctld) -> None:
    hosts: list[str | FleetHost] = [FleetHost("127.0.0.1", remctld.port, "host/localhost")]
    hosts += at(remctld.port)
    outcomes = list(Fleet(hosts, principal="host/nobody", concurrency=1).run(TRUE))
    assert [outcome.ok for outcome in outcomes] == [True, False]


def test_a_fleet_without_hosts_has_no_outcomes() -> None:
    assert list(Fleet([]).run(TRUE)) == []


# ---- what fails ----


def test_lame_hosts_have_their_verdicts_by_the_deadline_and_stop_nobody(remctld: Remctld) -> None:
    with dead_port() as dead, hanging_port() as hanging, refusing_port() as refusing:
        lame = at(dead, hanging, refusing)
        hosts = [*lame, "nosuch.invalid:4373", *at(remctld.port) * 20]
        outcomes = {str(o.host): o for o in Fleet(hosts, deadline=2).run(TRUE)}
    assert outcomes[f"127.0.0.1:{remctld.port}"].ok
    found = [(type(outcomes[host].error), str(outcomes[host].error)) for host in lame]
    assert found == [
        (RemctlConnectTimeoutError, f"cannot connect to 127.0.0.1 (port {dead}): timed out"),
        (RemctlConnectTimeoutError, "error receiving token: timed out"),
        (RemctlConnectError, f"cannot connect to 127.0.0.1 (port {refusing}): Connection refused"),
    ]
    unknown = outcomes["nosuch.invalid:4373"].error
    assert isinstance(unknown, RemctlConnectError)
    assert str(unknown).startswith("unknown host nosuch.invalid: ")


def test_a_command_that_takes_too_long_is_no_connect_error(remctld: Remctld) -> None:
    (outcome,) = Fleet(at(remctld.port), deadline=0.5, retries=5).run(["test", "sleep", "30"])
    assert type(outcome.error) is RemctlTimeoutError
    assert outcome.attempts == 1


def test_a_connection_is_tried_again_until_the_server_is_there(realm: Realm) -> None:
    port = free_port()
    fleet = Fleet(at(port), retries=100, deadline=30)
    with fleet.run(TRUE) as run:
        time.sleep(0.5)
        with Remctld(realm, port=port):
            (outcome,) = run
    assert outcome.ok
    assert outcome.attempts > 1


def test_retries_come_to_an_end() -> None:
    with refusing_port() as port:
        (outcome,) = Fleet(at(port), retries=2).run(TRUE)
    assert outcome.attempts == 3
    assert isinstance(outcome.error, RemctlConnectError)


def test_the_deadline_holds_for_all_attempts_together() -> None:
    with refusing_port() as port:
        (outcome,) = Fleet(at(port), retries=1000, deadline=1).run(TRUE)
    assert outcome.seconds < 1.5  # and not the 1000 attempts
    assert isinstance(outcome.error, RemctlConnectError)


def test_a_command_is_never_sent_twice(realm: Realm) -> None:
    with Remctld(realm) as server:
        (outcome,) = Fleet(at(server.port), retries=5, timeout=0.3).run(["test", "sleep", "5"])
        assert isinstance(outcome.error, RemctlTimeoutError)
        assert server.log().count("test sleep 5") == 1


def test_what_nobody_expected_is_the_outcome_of_that_host(
    remctld: Remctld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(AsyncRemctl):
        async def open(self, host: str, *arguments: object, **options: object) -> None:
            if host == "localhost":
                raise ZeroDivisionError("a fault of ours")
            await super().open(host, *arguments, **options)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(host_visit, "AsyncRemctl", Faulty)
    hosts = [f"localhost:{remctld.port}", *at(remctld.port)]
    outcomes = {outcome.host.host: outcome for outcome in Fleet(hosts).run(TRUE)}
    assert outcomes["127.0.0.1"].ok
    error = outcomes["localhost"].error
    assert type(error) is RemctlError
    assert str(error) == "unexpected failure: ZeroDivisionError: a fault of ours"
    assert "ZeroDivisionError" in caplog.text


# ---- bounds ----


class Counting:
    """Stands in for a host_visit, and counts how many there are at once and in all."""

    def __init__(self) -> None:
        self.now = self.most = self.begun = 0

    async def __call__(self, host: FleetHost, orders: host_visit.Orders) -> Outcome:
        self.now += 1
        self.begun += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return Outcome(host, None, None, 0.0, 1)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """In place of every visit: what is counted are tasks, whatever they do."""
    visits = Counting()
    monkeypatch.setattr("opswire.remctl.fleet.fleet.run_on_host", visits)
    return visits


def test_no_more_hosts_are_visited_at_once_than_asked_for(counting: Counting) -> None:
    assert len(list(Fleet(["web1"] * 100, concurrency=7).run(TRUE))) == 100
    assert counting.most == 7


async def turns(number: int) -> None:
    """Let everybody on the event loop go on so often."""
    for _ in range(number):
        await asyncio.sleep(0)


def test_who_is_slow_in_taking_outcomes_slows_the_sweep_down(counting: Counting) -> None:
    """None is begun while five wait to be taken; but four others may be on their way then."""
    with Fleet(["web1"] * 100, concurrency=5).run(TRUE) as run:
        next(run)
        assert run._loop is not None
        # Many more than it takes to visit all of them.
        asyncio.run_coroutine_threadsafe(turns(1000), run._loop).result()
        taken = 100 - len(run.unfinished)
        assert taken <= 2 * 5 - 1
        assert counting.begun == taken + 2 * 5 - 1
        assert len(list(run)) == 99


# ---- leaving early ----


def test_cancelling_gives_what_was_there_and_names_the_rest(remctld: Remctld) -> None:
    with hanging_port() as hanging:
        fleet = Fleet([*at(remctld.port) * 5, *at(hanging) * 3])
        with fleet.run(TRUE) as run:
            outcomes = [next(run) for _ in range(5)]
            run.cancel()
            assert list(run) == []
    assert ports_of(outcomes) == [remctld.port] * 5
    assert ports_of_hosts(run.unfinished) == [hanging] * 3


def ports_of_hosts(hosts: tuple[FleetHost, ...]) -> list[int | None]:
    """In their order."""
    return [host.port for host in hosts]


def test_a_run_that_is_dropped_leaves_nothing(remctld: Remctld) -> None:
    run = Fleet(at(remctld.port) * 10).run(["test", "sleep", "30"])
    del run
    gc.collect()


def test_a_closed_run_has_no_more_outcomes(remctld: Remctld) -> None:
    run = Fleet(at(remctld.port) * 3).run(["test", "sleep", "30"])
    run.close()
    run.close()
    run.cancel()
    assert list(run) == []


INTERRUPTED = """
import signal, sys
from opswire.remctl import Fleet

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in background
run = Fleet([f"127.0.0.1:{port}" for port in sys.argv[1:]]).run(["test", "true"])
outcomes = []
try:
    for outcome in run:
        outcomes.append(outcome)
        print("one", flush=True)
except KeyboardInterrupt:
    run.cancel()
    outcomes += run
print([outcome.host.port for outcome in outcomes], [host.port for host in run.unfinished])
"""


def test_ctrl_c_comes_out_of_the_iteration_with_the_outcomes_kept(remctld: Remctld) -> None:
    with hanging_port() as hanging:
        command = child.command(INTERRUPTED, remctld.port, hanging)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, env=child.environment(), cwd=child.ROOT, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "one\n"
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
    assert rest == f"[{remctld.port}] [{hanging}]\n"
    assert process.returncode == 0


def test_two_threads_run_the_same_fleet(remctld: Remctld) -> None:
    fleet = Fleet(at(remctld.port) * 10)
    counts: list[int] = []

    def count() -> None:
        counts.append(sum(outcome.ok for outcome in fleet.run(TRUE)))

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counts == [10, 10]


# ---- on a running event loop ----


def test_a_stream_gives_the_same_outcomes(remctld: Remctld) -> None:
    async def collect() -> list[Outcome]:
        return [outcome async for outcome in Fleet(at(remctld.port) * 10).stream(TRUE)]

    assert [outcome.ok for outcome in asyncio.run(collect())] == [True] * 10


def test_a_stream_that_is_left_early_leaves_no_task(remctld: Remctld) -> None:
    async def first() -> int:
        with hanging_port() as hanging:
            fleet = Fleet([*at(remctld.port), *at(hanging) * 5])
            async with aclosing(fleet.stream(TRUE)) as outcomes:
                async for outcome in outcomes:
                    assert outcome.ok
                    break
        await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert asyncio.run(first()) == 1
