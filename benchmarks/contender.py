"""The two sides of each comparison, and a worker process of either."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from benchmarks.claim import Claim, Libraries, Programs
from tests.servers.daemon import program

ROOT = Path(__file__).parents[1]


class Contender(NamedTuple):
    """A side, the interpreter that runs it, and a folder of modules that it needs besides.

    `side` is a module; for claims about programs it is a command line, which the interpreter only
    measures; else the claim's own function, "ours" or "peer".
    """

    python: str
    side: str
    path: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What the interpreter needs to find the library."""
        return {"PYTHONPATH": self.path} if self.path else {}


DEBIAN_MODULES = Path("/usr/lib/python3/dist-packages")


def peer() -> Contender:
    """Debian's python3-pyremctl, run by our own interpreter wherever that can load it.

    Then both sides run the same CPython binary and differ in the library only. Otherwise it is
    run by Debian's interpreter, and the versions in the JSON tell.
    """
    if any((DEBIAN_MODULES / f"_remctl{suffix}").exists() for suffix in EXTENSION_SUFFIXES):
        return Contender(sys.executable, "remctl", str(DEBIAN_MODULES))
    return Contender("/usr/bin/python3", "remctl")


OURS = Contender(sys.executable, "opswire.remctl")
PEER = peer()
# The installed program, as users start it, and not `python -m`.
OUR_PROGRAM = Contender(
    sys.executable, shlex.join([str(Path(sys.executable).with_name("opswire")), "remctl"])
)
PEER_PROGRAM = Contender(sys.executable, program("remctl", "remctl-client"))


def contenders(claim: Claim) -> tuple[Contender, Contender]:
    """Ours and the peer."""
    if isinstance(claim.sides, Libraries):
        return OURS, PEER
    if isinstance(claim.sides, Programs):
        return OUR_PROGRAM, PEER_PROGRAM
    return Contender(sys.executable, "ours"), Contender(sys.executable, "peer")


class WorkerFailed(RuntimeError):
    """A worker ended without an answer; its traceback is on standard error."""


class Worker:
    """A process of one side of one claim; see worker.py for its arguments."""

    def __init__(
        self,
        contender: Contender,
        claim: Claim,
        where: list[str],
        cpu: int | None,
        environment: Mapping[str, str],
    ) -> None:
        self._name = f"{claim.name}, {contender.side}"
        command = [contender.python, "-m", "benchmarks.worker"]
        command += [claim.group, claim.name, contender.side]
        command += ["any" if cpu is None else str(cpu), *where]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment, **contender.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._process.kill()
        self._process.communicate()

    def measure(self) -> float:
        """One round."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write("round\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise WorkerFailed(self._name) from None
        if not (answer := self._process.stdout.readline()):
            raise WorkerFailed(self._name)
        return float(answer)
