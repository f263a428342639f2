"""Whether ten times as many instances take ten times as long."""

from benchmarks.cim_documents import MANY, instances
from benchmarks.cim_rounds import cpu, parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_linear",
    group="wbem",
    title="10,000 instances, the peer is opswire with 1,000",
    unit="ms",
    goal=Ratio(10.5),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = instances(MANY)
    return cpu(lambda: parse(octets))


def peer(folder: str) -> Round:
    """The small one, by opswire too."""
    octets = instances()
    return cpu(lambda: parse(octets))
