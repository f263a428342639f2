"""The same answer as objects, against a general parser that makes none."""

from benchmarks.cim_documents import instances
from benchmarks.cim_rounds import cpu, parse
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_expat",
    group="wbem",
    title="the same, the peer is expat with empty handlers",
    unit="ms",
    goal=Ratio(1),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = instances()
    return cpu(lambda: parse(octets))


def peer(folder: str) -> Round:
    """By expat in C: whole objects in less time than it takes to find the tags."""
    octets = instances()
    return floor(folder).expat(octets)
