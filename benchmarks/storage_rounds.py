"""What the benchmarks of Storage share: the value, where it is, and how often it is asked for."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.claim import Round
from opswire.agents import Storage

KEY = "key"
CONTENT = "x" * 1024
CALLS = 200
#: The checkout's own file system, and one in memory.
DISK = "."
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


def median_of(call: Callable[[], object]) -> Round:
    """A round: the median of CALLS calls, because one wait for the disk can be 100 times that."""

    def measure() -> float:
        spent = []
        for _ in range(CALLS):
            started = time.perf_counter()
            call()
            spent.append(time.perf_counter() - started)
        return statistics.median(spent) * 1e6

    return measure
