"""The same as agents_read, on tmpfs: what is left when the disk costs nothing."""

from benchmarks.agents_read import CLAIM as ON_DISK
from benchmarks.agents_read import ours, peer
from benchmarks.claim import Recipes
from benchmarks.storage_rounds import MEMORY

__all__ = ["CLAIM", "ours", "peer"]

CLAIM = ON_DISK._replace(
    name="agents_read_memory",
    title="`Storage.read()` of 1 KB, on tmpfs",
    sides=Recipes(MEMORY),
)
