"""What ``opswire agents`` says of crash reports, also of those that are none, and of times."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from opswire.agents.crashes import archive
from opswire.agents.crashes.archive import StoredCrash
from opswire.cli.crash_records import lines, row
from opswire.cli.output import moment

CRASH_ID = "25357a2c-e594-11f1-bd56-02fc00000001"
REPLACED = "\N{REPLACEMENT CHARACTER}"
HOSTILE = "\x1b]0;title\x07"


def report(**members: Any) -> dict[str, Any]:
    """One as the decorators store it, but for these members."""
    return {
        "crash_id": CRASH_ID,
        "crash_type": "agent",
        "exc_type": "ValueError",
        "exc_value": "first\nsecond",
        "exc_traceback": [["agent.py", 7, "main", "raise ValueError"]],
        "local_vars": base64.b64encode(b"{'a': 1,\n 'b': 2}").decode(),
        "details": {"program_type": "agent", "program_name": "agent_example"},
        "python_version": "3.11.2",
        "version": "1.0",
        "time": 1_700_000_000.5,
        **members,
    }


def stored(base: Path, content: bytes) -> StoredCrash:
    """A report with this content."""
    folder = base / "agent" / CRASH_ID
    folder.mkdir(parents=True)
    (folder / archive.FILE).write_bytes(content)
    (crash,) = archive.stored(str(base))
    return crash


def test_a_report_is_shown_from_its_program_to_its_variables() -> None:
    assert list(lines(report())) == [
        f"ID:      {CRASH_ID}",
        "time:    2023-11-14 22:13:20Z",
        "type:    agent",
        "program: agent_example",
        "version: 1.0",
        "Python:  3.11.2",
        "",
        "Calls, the innermost last:",
        "  agent.py, line 7, in main",
        "    raise ValueError",
        "",
        "ValueError: first",
        "second",
        "",
        "Local variables of the innermost call:",
        "  {'a': 1,",
        "   'b': 2}",
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"exc_value": HOSTILE},
        {"exc_type": HOSTILE, "version": HOSTILE, "python_version": HOSTILE, "crash_id": HOSTILE},
        {"details": {"program_name": HOSTILE}},
        {"exc_traceback": [[HOSTILE, 1, HOSTILE, HOSTILE], HOSTILE, {HOSTILE: 1}]},
        {"local_vars": base64.b64encode(HOSTILE.encode()).decode()},
        {"time": HOSTILE, "crash_type": HOSTILE},
    ],
    ids=["text", "fields", "program", "calls", "variables", "time"],
)
def test_no_report_drives_the_terminal(members: dict[str, Any]) -> None:
    shown = list(lines(report(**members)))
    assert all(line.isprintable() for line in shown)
    assert any(REPLACED in line or "\\x1b" in line for line in shown)


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({"local_vars": "no base64"}, "  not readable: "),
        ({"local_vars": 7}, "  not readable: the local variables of a report must be text"),
        ({"details": "a text"}, "program: -"),
        ({"time": 1e300}, "time:    @1e+300"),
        ({"time": float("nan")}, "time:    @nan"),
        ({"time": None}, "time:    -"),
        ({"exc_traceback": ["a row"]}, "  a row"),
    ],
)
def test_members_that_are_not_as_they_should_be_are_shown_nevertheless(
    members: dict[str, Any], line: str
) -> None:
    assert any(one.startswith(line) for one in lines(report(**members)))


def test_a_report_without_anything_is_shown() -> None:
    assert "program: -" in list(lines({}))


def test_the_list_has_the_first_line_and_the_whole_text_for_machines(tmp_path: Path) -> None:
    crash = stored(tmp_path, json.dumps(report()).encode())
    shown = row(crash, str(tmp_path))
    assert shown is not None
    assert shown.cells[1:] == ("agent", "agent_example", "ValueError: first", CRASH_ID)
    assert shown.record == {
        "crash_id": CRASH_ID,
        "type": "agent",
        "time": crash.time,
        "program": "agent_example",
        "version": "1.0",
        "exc_type": "ValueError",
        "exc_value": "first\nsecond",
        "path": crash.path,
        "error": None,
    }


@pytest.mark.parametrize("content", [b"", b"no JSON", b"[]", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_report_stands_in_the_list_with_what_is_wrong(
    tmp_path: Path, content: bytes
) -> None:
    crash = stored(tmp_path, content)
    shown = row(crash, str(tmp_path))
    assert shown is not None
    assert shown.cells[2:4] == ("-", f"{crash.path} has no crash report in it")
    assert shown.record["error"] == shown.cells[3]


def test_a_file_too_large_for_a_report_is_not_read(tmp_path: Path) -> None:
    crash = stored(tmp_path, b"")
    with open(crash.path, "wb") as file:
        file.truncate(archive.MAX_REPORT + 1)
    with pytest.raises(ValueError, match="too large"):
        archive.load(crash, str(tmp_path))


def test_a_report_that_vanished_is_not_in_the_list(tmp_path: Path) -> None:
    crash = stored(tmp_path, b"{}")
    Path(crash.path).unlink()
    assert row(crash, str(tmp_path)) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01 00:00:00Z"),
        (1_700_000_000.9, "2023-11-14 22:13:20Z"),
        (None, "-"),
        (10**15, "@1000000000000000"),
        (float("inf"), "@inf"),
    ],
)
def test_a_time_is_told_in_utc(seconds: float | None, text: str) -> None:
    assert moment(seconds) == text
