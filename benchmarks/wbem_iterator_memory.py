"""Memory of an iterator over an answer that never ends."""

from benchmarks.cim_documents import MANY, chunks
from benchmarks.cim_growth import growth
from benchmarks.cim_rounds import peer_parse
from benchmarks.claim import Absolute, Claim, Recipes, Round
from benchmarks.process_memory import peak_megabytes, resident

CLAIM = Claim(
    name="wbem_iterator_memory",
    group="wbem",
    title="iterator over 100,000 instances: peak memory above start; the peer holds 10,000",
    unit="MB",
    goal=Absolute(20, "MB"),
    rounds=3,
    peer_rounds=3,
    pinned=True,
    fresh=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """Chunks as from a socket, and one instance at a time."""

    def measure() -> float:
        from opswire import wbem

        # Pages of the libraries that a first answer touches are code, and no growth.
        assert sum(1 for _ in wbem.iterate(chunks(1))) == 1
        start = resident()
        assert sum(1 for _ in wbem.iterate(chunks(10 * MANY))) == 10 * MANY
        return peak_megabytes() - start / 1e6

    return measure


def peer(folder: str) -> Round:
    """The peer holds the whole, so a tenth must do."""
    return lambda: growth(folder, peer_parse).peak / 1e6
