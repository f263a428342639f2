"""The entity bomb."""

from benchmarks.cim_documents import entity_bomb
from benchmarks.cim_rounds import cpu, refused
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_bomb",
    group="wbem",
    title="entity bomb of 10^11: refused; the peer is expat",
    unit="ms",
    goal=Ratio(0.1),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = entity_bomb(12)
    return cpu(lambda: refused(octets))


def peer(folder: str) -> Round:
    """By expat in C, to its end or its own refusal."""
    return floor(folder).expat(entity_bomb(12))
