"""Another Python process, for what would disturb this one: memory, signals, forks, namespaces."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SANITIZED = os.environ.get("OPSWIRE_BUILD") == "sanitize"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a child: that of the process itself, and `extra`.

    AddressSanitizer keeps freed memory back, 256 MB by default, which would hide all figures.
    """
    result = {**os.environ, **(extra or {})}
    if SANITIZED:
        result["ASAN_OPTIONS"] = result.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    return result


def command(program: str, *arguments: object) -> list[str]:
    """The command line that runs a Python program, where `tests` can be imported."""
    return [sys.executable, "-W", "error", "-c", program, *map(str, arguments)]


def run(
    program: str,
    *arguments: object,
    extra: Mapping[str, str] | None = None,
    around: Sequence[str] = (),
    timeout: float = 120,
) -> str:
    """Run a Python program to its end and return what it printed; it must end with status 0."""
    done = subprocess.run(
        [*around, *command(program, *arguments)],
        cwd=ROOT,
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout
