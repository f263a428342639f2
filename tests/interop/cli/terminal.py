"""Our program on a terminal, as a person has it."""

import os
import pty
import subprocess
from collections.abc import Mapping

from tests.interop.cli.programs import OURS, SECONDS


def on_a_terminal(
    *words: str, stdin: bytes = b"", typed: bytes = b"", extra: Mapping[str, str] | None = None
) -> tuple[str, int]:
    """What the program draws on a terminal of 80 columns, and its status.

    With something `typed` the terminal is standard input too, else a pipe with `stdin`.
    """
    primary, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm", **(extra or {})}
    with subprocess.Popen(
        [*OURS, *words],
        stdin=terminal if typed else subprocess.PIPE,
        stdout=terminal,
        stderr=terminal,
        env=environment,
    ) as process:
        os.close(terminal)
        if process.stdin is None:
            os.write(primary, typed)
        else:
            process.stdin.write(stdin)
            process.stdin.close()
        drawn = read_all(primary)
        status = process.wait(SECONDS)
    os.close(primary)
    return drawn.decode(), status


def read_all(primary: int) -> bytes:
    """All that is drawn on a terminal until nobody has it open any more."""
    drawn = b""
    while piece := _read(primary):
        drawn += piece
    return drawn


def _read(primary: int) -> bytes:
    try:
        return os.read(primary, 65536)
    except OSError:  # EIO: the other end is closed
        return b""
