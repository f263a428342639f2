"""What the start of an agent costs: Storage and the crash decorator."""

import os
import statistics
import sys

from benchmarks.claim import Absolute, Claim, Recipes, Round

CLAIM = Claim(
    name="agents_import",
    group="agents",
    title="import of Storage and the crash decorator: CPU above the bare interpreter",
    unit="ms",
    goal=Absolute(13, "ms"),
    rounds=9,
    peer_rounds=9,
    sides=Recipes("."),
)
STARTS = 9


def ours(folder: str) -> Round:
    """As an agent begins."""
    return _above_bare("from opswire.agents import Storage, report_agent_crashes")


def peer(folder: str) -> Round:
    """The standard library's modules for the same work, all loaded at once."""
    return _above_bare("import tempfile, pathlib, urllib.parse, traceback, pprint, uuid, base64")


def _above_bare(program: str) -> Round:
    return lambda: _cpu(program) - _cpu("pass")


def _cpu(program: str) -> float:
    """CPU time of an interpreter, user and system, in ms: the median of STARTS starts."""
    spent = []
    for _ in range(STARTS):
        command = [sys.executable, "-c", program]
        child = os.posix_spawn(sys.executable, command, os.environ)
        _, status, usage = os.wait4(child, 0)
        assert status == 0, program
        spent.append((usage.ru_utime + usage.ru_stime) * 1e3)
    return statistics.median(spent)
