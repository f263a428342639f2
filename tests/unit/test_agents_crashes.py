"""report_agent_crashes and report_check_crashes: what is printed, returned and stored."""

import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opswire.agents import report_agent_crashes, report_check_crashes
from opswire.agents.crashes import VARIABLE, archive

ROOT = Path(__file__).parents[2]


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all reports, which does not exist yet; and a spare one."""
    (tmp_path / "spare").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spare"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "var" / "crashes"))
    return tmp_path / "var" / "crashes"


def crash(function: Callable[[], object], **options: Any) -> int:
    """Run a function as an agent."""
    return report_agent_crashes("agent_example", "1.2.3", **options)(function)()  # type: ignore[arg-type]  # of several types


def only_report() -> dict[str, Any]:
    """The one report that there is."""
    [stored] = archive.stored()
    return archive.read(stored.crash_id)


def fail() -> int:
    """Crash."""
    raise ValueError("what happened")


@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
@pytest.mark.parametrize("factory", [report_agent_crashes, report_check_crashes])
def test_without_the_variable_the_function_is_returned_as_it_is(
    monkeypatch: pytest.MonkeyPatch, value: str | None, factory: Any
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    assert factory("name", "version")(fail) is fail


def test_what_the_function_takes_and_returns_is_its_own_affair(base: Path) -> None:
    @report_agent_crashes("name", "version")
    def main(first: int, *, second: int) -> int:
        """Add."""
        return first + second

    assert main(40, second=2) == 42
    assert (main.__name__, main.__doc__) == ("main", "Add.")
    assert main.__wrapped__(1, second=1) == 2  # type: ignore[attr-defined]  # functools.wraps sets it
    assert not base.exists()


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_an_exit_passes(base: Path, error: BaseException) -> None:
    def leave() -> int:
        raise error

    with pytest.raises(type(error)) as caught:
        crash(leave)
    assert caught.value is error
    assert not base.exists()


def test_a_crash_prints_traceback_and_words_on_stderr_and_returns_1(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert crash(fail) == 1
    out, err = capsys.readouterr()
    identifier = only_report()["crash_id"]
    assert out == ""
    assert err.startswith("Traceback (most recent call last):\n")
    assert err.endswith(
        "ValueError: what happened\n\nFailed: what happened - please submit a crash report! "
        f"(Crash-ID: {identifier})\n"
    )


@pytest.mark.parametrize(
    ("factory", "kind"),
    [(report_agent_crashes, "agent"), (report_check_crashes, "active_check")],
)
def test_the_report_is_base_type_id_crash_info(base: Path, factory: Any, kind: str) -> None:
    factory("program", "1.2.3")(fail)()
    [path] = [path for path in base.rglob("*") if path.is_file()]
    report = json.loads(path.read_text())
    assert path == base / kind / report["crash_id"] / "crash.info"
    assert uuid.UUID(report["crash_id"]).version == 1
    assert path.read_text() == json.dumps(report, indent=4)
    assert report["crash_type"] == kind
    assert report["details"] == {"program_type": kind, "program_name": "program"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [base, base / kind, path.parent]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


def test_the_fields_of_a_report(base: Path) -> None:
    before = time.time()
    crash(fail)
    report = only_report()
    assert list(report) == [
        "crash_id",
        "crash_type",
        "exc_type",
        "exc_value",
        "exc_traceback",
        "local_vars",
        "details",
        "core",
        "edition",
        "os",
        "python_version",
        "python_paths",
        "version",
        "time",
    ]
    assert (report["exc_type"], report["exc_value"]) == ("ValueError", "what happened")
    assert [report[name] for name in ("core", "edition", "os")] == ["N/A"] * 3
    assert (report["python_version"], report["python_paths"]) == (sys.version, sys.path)
    assert report["version"] == "1.2.3"
    assert before <= report["time"] <= time.time()
    assert report["exc_traceback"][-1] == [
        __file__,
        fail.__code__.co_firstlineno + 2,
        "fail",
        'raise ValueError("what happened")',
    ]


def functions(report: dict[str, Any]) -> list[str]:
    """The functions of the traceback, without the decorator's."""
    return [row[2] for row in report["exc_traceback"] if row[2] != "reporting"]


def test_the_rows_of_causes_follow_those_of_the_exception(base: Path) -> None:
    def innermost() -> int:
        raise KeyError("first")

    def middle() -> int:
        try:
            return innermost()
        except KeyError:
            return fail()

    def outermost() -> int:
        try:
            return middle()
        except ValueError as error:
            raise RuntimeError("last") from error

    crash(outermost)
    report = only_report()
    assert report["exc_type"] == "RuntimeError"
    assert functions(report) == ["outermost", "outermost", "middle", "fail", "middle", "innermost"]


def test_from_none_is_respected(base: Path) -> None:
    def main() -> int:
        try:
            return fail()
        except ValueError:
            raise RuntimeError("last") from None

    crash(main)
    assert functions(only_report()) == ["main"]


def test_circular_causes_have_an_end(base: Path) -> None:
    def main() -> int:
        first, second = ValueError("first"), ValueError("second")
        first.__cause__, second.__cause__ = second, first
        raise first

    assert crash(main) == 1
    assert only_report()["exc_value"] == "first"


def test_the_members_of_a_group_are_in_the_report(base: Path) -> None:
    def main() -> int:
        try:
            fail()
        except ValueError as error:
            raise ExceptionGroup(
                "many", [error, ExceptionGroup("inner", [KeyError("k")])]
            ) from None
        return 0

    assert crash(main) == 1
    report = only_report()
    assert report["exc_type"] == "ExceptionGroup"
    assert report["exc_value"] == (
        "many (2 sub-exceptions): ValueError: what happened; "
        "ExceptionGroup: inner (1 sub-exception): KeyError: 'k'"
    )
    assert functions(report) == ["main", "main", "fail"]


def test_groups_within_groups_without_end_are_reported(base: Path) -> None:
    def main() -> int:
        error: Exception = KeyError("innermost")
        for _ in range(50_000):
            error = ExceptionGroup("group", [error, ValueError("twin")])
        raise error

    assert crash(main) == 1
    text = only_report()["exc_value"]
    assert text.startswith("group (2 sub-exceptions): ExceptionGroup: group (2 sub-exceptions): ")
    assert text.count("sub-exceptions") == 101


class Unspeakable(Exception):
    """Its texts fail."""

    def __str__(self) -> str:
        """Fail."""
        raise ZeroDivisionError

    def __repr__(self) -> str:
        """Leave the program."""
        raise SystemExit


def test_an_exception_whose_texts_fail_is_reported(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        raise Unspeakable

    assert crash(main) == 1
    report = only_report()
    assert report["exc_type"] == "Unspeakable"
    assert report["exc_value"] == "<Unspeakable object, whose str() fails>"
    assert "please submit a crash report" in capsys.readouterr().err


def test_a_broken_pipe_leaves_a_traceback_and_no_report(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        raise BrokenPipeError

    assert crash(main) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("BrokenPipeError\n\n")
    assert not base.exists()


def test_a_recursion_without_end_is_reported(base: Path) -> None:
    def main() -> int:
        return main()

    assert crash(main) == 1
    assert only_report()["exc_type"] == "RecursionError"


class Closed(io.StringIO):
    """A stream that cannot be written to."""

    def write(self, _: str) -> int:
        """Fail as a full disk does."""
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("stream", ["closed", "none", "full", "ascii"])
def test_a_useless_stderr_stops_nothing(
    base: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    closed = io.StringIO()
    closed.close()
    streams = {
        "closed": closed,
        "none": None,
        "full": Closed(),
        "ascii": io.TextIOWrapper(io.BytesIO(), "ascii", "strict"),
    }
    monkeypatch.setattr(sys, "stderr", streams[stream])

    def main() -> int:
        raise ValueError("ä\ud800")

    assert crash(main) == 1
    assert only_report()["exc_value"] == "ä\ud800"


def test_a_process_without_stderr_ends_with_1(base: Path) -> None:
    program = (
        "import sys; from opswire.agents import report_agent_crashes as r; "
        "sys.exit(r('agent', '1')(lambda: 1 / 0)())"
    )
    command = ["sh", "-c", '"$0" -c "$1" 2>&-', sys.executable, program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert only_report()["exc_type"] == "ZeroDivisionError"


def test_a_report_that_cannot_be_stored_goes_to_the_spare_folder(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base.parent.mkdir()
    base.write_text("a file in its place")
    assert crash(fail) == 1
    [path] = (tmp_path / "spare").rglob("crash.info")
    err = capsys.readouterr().err
    assert f"The crash report is in {path}, because: [Errno 20]" in err
    assert re.search(r"\nFailed: what happened - please submit a crash report! \(Crash-ID: ", err)
    assert json.loads(path.read_text())["exc_value"] == "what happened"
    assert stat.S_IMODE(path.parents[2].stat().st_mode) == 0o700


@pytest.mark.parametrize("trap", ["link", "open to all", "file"])
def test_a_spare_folder_that_may_be_anothers_is_not_used(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], trap: str
) -> None:
    base.parent.mkdir()
    base.write_text("a file in its place")
    spare, elsewhere = tmp_path / "spare" / f"opswire-crashes-{os.geteuid()}", tmp_path / "else"
    elsewhere.mkdir(mode=0o700)
    if trap == "link":
        spare.symlink_to(elsewhere)
    elif trap == "file":
        spare.touch()
    else:
        spare.mkdir()
        spare.chmod(0o777)
    assert crash(fail) == 1
    err = capsys.readouterr().err
    assert "Failed: what happened - failed to create a crash report: [Errno 20]" in err
    start = err.index("{\n")
    assert json.loads(err[start:])["exc_value"] == "what happened"
    assert list(tmp_path.rglob("crash.info")) == []


def test_a_report_that_cannot_be_built_is_told_of(
    base: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise MemoryError("no memory")

    monkeypatch.setattr("pprint.pformat", broken)
    assert crash(fail) == 1
    err = capsys.readouterr().err
    assert err.endswith("Failed: what happened - failed to create a crash report: no memory\n")


def test_the_oldest_reports_beyond_the_number_go(base: Path) -> None:
    for number in range(6):
        crash(fail, keep=3)
        for stored in archive.stored():
            # A clock that is finer than the file system's.
            when = stored.time - 10
            os.utime(stored.path, (when, when))
        assert len(archive.stored()) == min(number + 1, 3)
    report_check_crashes("check", "1", keep=1)(fail)()
    assert [stored.type for stored in archive.stored()].count("agent") == 3
    assert len(list((base / "agent").iterdir())) == 3


def test_reports_beyond_the_age_go(base: Path) -> None:
    crash(fail)
    [old] = archive.stored()
    then = time.time() - 2 * 86_400
    os.utime(old.path, (then, then))
    crash(fail, keep_days=3)
    assert len(archive.stored()) == 2
    crash(fail, keep_days=1)
    assert old.crash_id not in {stored.crash_id for stored in archive.stored()}
    assert len(archive.stored()) == 2


def test_the_newest_report_stays_whatever_the_clocks_say(base: Path) -> None:
    crash(fail)
    [other] = archive.stored()
    future = time.time() + 86_400
    os.utime(other.path, (future, future))
    crash(fail, keep=1)
    [left] = archive.stored()
    assert left.crash_id != other.crash_id


def test_what_is_no_report_is_never_removed(base: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/crash.info").write_text("{}")
    (base / "agent/notes").mkdir(parents=True)
    (base / "agent/notes/crash.info").write_text("{}")
    (base / "agent" / str(uuid.uuid1())).symlink_to(tmp_path / "elsewhere")
    crash(fail, keep=1, keep_days=0.000001)
    crash(fail, keep=1, keep_days=0.000001)
    assert len(list((base / "agent").iterdir())) == 3
    assert (tmp_path / "elsewhere/crash.info").exists()


def test_reports_are_listed_newest_first_and_read_by_the_start_of_their_name(base: Path) -> None:
    assert archive.stored() == []
    crash(fail)
    report_check_crashes("check", "1")(fail)()
    first, second = archive.stored()
    assert first.time >= second.time
    assert {first.type, second.type} == {"agent", "active_check"}
    assert archive.read(first.crash_id[:8])["crash_id"] == first.crash_id
    assert Path(first.path).parent.name == first.crash_id


@pytest.mark.parametrize("name", ["", "ffffffff", "../..", "crash.info"])
def test_an_unknown_report_is_an_error(base: Path, name: str) -> None:
    crash(fail)
    with pytest.raises(LookupError, match="has no crash report"):
        archive.read(name)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_damaged_report_is_an_error(base: Path, content: str) -> None:
    crash(fail)
    [stored] = archive.stored()
    Path(stored.path).write_text(content)
    with pytest.raises(ValueError, match=r"."):
        archive.read(stored.crash_id)


def test_without_the_variable_the_archive_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(RuntimeError, match=f"{VARIABLE} environment variable is not set"):
        archive.stored()


NO_DESCRIPTORS = """
import os, resource, sys
from opswire.agents import report_agent_crashes
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
def main():
    return open("/dev/null").fileno()
sys.exit(report_agent_crashes("agent", "1")(main)())
"""


def test_without_a_descriptor_left_nothing_escapes(base: Path) -> None:
    command = [sys.executable, "-c", NO_DESCRIPTORS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    why = re.escape("[Errno 24] Too many open files")
    assert re.search(rf"\nOSError: {why}: '/dev/null'\n", done.stderr)
    last = done.stderr.splitlines()[-1]
    assert re.match(rf"Failed: {why}: '/dev/null' - failed to create a crash report: ", last)


def test_without_a_descriptor_and_without_redaction_no_text_is_shown(base: Path) -> None:
    """But the system's own; the class and the frames are."""
    program = NO_DESCRIPTORS.replace("return open", 'raise ValueError("s3cret") if 1 else open')
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(
        "Traceback .most recent call last.:\n"
        '  File ".*decorators.py", line [0-9]+, in reporting\n'
        '  File "<string>", line 6, in main\n'
        "ValueError\n\n"
        "Failed: ValueError - failed to create a crash report: .*Too many open files.*\n",
        done.stderr,
    )


class Raising(BaseException):
    """One that no `except Exception` catches."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit, SystemExit, Raising])
@pytest.mark.parametrize("what", ["__repr__", "__str__", "items", "exception"])
def test_objects_that_raise_anything_when_they_are_looked_at(
    base: Path, capsys: pytest.CaptureFixture[str], error: type[BaseException], what: str
) -> None:
    """The report is whole but for them, and what they raise does not leave the function."""

    def fails(*_: object) -> str:
        raise error

    kind = type("Odd", (Exception,) if what == "exception" else (dict,), {what: fails})
    if what == "exception":
        kind.__str__ = kind.__repr__ = fails  # type: ignore[method-assign]  # odd

    def main() -> int:
        odd, password = kind(), "s3cret-of-main"
        raise odd if what == "exception" else ValueError(odd, f"not {password}")

    assert crash(main) == 1
    report = only_report()
    shown = archive.local_variables(report)
    assert "'password': 'redacted'" in shown
    err = capsys.readouterr().err
    assert "please submit a crash report" in err
    assert "s3cret" not in json.dumps(report) + shown + err


def test_after_a_report_signals_go_where_they_went(base: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    assert crash(fail) == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_a_handler_that_is_set_while_a_report_is_made_stays(base: Path) -> None:
    before = signal.getsignal(signal.SIGINT)

    def handle(number: int, frame: object) -> None:
        """Nothing."""

    class Setting:
        def __repr__(self) -> str:
            signal.signal(signal.SIGINT, handle)
            return "set"

    def main() -> int:
        value = Setting()
        raise ValueError(id(value))

    try:
        assert crash(main) == 1
        assert signal.getsignal(signal.SIGINT) is handle
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_thread_that_crashes_is_reported(base: Path) -> None:
    """Handlers of signals can only be set in the main one."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(crash(fail)))
    thread.start()
    thread.join()
    assert codes == [1]
    assert only_report()["exc_value"] == "what happened"


def read_sensor_7(text: str) -> int:
    """Crash."""
    raise ValueError(text)


def test_the_frames_of_a_traceback_are_never_changed(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though a password is the name of a function; in source lines and texts it goes."""

    def main() -> int:
        password = "read_sensor_7"
        return read_sensor_7(f'{password}\n  File "x", line 1, in {password}')

    assert crash(main) == 1
    err = capsys.readouterr().err
    line = read_sensor_7.__code__.co_firstlineno + 2
    assert f'  File "{__file__}", line {line}, in read_sensor_7\n    raise ValueError(text)' in err
    assert "    return redacted(f'{password}" in err
    assert '\nValueError: redacted\n  File "x", line 1, in redacted\n' in err
    report = only_report()
    assert report["exc_traceback"][-1][2] == "read_sensor_7"
    assert report["exc_traceback"][-2][3].startswith("return redacted(")


def test_a_secret_that_is_written_out_in_the_source_is_not_shown(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though no variable has it; the code around it stays."""

    def connect(text: str, token: str, password: str) -> int:
        del token, password
        raise ValueError(text)

    def main() -> int:
        text = "what happened"
        return connect(text, token=text, password="short")

    assert crash(main) == 1
    shown = 'return connect(text, token=text, password="redacted")'
    assert f"    {shown}\n" in capsys.readouterr().err
    assert only_report()["exc_traceback"][-2][3] == shown


TOKEN = "t0ken-of-the-module"


@pytest.mark.parametrize("place", ["argument", "environment", "module", "exception", "cause"])
def test_secrets_are_known_from_wherever_a_program_has_them(
    base: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """Its command line and environment, constants, and what an exception carries with it."""
    monkeypatch.setattr(sys, "argv", ["agent", "--token", "t0ken-of-the-argument"])
    monkeypatch.setenv("API_TOKEN", "t0ken-of-the-environment")

    def main() -> int:
        text = f"refused: t0ken-of-the-{place}"
        error = ValueError(text)
        if place == "exception":
            error.request = {"X-Auth-Token": text[9:]}  # type: ignore[attr-defined]  # as requests does
        raise error from (ValueError(f"url: /?token={text[9:]}") if place == "cause" else None)

    assert crash(main) == 1
    report = only_report()
    assert report["exc_value"] == "refused: redacted"
    everything = archive.local_variables(report) + capsys.readouterr().err
    assert f"t0ken-of-the-{place}" not in everything.replace("{place}", "")


def test_a_number_that_python_does_not_print_is_no_end_of_a_report(base: Path) -> None:
    """Of more than some 4,300 digits."""

    def main() -> int:
        numbers = [10**4000, 10**5000]
        raise ValueError(len(numbers))

    assert crash(main) == 1
    shown = archive.local_variables(only_report())
    assert "0" * 4000 not in shown
    assert shown.count("bits>") == 2
