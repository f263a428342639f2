"""Real shells complete our commands and options with the text that the program prints."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from opswire.cli import program as command_line
from opswire.cli.completion import SHELLS, script
from tests.servers.daemon import program

PATIENCE = 60.0
# Interactive, without anybody's configuration, and with a prompt to wait for.
INTERACTIVE = {
    "bash": (["--norc", "--noprofile", "-i"], "PS1='ready''> '"),
    "zsh": (["-f", "-i"], "PS1='ready''> '; autoload -U compinit; compinit -D"),
}
CASES = {
    "a command": ("opswire compl", "opswire completion "),
    "a command of a group": ("opswire fleet r", "opswire fleet run "),
    "an option": ("opswire fleet run --conc", "opswire fleet run --concurrency "),
    "an option of remctl": ("opswire remctl --princ", "opswire remctl --principal "),
    "a group of a group": ("opswire agents st", "opswire agents storage "),
    "an option of a deep command": (
        "opswire agents storage rm --prog",
        "opswire agents storage rm --program ",
    ),
    "a command of wbem": ("opswire wbem enum", "opswire wbem enumerate "),
    "an option of wbem": ("opswire wbem get --tls-", "opswire wbem get --tls-minimum "),
    "a value": ("opswire completion ba", "opswire completion bash "),
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """One in which `opswire` is found, whatever environment this is."""
    launcher = tmp_path / "opswire"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m opswire "$@"\n')
    launcher.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TERM": "dumb",
    }


class Terminal:
    """A shell that somebody types into."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._primary, terminal = pty.openpty()
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)

    def close(self) -> None:
        """Leave."""
        self._process.kill()
        self._process.wait()
        os.close(self._primary)

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._primary, text.encode())

    def wait_for(self, text: str) -> None:
        """Read until this was shown."""
        shown = ""
        until = time.monotonic() + PATIENCE
        while text not in shown:
            ready, _, _ = select.select([self._primary], [], [], until - time.monotonic())
            assert ready, f"never showed {text!r} but {shown!r}"
            shown += os.read(self._primary, 65536).decode(errors="replace").replace("\a", "")


@pytest.fixture(params=INTERACTIVE)
def shell(request: pytest.FixtureRequest, environment: dict[str, str]) -> Iterator[Terminal]:
    """A shell that has read our script."""
    name: str = request.param
    options, before = INTERACTIVE[name]
    terminal = Terminal([program(name, name), *options], environment)
    try:
        terminal.type(f'{before}; eval "$(opswire completion {name})"\n')
        terminal.wait_for("ready> ")
        yield terminal
    finally:
        terminal.close()


@pytest.mark.parametrize("case", CASES)
def test_a_tab_completes(shell: Terminal, case: str) -> None:
    typed, completed = CASES[case]
    shell.type(f"{typed}\t")
    shell.wait_for(completed)


@pytest.mark.parametrize("case", CASES)
def test_fish_completes(environment: dict[str, str], case: str) -> None:
    """It has a command that tells what a tab would show."""
    typed, completed = CASES[case]
    commands = f"opswire completion fish | source; complete --do-complete '{typed}'"
    result = subprocess.run(
        [program("fish", "fish"), "--no-config", "-c", commands],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    words = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert words == [completed.split()[-1]]


@pytest.mark.parametrize("shell_name", SHELLS)
def test_the_script_is_the_whole_output(shell_name: str, environment: dict[str, str]) -> None:
    """Packagers write it to a file."""
    command = ["opswire", "completion", shell_name]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == (script(command_line.program, shell_name), "")
