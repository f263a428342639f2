"""The command line as processes: ours, and remctl(1) as its reference."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.interop import child
from tests.servers.daemon import program

OURS = (sys.executable, "-W", "error", "-m", "opswire")
PEER = (Path(program("remctl", "remctl-client")).name,)  # getopt shows how it was called
SECONDS = 60.0


class Ended(NamedTuple):
    """What a program left; a status below 0 is the signal that ended it."""

    stdout: bytes
    stderr: str
    status: int


def run(
    *command: str | bytes,
    extra: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Ended:
    """Run a program to its end."""
    done = subprocess.run(
        command,
        env={**os.environ, **(extra or {})},
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return Ended(done.stdout, done.stderr.decode(), done.returncode)


def opswire(
    *arguments: str | bytes, extra: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Ended:
    """Run ours."""
    return run(*OURS, *arguments, extra=extra, stdin=stdin)


def begun(*command: str) -> subprocess.Popen[bytes]:
    """Start a program with pipes.

    SIGINT is as a terminal's shell would leave it: whoever started the tests in the background has
    ignored it for all of us.
    """
    return subprocess.Popen(
        ["env", "--default-signal=INT", *command],
        env=child.environment(measured=True),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
