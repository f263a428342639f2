"""What an import may cost: programs that start hundreds of times a minute import opswire."""

import subprocess
import sys
from pathlib import Path

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
        "opswire.public_names",
    }


AGENT = "from opswire.agents import Storage, report_agent_crashes"
OURS = {
    "opswire._core",
    "opswire._core.folder_files",
    "opswire._version",
    "opswire.agents",
    "opswire.agents.crashes",
    "opswire.agents.crashes.decorators",
    "opswire.agents.storage",
    "opswire.agents.storage.names",
    "opswire.agents.storage.program_values",
    "opswire.folders",
    "opswire.public_names",
}
# What an interpreter has not loaded by itself and an agent's start takes: importlib for the names
# of opswire.agents, and __future__ for the annotations.
THEIRS = {"__future__", "importlib", "importlib._bootstrap", "importlib._bootstrap_external"}
# Where compiled modules keep what they share; nothing is loaded for it.
CYTHON = ("cython_runtime", "_cython_")


def modules_after(program: str) -> set[str]:
    """All modules that a program has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_an_agent_starts_with_its_own_modules_and_next_to_nothing_else() -> None:
    """13 ms of CPU are allowed; python -m benchmarks agents_import measures them."""
    loaded = modules_after(AGENT) - modules_after("pass") - {"opswire"}
    loaded = {name for name in loaded if not name.startswith(CYTHON)}
    assert loaded >= OURS
    assert loaded - OURS <= THEIRS | {"warnings"}


def test_an_agent_that_reads_and_writes_loads_nothing_more(tmp_path: Path) -> None:
    """Locks, JSON and what expires are paid for by those who use them."""
    use = (
        f"{AGENT}; import os; os.environ['SERVER_SIDE_PROGRAM_STORAGE_PATH'] = {str(tmp_path)!r}; "
        "os.environ['SERVER_SIDE_PROGRAM_CRASHES_PATH'] = '/nowhere'; s = Storage('p', 'h'); "
        "s.write('key', 'value'); s.read('key', None); s.unset('key'); "
        "report_agent_crashes('p', '1')(lambda: 0)()"
    )
    assert modules_after(use) == modules_after(AGENT)


HTTP = ("opswire.http", "httptools", "uvloop")


@pytest.mark.parametrize("domain", ["remctl", "wbem", "agents", "cli"])
def test_no_domain_loads_the_http_server(domain: str) -> None:
    """Nor what it stands on; uvloop alone is half a megabyte of code."""
    loaded = modules_after(
        f"import contextlib, opswire.{domain} as domain\n"
        "for name in dir(domain):\n"
        "    with contextlib.suppress(ImportError):  # what needs an extra\n"
        "        getattr(domain, name)\n"
    )
    assert [name for name in loaded if name.startswith(HTTP)] == []


def test_naming_a_server_starts_no_event_loop() -> None:
    """Uvloop is loaded by the start."""
    assert "uvloop" not in modules_after("from opswire.http import Server; Server(print)")
