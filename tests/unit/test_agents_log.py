"""What ``opswire.agents`` logs: what did not go as a program had it in mind, and no values."""

import errno
import logging
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from opswire._core.folder_files import Folder
from opswire.agents import Storage
from opswire.agents.crashes import archive
from opswire.agents.storage import program_values
from opswire.folders import make_folder
from tests.unit.test_crash_limits import kept, stored

SECRET = "s3cret-value"


@pytest.fixture
def domain() -> logging.Logger:
    """The logger."""
    return logging.getLogger("opswire.agents")


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str]]]:
    """Levels and messages of the domain since the last call."""
    caplog.set_level(logging.DEBUG, logger="opswire.agents")

    def lines() -> list[tuple[str, str]]:
        found = [(each.levelname, each.getMessage()) for each in caplog.records]
        assert {each.name for each in caplog.records} <= {"opswire.agents"}
        assert SECRET not in caplog.text
        caplog.clear()
        return found

    return lines


Lines = Callable[[], list[tuple[str, str]]]


def linked(path: Path) -> None:
    """Something else in the place of a value."""
    path.unlink()
    path.symlink_to("/etc/passwd")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link": (linked, os.strerror(errno.ELOOP)),
    "other octets": (lambda path: path.write_bytes(b"\xff" + SECRET.encode()), "it is not UTF-8"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_value_that_is_there_and_is_not_read_is_a_warning(
    storage: Storage, base: Path, told: Lines, kind: str
) -> None:
    """A program that signs in anew each minute has its reason there."""
    breaks, reason = BROKEN[kind]
    storage.write("key", SECRET)
    path = base / "db1/agent/key"
    breaks(path)
    assert storage.read("key", "default") == "default"
    assert told() == [("WARNING", f"{path} counts as missing: {reason}")]


def test_what_is_no_json_is_a_warning(storage: Storage, base: Path, told: Lines) -> None:
    storage.write("key", f"{{{SECRET}")
    assert storage.read_json("key", "default") == "default"
    assert told() == [("WARNING", f"{base}/db1/agent/key counts as missing: it is no JSON")]


def test_an_update_that_overwrites_other_octets_is_a_warning(
    storage: Storage, base: Path, told: Lines
) -> None:
    storage.write("key", "")
    path = base / "db1/agent/key"
    path.write_bytes(b"\xff")
    assert storage.update("key", lambda old: old, SECRET) == SECRET
    assert told() == [("WARNING", f"{path} counts as missing: it is not UTF-8")]


def test_nothing_is_said_of_what_is_as_it_should_be(storage: Storage, told: Lines) -> None:
    """Neither of a value that never was, nor of one past its time."""
    assert storage.read("key", None) is None
    storage.write("key", SECRET, ttl=60)
    assert storage.read("key", None) == SECRET
    assert storage.read("key", None, max_age=0.000_000_001) is None
    assert storage.update("key", lambda old: old) == SECRET
    storage.unset("key")
    assert told() == []


class Release(logging.Handler):
    """Sets an event when a line comes."""

    def __init__(self, event: threading.Event) -> None:
        super().__init__()
        self._event = event

    def emit(self, record: logging.LogRecord) -> None:
        self._event.set()


class Holder:
    """Is in its update until it is told to leave."""

    def __init__(self, storage: Storage) -> None:
        self.leave = threading.Event()
        self._inside = threading.Event()
        self._thread = threading.Thread(target=storage.update, args=["key", self._slow])

    def _slow(self, _: object) -> str:
        self._inside.set()
        return "told" if self.leave.wait(30) else "not told"

    def __enter__(self) -> "Holder":
        self._thread.start()
        assert self._inside.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.leave.set()
        self._thread.join()


def test_an_update_tells_that_it_waits(
    storage: Storage, base: Path, told: Lines, domain: logging.Logger
) -> None:
    """Before it waits: the other one here leaves only when the line has come."""
    with Holder(storage) as holder:
        domain.addHandler(handler := Release(holder.leave))
        try:
            assert storage.update("key", lambda old: old) == "told"
        finally:
            domain.removeHandler(handler)
    assert told() == [("INFO", f"update of {base}/db1/agent/key waits for another one")]


def test_an_error_in_an_update_that_waited_is_the_only_one(
    storage: Storage, told: Lines, domain: logging.Logger
) -> None:
    """No time-out stands behind it in a traceback."""

    def fails(_: object) -> str:
        raise ZeroDivisionError

    with Holder(storage) as holder:
        domain.addHandler(handler := Release(holder.leave))
        try:
            with pytest.raises(ZeroDivisionError) as caught:
                storage.update("key", fails)
        finally:
            domain.removeHandler(handler)
    assert caught.value.__context__ is None
    assert len(told()) == 1


@pytest.mark.parametrize("timeout", [0, 0.0, -1])
def test_an_update_that_must_not_wait_says_nothing(
    storage: Storage, told: Lines, timeout: float
) -> None:
    """Its error says all that there is."""
    with Holder(storage), pytest.raises(TimeoutError, match=f"by another for {timeout} s"):
        storage.update("key", str, timeout=timeout)
    assert told() == []


@pytest.mark.parametrize("method", ["write", "update"])
def test_a_value_that_is_stored_again_is_told_once(
    storage: Storage, base: Path, told: Lines, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """However often: its folder is removed three times, each time that it has been made."""
    left = [None, None, None]

    def vanishing(*arguments: object, **options: bool) -> Folder:
        folder = make_folder(*arguments, **options)  # type: ignore[arg-type]  # passed on
        if left:
            left.pop()
            shutil.rmtree(base / "db1")
        return folder

    monkeypatch.setattr(program_values, "make_folder", vanishing)
    if method == "write":
        storage.write("key", SECRET)
    else:
        storage.update("key", lambda _: SECRET)
    assert left == []
    text = f"{base}/db1/agent/key is stored again: No such file or directory"
    assert told() == [("INFO", text)]


@pytest.mark.parametrize("by", ["remove_leftovers", "write"])
def test_what_was_nobodys_is_counted(
    storage: Storage, base: Path, told: Lines, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """A temporary file of a writer that died: here any is old enough."""
    storage.write("key", "")
    (base / "db1/agent/%tmp-of-the-dead").write_text(SECRET)
    if by == "remove_leftovers":
        assert storage.remove_leftovers(older_than=0) == 1
    else:
        monkeypatch.setattr(program_values, "LEFTOVER_SECONDS", 0.0)
        Storage("agent", "db1").write("key", "")
    assert told() == [("INFO", f"{base}/db1/agent: 1 files that were nobody's are removed")]
    assert storage.remove_leftovers(older_than=0) == 0
    assert told() == []


def test_old_crash_reports_that_make_room_are_counted(tmp_path: Path, told: Lines) -> None:
    stored(tmp_path, keep=5)
    stored(tmp_path, keep=5)
    assert told() == []
    newest = stored(tmp_path, keep=1)
    assert kept(tmp_path) == {newest}
    assert told() == [("INFO", f"{tmp_path}/agent: 2 old crash reports are removed")]


def test_crash_reports_that_cannot_be_removed_are_a_warning(
    tmp_path: Path, told: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root lists every folder: the fault is made."""

    def refused(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", "agent")

    monkeypatch.setattr(archive, "prune", refused)
    assert stored(tmp_path) in kept(tmp_path)
    text = "old crash reports stay: [Errno 13] Permission denied: 'agent'"
    assert told() == [("WARNING", text)]


def test_a_program_whose_log_is_broken_has_its_report(
    tmp_path: Path, told: Lines, domain: logging.Logger
) -> None:
    """In its folder, and not in the spare one."""

    def broken(_: logging.LogRecord) -> bool:
        raise ZeroDivisionError

    domain.addFilter(broken)
    try:
        stored(tmp_path, keep=1)
        newest = stored(tmp_path, keep=1)
    finally:
        domain.removeFilter(broken)
    assert kept(tmp_path) == {newest}
