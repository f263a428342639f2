"""An answer of EnumerateInstances, from its octets to a list of objects."""

from benchmarks.cim_documents import instances
from benchmarks.cim_rounds import cpu, parse, peer_parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_instances",
    group="wbem",
    title="1,000 instances of 30 properties (3.45 MB): octets to `CIMInstance` objects",
    unit="ms",
    goal=Ratio(1 / 40),
    rounds=15,
    peer_rounds=9,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = instances()
    return cpu(lambda: parse(octets))


def peer(folder: str) -> Round:
    """With pywbem."""
    octets = instances()
    return cpu(lambda: peer_parse(octets))
