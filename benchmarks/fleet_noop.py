"""The same round trip from an event loop and from a thread: what asyncio costs on top."""

import asyncio
import time

from benchmarks.claim import Claim, Clients, Ratio, Round, Target

CLAIM = Claim(
    name="fleet_noop",
    group="fleet",
    title="client CPU per `await noop()` on asyncio's own loop; the peer is our blocking `noop()`",
    unit="µs",
    goal=Ratio(2.5),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Clients(),
)
CALLS = 2000


def ours(targets: list[Target]) -> Round:
    """One connection, one task."""
    return noops(targets, asyncio.Runner())


def noops(targets: list[Target], runner: asyncio.Runner) -> Round:
    """On an event loop that goes on from round to round."""
    from opswire.remctl import AsyncRemctl

    connection = AsyncRemctl(*targets[0])

    async def calls() -> float:
        await connection.noop()
        started = time.process_time()
        for _ in range(CALLS):
            await connection.noop()
        return (time.process_time() - started) / CALLS * 1e6

    return lambda: runner.run(calls())


def peer(targets: list[Target]) -> Round:
    """One connection, one thread."""
    from opswire.remctl import Remctl

    connection = Remctl(*targets[0])

    def measure() -> float:
        started = time.process_time()
        for _ in range(CALLS):
            connection.noop()
        return (time.process_time() - started) / CALLS * 1e6

    return measure
