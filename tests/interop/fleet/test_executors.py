"""Fleet(executor=…): visits from threads, other processes and Dask's workers, some of which die."""

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import aclosing, contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import dask
import gssapi
import pytest
from distributed import Client, LocalCluster

from opswire._core import gss
from opswire.errors import (
    OpswireError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlRefusedError,
    RemctlTimeoutError,
    RemctlUsageError,
)
from opswire.remctl import Fleet, Outcome
from tests.interop import child, descriptors
from tests.servers.lame import hanging_port, refusing_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

TRUE = ["test", "true"]
PATIENCE = 60.0

P = ParamSpec("P")
T = TypeVar("T")


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Whatever a test does: no thread of a run."""
    yield
    assert [thread.name for thread in threading.enumerate() if "fleet" in thread.name] == []


def processes(workers: int = 2) -> ProcessPoolExecutor:
    """Real processes, which share nothing with this one."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@contextmanager
def dask_executor(workers: int) -> Iterator[tuple[Client, Executor]]:
    """A scheduler and workers of Dask in processes of their own, and what one gives work to."""
    settings = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.comm.timeouts.connect": "60s",  # a busy machine
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=workers, threads_per_worker=4, processes=True, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client, client.get_executor()


@pytest.fixture(scope="module")
def dask_workers(realm: Realm) -> Iterator[Executor]:
    """Two workers of Dask."""
    with dask_executor(2) as (_, executor):
        yield executor


@pytest.fixture(scope="module")
def other_processes(realm: Realm) -> Iterator[Executor]:
    """Two processes, which are there already."""
    with processes() as pool:
        for visit in [pool.submit(os.getpid) for _ in range(2)]:
            visit.result(PATIENCE)
        yield pool


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    """Threads of this process."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture(params=["threads", "other_processes", "dask_workers"])
def executor(request: pytest.FixtureRequest) -> Executor:
    """Each of them in turn."""
    found: Executor = request.getfixturevalue(request.param)
    return found


class Counting(Executor):
    """Passes everything on to threads, and counts how much there was at once and in all."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self.now = self.most = self.submitted = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Count, and pass on."""
        with self._lock:
            self.submitted += 1
            self.now += 1
            self.most = max(self.most, self.now)
        future = self._pool.submit(fn, *args, **kwargs)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: Future[Any]) -> None:
        with self._lock:
            self.now -= 1


def at(*ports: int) -> list[str]:
    """Hosts on these ports."""
    return [f"127.0.0.1:{port}" for port in ports]


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when it is so, or fail."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def texts(outcomes: list[Outcome]) -> list[str]:
    """Those of the errors; none may be without."""
    assert not any(outcome.result for outcome in outcomes)
    return [str(outcome.error) for outcome in outcomes]


def user_of(outcome: Outcome) -> str:
    """Who the server says that the command came from."""
    assert outcome.result is not None, outcome.error
    lines = outcome.result.stdout_text.splitlines()
    return next(line for line in lines if line.startswith("REMOTE_USER=")).partition("=")[2]


# ---- the same outcomes from everywhere ----


def test_every_host_has_its_outcome(executor: Executor, remctld: Remctld) -> None:
    fleet = Fleet(at(remctld.port) * 20, executor=executor)
    outcomes = list(fleet.run(["test", "count"], stdin=bytes(100_000)))
    assert len(outcomes) == 20
    assert {o.result.stdout.strip() for o in outcomes if o.result} == {b"100000"}
    assert all(o.ok and o.attempts == 1 and o.seconds > 0 for o in outcomes)


def test_a_host_that_comes_twice_is_visited_twice(executor: Executor, realm: Realm) -> None:
    """And once more by the next run of the same command."""
    with Remctld(realm) as server:
        fleet = Fleet(at(server.port) * 3, executor=executor)
        with fleet.run(TRUE) as first, fleet.run(TRUE) as second:
            assert [outcome.ok for outcome in (*first, *second)] == [True] * 6
        assert server.log().count("test true") == 6


def test_failures_come_back_as_what_they_are(executor: Executor, remctld: Remctld) -> None:
    """Through a pickle: class and text."""
    with hanging_port() as hanging, refusing_port() as refusing:
        hosts = [*at(hanging, refusing, remctld.port), "nosuch.invalid:4373"]
        found = {
            o.host.host + str(o.host.port): o
            for o in Fleet(hosts, deadline=5, retries=1, executor=executor).run(
                ["test", "status", "3"]
            )
        }
    errors: dict[int, OpswireError | None] = {
        port: found[f"127.0.0.1{port}"].error for port in (hanging, refusing)
    }
    assert type(errors[hanging]) is RemctlConnectTimeoutError
    assert str(errors[hanging]) == "error receiving token: timed out"
    assert type(errors[refusing]) is RemctlConnectError
    assert found[f"127.0.0.1{refusing}"].attempts == 2
    assert type(found["nosuch.invalid4373"].error) is RemctlConnectError
    result = found[f"127.0.0.1{remctld.port}"].result
    assert result is not None
    assert result.status == 3


def test_a_refusal_and_a_silent_command_come_back_too(executor: Executor, remctld: Remctld) -> None:
    fleet = Fleet(at(remctld.port), timeout=1, executor=executor)
    (refused,) = fleet.run(["test", "denied"])
    assert (type(refused.error), str(refused.error)) == (RemctlRefusedError, "Access denied")
    (silent,) = fleet.run(["test", "sleep", "20"])
    assert type(silent.error) is RemctlTimeoutError


def test_a_stream_visits_from_there_too(executor: Executor, remctld: Remctld) -> None:
    async def collect() -> list[bool]:
        fleet = Fleet(at(remctld.port) * 5, executor=executor)
        return [outcome.ok async for outcome in fleet.stream(TRUE)]

    assert asyncio.run(collect()) == [True] * 5


def test_the_ticket_cache_is_that_of_the_caller(
    executor: Executor,
    remctld: Remctld,
    realm: Realm,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By name, or the default of this process now: not that of the worker, which was here first."""
    realm.add_user("traveller")
    cache = realm.kinit("traveller", tmp_path / "ccache")
    hosts, command = at(remctld.port), ["test", "env"]
    expected = f"traveller@{realm.name}"
    for name in (f"FILE:{cache}", str(cache)):
        (outcome,) = Fleet(hosts, credentials=name, executor=executor).run(command)
        assert user_of(outcome) == expected
    fleet = Fleet(hosts, executor=executor)
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{cache}")
    (outcome,) = fleet.run(command)
    assert user_of(outcome) == expected


def test_a_cache_that_is_not_there_is_the_outcome_of_every_host(
    executor: Executor, remctld: Remctld
) -> None:
    fleet = Fleet(at(remctld.port) * 2, credentials="FILE:/nonexistent/cc", executor=executor)
    for text in texts(list(fleet.run(TRUE))):
        assert text.startswith("GSS-API error importing ticket cache: ")


# ---- what does not travel ----


def in_memory(_: Realm) -> gss.Credential:
    """A credential of ours."""
    return gss.Credential.default()


def of_another_library(_: Realm) -> gssapi.Credentials:
    """A credential of python-gssapi."""
    return gssapi.Credentials(usage="initiate")


@pytest.mark.parametrize(
    ("credentials", "what"),
    [
        ("MEMORY:tickets", r"'MEMORY:tickets' is none"),
        ("KEYRING:session:tickets", r"'KEYRING:session:tickets' is none"),
        ("KCM:", r"'KCM:' is none"),
        ("DIR:/run/tickets", r"'DIR:/run/tickets' is none"),
        ("FILE:tickets", r"'FILE:tickets' is none"),  # relative to what, over there?
        ("tickets", r"'tickets' is none"),
        ("", r"'' is none"),
        (in_memory, "an object in memory is none"),
        (of_another_library, "an object in memory is none"),
    ],
)
def test_tickets_that_cannot_travel_are_an_error_before_the_first_submit(
    realm: Realm,
    threads: ThreadPoolExecutor,
    credentials: str | Callable[[Realm], Any],
    what: str,
) -> None:
    counting = Counting(threads)
    given = credentials if isinstance(credentials, str) else credentials(realm)
    fleet = Fleet(at(1) * 3, credentials=given, executor=counting)
    message = rf"^an executor needs a ticket cache that is a file \({what}\): give its name as "
    with pytest.raises(RemctlUsageError, match=message):
        fleet.run(TRUE)

    async def stream() -> None:
        async with aclosing(fleet.stream(TRUE)) as outcomes:
            await anext(outcomes)

    with pytest.raises(RemctlUsageError, match=message):
        asyncio.run(stream())
    assert counting.submitted == 0


@pytest.mark.parametrize(
    ("default", "what"),
    [(None, "KRB5CCNAME is not set"), ("KCM:", "'KCM:' is none"), ("MEMORY:x", "'MEMORY:x' is")],
)
def test_a_default_cache_that_cannot_travel_is_an_error_too(
    realm: Realm,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    default: str | None,
    what: str,
) -> None:
    if default is None:
        monkeypatch.delenv("KRB5CCNAME")
    else:
        monkeypatch.setenv("KRB5CCNAME", default)
    counting = Counting(threads)
    with pytest.raises(RemctlUsageError, match=what):
        Fleet(at(1), executor=counting).run(TRUE)
    assert counting.submitted == 0


def test_what_is_no_executor_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^executor must have submit\(\), which str has not$"):
        Fleet([], executor="processes")  # type: ignore[arg-type]  # a wrong type is tried


# ---- bounds ----


def test_no_more_is_submitted_at_once_than_asked_for(
    remctld: Remctld, threads: ThreadPoolExecutor
) -> None:
    counting = Counting(threads)
    outcomes = list(Fleet(at(remctld.port) * 12, concurrency=3, executor=counting).run(TRUE))
    assert [outcome.ok for outcome in outcomes] == [True] * 12
    assert (counting.submitted, counting.most) == (12, 3)


# ---- executors that break ----


def test_processes_that_are_killed_are_outcomes(realm: Realm) -> None:
    with Remctld(realm) as server, processes() as pool, descriptors.within(PATIENCE):
        fleet = Fleet(at(server.port) * 6, concurrency=4, executor=pool)
        with fleet.run(["test", "sleep", "100"]) as run:
            wait_until(lambda: server.log().count("test sleep") >= 2)
            os.kill(next(iter(pool._processes)), signal.SIGKILL)
            outcomes = list(run)
        assert server.log().count("test sleep") == 2, "nothing is sent twice"
    assert len(outcomes) == 6
    for text in texts(outcomes):
        assert text.startswith("the executor failed: BrokenProcessPool: ")
    assert {outcome.attempts for outcome in outcomes} == {0}


def test_an_interrupted_process_is_the_outcome_of_its_host_only(realm: Realm) -> None:
    """As when somebody presses Ctrl-C where the workers run: a KeyboardInterrupt comes back."""
    # Whoever started the tests in the background has ignored it for all of us.
    heed = (signal.SIGINT, signal.default_int_handler)
    context = get_context("spawn")
    with (
        Remctld(realm) as server,
        ProcessPoolExecutor(2, context, signal.signal, heed) as pool,
        descriptors.within(PATIENCE),
    ):
        fleet = Fleet(at(server.port) * 2, executor=pool)
        with fleet.run(["test", "sleep", "6"]) as run:
            wait_until(lambda: server.log().count("test sleep") == 2)
            os.kill(next(iter(pool._processes)), signal.SIGINT)
            outcomes = sorted(run, key=lambda outcome: outcome.ok)
    assert [outcome.ok for outcome in outcomes] == [False, True]
    assert texts(outcomes[:1]) == ["the executor failed: KeyboardInterrupt"]


def test_a_worker_of_dask_that_is_killed_is_the_outcome_of_its_hosts(
    realm: Realm, caplog: pytest.LogCaptureFixture
) -> None:
    """allowed-failures is 0 here: else Dask would have the visit made again by another worker."""
    with (
        Remctld(realm) as server,
        dask_executor(1) as (client, executor),
        descriptors.within(2 * PATIENCE),
    ):
        (worker,) = client.run(os.getpid).values()
        fleet = Fleet(at(server.port) * 2, executor=executor)
        with fleet.run(["test", "sleep", "100"]) as run:
            wait_until(lambda: server.log().count("test sleep") == 2)
            os.kill(worker, signal.SIGKILL)
            outcomes = list(run)
        assert server.log().count("test sleep") == 2, "nothing is sent twice"
        (again,) = Fleet(at(server.port), executor=executor).run(TRUE)
        assert again.ok, "another worker has taken its place"
    assert len(outcomes) == 2
    for text in texts(outcomes):
        assert text.startswith("the executor failed: KilledWorker: ")


def test_an_executor_that_was_shut_down_is_the_outcome_of_every_host() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    outcomes = list(Fleet(at(1, 2), executor=pool).run(TRUE))
    assert (
        texts(outcomes)
        == ["the executor failed: RuntimeError: cannot schedule new futures after shutdown"] * 2
    )


def test_an_executor_that_is_shut_down_meanwhile_leaves_nobody_without_an_outcome(
    realm: Realm,
) -> None:
    with Remctld(realm) as server, descriptors.within(PATIENCE):
        pool = ThreadPoolExecutor(1)
        with Fleet(at(server.port) * 5, executor=pool).run(["test", "sleep", "1"]) as run:
            wait_until(lambda: server.log().count("test sleep") == 1)
            pool.shutdown(wait=False, cancel_futures=True)
            outcomes = list(run)
        assert run.unfinished == ()
    assert [outcome.ok for outcome in outcomes].count(True) == 1
    assert (
        texts([outcome for outcome in outcomes if not outcome.ok])
        == ["the executor failed: CancelledError: it is shutting down"] * 4
    )


# ---- leaving early ----


LEFT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from opswire.remctl import Fleet
from tests.interop import descriptors

with descriptors.none_left(), ThreadPoolExecutor(2) as pool:
    hosts = [f"127.0.0.1:{sys.argv[1]}"] * 50
    with Fleet(hosts, deadline=20, executor=pool).run(["test", "sleep", "0.2"]) as run:
        for outcome in run:
            assert outcome.ok
            break
    # What came together with the first one is there still.
    print(1 + len(list(run)) + len(run.unfinished))
"""


def test_leaving_a_run_begins_nothing_more(realm: Realm) -> None:
    """What has begun ends by itself: an executor cannot be told otherwise."""
    with Remctld(realm) as server:
        assert child.run(LEFT, server.port) == "50\n"
        assert server.log().count("test sleep") < 10


INTERRUPTED = """
import os, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from opswire.remctl import Fleet

if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        hosts = [f"127.0.0.1:{port}" for port in sys.argv[1:]]
        run = Fleet(hosts, deadline=5, concurrency=2, executor=pool).run(["test", "true"])
        outcomes = []
        try:
            for outcome in run:
                outcomes.append(outcome)
                print("one", flush=True)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            run.close()
    print([outcome.host.port for outcome in outcomes if outcome.ok], len(run.unfinished))
"""


@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["this process", "the workers too"])
def test_ctrl_c_comes_out_of_the_iteration(
    remctld: Remctld, whom: Callable[[int, int], None]
) -> None:
    """A terminal sends it to all processes, as timeouts and shells may send it to one."""
    with hanging_port() as hanging, descriptors.within(2 * PATIENCE):
        command = child.command(INTERRUPTED, remctld.port, *[hanging] * 6)
        with subprocess.Popen(
            ["env", "--default-signal=INT", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the workers' own last words
            env=child.environment(),
            cwd=child.ROOT,
            text=True,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "one\n"
            time.sleep(0.3)
            whom(process.pid, signal.SIGINT)
            rest, _ = process.communicate(timeout=2 * PATIENCE)
    assert rest == f"interrupted\n[{remctld.port}] 6\n"
    wait_until(lambda: members(process.pid) == [])


def members(group: int) -> list[str]:
    """The names of the processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text().rpartition(") ")
            state, _, its_group = rest.split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(name)
    return found
