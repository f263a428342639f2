"""Another Python process, for what would disturb this one: memory, signals, forks, namespaces."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SANITIZED = os.environ.get("OPSWIRE_BUILD") == "sanitize"


def environment(
    extra: Mapping[str, str] | None = None, *, measured: bool = False
) -> dict[str, str]:
    """The environment for a child: that of the process itself, and `extra`.

    When memory is `measured`, AddressSanitizer must not keep back what was freed, and a thread that
    begins while another one ends must not get a malloc arena of its own.
    """
    result = {**os.environ, **(extra or {})}
    if measured:
        result["MALLOC_ARENA_MAX"] = "1"
    if SANITIZED and measured:
        quarantine = "quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
        result["ASAN_OPTIONS"] = f"{result.get('ASAN_OPTIONS', '')}:{quarantine}"
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
    measured: bool = False,
) -> str:
    """Run a Python program to its end and return what it printed; it must end with status 0.

    `around` stands before the command line; `extra` and `measured` are those of `environment`.
    """
    done = subprocess.run(
        [*around, *command(program, *arguments)],
        cwd=ROOT,
        env=environment(extra, measured=measured),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout
