"""What is held for each property."""

from typing import Any

from benchmarks.cim_documents import MANY, PROPERTIES
from benchmarks.cim_growth import growth
from benchmarks.cim_rounds import parse, peer_parse
from benchmarks.claim import Absolute, Claim, Recipes, Round
from benchmarks.wbem_values import read

CLAIM = Claim(
    name="wbem_property_memory",
    group="wbem",
    title="memory per property held, 10,000 instances, every value read",
    unit="octets",
    goal=Absolute(150, "octets"),
    rounds=3,
    peer_rounds=3,
    pinned=True,
    fresh=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    return lambda: growth(folder, _read).held / (MANY * PROPERTIES)


def peer(folder: str) -> Round:
    """With pywbem."""
    return lambda: growth(folder, _peer_read).held / (MANY * PROPERTIES)


def _read(octets: bytes) -> list[Any]:
    return read(parse(octets))


def _peer_read(octets: bytes) -> list[Any]:
    return read(peer_parse(octets))
