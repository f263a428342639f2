"""No object that a program puts anywhere into CIM objects crashes the interpreter.

With OPSWIRE_FUZZ_STEPS set to a number, so many steps for each seed instead of the usual ones, and
with OPSWIRE_FUZZ_SEED another seed for the first run.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STEPS = os.environ.get("OPSWIRE_FUZZ_STEPS", "1500")
SEED = int(os.environ.get("OPSWIRE_FUZZ_SEED", "1"))
CHECKOUT = Path(__file__).parents[2]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_any_object_anywhere_is_no_crash(seed: int, tmp_path: Path) -> None:
    """Ordinary exceptions only; the seed and the step are told when it is otherwise."""
    note = tmp_path / "note"
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.wbem.type_fuzz"]
    child = subprocess.run(
        [*command, str(seed), STEPS, str(note)],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
    )
    assert child.returncode == 0, f"{note.read_text()}\n{child.stderr[-5000:]}"
    assert child.stdout.endswith(f"{STEPS}\n")
