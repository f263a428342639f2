"""The reader in C where the answer has no line feeds, as some servers write it."""

from benchmarks.cim_documents import instances
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_one_line",
    group="wbem",
    title="the same on one line, the peer is the answer with line feeds",
    unit="ms",
    goal=Ratio(1.05),
    rounds=21,
    peer_rounds=21,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """On one line."""
    return floor(folder).reader(instances().replace(b"\n", b""))


def peer(folder: str) -> Round:
    """An element on each."""
    return floor(folder).reader(instances())
