"""A tag with far too many attributes."""

from benchmarks.cim_documents import many_attributes
from benchmarks.cim_rounds import cpu, refused
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_attributes",
    group="wbem",
    title="100,000 attributes (1.1 MB): refused; the peer is expat",
    unit="ms",
    goal=Ratio(0.1),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = many_attributes(100_000)
    return cpu(lambda: refused(octets))


def peer(folder: str) -> Round:
    """By expat in C, to its end or its own refusal."""
    return floor(folder).expat(many_attributes(100_000))
