"""How the process grows when it reads the large answer."""

from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.recipes.cim_documents import MANY, written
from benchmarks.recipes.process_memory import peak_megabytes, resident


class Growth(NamedTuple):
    """In octets, above what the process had with the answer's octets in memory."""

    held: float
    peak: float


def growth(folder: str, parse: Callable[[bytes], list[Any]]) -> Growth:
    """Read the answer; to be called once in a process."""
    path = written(MANY, folder)
    # What is imported by the first call is no growth.
    parse(written(1, folder).read_bytes())
    octets = path.read_bytes()
    start = resident()
    objects = parse(octets)
    assert len(objects) == MANY
    return Growth(resident() - start, peak_megabytes() * 1e6 - start)
