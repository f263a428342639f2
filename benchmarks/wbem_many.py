"""Ten times as many instances."""

from benchmarks.cim_documents import MANY, instances
from benchmarks.cim_rounds import cpu, parse, peer_parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_many",
    group="wbem",
    title="10,000 instances (34.6 MB)",
    unit="ms",
    goal=Ratio(1 / 45),
    rounds=9,
    peer_rounds=3,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = instances(MANY)
    return cpu(lambda: parse(octets))


def peer(folder: str) -> Round:
    """With pywbem."""
    octets = instances(MANY)
    return cpu(lambda: peer_parse(octets))
