"""What `./test` counts: nothing that went wrong may look like success."""

import importlib.util
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CHECKS = ROOT / ".ci/checks"


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
    assert sorted(problem.rpartition("::")[2] for problem in result.problems) == [
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


def test_a_check_that_hangs_is_interrupted_first_also_in_the_background(
    module: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell without job control makes what it runs there deaf for SIGINT."""
    monkeypatch.setattr(subprocess, "Popen", Begun)
    command = ["sh", "-c", "trap 'touch stopped; exit' INT; touch server; while :; do :; done"]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        outcome(module, command, seconds=0.5)
    finally:
        signal.signal(signal.SIGINT, before)
    assert Path("stopped").exists()


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


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program that runs all checks; its modules are nobody else's afterwards."""
    monkeypatch.chdir(ROOT)
    for name in ("check", "interpreters", "plan", "__main__"):
        # Under its own name the last one would begin to work.
        as_name = name.strip("_")
        spec = importlib.util.spec_from_file_location(as_name, CHECKS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        if as_name == name:
            monkeypatch.setitem(sys.modules, name, found)
        spec.loader.exec_module(found)
    return found


def checks(program: ModuleType, *, long: bool = False) -> dict[str, Any]:
    """All checks where two other CPythons are found, by name."""
    others = {minor: Path(f"/usr/bin/python3.{minor}") for minor in (12, 13)}
    return {check.name: check for check in program.plan(others, program.Extent(long))}


def test_every_file_of_tests_is_in_a_folder_that_has_a_check(program: ModuleType) -> None:
    """A file that lies elsewhere would never run."""
    given = {word for check in checks(program).values() for word in check.commands[-1]}
    given.add("tests/site")  # is run where the site is built: tox -e docs
    for path in (ROOT / "tests").rglob("test_*.py"):
        folder = path.relative_to(ROOT).parent
        assert {str(folder), str(folder.parent)} & given, path


def test_what_the_plan_names_is_there(program: ModuleType) -> None:
    """A pattern of files that were moved would let a sanitizer have them again."""
    names = sys.modules["plan"]
    for pattern in [*names.SAME_C, *names.TOOLS, *names.TYPED, names.ALLOWLIST]:
        assert list(ROOT.glob(pattern)), pattern


def test_names_choose_the_checks_that_begin_so_and_what_they_need(program: ModuleType) -> None:
    chosen = program.chosen(list(checks(program).values()), ["interop", "unit 3.13"])
    assert [check.name for check in chosen] == [
        *("build strict", "sdist"),
        *(f"interop {domain}" for domain in sys.modules["plan"].domains()),
        *("build 3.13", "unit 3.13"),
    ]


def test_every_check_comes_after_what_it_needs(program: ModuleType) -> None:
    """Else choosing it by name would leave that out."""
    begun: set[str] = set()
    for check in checks(program).values():
        assert begun.issuperset(check.after), check.name
        begun.add(check.name)


def test_no_two_checks_write_the_same_files(program: ModuleType) -> None:
    planned = checks(program).values()
    assert len({check.log for check in planned}) == len({check.junit for check in planned})
    assert len({check.log for check in planned}) == len(planned)


def test_fuzzing_for_time_and_whole_matrices_are_for_the_long_run(program: ModuleType) -> None:
    short, whole = checks(program), checks(program, long=True)
    assert short.keys() == whole.keys()
    for name, check in short.items():
        command, longer = check.commands[-1], whole[name].commands[-1]
        if name.startswith("fuzz"):
            assert "-runs=0" in command
            assert command[-1] == longer[-1]
            assert any(word.startswith("-max_total_time=") for word in longer)
        elif check.tests:
            assert [word for word in longer if word not in {"-m", ""}] == [
                word for word in command if word != "-m"
            ]
            assert longer[longer.index("") - 1] == "-m"


def test_checks_that_wait_for_half_of_their_time_share_a_core(
    program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them waits for the other here; what needs more cores waits for both."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(program, "SLOTS", 1)
    program.FOLDER.mkdir(parents=True)
    os.mkfifo("meeting")
    board = program.Board(
        [
            program.Check("one", [["sh", "-c", "echo here > meeting"]], 60.0, cores=0.5),
            program.Check("all", [["sh", "-c", "test -e met"]], 60.0, cores=1),
            program.Check("other", [["sh", "-c", "cat meeting && touch met"]], 60.0, cores=0.5),
        ]
    )
    board.work()
    passed = [outcome.check.name for outcome in board.outcomes if outcome.passed]
    assert sorted(passed[:2]) == ["one", "other"]
    assert passed[2:] == ["all"]


def test_a_long_run_lacks_no_python(
    program: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is not there has not passed; a short run tells of it and goes on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(program.MARK, raising=False)  # it does so itself, and for good
    monkeypatch.setattr(program.signal, "signal", lambda *_: None)
    monkeypatch.setattr(program.interpreters, "found", dict)
    example = program.Check("example", [["true"]], 30.0)
    monkeypatch.setattr(program, "plan", lambda found, extent: [example])
    missing = [minor for minor in range(12, 16) if minor != sys.version_info.minor]
    assert program.main(["--long"]) == 1
    problems = [f"failed: CPython 3.{minor} was not found" for minor in missing]
    assert capsys.readouterr().out.splitlines()[-1 - len(missing) :] == [
        *problems,
        f"1 passed, {len(missing)} failed",
    ]
    assert program.main([]) == 0
    assert program.main(["--long", "exam"]) == 0
