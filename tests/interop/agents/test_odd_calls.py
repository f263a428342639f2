"""Wrong types and edges of the right ones in every public call: errors that are documented."""

import subprocess
import sys
from pathlib import Path

import pytest

from opswire import agents, remctl
from opswire.agents import crash_archive, storage_tree
from tests.forms import two_forms
from tests.odd_calls.calls import all_calls

CHECKOUT = Path(__file__).parents[3]
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
