"""What the benchmarks of Storage share: the value, where it is, and how often it is asked for.

A round is short, so that the two sides take turns faster than the machine changes its pace.
"""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.claim import Round
from opswire.agents import Storage

KEY = "key"
CONTENT = "x" * 1024
CALLS = 50
#: A file system in memory.
MEMORY = "/dev/shm"  # noqa: S108 - each recipe gets a new folder below it


def storage(folder: str) -> Storage:
    """The values below a folder, one there already."""
    os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"] = os.path.abspath(folder)
    values = Storage("program", "host")
    values.write(KEY, CONTENT)
    return values


def value_path(folder: str) -> Path:
    """The same place for a peer: as many folders deep, and one value there already."""
    path = Path(folder).absolute() / "host" / "program" / KEY
    path.parent.mkdir(parents=True)
    path.write_text(CONTENT)
    return path


def median_of(call: Callable[[], object], pause: float = 0.0) -> Round:
    """A round: the median of CALLS calls, because one wait for the disk can be 100 times that.

    Args:
        call: what is measured.
        pause: seconds between two calls, which do not count.
    """

    def measure() -> float:
        spent = []
        for _ in range(CALLS):
            started = time.perf_counter()
            call()
            spent.append(time.perf_counter() - started)
            if pause:
                time.sleep(pause)
        return statistics.median(spent) * 1e6

    return measure
