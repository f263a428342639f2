"""A value of 1 KB read again and again."""

from benchmarks.claim import EXT4, Claim, Ratio, Recipes, Round
from benchmarks.storage_rounds import CONTENT, KEY, median_of, storage, value_path

CLAIM = Claim(
    name="agents_read",
    group="agents",
    title="`Storage.read()` of 1 KB, on ext4",
    unit="µs",
    goal=Ratio(0.9),
    rounds=101,
    peer_rounds=101,
    pinned=True,
    sides=Recipes(EXT4),
)


def ours(folder: str) -> Round:
    """Folders and file are checked."""
    values = storage(folder)
    assert values.read(KEY, None) == CONTENT
    return median_of(lambda: values.read(KEY, None))


def peer(folder: str) -> Round:
    """pathlib, the path made once."""
    path = value_path(folder)
    return median_of(path.read_text)
