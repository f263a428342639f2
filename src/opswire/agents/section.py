"""The documented path of what is in ``opswire.agents.output.sections``."""

from opswire.agents.output.sections import Section, piggyback

__all__ = ["Section", "piggyback"]
