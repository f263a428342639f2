"""No object that a program puts anywhere into CIM objects crashes the interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.forms import two_forms

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("steps", two_forms(600, 20_000))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_object_anywhere_is_no_crash(seed: int, steps: int, tmp_path: Path) -> None:
    """Ordinary exceptions only; the seed and the step are told when it is otherwise."""
    note = tmp_path / "note"
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.wbem.type_fuzz"]
    child = subprocess.run(
        [*command, str(seed), str(steps), str(note)],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
    )
    assert child.returncode == 0, f"{note.read_text()}\n{child.stderr[-5000:]}"
    assert child.stdout.endswith(f"{steps}\n")
