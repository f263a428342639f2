"""The documented path of what is in ``opswire.agents.crashes.archive``."""

from opswire.agents.crashes.archive import (
    StoredCrash,
    base_folder,
    load,
    local_variables,
    prune,
    read,
    store,
    stored,
)

__all__ = [
    "StoredCrash",
    "base_folder",
    "load",
    "local_variables",
    "prune",
    "read",
    "store",
    "stored",
]
