"""What Storage does when a system call fails, is interrupted, or does half of what it should."""

import errno
import os
import signal
from pathlib import Path

import pytest

from tests.unit.faulty_calls import FaultyCalls, Outcome

Method = tuple[str, list[object], dict[str, object]]
WRITE: Method = ("write", ["key", "new"], {})
DURABLE: Method = ("write", ["key", "new"], {"durable": True})
EXPIRING: Method = ("write", ["key", "new"], {"ttl": 60})
READ: Method = ("read", ["key", "none"], {})
ONE_OCTET = NOT_SET = 0


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> FaultyCalls:
    """The shim, compiled once."""
    return FaultyCalls(tmp_path_factory.mktemp("faulty_calls"))


def clean(outcome: Outcome) -> bool:
    """Whether nothing was left: no temporary file, no descriptor."""
    return outcome.names == ["key"] and outcome.left_open == []


@pytest.mark.parametrize(
    ("method", "call", "mishap"),
    [
        (WRITE, "open", errno.EINTR),
        (WRITE, "openat", errno.EINTR),
        (WRITE, "openat", errno.EEXIST),
        (WRITE, "write", errno.EINTR),
        (WRITE, "write", ONE_OCTET),
        (WRITE, "close", errno.EINTR),
        (WRITE, "renameat", errno.EINTR),
        (WRITE, "flock", errno.EINTR),
        (WRITE, "flock", errno.ENOLCK),  # as NFS does: nobody else can lock it either
        (DURABLE, "fsync", errno.EINTR),
    ],
)
def test_a_write_goes_on(
    calls: FaultyCalls, tmp_path: Path, method: Method, call: str, mishap: int
) -> None:
    """A signal without consequences, a name that exists, a write of one octet."""
    outcome = calls.run(tmp_path, method, call, mishap)
    assert (outcome.result, outcome.value) == (None, "new")
    assert clean(outcome)


@pytest.mark.parametrize(
    ("method", "call", "passed_over", "mishap"),
    [
        (WRITE, "open", 0, errno.EMFILE),
        (WRITE, "openat", 0, errno.ENOSPC),
        (WRITE, "write", 0, errno.ENOSPC),
        (WRITE, "close", 0, errno.EDQUOT),  # as NFS does
        (WRITE, "renameat", 0, errno.EIO),
        (DURABLE, "fsync", 0, errno.EIO),
        (EXPIRING, "futimens", 0, errno.EPERM),
    ],
)
def test_a_write_that_fails_leaves_the_old_value_and_nothing_else(
    calls: FaultyCalls, tmp_path: Path, method: Method, call: str, passed_over: int, mishap: int
) -> None:
    """The error says which file, and what the system said."""
    outcome = calls.run(tmp_path, method, call, mishap, passed_over=passed_over)
    path = tmp_path / "db1/agent/key"
    assert str(outcome.result).endswith(f"[Errno {mishap}] {os.strerror(mishap)}: {str(path)!r}")
    assert outcome.value == "old"
    assert clean(outcome)


@pytest.mark.parametrize("call", ["open", "openat", "write", "flock", "renameat", "fsync"])
def test_an_interrupted_write_leaves_the_old_value_and_nothing_else(
    calls: FaultyCalls, tmp_path: Path, call: str
) -> None:
    """Ctrl-C while the system call waits, for a slow disk for example."""
    outcome = calls.run(tmp_path, DURABLE, call, errno.EINTR, signal=signal.SIGINT)
    assert (outcome.result, outcome.value) == ("KeyboardInterrupt: ", "old")
    assert clean(outcome)


def test_a_folder_that_cannot_be_synchronised_is_told(calls: FaultyCalls, tmp_path: Path) -> None:
    """The new value is there, but may not survive a power failure."""
    outcome = calls.run(tmp_path, DURABLE, "fsync", errno.EIO, passed_over=1)
    assert str(outcome.result).startswith("OSError: [Errno 5]")
    assert outcome.value == "new"
    assert clean(outcome)


def test_a_file_system_that_does_not_keep_times_is_told(calls: FaultyCalls, tmp_path: Path) -> None:
    """A value would never expire, or at once."""
    outcome = calls.run(tmp_path, EXPIRING, "futimens", NOT_SET)
    assert "does not keep the time of modification to the nanosecond" in str(outcome.result)
    assert outcome.value == "old"
    assert clean(outcome)


@pytest.mark.parametrize(
    ("call", "mishap"),
    [
        ("open", errno.EINTR),
        ("openat", errno.EINTR),
        ("read", errno.EINTR),
        ("read", ONE_OCTET),
    ],
)
def test_a_read_goes_on(calls: FaultyCalls, tmp_path: Path, call: str, mishap: int) -> None:
    """The value is read whole."""
    outcome = calls.run(tmp_path, READ, call, mishap)
    assert outcome.result == "old"
    assert clean(outcome)


@pytest.mark.parametrize("call", ["open", "openat", "read"])
def test_a_read_that_fails_gives_the_default(calls: FaultyCalls, tmp_path: Path, call: str) -> None:
    """As for a missing value; no descriptor stays open."""
    outcome = calls.run(tmp_path, READ, call, errno.EIO)
    assert outcome.result == "none"
    assert clean(outcome)


@pytest.mark.parametrize("call", ["open", "openat", "read"])
def test_a_read_can_be_interrupted(calls: FaultyCalls, tmp_path: Path, call: str) -> None:
    """No descriptor stays open."""
    outcome = calls.run(tmp_path, READ, call, errno.EINTR, signal=signal.SIGINT)
    assert outcome.result == "KeyboardInterrupt: "
    assert clean(outcome)


def test_a_durable_write_synchronises_the_file_before_the_rename_and_the_folder_after(
    calls: FaultyCalls, tmp_path: Path
) -> None:
    """In this order only is the old or the new value there after a power failure."""
    outcome = calls.run(tmp_path, DURABLE)
    assert order(outcome) == ["fsync %", "renameat agent", "fsync agent"]


def test_a_write_that_is_not_durable_waits_for_nothing(calls: FaultyCalls, tmp_path: Path) -> None:
    """It renames, and that is all."""
    assert order(calls.run(tmp_path, WRITE)) == ["renameat agent"]


def test_a_rename_is_between_the_calls_that_keep_clean_ups_out(
    calls: FaultyCalls, tmp_path: Path
) -> None:
    """The second lets them in again at once, whoever else has the folder open."""
    outcome = calls.run(tmp_path, DURABLE)
    done = [call for call in outcome.calls if call.split()[0] in {"flock", "renameat", "fsync"}]
    assert done == ["fsync %", "flock agent", "renameat agent", "flock agent", "fsync agent"]


def test_folders_that_are_made_are_synchronised_too(calls: FaultyCalls, tmp_path: Path) -> None:
    """Before the value is written into them."""
    outcome = calls.run(tmp_path, DURABLE, fresh=True)
    folders = [f"fsync {tmp_path.name}", "fsync db1"]
    assert order(outcome) == [*folders, "fsync %", "renameat agent", "fsync agent"]


def order(outcome: Outcome) -> list[str]:
    """The calls that make a value durable, or its own."""
    return [call for call in outcome.calls if call.split()[0] in {"fsync", "renameat"}]
