"""A value of 1 KB replaced: all or nothing, without waiting for the disk."""

import os
import tempfile
from pathlib import Path

from benchmarks.claim import Claim, Ratio, Recipes, Round
from benchmarks.storage_rounds import CONTENT, DISK, KEY, median_of, storage, value_path

CLAIM = Claim(
    name="agents_write",
    group="agents",
    title="`Storage.write()` of 1 KB, on the disk",
    unit="µs",
    goal=Ratio(0.6),
    rounds=21,
    peer_rounds=21,
    sides=Recipes(DISK),
)


def ours(folder: str) -> Round:
    """Folders checked, a temporary file, rename."""
    values = storage(folder)
    return median_of(lambda: values.write(KEY, CONTENT))


def peer(folder: str) -> Round:
    """The recipe of the standard library's documentation and of many programs."""
    path = value_path(folder)

    def write() -> None:
        with tempfile.NamedTemporaryFile(
            "w", dir=Path(path).parent, prefix="%tmp", delete=False
        ) as file:
            file.write(CONTENT)
        os.replace(file.name, path)

    return median_of(write)
