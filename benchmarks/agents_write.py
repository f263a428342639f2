"""A value of 1 KB replaced: all or nothing, without waiting for the disk.

An agent writes a value once in a run, and not while the last one is still on its way to the disk:
removing the old file would wait for that.  Both sides pause between two calls for this reason.
"""

import os
import tempfile
from pathlib import Path

from benchmarks.claim import EXT4, Claim, Ratio, Recipes, Round
from benchmarks.storage_rounds import CONTENT, KEY, median_of, storage, value_path

CLAIM = Claim(
    name="agents_write",
    group="agents",
    title="`Storage.write()` of 1 KB, on ext4",
    unit="µs",
    goal=Ratio(0.6),
    rounds=101,
    peer_rounds=101,
    pinned=True,
    sides=Recipes(EXT4),
)
PAUSE = 0.001


def ours(folder: str) -> Round:
    """Folders checked, a temporary file, rename."""
    values = storage(folder)
    return median_of(lambda: values.write(KEY, CONTENT), PAUSE)


def peer(folder: str) -> Round:
    """The recipe of the standard library's documentation and of many programs."""
    path = value_path(folder)

    def write() -> None:
        with tempfile.NamedTemporaryFile(
            "w", dir=Path(path).parent, prefix="%tmp", delete=False
        ) as file:
            file.write(CONTENT)
        os.replace(file.name, path)

    return median_of(write, PAUSE)
