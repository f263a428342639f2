"""What an import may cost: programs that start hundreds of times a minute import opswire."""

import subprocess
import sys

import pytest

HEAVY = {"asyncio", "click", "dataclasses", "importlib.metadata", "rich", "ssl"}


@pytest.mark.parametrize("module", ["opswire", "opswire.errors"])
def test_the_root_and_the_errors_import_nothing_heavy(module: str) -> None:
    """Domains are imported when somebody asks for one."""
    program = f"import sys, {module}; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    names = set(result.stdout.split())
    assert names & HEAVY == set()
    assert {name for name in names if name.startswith("opswire.")} <= {
        "opswire._version",
        "opswire.errors",
    }
