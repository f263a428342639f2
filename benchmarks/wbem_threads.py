"""Two answers at once, against one after the other."""

import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.cim_documents import INSTANCES, instances
from benchmarks.cim_rounds import parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_threads",
    group="wbem",
    title="two threads parse at once, wall time; the peer is opswire with one",
    unit="ms",
    goal=Ratio(1 / 1.5),
    rounds=11,
    peer_rounds=11,
    sides=Recipes("."),
)


#: Of 3.45 MB each.
ANSWERS = 4
#: The best of them counts: two threads gain nothing while others have the second processor.
TRIES = 15


def ours(folder: str) -> Round:
    """By two threads."""
    return _wall(2)


def peer(folder: str) -> Round:
    """By one."""
    return _wall(1)


def _wall(threads: int) -> Round:
    octets = instances()

    def measure() -> float:
        with ThreadPoolExecutor(threads) as pool:
            return min(_once(pool, octets) for _ in range(TRIES))

    return measure


def _once(pool: ThreadPoolExecutor, octets: bytes) -> float:
    started = time.perf_counter()
    counts = list(pool.map(lambda _: len(parse(octets)), range(ANSWERS)))
    spent = time.perf_counter() - started
    assert counts == [INSTANCES] * ANSWERS
    return spent * 1e3
