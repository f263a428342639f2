"""Text that programs keep between two runs, by program, host and key."""

from opswire.agents.storage.program_values import Storage

__all__ = ["Storage"]
