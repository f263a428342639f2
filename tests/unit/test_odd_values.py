"""Values at the edges of what agents may be given, and beyond them."""

import io
from pathlib import Path

import pytest

from opswire import agents
from opswire._core.performance_data import Item, format
from opswire.agents import crash_archive
from opswire.agents.crashes import VARIABLE
from opswire.errors import PerformanceDataError
from tests.wbem.odd_objects import deep


def test_what_is_nested_without_end_is_no_json(storage: agents.Storage) -> None:
    with (
        agents.Section("name", stream=io.StringIO()) as section,
        pytest.raises(ValueError, match="nested too deeply"),
    ):
        section.json(deep())
    with pytest.raises(ValueError, match="nested too deeply"):
        storage.write_json("key", deep())
    assert storage.keys() == []


@pytest.mark.parametrize("version", [1.5, None, b"1", deep()], ids=["1.5", "None", "b", "deep"])
def test_a_program_may_say_its_version_as_it_likes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """Its report is stored: what fails when it is shown must not end a program a second time."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    @agents.report_agent_crashes("agent", version)
    def main() -> int:
        raise ValueError("crashed")

    assert main() == 1
    assert len(crash_archive.stored(str(tmp_path))) == 1


@pytest.mark.parametrize("size", [2**63, 2**70, float("inf")])
def test_a_limit_beyond_all_files_is_none(storage: agents.Storage, size: int) -> None:
    storage.write("key", "value")
    assert storage.read("key", "default", max_size=size) == "value"
    assert storage.read("key", "default", max_size=-(2**70)) == "default"
    assert format([Item("a", 1.0)], max_length=2**70) == "'a'=1"


@pytest.mark.parametrize("ttl", [1e11, 2.0**63, float("nan")])
def test_a_time_to_live_that_no_file_has_is_refused(storage: agents.Storage, ttl: float) -> None:
    with pytest.raises(ValueError, match="the time to live must be a number of seconds above 0"):
        storage.write("key", "value", ttl=ttl)


def test_a_number_beyond_all_floats_is_told(storage: agents.Storage) -> None:
    with pytest.raises(ValueError, match="the time to live must be a number of seconds"):
        storage.write("key", "value", ttl=2**5000)
    with pytest.raises(PerformanceDataError, match="larger than any floating-point number"):
        Item("a", 2**5000)
    storage.write("key", "value")
    assert storage.read("key", None, max_age=2**5000) == "value"
