"""Calls from a pool of threads wait for their servers at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.claim import Absolute, Claim, Library, Round, Target

CLAIM = Claim(
    name="remctl_threads",
    group="remctl",
    title="64 calls of a 0.2 s command from 16 threads",
    unit="s",
    goal=Absolute(1.1, "s"),
    rounds=7,
    peer_rounds=1,
    warm_up=False,
)
CALLS = 64
THREADS = 16


def prepare(library: Library, target: Target) -> Round:
    """A pool for each round, so that its threads are counted in."""

    def call(_: int) -> int:
        return library.remctl(*target, ["test", "sleep", "0.2"]).status

    def measure() -> float:
        started = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as pool:
            statuses = list(pool.map(call, range(CALLS)))
        spent = time.perf_counter() - started
        assert statuses == [0] * CALLS, statuses
        return spent

    return measure
