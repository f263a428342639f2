"""What the start of a program costs."""

import os
import statistics
import sys

from benchmarks.claim import Recipe, Round

STARTS = 9


def above_bare(statement: str) -> Recipe:
    """A program that executes that, above the bare interpreter; in ms of CPU."""

    def prepare(folder: str) -> Round:
        return lambda: _cpu(statement) - _cpu("pass")

    return prepare


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
