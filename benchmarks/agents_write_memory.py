"""The same as agents_write, on tmpfs: what is left when the disk costs nothing."""

from benchmarks.agents_write import CLAIM as ON_DISK
from benchmarks.agents_write import ours, peer
from benchmarks.claim import Recipes
from benchmarks.storage_rounds import MEMORY

__all__ = ["CLAIM", "ours", "peer"]

CLAIM = ON_DISK._replace(
    name="agents_write_memory",
    title="`Storage.write()` of 1 KB, on tmpfs",
    sides=Recipes(MEMORY),
)
