"""The claims of the tools for agents; the peers are the recipes of the standard library."""

from functools import partial

from benchmarks.claim import EXT4, Absolute, Claim, Ratio, Recipes
from benchmarks.recipes import starting, storage

#: A file system in memory: what is left when the disk costs nothing.
TMPFS = "/dev/shm"  # noqa: S108 - each recipe gets a new folder below it

_storage = partial(Claim, group="agents", unit="µs", rounds=101, peer_rounds=101, pinned=True)

CLAIMS: tuple[Claim, ...] = (
    _storage(
        name="agents_write",
        title="`Storage.write()` of 1 KB, on ext4",
        goal=Ratio(0.6),
        sides=Recipes(storage.write, storage.write_by_tempfile, EXT4),
    ),
    _storage(
        name="agents_write_memory",
        title="`Storage.write()` of 1 KB, on tmpfs",
        goal=Ratio(0.6),
        sides=Recipes(storage.write, storage.write_by_tempfile, TMPFS),
    ),
    _storage(
        name="agents_durable",
        title="`Storage.write(durable=True)` of 1 KB, on ext4",
        goal=Ratio(1.15),
        sides=Recipes(storage.write_durably, storage.write_durably_by_calls, EXT4),
    ),
    _storage(
        name="agents_durable_memory",
        title="`Storage.write(durable=True)` of 1 KB, on tmpfs",
        goal=Ratio(1.15),
        sides=Recipes(storage.write_durably, storage.write_durably_by_calls, TMPFS),
    ),
    _storage(
        name="agents_read",
        title="`Storage.read()` of 1 KB, on ext4",
        goal=Ratio(0.9),
        sides=Recipes(storage.read, storage.read_by_pathlib, EXT4),
    ),
    _storage(
        name="agents_read_memory",
        title="`Storage.read()` of 1 KB, on tmpfs",
        goal=Ratio(0.9),
        sides=Recipes(storage.read, storage.read_by_pathlib, TMPFS),
    ),
    Claim(
        name="agents_import",
        group="agents",
        title="import of Storage and the crash decorator: CPU above the bare interpreter",
        unit="ms",
        goal=Absolute(13, "ms"),
        rounds=9,
        peer_rounds=9,
        sides=Recipes(
            starting.above_bare("from opswire.agents import Storage, report_agent_crashes"),
            # The standard library's modules for the same work, all loaded at once.
            starting.above_bare(
                "import tempfile, pathlib, urllib.parse, traceback, pprint, uuid, base64"
            ),
        ),
    ),
)
