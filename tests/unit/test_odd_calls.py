"""Wrong types and edges of the right ones in every public call: errors that are documented."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from opswire import agents, remctl
from opswire._core.performance_data import Item, format
from opswire.agents import crash_archive, storage_tree
from opswire.agents.crashes import VARIABLE
from tests.forms import two_forms
from tests.odd_calls.calls import all_calls
from tests.wbem.odd_objects import deep

CHECKOUT = Path(__file__).parents[2]
#: What the library makes and a program reads, and functions without arguments.
READ = {"ErrorCode", "FleetRun", "Outcome", "RemctlOutput", "RemctlSimpleResult"}
READ |= {"StoredCrash", "StoredValue", "base_folder", "programs", "values"}


@pytest.mark.parametrize("steps", two_forms(1_500, 60_000))
@pytest.mark.parametrize("seed", [1, 2])
def test_odd_values_end_in_an_error_that_is_told(seed: int, steps: int, tmp_path: Path) -> None:
    """No crash, no hang, nothing from inside; the seed and the call are shown if not."""
    note = tmp_path / "note"
    child = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-m",
            "tests.odd_calls",
            str(seed),
            str(steps),
            note,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
    )
    assert child.returncode == 0, f"{note.read_text()[-80:]}\n{child.stderr[-5000:]}"
    assert child.stdout.endswith(f"{steps}\n")


@pytest.mark.parametrize("domain", [agents, remctl, crash_archive, storage_tree])
def test_no_public_call_is_left_out(domain: object) -> None:
    """Whoever adds one adds it there."""
    tried = {name.partition(".")[0] for name in all_calls()}
    public = {
        name
        for name in getattr(domain, "__all__", dir(domain))
        if callable(getattr(domain, name)) and not name.startswith("_")
    }
    errors = {name for name in public if name.endswith("Error")}
    assert public - errors - READ - tried == set()


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
