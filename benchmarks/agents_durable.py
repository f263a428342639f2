"""A value of 1 KB that survives a power failure once the call returns."""

import os

from benchmarks.claim import EXT4, Claim, Ratio, Recipes, Round
from benchmarks.storage_rounds import CONTENT, KEY, median_of, storage, value_path

CLAIM = Claim(
    name="agents_durable",
    group="agents",
    title="`Storage.write(durable=True)` of 1 KB, on ext4",
    unit="µs",
    goal=Ratio(1.15),
    rounds=101,
    peer_rounds=101,
    pinned=True,
    sides=Recipes(EXT4),
)


def ours(folder: str) -> Round:
    """File and folder are synchronised."""
    values = storage(folder)
    return median_of(lambda: values.write(KEY, CONTENT, durable=True))


def peer(folder: str) -> Round:
    """Bare system calls with the same promise: the rename too is on the disk afterwards."""
    path = str(value_path(folder))
    parent = os.path.dirname(path)
    temporary = f"{parent}/%tmp"
    octets = CONTENT.encode()

    def write() -> None:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, octets)
        os.fsync(descriptor)
        os.close(descriptor)
        os.rename(temporary, path)
        descriptor = os.open(parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    return median_of(write)
