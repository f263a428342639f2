"""A server process with its own process group and its own log file."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

READY_SECONDS = 20.0
STOP_SECONDS = 5.0


class DaemonFailed(RuntimeError):
    """A server could not be found or did not come up; the text ends with its log."""


def program(name: str, package: str) -> str:
    """The path of a server program; an ordinary user's PATH often lacks the sbin folders."""
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    path = shutil.which(name, path=folders)
    if path is None:
        raise DaemonFailed(f"{name} is not installed; on Debian it is in the package {package}")
    return path


class Daemon:
    """Runs one foreground server; everything that it has forked ends with it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._name = Path(command[0]).name
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is the process group too."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the server has not ended by itself."""
        return self._process.poll() is None

    def log(self) -> str:
        """What the server has written so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return when `ready` says so; DaemonFailed when the server ends or takes too long."""
        deadline = time.monotonic() + READY_SECONDS
        while not ready():
            if not self.running:
                raise self.failure(f"ended with {self._process.returncode}")
            if time.monotonic() > deadline:
                raise self.failure(f"was not ready within {READY_SECONDS:.0f} s")
            time.sleep(0.02)

    def failure(self, what: str) -> DaemonFailed:
        """The exception for something that went wrong with this server."""
        return DaemonFailed(f"{self._name} {what}; its log:\n{self.log()}")

    def stop(self) -> None:
        """End the server and its children; may be called again."""
        if self.running:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        # Children of a forking server outlive it, and the group's id stays theirs.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
