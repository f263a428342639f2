"""A text that is all references."""

from benchmarks.cim_documents import text_value
from benchmarks.cim_rounds import cpu, parse
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_references",
    group="wbem",
    title="20 MB of `&lt;`, CPU per MB; the peer is opswire with 1 MB",
    unit="ms",
    goal=Ratio(1.2),
    rounds=9,
    peer_rounds=9,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """20 times as large."""
    return _per_megabyte(20)


def peer(folder: str) -> Round:
    """1 MB, by opswire too."""
    return _per_megabyte(1)


def _per_megabyte(megabytes: int) -> Round:
    octets = text_value("&lt;" * (megabytes * 250_000))
    whole = cpu(lambda: parse(octets))
    return lambda: whole() / megabytes
