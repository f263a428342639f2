"""Paths in paths in paths."""

from benchmarks.cim_documents import deep_references
from benchmarks.cim_rounds import cpu, refused
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_deep",
    group="wbem",
    title="references 2,000 deep: refused; the peer is expat",
    unit="ms",
    goal=Ratio(0.1),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = deep_references(2000)
    return cpu(lambda: refused(octets))


def peer(folder: str) -> Round:
    """By expat in C, to its end or its own refusal."""
    return floor(folder).expat(deep_references(2000))
