"""The XML scanner without what makes CIM of it."""

from benchmarks.cim_documents import instances
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_scanner",
    group="wbem",
    title="the scanner alone, the peer is expat with empty handlers",
    unit="ms",
    goal=Ratio(1 / 4),
    rounds=21,
    peer_rounds=21,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """Start tags, texts and end tags with their attributes."""
    return floor(folder).scanner(instances())


def peer(folder: str) -> Round:
    """By expat in C."""
    return floor(folder).expat(instances())
