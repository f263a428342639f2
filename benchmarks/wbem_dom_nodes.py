"""All nodes of such an element: what looking at it costs, as ours has none before."""

from benchmarks import cim_library
from benchmarks.cim_rounds import cpu_of_many
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_dom_nodes",
    group="wbem",
    title="`CIMInstance.tocimxml()`, then all its elements looked up",
    unit="µs",
    goal=Ratio(1),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    return _round(cim_library.ours())


def peer(folder: str) -> Round:
    """With pywbem."""
    return _round(cim_library.peers())


def _round(library: cim_library.CimLibrary) -> Round:
    instance = library.made()
    return cpu_of_many(lambda: instance.tocimxml().getElementsByTagName("*"))
