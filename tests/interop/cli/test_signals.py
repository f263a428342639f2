"""SIGINT and SIGTERM at any moment of ``opswire``: how it ends, and that nothing begins after.

In their short form the sweeps run it 200 times in all, in the long one 5,000 times.
"""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.forms import two_forms
from tests.interop import child
from tests.interop.cli.programs import OURS, SECONDS, begun
from tests.interop.cli.signal_sweep import LINES, Signalled, signalled, sweep
from tests.interop.cli.terminal import read_all
from tests.servers.lame import hanging_port
from tests.servers.remctld import Remctld

HOSTS = 4
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def told(run: Signalled) -> Counter[str]:
    """How often which verdict stands in what was printed for the hosts."""
    text = ESCAPE.sub("", run.stdout)
    rows = re.findall(r"127\.0\.0\.1:\d+\s+[0-9-]+\s+[0-9.-]+\s+(.*?) *\n", text)
    kinds = {"not finished": "unfinished", "not finished: sent, may have run": "sent"}
    return Counter("done" if row == run.word else kinds.get(row, row) for row in rows)


def wrong_ending(run: Signalled) -> str:
    """What is wrong with the way in which it ended, which is the same for nearly all commands."""
    text = ESCAPE.sub("", run.stdout + run.stderr)
    if "Traceback" in text or "Exception ignored" in text:
        return "a traceback"
    lines = text.count("opswire: ")
    if not run.sent:
        return "" if (run.status, lines) == (0, 0) else "without a signal it fails"
    if run.status != 128 + run.number:
        return "the status"
    if lines != 1 or LINES[run.number] not in text or run.stderr not in {"", LINES[run.number]}:
        return "not one line"
    return "" if run.stdout.count("\x1b[?25l") <= run.stdout.count("\x1b[?25h") else "the cursor"


def wrong_fleet(run: Signalled, log: str) -> str:
    """The same for a fleet, and whether what it printed is what happened."""
    if wrong := wrong_ending(run):
        return wrong
    verdicts = told(run)
    ran = log.count(f"test echo {run.word}\n")
    if verdicts.total() not in {0, HOSTS} or not verdicts.keys() <= {"done", "unfinished", "sent"}:
        return f"the verdicts {verdicts}"
    if not verdicts["done"] <= ran <= verdicts["done"] + verdicts["sent"]:
        return f"it ran {ran} times, and told {verdicts}"
    return "" if run.sent or ran == HOSTS else "without a signal hosts are missing"


def wrong_remctl(run: Signalled) -> str:
    """It dies by the signal without a word, as remctl(1) does."""
    ended = (run.status, run.stderr)
    if ended != ((-run.number if run.sent else 0), ""):
        return f"the ending {ended}"
    allowed = {"", f"{run.word}\n"} if run.sent else {f"{run.word}\n"}
    return "" if run.stdout in allowed else "the output"


def until(happened: Callable[[], bool]) -> None:
    """Wait for what will happen; there is nobody who tells of it."""
    latest = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < latest
        time.sleep(0.02)


@pytest.fixture
def hosts(remctld: Remctld, tmp_path: Path) -> str:
    """A file with so many hosts."""
    path = tmp_path / "hosts"
    path.write_text(f"127.0.0.1:{remctld.port}\n" * HOSTS)
    return str(path)


@pytest.mark.parametrize("times", two_forms(100, 2400))
def test_a_fleet_ends_at_any_moment_and_tells_what_it_did(
    remctld: Remctld, hosts: str, times: int
) -> None:
    """Nothing is lost, nothing hangs, no traceback; what may have run is told."""
    words = ["fleet", "run", "--hosts", hosts, "test", "echo", "{word}"]
    runs = list(sweep(words, times))
    log = remctld.log()
    assert [(wrong, run) for run in runs if (wrong := wrong_fleet(run, log))] == []


@pytest.mark.parametrize("times", two_forms(60, 2000))
def test_remctl_dies_of_the_signal_at_any_moment(remctld: Remctld, times: int) -> None:
    words = ["remctl", "-p", str(remctld.port), "localhost", "test", "echo", "{word}"]
    runs = sweep(words, times)
    assert [(wrong, run) for run in runs if (wrong := wrong_remctl(run))] == []


@pytest.mark.parametrize("times", two_forms(12, 200))
@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["completion", "bash"],
        ["agents", "storage", "ls", "--storage", "{folder}"],
    ],
    ids=lambda words: words[0],
)
def test_every_other_command_ends_at_any_moment(
    words: list[str], times: int, tmp_path: Path
) -> None:
    (tmp_path / "host" / "program").mkdir(parents=True)
    (tmp_path / "host" / "program" / "key").write_text("value")
    words = [word.replace("{folder}", str(tmp_path)) for word in words]
    runs = sweep(words, times)
    assert [(wrong, run) for run in runs if (wrong := wrong_ending(run))] == []


@pytest.mark.parametrize("number", LINES)
def test_global_options_do_not_change_how_remctl_dies(
    remctld: Remctld, number: signal.Signals
) -> None:
    words = ["--debug", "remctl", "-p", str(remctld.port), "localhost", "test", "echo", "{word}"]
    for moment in (1, 10_000):
        run = signalled(words, moment, number)
        assert (run.status, run.stdout, run.stderr) == (-number, "", "")


@pytest.mark.parametrize("number", LINES)
def test_completion_dies_without_a_word(number: signal.Signals) -> None:
    """It runs while somebody types."""
    asked = {"_OPSWIRE_COMPLETE": "bash_complete", "COMP_WORDS": "opswire ", "COMP_CWORD": "1"}
    for moment in (1, 10_000):
        run = signalled([], moment, number, extra=asked)
        assert (run.status, run.stdout, run.stderr) == (-number, "", "")


def test_a_signal_that_is_ignored_stays_so(hosts: str) -> None:
    """As with nohup, and in the background jobs of a script."""
    words = ["fleet", "run", "--hosts", hosts, "test", "echo", "{word}"]
    for moment in (1, 10_000, 160_000):
        run = signalled(words, moment, signal.SIGINT, ignored="INT")
        assert (run.sent, run.status, run.stderr) == (True, 0, "")
        assert told(run) == {"done": HOSTS}
        run = signalled(words, moment, signal.SIGTERM, ignored="INT")
        assert (run.sent, run.status, run.stderr) == (True, 143, LINES[signal.SIGTERM])


def test_nobody_who_reads_the_line_is_no_hindrance(hosts: str) -> None:
    """Standard error is closed, full, or a pipe whose reader has gone."""
    for redirection in ("2>&-", "2>/dev/full", "2> >(:)"):
        words = ["fleet", "run", "--hosts", hosts, "test", "echo", "{word}"]
        run = signalled(words, 10_000, signal.SIGINT, redirection=redirection)
        assert (run.status, run.stdout, run.stderr) == (130, "", "")


# ---- while a fleet runs ----


@pytest.mark.parametrize("number", LINES)
def test_what_was_sent_is_told_and_what_was_not(
    remctld: Remctld, tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "hosts"
    with hanging_port() as hanging:
        path.write_text(f"localhost:{remctld.port}\n127.0.0.1:{hanging}\n")
        words = [*OURS, "fleet", "run", "--hosts", str(path), "--json", "test", "sleep", "31"]
        before = remctld.log().count("test sleep 31")
        with begun(*words) as process:
            until(lambda: remctld.log().count("test sleep 31") > before)
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=SECONDS)
    records = {record["host"]: record for record in map(json.loads, stdout.splitlines())}
    sent, unsent = records[f"localhost:{remctld.port}"], records[f"127.0.0.1:{hanging}"]
    assert (sent["error_kind"], sent["error"]) == ("sent", "not finished: sent, may have run")
    assert (unsent["error_kind"], unsent["error"]) == ("unfinished", "not finished")
    assert (process.returncode, stderr.decode()) == (128 + number, LINES[number])


@pytest.fixture
def full_pipe() -> Iterator[int]:
    """The end for writing of a pipe that is full, and that nobody reads."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, bytes(65536))
    os.set_blocking(writer, True)
    yield writer
    os.close(reader)
    os.close(writer)


def repeat(process: subprocess.Popen[bytes], number: signal.Signals) -> int:
    """Send a signal until it ends, and return its status."""

    def ended() -> bool:
        process.send_signal(number)
        return process.poll() is not None

    try:
        until(ended)
    finally:
        process.kill()
    return process.wait()


def test_a_second_signal_ends_it_where_nobody_reads_the_results(hosts: str, full_pipe: int) -> None:
    """The terminal has its cursor again, although the bar was never taken down."""
    primary, terminal = pty.openpty()
    command = ["env", "--default-signal=INT,TERM", *OURS]
    with subprocess.Popen(
        [*command, "fleet", "run", "--hosts", hosts, "test", "true"],
        env=child.environment({"COLUMNS": "80", "TERM": "xterm"}),
        stdin=subprocess.DEVNULL,
        stdout=full_pipe,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        drawn = b""
        while b"1/4" not in drawn:  # the first result is being written
            drawn += os.read(primary, 65536)
        assert repeat(process, signal.SIGINT) == 130
        drawn += read_all(primary)
    os.close(primary)
    assert drawn.endswith(b"opswire: interrupted\r\n")
    assert drawn.rindex(b"\x1b[?25h") > drawn.rindex(b"\x1b[?25l")


def begun_deaf(full_pipe: int, *words: str) -> subprocess.Popen[bytes]:
    """A fleet whose output nobody reads, and whose standard input has no end."""
    return subprocess.Popen(
        ["env", "--default-signal=INT,TERM", *OURS, "fleet", "run", *words],
        env=child.environment(),
        stdin=subprocess.PIPE,
        stdout=full_pipe,
        stderr=full_pipe,
    )


def test_a_further_signal_ends_it_where_nobody_reads_the_line(full_pipe: int) -> None:
    with begun_deaf(full_pipe, "--hosts", "-", "test", "true") as process:
        status = Path(f"/proc/{process.pid}/status")
        caught = re.compile(r"SigCgt:\s+([0-9a-f]+)")
        bit = 1 << (signal.SIGTERM - 1)
        until(lambda: any(int(mask, 16) & bit for mask in caught.findall(status.read_text())))
        assert repeat(process, signal.SIGTERM) == -signal.SIGTERM


def test_a_third_signal_ends_it_where_nobody_reads_anything(
    remctld: Remctld, hosts: str, full_pipe: int
) -> None:
    words = ["--hosts", hosts, "test", "echo", "to-nobody"]
    before = remctld.log().count("test echo to-nobody")
    with begun_deaf(full_pipe, *words) as process:
        until(lambda: remctld.log().count("test echo to-nobody") > before)
        assert repeat(process, signal.SIGTERM) == -signal.SIGTERM


def test_control_c_is_typed(tmp_path: Path) -> None:
    """On a terminal that has the program in its foreground, while the bar is drawn."""
    path = tmp_path / "hosts"
    primary, terminal = pty.openpty()
    with hanging_port() as hanging:
        path.write_text(f"127.0.0.1:{hanging}\n")
        command = ["setsid", "--ctty", "env", "--default-signal=INT,TERM", *OURS]
        with subprocess.Popen(
            [*command, "fleet", "run", "--hosts", str(path), "test", "true"],
            env=child.environment({"COLUMNS": "80", "TERM": "xterm"}),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
        ) as process:
            os.close(terminal)
            drawn = b""
            while b"0/1" not in drawn:
                drawn += os.read(primary, 65536)
            os.write(primary, b"\x03")
            drawn += read_all(primary)
            assert process.wait(SECONDS) == 130
    os.close(primary)
    text = ESCAPE.sub("", drawn.decode())
    assert drawn.rindex(b"\x1b[?25h") > drawn.rindex(b"\x1b[?25l"), "the cursor is there again"
    assert re.search(rf"127\.0\.0\.1:{hanging} +- +- +not finished ", text)
    assert text.endswith("opswire: interrupted\r\n")
