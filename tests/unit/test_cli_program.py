"""The program as a whole: help, versions, failures, and what it costs to start."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click
import pytest

import opswire
from opswire.cli.program import COMMANDS
from tests.unit.missing_library import without_library

HEAVY = {"asyncio", "click", "rich", "importlib.metadata", "ssl", "subprocess", "argparse"}


def run(
    *arguments: str, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "opswire", *arguments],
        env={**os.environ, **(extra or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_a_file_that_bears_its_name(name: str) -> None:
    command = import_module(COMMANDS[name]).command
    assert isinstance(command, click.Command)
    assert command.name == name


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_lists_every_command(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.stderr, result.returncode) == ("", 0)
    for name in COMMANDS:
        assert f"\n  {name} " in result.stdout


def test_the_version_is_that_of_the_package() -> None:
    result = run("--version")
    assert (result.stdout, result.stderr) == (f"opswire {opswire.__version__}\n", "")
    assert run("remctl", "-v").stdout == f"opswire remctl {opswire.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "Usage: opswire"),
        (["nonsense"], "No such command 'nonsense'"),
        (["--nonsense"], "No such option"),
        (["fleet"], "Usage: opswire fleet"),
        (["fleet", "run", "x"], "Missing option '--hosts'"),
        (["fleet", "run", "--hosts", "/dev/null"], "Missing argument 'COMMAND"),
        (["fleet", "run", "--hosts", "/dev/null", "x"], "/dev/null has no hosts"),
        (["fleet", "run", "--hosts", "-", "x"], "standard input has no hosts"),
        (
            ["fleet", "run", "--hosts", "/nowhere/hosts", "x"],
            "cannot read /nowhere/hosts: No such file or directory",
        ),
        (["fleet", "run", "--hosts", "-", "--concurrency", "0", "x"], "0 is not in the range"),
        (["fleet", "run", "--hosts", "-", "--retries", "-1", "x"], "-1 is not in the range"),
        (["fleet", "run", "--hosts", "-", "--deadline", "0", "x"], "0.0 is not in the range"),
        (["fleet", "run", "--hosts", "-", "--port", "65536", "x"], "65536 is not in the range"),
        (["fleet", "run", "--hosts", "-", "--principal", "", "x"], "must not be empty"),
        (["fleet", "run", "--hosts", "-", "--source", "", "x"], "must not be empty"),
        (["completion", "csh"], "'csh' is not one of"),
        (["agents"], "Usage: opswire agents"),
        (["agents", "storage", "ls", "--storage", ""], "must not be empty"),
        (["agents", "crashes", "show", "--crashes", "/nowhere"], "Missing argument 'ID'"),
    ],
)
def test_a_wrong_command_line_is_status_2(arguments: list[str], text: str) -> None:
    result = run(*arguments)
    assert (result.stdout, result.returncode) == ("", 2)
    assert text in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_time_that_is_no_number_of_seconds_is_status_2(tmp_path: Path, value: str) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("localhost:1\n")
    result = run("fleet", "run", "--hosts", str(hosts), "--timeout", value, "x")
    assert (result.stdout, result.returncode) == ("", 2)
    assert "timeout" in result.stderr


def test_a_bad_line_of_the_hosts_file_is_told(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_bytes(b"good\nbad:port\n")
    result = run("fleet", "run", "--hosts", str(hosts), "x")
    assert (result.stdout, result.returncode) == ("", 2)
    assert f"{hosts}, line 2: " in result.stderr
    hosts.write_bytes(b"good\n\xff\n")
    result = run("fleet", "run", "--hosts", str(hosts), "x")
    assert (result.stdout, result.returncode) == ("", 2)
    assert f"{hosts} is not UTF-8 text" in result.stderr


def test_without_a_gss_library_one_line_says_what_to_install(tmp_path: Path) -> None:
    environment = without_library(tmp_path)
    hosts = tmp_path / "hosts"
    # The library's absence is told only of a host that can be reached.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        hosts.write_text(f"127.0.0.1:{port}\n")
        for words in (
            ["remctl", "-p", port, "127.0.0.1", "x"],
            ["fleet", "run", "--hosts", str(hosts), "x"],
        ):
            result = run(*words, extra=environment)
            assert (result.stdout, result.returncode) == ("", 1)
            (line,) = result.stderr.splitlines()
            assert "libgssapi-krb5-2 (Debian)" in line


PRINT_MODULES = """
import os, sys
def leave(status):
    print(*sys.modules)
    sys.stdout.flush()
    sys.exit(status)
os._exit = leave
sys.argv[0] = "opswire"
from opswire.cli import main
try:
    sys.exit(main())
finally:
    print(*sys.modules)
"""


def modules(*arguments: str) -> set[str]:
    """What is loaded at the end."""
    result = subprocess.run(
        [sys.executable, "-c", PRINT_MODULES, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return set(result.stdout.split())


def test_remctl_starts_without_anything_heavy() -> None:
    loaded = modules("remctl", "-p", "1", "127.0.0.1", "test")
    assert "opswire.remctl.client" in loaded, "it came as far as the network"
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["fleet", "run", "--help"],
        ["agents", "crashes", "ls", "--help"],
        ["wbem", "serve", "--help"],
        ["wbem", "--help"],
    ],
)
def test_help_loads_neither_the_network_nor_what_draws(arguments: list[str]) -> None:
    loaded = modules(*arguments)
    assert "click" in loaded
    domains = {"opswire.remctl", "opswire.agents", "opswire.wbem", "opswire.http"}
    assert loaded & {"asyncio", "rich", *domains} == set()
