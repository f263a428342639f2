"""Storage with values that are too large, and with folders that do not stay."""

import logging
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opswire import folders
from opswire._core.folder_files import Folder, call_locked, replace_file
from opswire.agents import Storage
from opswire.agents.storage.names import VARIABLE
from opswire.agents.storage.tree import content
from tests.unit.clock import Clock


@pytest.mark.parametrize("read", ["read", "read_json"])
def test_a_value_beyond_the_limit_is_the_default_and_is_told_of(
    storage: Storage, base: Path, caplog: pytest.LogCaptureFixture, read: str
) -> None:
    storage.write("key", "12345")
    assert str(getattr(storage, read)("key", None, max_size=5)) == "12345"
    assert caplog.record_tuples == []
    assert getattr(storage, read)("key", "default", max_size=4) == "default"
    text = f"{base}/db1/agent/key counts as missing: it is larger than 4 octets"
    assert caplog.record_tuples == [("opswire.agents", logging.WARNING, text)]


@pytest.mark.parametrize("size", [(64 << 20) + 1, 1 << 43])
def test_a_value_has_64_mib_unless_told(
    storage: Storage, base: Path, caplog: pytest.LogCaptureFixture, size: int
) -> None:
    storage.write("key", "value")
    os.truncate(base / "db1/agent/key", size)
    assert storage.read("key", "default") == "default"
    assert storage.read_json("key", "default") == "default"
    assert [record.name for record in caplog.records] == ["opswire.agents"] * 2
    with pytest.raises(OSError, match=f"File too large: '{base}/db1/agent/key'"):
        storage.update("key", lambda _: "new")
    with pytest.raises(OSError, match=f"File too large: '{base}/db1/agent/key'"):
        content("db1", "agent", "key")
    assert (base / "db1/agent/key").stat().st_size == size


def test_a_value_of_64_mib_is_read(storage: Storage, base: Path) -> None:
    storage.write("key", "")
    os.truncate(base / "db1/agent/key", 64 << 20)
    assert len(storage.read("key", "default")) == 64 << 20
    assert storage.update("key", lambda old: str(len(str(old)))) == str(64 << 20)


def test_update_has_its_own_limit(storage: Storage) -> None:
    storage.write("key", "12345")
    assert storage.update("key", lambda old: old, max_size=5) == "12345"
    with pytest.raises(OSError, match="File too large"):
        storage.update("key", lambda old: old, max_size=4)


def no_memory(*_: object) -> str:
    """What some machines do, and others only when there is nothing left for anybody."""
    raise MemoryError


def test_a_value_that_memory_cannot_hold_is_the_default_and_is_told_of(
    storage: Storage,
    base: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage.write("key", "1")
    path = base / "db1/agent/key"
    with monkeypatch.context() as patched:
        patched.setattr("json.loads", no_memory)
        assert storage.read_json("key", "default") == "default"
    monkeypatch.setattr("opswire.agents.storage.program_values.read_file", no_memory)
    assert storage.read("key", "default") == "default"
    assert caplog.record_tuples == [
        ("opswire.agents", logging.WARNING, f"{path} counts as missing: {text}")
        for text in ("there is no memory for its JSON", "there is no memory for it")
    ]
    with pytest.raises(OSError, match=f"Cannot allocate memory: '{path}'"):
        storage.update("key", lambda _: "new")
    assert path.read_text() == "1"


VANISHING: list[Callable[[Storage], object]] = [
    lambda storage: storage.write("key", "value"),
    lambda storage: storage.update("key", lambda _: "value"),
]


class VanishingFolder:
    """A folder that is removed as soon as it has been made, by a clock that only pauses move."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.now = 0.0
        self._seconds = seconds
        self._base = base
        self._make = folders.make_folder
        monkeypatch.setattr("opswire.agents.storage.program_values.make_folder", self._made)
        monkeypatch.setattr("opswire.folders.monotonic", lambda: self.now)
        monkeypatch.setattr("opswire.folders.sleep", self._sleep)

    def _made(self, *arguments: Any, **options: Any) -> Folder:
        folder = self._make(*arguments, **options)
        if self.now < self._seconds:
            shutil.rmtree(self._base / "db1")
        return folder

    def _sleep(self, seconds: float) -> None:
        self.now += 50 * seconds


@pytest.mark.parametrize("call", VANISHING, ids=["write", "update"])
@pytest.mark.parametrize("quota", [None, 100])
def test_a_folder_that_vanishes_is_made_again_for_five_seconds(
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[Storage], object],
    quota: int | None,
) -> None:
    storage = Storage("agent", "db1", quota=quota)
    VanishingFolder(base, monkeypatch, 4.9)
    call(storage)
    assert storage.read("key", None) == "value"


@pytest.mark.parametrize("call", VANISHING, ids=["write", "update"])
def test_a_folder_that_vanishes_for_ever_is_an_error_after_five_seconds(
    storage: Storage,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[Storage], object],
) -> None:
    folder = VanishingFolder(base, monkeypatch, float("inf"))
    with pytest.raises(FileNotFoundError, match=f"'{base}/db1/agent/key'"):
        call(storage)
    assert 5 <= folder.now < 5.1


@pytest.mark.parametrize("moment", range(11))
@pytest.mark.parametrize("call", VANISHING, ids=["write", "update"])
@pytest.mark.parametrize("name", ["above", "above/storage", "above/storage/db1"])
@pytest.mark.parametrize("how", ["removed", "replaced", "made by another and removed"])
def test_a_folder_that_vanishes_between_any_two_calls_is_made_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[Storage], object],
    moment: int,
    name: str,
    how: str,
) -> None:
    """At the call of that number, and only then: one pause at most is needed."""
    disturbing = tmp_path / name
    mkdir = os.mkdir
    monkeypatch.setenv(VARIABLE, str(tmp_path / "above/storage"))
    moments = iter(range(100))
    pauses: list[float] = []

    def disturbed(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            if next(moments) != moment:
                return real(*arguments, **options)
            if how == "made by another and removed" and real is mkdir:
                mkdir(*arguments, **options)
            else:
                shutil.rmtree(disturbing, ignore_errors=True)
            if how == "replaced":
                subprocess.run(["mkdir", "-p", disturbing], check=True)
            try:
                return real(*arguments, **options)
            finally:
                if how == "made by another and removed":
                    shutil.rmtree(disturbing, ignore_errors=True)

        return called

    monkeypatch.setattr(folders, "Folder", disturbed(Folder))
    monkeypatch.setattr(os, "mkdir", disturbed(mkdir))
    monkeypatch.setattr(
        "opswire.agents.storage.program_values.replace_file", disturbed(replace_file)
    )
    monkeypatch.setattr("opswire.agents.storage.program_values.call_locked", disturbed(call_locked))
    monkeypatch.setattr(folders, "sleep", pauses.append)
    values = Storage("agent", "db1")
    call(values)
    assert values.read("key", None) == "value"
    assert next(moments) > moment
    assert len(pauses) <= 1


@pytest.mark.parametrize("call", VANISHING, ids=["write", "update"])
@pytest.mark.parametrize("quota", [None, 100])
@pytest.mark.parametrize("base", ["/proc/storage", "/proc", "storage", "."])
def test_a_folder_that_can_never_be_made_is_an_error_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[Storage], object],
    quota: int | None,
    base: str,
) -> None:
    """Below /proc, or in a working folder that was removed: nothing vanishes, nothing will be."""
    clock, pauses = Clock(), []

    def pause(seconds: float) -> None:
        clock.go_on(50 * seconds)
        pauses.append(seconds)

    monkeypatch.setattr(folders, "monotonic", clock)
    monkeypatch.setattr(folders, "sleep", pause)
    monkeypatch.setenv(VARIABLE, base)
    removed = tmp_path / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    values = Storage("agent", "db1", quota=quota)
    for _ in range(2):
        with pytest.raises(FileNotFoundError, match=f"'{base}/db1/agent/key'") as caught:
            call(values)
        assert type(caught.value) is FileNotFoundError
    # The second write looks whether the folder is there before it makes it.
    assert len(pauses) <= 1


def test_a_part_of_the_base_that_cannot_be_made_is_named() -> None:
    with pytest.raises(folders.CannotBeMade, match=r"'/proc/storage'$"):
        folders.make_folder("/proc/storage/deeper", ())


@pytest.mark.parametrize("kind", [FileNotFoundError, RuntimeError])
def test_an_error_of_the_function_is_not_taken_for_one_of_the_folder_or_lock(
    storage: Storage, kind: type[Exception]
) -> None:
    calls = []

    def fail(old: object) -> str:
        calls.append(old)
        raise kind("mine")

    with pytest.raises(kind, match=r"^mine$"):
        storage.update("key", fail)
    assert calls == [None]


def test_a_folder_removed_while_it_is_listed_has_nothing_in_it(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.write("key", "value")

    def removed(*arguments: Any, **options: Any) -> Folder:
        folder = Folder(*arguments, **options)
        shutil.rmtree(base / "db1", ignore_errors=True)
        return folder

    for call in (storage.keys, storage.clear, storage.remove_leftovers):
        monkeypatch.setattr("opswire.agents.storage.program_values.Folder", Folder)
        storage.write("key", "value")
        monkeypatch.setattr("opswire.agents.storage.program_values.Folder", removed)
        assert not call()
