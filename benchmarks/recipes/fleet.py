"""Many hosts, and many connections on an event loop, by opswire; and what they compare with.

What only one of them needs it imports itself: the memory of the process is a figure, too.
"""

import subprocess
import time
from typing import TYPE_CHECKING

from benchmarks.claim import Round, Target
from benchmarks.recipes import remctl
from benchmarks.recipes.process_memory import peak_megabytes

if TYPE_CHECKING:
    import asyncio

SERVERS = 8
HOSTS = 1000
CONCURRENCY = 200
SECONDS = 0.1
NOOPS = 2000


def connections(targets: list[Target]) -> Round:
    """As many tasks as open connections, all waiting at the same time on one thread."""
    import asyncio

    from opswire.remctl import AsyncRemctl

    runner = asyncio.Runner()
    opened = [AsyncRemctl(*targets[0]) for _ in range(remctl.CONNECTIONS)]

    async def run(connection: AsyncRemctl) -> None:
        assert (await connection.run(["test", "sleep", "0.2"])).status == 0

    async def measure() -> float:
        # The connections are open before the clock runs.
        await asyncio.gather(*(connection.noop() for connection in opened))
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for connection in opened:
                group.create_task(run(connection))
        return time.perf_counter() - started

    return lambda: runner.run(measure())


def connections_on_threads(targets: list[Target]) -> Round:
    """Our blocking client."""
    from opswire import remctl as library

    return remctl.connections(library, targets[0])


def noop(targets: list[Target]) -> Round:
    """The same round trip as a blocking client's, on asyncio's own loop."""
    import asyncio

    return _noops(targets, asyncio.Runner())


def noop_on_uvloop(targets: list[Target]) -> Round:
    """The same on uvloop."""
    import asyncio

    import uvloop

    return _noops(targets, asyncio.Runner(loop_factory=uvloop.new_event_loop))


def _noops(targets: list[Target], runner: "asyncio.Runner") -> Round:
    """One connection, one task, on an event loop that goes on from round to round."""
    from opswire.remctl import AsyncRemctl

    connection = AsyncRemctl(*targets[0])

    async def calls() -> float:
        await connection.noop()
        started = time.process_time()
        for _ in range(NOOPS):
            await connection.noop()
        return (time.process_time() - started) / NOOPS * 1e6

    return lambda: runner.run(calls())


def blocking_noop(targets: list[Target]) -> Round:
    """One connection, one thread, by our blocking client."""
    from opswire import remctl as library

    return remctl.noop(library, targets[0], NOOPS)


def hosts(targets: list[Target]) -> Round:
    """A thousand hosts on eight servers, two hundred at once; each has a connection of its own."""
    from opswire.remctl import Fleet, FleetHost

    places = [FleetHost(*targets[number % SERVERS]) for number in range(HOSTS)]
    fleet = Fleet(places, concurrency=CONCURRENCY, deadline=60)

    def measure() -> float:
        started = time.perf_counter()
        outcomes = list(fleet.run(["test", "sleep", str(SECONDS)]))
        spent = time.perf_counter() - started
        assert len(outcomes) == HOSTS
        assert all(outcome.ok for outcome in outcomes), [o for o in outcomes if not o.ok][:3]
        return spent

    return measure


def call_rate(targets: list[Target]) -> Round:
    """The servers' own call rate: as many trivial commands, by a blocking client for each server.

    The clients share the processors with the servers, as the fleet does; upstream's own program
    would take longer for starting a process each time.
    """
    from multiprocessing import get_context

    def measure() -> float:
        fork = get_context("fork")
        clients = [fork.Process(target=_call, args=(target,)) for target in targets]
        started = time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        spent = time.perf_counter() - started
        assert [client.exitcode for client in clients] == [0] * SERVERS
        return max(spent, HOSTS / CONCURRENCY * SECONDS)

    return measure


def _call(target: Target) -> None:
    from opswire.remctl import remctl

    for _ in range(HOSTS // SERVERS):
        assert remctl(*target, ["test", "true"]).status == 0


def memory(targets: list[Target]) -> Round:
    """What the thousand hosts take of memory."""
    run = hosts(targets)

    def measure() -> float:
        run()
        return peak_megabytes()

    return measure


def memory_of_threads(targets: list[Target]) -> Round:
    """As many at once from a pool of threads."""
    from concurrent.futures import ThreadPoolExecutor

    from opswire.remctl import remctl as call_once

    def call(number: int) -> int:
        target = targets[number % len(targets)]
        return call_once(*target, ["test", "sleep", str(SECONDS)]).status

    def measure() -> float:
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            assert sum(pool.map(call, range(HOSTS))) == 0
        return peak_megabytes()

    return measure


def cold_start(program: list[str], target: Target) -> Round:
    """What a shell script waits for: start the program, run a trivial command, end.

    The disk caches are warm after the first round.
    """
    command = [*program, "-p", str(target.port), "-s", target.principal, target.host]

    def measure() -> float:
        started = time.perf_counter()
        subprocess.run([*command, "test", "true"], check=True)
        return (time.perf_counter() - started) * 1e3

    return measure
