"""Which crash reports stay, which are read, and whose folder takes them."""

import os
import uuid
from pathlib import Path

import pytest

from opswire.agents.crashes import archive


def stored(base: Path, **options: float) -> str:
    """Store a report; return its identifier."""
    identifier = str(uuid.uuid1())
    report = {"crash_type": "agent", "crash_id": identifier}
    archive.store(report, str(base), **options)  # type: ignore[arg-type]  # of several types
    return identifier


def kept(base: Path) -> set[str]:
    """The identifiers of the reports that there are."""
    return {crash.crash_id for crash in archive.stored(str(base))}


@pytest.mark.parametrize("options", [{"keep": 0}, {"keep_days": 0.0}, {"keep_days": -1.0}])
def test_a_report_stays_when_it_is_stored(tmp_path: Path, options: dict[str, float]) -> None:
    """Whatever is to stay of the others: it is the reason for all of this."""
    stored(tmp_path, keep=5)
    newest = stored(tmp_path, **options)
    assert kept(tmp_path) == {newest}


@pytest.mark.parametrize("mode", [0o710, 0o701, 0o740, 0o704, 0o720, 0o702])
def test_a_private_folder_is_for_nobody_else(tmp_path: Path, mode: int) -> None:
    """Neither to be entered, nor listed, nor written to."""
    base = tmp_path / "private"
    base.mkdir()
    base.chmod(mode)
    with pytest.raises(PermissionError, match="is not a folder of this user alone"):
        stored(base, private=True)
    base.chmod(0o700)
    assert kept(base) == set()
    assert stored(base, private=True) in kept(base)


def test_a_report_of_more_than_64_mebibytes_is_not_read(tmp_path: Path) -> None:
    """Whoever may write there could fill the memory of who looks."""
    identifier = stored(tmp_path)
    [crash] = archive.stored(str(tmp_path))
    os.truncate(crash.path, 64 * 1024 * 1024 + 1)
    with pytest.raises(ValueError, match="is too large for a crash report"):
        archive.read(identifier, str(tmp_path))
    os.truncate(crash.path, 64 * 1024 * 1024)
    with pytest.raises(ValueError, match="has no crash report in it"):
        archive.read(identifier, str(tmp_path))


@pytest.mark.parametrize("name", ["{}.bak", "{}0", "x{}", "{}\n"])
def test_a_folder_with_more_in_its_name_is_no_report(tmp_path: Path, name: str) -> None:
    """Somebody has kept a copy: it is neither shown nor removed."""
    identifier = stored(tmp_path)
    copy = tmp_path / "agent" / name.format(uuid.uuid1())
    copy.mkdir()
    (copy / "crash.info").write_text("{}")
    assert kept(tmp_path) == {identifier}
    newest = stored(tmp_path, keep=1)
    assert kept(tmp_path) == {newest}
    assert (copy / "crash.info").exists()


def test_pruning_tells_how_many_reports_it_removed(tmp_path: Path) -> None:
    for _ in range(5):
        stored(tmp_path, keep=5)
    removed = [archive.prune("agent", str(tmp_path), keep=keep) for keep in (5, 3, 3, 0)]
    assert removed == [0, 2, 0, 3]
    assert kept(tmp_path) == set()


@pytest.mark.parametrize("value", [3, None, ["text"]])
def test_local_variables_are_text(value: object) -> None:
    with pytest.raises(ValueError, match="must be text in base64"):
        archive.local_variables({"local_vars": value})
    assert archive.local_variables({}) == ""
    assert archive.local_variables({"local_vars": "e30="}) == "{}"
