"""The same as agents_durable, on tmpfs: what is left when the disk costs nothing."""

from benchmarks.agents_durable import CLAIM as ON_DISK
from benchmarks.agents_durable import ours, peer
from benchmarks.claim import Recipes
from benchmarks.storage_rounds import MEMORY

__all__ = ["CLAIM", "ours", "peer"]

CLAIM = ON_DISK._replace(
    name="agents_durable_memory",
    title="`Storage.write(durable=True)` of 1 KB, on tmpfs",
    sides=Recipes(MEMORY),
)
