"""A value of 1 KB read, replaced, and made to last, by Storage and by the usual recipes.

A round is short, so that the two sides take turns faster than the machine changes its pace.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.claim import Round
from opswire.agents import Storage

KEY = "key"
CONTENT = "x" * 1024
CALLS = 50
#: An agent writes a value once in a run, and not while the last one is still on its way to the
#: disk: removing the old file would wait for that. Both sides pause between two calls.
PAUSE = 0.001


def read(folder: str) -> Round:
    """Folders and file are checked."""
    values = _storage(folder)
    assert values.read(KEY, None) == CONTENT
    return _median_of(lambda: values.read(KEY, None))


def read_by_pathlib(folder: str) -> Round:
    """The path made once."""
    return _median_of(_value_path(folder).read_text)


def write(folder: str) -> Round:
    """All or nothing, without waiting for the disk: folders checked, a temporary file, rename."""
    values = _storage(folder)
    return _median_of(lambda: values.write(KEY, CONTENT), PAUSE)


def write_by_tempfile(folder: str) -> Round:
    """The recipe of the standard library's documentation and of many programs."""
    path = _value_path(folder)

    def replace() -> None:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix="%tmp", delete=False) as file:
            file.write(CONTENT)
        os.replace(file.name, path)

    return _median_of(replace, PAUSE)


def write_durably(folder: str) -> Round:
    """It survives a power failure once the call returns: file and folder are synchronised."""
    values = _storage(folder)
    return _median_of(lambda: values.write(KEY, CONTENT, durable=True))


def write_durably_by_calls(folder: str) -> Round:
    """Bare system calls with the same promise: the rename too is on the disk afterwards."""
    path = str(_value_path(folder))
    parent = os.path.dirname(path)
    temporary = f"{parent}/%tmp"
    octets = CONTENT.encode()

    def replace() -> None:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, octets)
        os.fsync(descriptor)
        os.close(descriptor)
        os.rename(temporary, path)
        descriptor = os.open(parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    return _median_of(replace)


def _storage(folder: str) -> Storage:
    """The values below a folder, one there already."""
    os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"] = os.path.abspath(folder)
    values = Storage("program", "host")
    values.write(KEY, CONTENT)
    return values


def _value_path(folder: str) -> Path:
    """The same place for a peer: as many folders deep, and one value there already."""
    path = Path(folder).absolute() / "host" / "program" / KEY
    path.parent.mkdir(parents=True)
    path.write_text(CONTENT)
    return path


def _median_of(call: Callable[[], object], pause: float = 0.0) -> Round:
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
