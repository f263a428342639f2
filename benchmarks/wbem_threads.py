"""Two answers at once, against one after the other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.cim_documents import instances
from benchmarks.cim_rounds import parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_threads",
    group="wbem",
    title="two threads parse an answer each at once, the peer is opswire with one thread: wall time",
    unit="ms",
    goal=Ratio(1 / 1.5),
    rounds=21,
    peer_rounds=21,
    sides=Recipes("."),
)


#: Of 3.45 MB; each side reads twice as many.
ANSWERS = 4


def ours(folder: str) -> Round:
    """Two threads."""
    octets = instances()

    def measure() -> float:
        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(lambda _: None, range(2)):
                pass
            return _wall(
                lambda: [each.result() for each in [pool.submit(_half, octets) for _ in range(2)]]
            )

    return measure


def peer(folder: str) -> Round:
    """One."""
    octets = instances()
    return lambda: _wall(lambda: [_half(octets) for _ in range(2)])


def _half(octets: bytes) -> None:
    for _ in range(ANSWERS):
        parse(octets)


def _wall(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1e3
