"""A lock is held by its name: whoever got one of a file that has lost its name starts again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from opswire._core import folder_files
from opswire._core.folder_files import Folder, call_locked, remove_idle_lock

NAME = "%lock"


class Enough(Exception):
    """Somebody has waited long enough."""


@contextmanager
def held(folder: Folder) -> Iterator[None]:
    """Let another thread hold the lock."""
    inside, leave = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        inside.set()
        leave.wait(30)

    thread = threading.Thread(target=call_locked, args=(folder, NAME, hold))
    thread.start()
    assert inside.wait(30)
    yield
    leave.set()
    thread.join()


def test_a_lock_of_a_file_that_was_removed_meanwhile_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one waits, the file is removed, another one made and locked, and the first let go."""
    folder = Folder(str(tmp_path), ())
    first, second = held(folder), held(folder)
    pauses: list[float] = []
    entered: list[object] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) > 1:
            raise Enough
        (tmp_path / NAME).unlink()
        second.__enter__()
        first.__exit__(None, None, None)

    monkeypatch.setattr(folder_files, "sleep", pause)
    first.__enter__()
    with pytest.raises(Enough):
        call_locked(folder, NAME, entered.append, 30)
    second.__exit__(None, None, None)
    assert entered == []
    call_locked(folder, NAME, entered.append, 0)
    assert len(entered) == 1


def test_a_lock_that_somebody_holds_is_not_removed(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path), ())
    with held(folder):
        assert not remove_idle_lock(folder, NAME)
        assert (tmp_path / NAME).exists()
    assert remove_idle_lock(folder, NAME)
    assert not (tmp_path / NAME).exists()
