"""The same round trip on uvloop."""

import asyncio

from benchmarks import fleet_noop
from benchmarks.claim import Round, Target

CLAIM = fleet_noop.CLAIM._replace(name="fleet_noop_uvloop", title="the same on uvloop")
peer = fleet_noop.peer


def ours(targets: list[Target]) -> Round:
    """One connection, one task."""
    import uvloop

    return fleet_noop.noops(targets, asyncio.Runner(loop_factory=uvloop.new_event_loop))
