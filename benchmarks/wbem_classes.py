"""A whole schema at once."""

from benchmarks.cim_documents import classes
from benchmarks.cim_rounds import cpu, parse, peer_parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_classes",
    group="wbem",
    title="EnumerateClasses, deep: 1,400 classes with qualifiers (13.8 MB)",
    unit="ms",
    goal=Ratio(1 / 40),
    rounds=9,
    peer_rounds=3,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = classes()
    return cpu(lambda: parse(octets))


def peer(folder: str) -> Round:
    """With pywbem."""
    octets = classes()
    return cpu(lambda: peer_parse(octets))
