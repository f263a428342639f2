"""The documented path of what is in ``opswire.agents.storage.tree``."""

from opswire.agents.storage.tree import StoredValue, content, programs, purge, remove, values

__all__ = ["StoredValue", "content", "programs", "purge", "remove", "values"]
