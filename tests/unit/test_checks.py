"""What `./test` counts: nothing that went wrong may look like success."""

import runpy
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

CHECKS = Path(__file__).parents[2] / ".ci/checks"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The module that runs one check, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    (tmp_path / "build/checks").mkdir(parents=True)
    return runpy.run_path(str(CHECKS / "check.py"))


def outcome(
    module: dict[str, Any], *commands: list[str], seconds: float = 30.0, **options: object
) -> Any:  # a class of that module, which has no importable name
    """Run the commands as one check."""
    check = module["Check"]("example", commands, seconds, **options)
    return module["run"](check)


def suite(tmp_path: Path, text: str) -> list[str]:
    """The command that runs a test file with this text."""
    path = tmp_path / "test_example.py"
    path.write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(path)]
    return [*command, "--junit-xml=build/checks/example.xml"]


def test_a_check_without_tests_counts_as_one(module: dict[str, Any]) -> None:
    """Passed when its last command has passed."""
    result = outcome(module, ["true"], ["true"])
    assert (result.passed, result.problems) == (1, [])


def test_the_first_command_that_fails_ends_the_check(module: dict[str, Any]) -> None:
    """The next ones need what it did."""
    result = outcome(module, ["sh", "-c", "exit 7"], ["touch", "went_on"])
    assert (result.passed, result.problems) == (0, ["example: exit status 7"])
    assert not Path("went_on").exists()


def test_a_skipped_test_has_failed(module: dict[str, Any], tmp_path: Path) -> None:
    """A suite without its server must not be green."""
    text = """
import pytest
def test_good(): pass
def test_bad(): assert False
@pytest.mark.skip
def test_left_out(): pass
"""
    result = outcome(module, suite(tmp_path, text), tests=True)
    assert result.passed == 1
    assert [problem.rpartition("::")[2] for problem in result.problems] == [
        "test_bad (failure)",
        "test_left_out (skipped)",
    ]


def test_no_test_at_all_has_failed(module: dict[str, Any], tmp_path: Path) -> None:
    """A typing error in a path must not be green."""
    result = outcome(module, suite(tmp_path, ""), tests=True)
    assert (result.passed, len(result.problems)) == (0, 1)


def test_a_crash_has_failed(module: dict[str, Any], tmp_path: Path) -> None:
    """The file of an earlier run is not read instead."""
    Path("build/checks/example.xml").write_text("<testsuite><testcase name='old'/></testsuite>")
    text = "import os\ndef test_crash(): os.abort()"
    result = outcome(module, suite(tmp_path, text), tests=True)
    assert (result.passed, result.problems) == (0, ["example: exit status -6"])


def test_a_sanitizer_report_has_failed(module: dict[str, Any]) -> None:
    """Also when the process that wrote it was nobody's concern."""
    command = ["touch", "build/checks/sanitizer.asan.77"]
    result = outcome(module, command, reports="sanitizer.*")
    assert result.problems == [
        "example: sanitizer report build/checks/sanitizer.asan.77",
    ]


def test_each_check_has_a_folder_for_temporary_files_of_its_own(module: dict[str, Any]) -> None:
    """One of pytest's is shared by all runs of a user; nobody, the user, must be able to enter."""
    seen = []
    for _ in range(2):
        look = 'echo "$TMPDIR" $(stat -c %a "$TMPDIR") > seen; mktemp; mkdir -m 0 "$TMPDIR/closed"'
        assert outcome(module, ["sh", "-c", look]).problems == []
        folder, mode = Path("seen").read_text().split()
        assert mode == "711"
        assert not Path(folder).exists()
        seen.append(folder)
    assert seen[0] != seen[1]


class Begun(subprocess.Popen[bytes]):
    """A command for which nobody's time runs before it has said what it started."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until then, and then as told."""
        while self.poll() is None and not Path("server").exists():
            time.sleep(0.001)
        return super().wait(timeout)


def test_a_hanging_check_ends_with_everything_it_started(
    module: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a server in a session of its own."""
    monkeypatch.setattr(subprocess, "Popen", Begun)
    started = time.monotonic()
    command = ["sh", "-c", "setsid sleep 321 & echo $! > said; mv said server; sleep 321"]
    result = outcome(module, command, seconds=0.5)
    assert result.problems == ["example: took more than 0 s"]
    assert time.monotonic() - started < 300, "it waited for the sleep"
    assert "sleep" not in command_of(Path("server").read_text().strip())


def command_of(process: str) -> str:
    """The command line of a process; empty when it is dead, whether or not it was waited for."""
    deadline = time.monotonic() + 60
    text = ""
    while time.monotonic() < deadline:
        try:
            text = Path("/proc", process, "cmdline").read_text()
        except FileNotFoundError:
            return ""
        if not text:
            break
        time.sleep(0.01)
    return text
