"""The reader of CIM-XML in C: octets to blocks, no Python object."""

from benchmarks.cim_documents import instances
from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.xml_floor import floor

CLAIM = Claim(
    name="wbem_reader",
    group="wbem",
    title="the reader in C, octets to blocks, the peer is expat with empty handlers",
    unit="ms",
    # Before elements were read in one step it was 0.22; one and a half times as fast was wanted.
    goal=Ratio(0.146),
    rounds=21,
    peer_rounds=21,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """Every value checked and packed."""
    return floor(folder).reader(instances())


def peer(folder: str) -> Round:
    """By expat in C."""
    return floor(folder).expat(instances())
