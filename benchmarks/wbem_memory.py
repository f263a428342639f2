"""The most memory while the large answer is read."""

from benchmarks.cim_growth import growth
from benchmarks.cim_rounds import parse, peer_parse
from benchmarks.claim import Absolute, Claim, Recipes, Round

CLAIM = Claim(
    name="wbem_memory",
    group="wbem",
    title="10,000 instances: peak memory above start",
    unit="MB",
    goal=Absolute(100, "MB"),
    rounds=3,
    peer_rounds=3,
    pinned=True,
    fresh=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    return lambda: growth(folder, parse).peak / 1e6


def peer(folder: str) -> Round:
    """With pywbem."""
    return lambda: growth(folder, peer_parse).peak / 1e6
