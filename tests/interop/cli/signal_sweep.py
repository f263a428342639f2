"""Runs of ``opswire`` with a signal at one moment after the other, from its start to its end."""

import itertools
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from typing import NamedTuple

from tests.interop import child
from tests.interop.cli.programs import SECONDS
from tests.interop.cli.terminal import read_all

NUMBERS = (signal.SIGINT, signal.SIGTERM)
LINES = {signal.SIGINT: "opswire: interrupted\n", signal.SIGTERM: "opswire: terminated\n"}
RUNS = itertools.count()


class Signalled(NamedTuple):
    """A run and what came of it; a status below 0 is the signal that killed it.

    On a terminal stdout is all that was drawn; `sent` is whether the moment came.
    """

    word: str
    moment: int
    number: signal.Signals
    sent: bool
    steps: int
    stdout: str
    stderr: str
    status: int


def signalled(
    words: list[str],
    moment: int,
    number: signal.Signals,
    *,
    terminal: bool = False,
    extra: Mapping[str, str] | None = None,
    ignored: str = "",
    redirection: str = "",
) -> Signalled:
    """Run it; "{word}" in the words becomes one that no other run has.

    `extra` is for its environment, `ignored` names signals, and `redirection` is one of bash's.
    """
    # Numbered: two sweeps over the same moments have one server's log.
    word = f"{next(RUNS)}-{number.name}-{moment}-{'terminal' if terminal else 'pipe'}-."
    reader, writer = os.pipe()
    # As a terminal's shell leaves them, whoever has started the tests.
    command = ["env", "--default-signal=INT,TERM"]
    command += [f"--ignore-signal={ignored}"] if ignored else []
    command += [f"{name}={value}" for name, value in (extra or {}).items()]
    command += ["bash", "-c", f'exec "$@" {redirection}', "bash"] if redirection else []
    command += [
        sys.executable,
        "-W",
        "error",
        "-m",
        "tests.interop.cli.signalled_program",
        str(moment),
        str(int(number)),
        str(writer),
    ]
    command += [text.replace("{word}", word) for text in words]
    run = _on_a_terminal if terminal else _on_pipes
    try:
        stdout, stderr, status = run(command, writer)
    finally:
        os.close(writer)
    with open(reader) as told:
        sent, _, steps = told.read().rpartition(" ")
    return Signalled(word, moment, number, bool(sent), int(steps or 0), stdout, stderr, status)


def _on_pipes(command: list[str], descriptor: int) -> tuple[str, str, int]:
    done = subprocess.run(
        command,
        cwd=child.ROOT,
        env=child.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        pass_fds=[descriptor],
        check=False,
    )
    return done.stdout, done.stderr, done.returncode


def _on_a_terminal(command: list[str], descriptor: int) -> tuple[str, str, int]:
    primary, terminal = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", *command],
        cwd=child.ROOT,
        env=child.environment({"COLUMNS": "200", "TERM": "xterm"}),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        pass_fds=[descriptor],
    ) as process:
        os.close(terminal)
        drawn = read_all(primary)
        status = process.wait(SECONDS)
    os.close(primary)
    return drawn.decode().replace("\r\n", "\n"), "", status


def moments(steps: int, times: int) -> list[int]:
    """Half of them spread over all steps, the other half over the last fifth: most are imports."""
    half = times // 2
    late = steps * 4 // 5
    return [1 + steps * index // half for index in range(half)] + [
        late + (steps - late) * index // half for index in range(half)
    ]


def sweep(words: list[str], times: int) -> Iterator[Signalled]:
    """Run it so many times: on a terminal and without one, SIGINT and SIGTERM in turns.

    Before either half it runs without a signal, which says how many steps there are.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for terminal in (False, True):
            whole = signalled(words, 0, signal.SIGINT, terminal=terminal)
            assert whole.steps > times, "it handles the signals, and they can come between"
            yield whole
            yield from pool.map(
                partial(signalled, words, terminal=terminal),
                moments(whole.steps, times // 2),
                cycle(NUMBERS),
            )
