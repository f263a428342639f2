"""Whether a megabyte costs the same in large answers."""

from benchmarks.cim_documents import instances
from benchmarks.cim_rounds import cpu, parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_sizes",
    group="wbem",
    title="64 MB, CPU per MB; the peer is opswire with 1 MB",
    unit="ms",
    goal=Ratio(1.2),
    rounds=7,
    peer_rounds=7,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """64 times as large."""
    return _per_megabyte(19_000)


def peer(folder: str) -> Round:
    """1 MB, by opswire too."""
    return _per_megabyte(300)


def _per_megabyte(count: int) -> Round:
    octets = instances(count)
    whole = cpu(lambda: parse(octets))
    return lambda: whole() / (len(octets) / 1e6)
