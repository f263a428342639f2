"""The same answer, and then all that is in it is looked at."""

from typing import Any

from benchmarks.cim_documents import instances
from benchmarks.cim_rounds import cpu, parse, peer_parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_values",
    group="wbem",
    title="the same, then every property value read",
    unit="ms",
    goal=Ratio(1 / 30),
    rounds=15,
    peer_rounds=9,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    octets = instances()
    return cpu(lambda: read(parse(octets)))


def peer(folder: str) -> Round:
    """With pywbem."""
    octets = instances()
    return cpu(lambda: read(peer_parse(octets)))


def read(objects: list[Any]) -> list[Any]:
    """Every value of every instance, as applications do it; the objects are kept meanwhile."""
    for instance in objects:
        for _ in instance.values():
            pass
    return objects
