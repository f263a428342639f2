"""One check of `./test`: commands with a time limit, and what they count for."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree  # the files were written by our own pytest run

FOLDER = Path("build/checks")
GRACE_SECONDS = 10.0
MARK = "OPSWIRE_CHECK"
# A shell without job control makes what runs in the background deaf for SIGINT.
HEARING = ("env", "--default-signal=INT")
ENTERED_BY_ALL = 0o711


@dataclass(frozen=True)
class Check:
    """Commands that run one after the other until one fails; `timeout` is for all of them.

    A check with `tests` runs pytest last, and its tests are what counts; any other check counts
    as one. `after` names checks that must have passed; `cores` is how many it keeps busy. A file
    that matches `reports` afterwards is a failure whatever the commands said.
    """

    name: str
    commands: Sequence[Sequence[str]]
    timeout: float
    after: tuple[str, ...] = ()
    tests: bool = False
    cores: float = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    reports: str = ""

    @property
    def stem(self) -> str:
        """The name as a file name."""
        return self.name.replace(" ", "-").replace("/", "-")

    @property
    def log(self) -> Path:
        """Where the output goes."""
        return FOLDER / f"{self.stem}.log"

    @property
    def junit(self) -> Path:
        """Where pytest writes its counts."""
        return FOLDER / f"{self.stem}.xml"


@dataclass(frozen=True)
class Outcome:
    """What a check counted, and a sentence for each thing that failed."""

    check: Check
    seconds: float
    passed: int
    problems: list[str]
    output: str = ""


def run(check: Check) -> Outcome:
    """Run a check to its end or to its time limit; leaves no process and no temporary file."""
    started = time.monotonic()
    for old in (check.junit, *_reports(check)):
        old.unlink(missing_ok=True)
    # All runs of a user share pytest's folder, which is closed to others whenever one begins.
    with tempfile.TemporaryDirectory(prefix="opswire-", ignore_cleanup_errors=True) as temporary:
        os.chmod(temporary, ENTERED_BY_ALL)  # some tests become nobody
        verdict = _run_commands(check, started + check.timeout, temporary)
    output = check.log.read_text(errors="replace")
    for report in _reports(check):
        text = report.read_text(errors="replace")
        output += f"\n--- {report.name}\n{text}"
        verdict = verdict or f"sanitizer report {report}"
    passed, problems = _count(check) if check.tests else (int(not verdict), [])
    # pytest's statuses 1 and 2 say no more than that tests failed or could not be collected.
    if verdict and (not problems or verdict not in {"exit status 1", "exit status 2"}):
        problems.append(f"{check.name}: {verdict}")
    if check.tests and not passed and not problems:
        problems.append(f"{check.name}: ran no test")
    seconds = time.monotonic() - started
    return Outcome(check, seconds, passed, problems, output if problems else "")


def _run_commands(check: Check, deadline: float, temporary: str) -> str:
    """An empty text, or why the check failed."""
    token = f"{os.getpid()}/{check.name}"
    environment = {**os.environ, **check.environment, "TMPDIR": temporary, MARK: token}
    with check.log.open("wb") as log:
        for command in check.commands:
            log.write(f"$ {' '.join(command)}\n".encode())
            log.flush()
            process = subprocess.Popen(
                [*HEARING, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
            try:
                status = process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                # pytest stops its servers on an interrupt, and says where it hung.
                _signal(process.pid, signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE_SECONDS)
                return f"took more than {check.timeout:.0f} s"
            finally:
                _signal(process.pid, signal.SIGKILL)
                end_marked(token)
                process.wait()
            if status:
                return f"exit status {status}"
    return ""


def end_marked(token: str) -> None:
    """Kill the processes that carry `token`: servers that a dead test run has left."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            marked = f"{MARK}={token}".encode() in (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended meanwhile, or somebody else's
        if marked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(folder.name), signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def _reports(check: Check) -> list[Path]:
    return sorted(FOLDER.glob(check.reports)) if check.reports else []


def _count(check: Check) -> tuple[int, list[str]]:
    """Passed tests, and a sentence for each failed or skipped one."""
    try:
        root = ElementTree.parse(check.junit).getroot()  # noqa: S314 - our own pytest wrote it
    except (OSError, ElementTree.ParseError):
        return 0, []  # the verdict says why
    passed, problems = 0, []
    for case in root.iter("testcase"):
        name = f"{check.name}: {case.get('classname')}::{case.get('name')}"
        bad = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
        if bad:
            problems.append(f"{name} ({', '.join(bad)})")
        else:
            passed += 1
    return passed, problems
