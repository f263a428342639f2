"""Instances in array properties, escaped in the text."""

from benchmarks.cim_documents import embedded
from benchmarks.cim_rounds import cpu, parse, peer_parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_embedded",
    group="wbem",
    title="1,000 embedded instances in arrays",
    unit="ms",
    goal=Ratio(1 / 30),
    rounds=15,
    peer_rounds=9,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = embedded()
    return cpu(lambda: parse(octets))


def peer(folder: str) -> Round:
    """With pywbem."""
    octets = embedded()
    return cpu(lambda: peer_parse(octets))
