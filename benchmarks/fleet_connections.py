"""As many tasks as open connections, all waiting at the same time on one thread."""

import asyncio
import time

from benchmarks import remctl_connections
from benchmarks.claim import Absolute, Claim, Clients, Round, Target

CONNECTIONS = remctl_connections.CONNECTIONS

CLAIM = Claim(
    name="fleet_connections",
    group="fleet",
    title="64 open connections, one task group, a 0.2 s command on each; the peer is 64 threads",
    unit="s",
    goal=Absolute(0.35, "s"),
    rounds=7,
    peer_rounds=7,
    sides=Clients(),
)


def ours(targets: list[Target]) -> Round:
    """The connections are open before the clock runs."""
    from opswire.remctl import AsyncRemctl

    runner = asyncio.Runner()
    connections = [AsyncRemctl(*targets[0]) for _ in range(CONNECTIONS)]

    async def run(connection: AsyncRemctl) -> None:
        assert (await connection.run(["test", "sleep", "0.2"])).status == 0

    async def measure() -> float:
        await asyncio.gather(*(connection.noop() for connection in connections))
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for connection in connections:
                group.create_task(run(connection))
        return time.perf_counter() - started

    return lambda: runner.run(measure())


def peer(targets: list[Target]) -> Round:
    """Our blocking client."""
    from opswire import remctl

    return remctl_connections.prepare(remctl, targets[0])
