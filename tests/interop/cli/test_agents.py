"""``opswire agents`` as a process, on real folders that real agents wrote."""

import json
import os
import re
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.interop import child
from tests.interop.cli.programs import OURS as PROGRAM
from tests.interop.cli.programs import Ended, begun, opswire, run
from tests.interop.cli.terminal import on_a_terminal

STORAGE = "SERVER_SIDE_PROGRAM_STORAGE_PATH"
CRASHES = "SERVER_SIDE_PROGRAM_CRASHES_PATH"
REPLACED = "\N{REPLACEMENT CHARACTER}"
UTC = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ"

AGENT = """
import sys
from opswire.agents import Storage, report_agent_crashes, report_check_crashes
Storage("agent", "db1").write("token", "4711\\r\\n", ttl=3600)
Storage("agent", "db1").write("../\\x1b[31m", "red")
Storage("agent", "db2").write("token", "4712")
Storage("other", "db1").write("", "")

def fail():
    api_token = "4711-0815"
    raise ValueError(f"refused: t={api_token}\\nand more")

report_agent_crashes("agent", "1.0")(fail)()
report_check_crashes("check", "2.0")(fail)()
"""


@pytest.fixture
def folders(tmp_path: Path) -> Mapping[str, str]:
    """The environment with two folders, after a run of the agent."""
    environment = {STORAGE: str(tmp_path / "storage"), CRASHES: str(tmp_path / "crashes")}
    child.run(AGENT, extra=environment)
    return environment


def agents(*words: str | bytes, folders: Mapping[str, str]) -> Ended:
    """Run ours."""
    return opswire("agents", *words, extra=folders)


def listed(*options: str, folders: Mapping[str, str]) -> list[Any]:
    """The values as objects."""
    ended = agents("storage", "ls", "--json", *options, folders=folders)
    assert (ended.stderr, ended.status) == ("", 0)
    return [json.loads(line) for line in ended.stdout.splitlines()]


def names(*options: str, folders: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Host, program and key of the values."""
    found = listed(*options, folders=folders)
    return [(one["host"], one["program"], one["key"]) for one in found]


# ---- values ----


def test_values_are_listed_with_tabs(folders: Mapping[str, str]) -> None:
    ended = agents("storage", "ls", folders=folders)
    assert (ended.stderr, ended.status) == ("", 0)
    cells = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert [one[:4] for one in cells] == [
        ["db1", "agent", f"../{REPLACED}[31m", "3"],
        ["db1", "agent", "token", "6"],
        ["db1", "other", "", "0"],
        ["db2", "agent", "token", "4"],
    ]
    assert all(re.fullmatch(UTC, one[4]) for one in cells)
    assert [bool(re.fullmatch(UTC, one[5])) for one in cells] == [False, True, False, False]
    assert {one[5] for one in cells[2:]} == {"-"}


def test_values_are_objects_for_machines(folders: Mapping[str, str]) -> None:
    token = listed("--host", "db1", "--program", "agent", folders=folders)[1]
    path = Path(token["path"])
    assert token["expires"] == int(path.stat().st_mtime)
    assert token["written"] == path.stat().st_ctime
    assert {name: token[name] for name in ("host", "program", "key", "size")} == {
        "host": "db1",
        "program": "agent",
        "key": "token",
        "size": 6,
    }
    assert path.read_bytes() == b"4711\r\n"


def test_a_host_or_a_program_can_be_chosen(folders: Mapping[str, str]) -> None:
    assert names("--host", "db2", folders=folders) == [("db2", "agent", "token")]
    assert names("--program", "other", folders=folders) == [("db1", "other", "")]
    assert names("--host", "db2", "--program", "other", folders=folders) == []


def test_a_value_is_shown_octet_by_octet(folders: Mapping[str, str]) -> None:
    shown = agents("storage", "show", "db1", "agent", "token", folders=folders)
    assert shown == (b"4711\r\n", "", 0)
    shown = agents("storage", "show", "db1", "other", "", folders=folders)
    assert shown == (b"", "", 0)


def test_octets_that_are_no_text_are_shown_too(folders: Mapping[str, str]) -> None:
    Path(folders[STORAGE], "db2", "agent", "token").write_bytes(b"\xff\0")
    shown = agents("storage", "show", "db2", "agent", "token", folders=folders)
    assert shown == (b"\xff\0", "", 0)


def test_options_stand_above_the_environment(folders: Mapping[str, str], tmp_path: Path) -> None:
    wrong = {STORAGE: str(tmp_path / "none"), CRASHES: str(tmp_path / "none")}
    words = ("storage", "ls", "--storage", folders[STORAGE])
    assert agents(*words, folders=wrong).stdout.count(b"\n") == 4
    words = ("crashes", "ls", "--crashes", folders[CRASHES])
    assert agents(*words, folders=wrong).stdout.count(b"\n") == 2


@pytest.mark.parametrize("command", ["show", "rm"])
def test_a_value_that_is_missing_is_one_line(folders: Mapping[str, str], command: str) -> None:
    ended = agents("storage", command, "db1", "agent", "none", folders=folders)
    text = f"{folders[STORAGE]} has no value 'none' of program 'agent', host 'db1'"
    assert ended == (b"", f"opswire: {text}\n", 1)


def test_an_expired_value_is_missing(folders: Mapping[str, str]) -> None:
    path = Path(folders[STORAGE], "db1", "agent", "token")
    ended_at = path.stat().st_mtime_ns - 7200 * 10**9
    os.utime(path, ns=(ended_at, ended_at))
    assert ("db1", "agent", "token") not in names(folders=folders)
    ended = agents("storage", "show", "db1", "agent", "token", folders=folders)
    assert (ended.stdout, ended.status) == (b"", 1)
    assert agents("storage", "rm", "db1", "agent", "token", folders=folders) == (b"", "", 0)
    assert not path.exists()


TRAPS: dict[str, Callable[[Path], None]] = {
    "link": lambda path: path.symlink_to("/etc/hostname"),
    "fifo": os.mkfifo,
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_no_file_is_not_shown_and_does_not_hang(
    folders: Mapping[str, str], trap: str
) -> None:
    path = Path(folders[STORAGE], "db2", "agent", "token")
    path.unlink()
    TRAPS[trap](path)
    assert names("--host", "db2", folders=folders) == []
    ended = agents("storage", "show", "db2", "agent", "token", folders=folders)
    assert (ended.stdout, ended.status) == (b"", 1)
    assert re.fullmatch(rf"opswire: {path}: [^\n]+\n", ended.stderr)


def test_removing_takes_exact_names(folders: Mapping[str, str]) -> None:
    ended = agents("storage", "rm", "db1", "agent", "token", folders=folders)
    assert ended == (b"", "", 0)
    left = names(folders=folders)
    assert left == [
        ("db1", "agent", "../\x1b[31m"),
        ("db1", "other", ""),
        ("db2", "agent", "token"),
    ]


def test_of_several_keys_the_missing_ones_are_told(folders: Mapping[str, str]) -> None:
    ended = agents("storage", "rm", "db1", "agent", "none", "token", folders=folders)
    assert (ended.stdout, ended.status) == (b"", 1)
    assert ended.stderr.count("\n") == 1
    assert names("--host", "db1", "--program", "agent", folders=folders) == [
        ("db1", "agent", "../\x1b[31m")
    ]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--host", "db1"], ["db2/agent/token"]),
        (["--program", "agent"], ["db1/other/"]),
        (["--host", "db1", "--program", "other"], ["db1/agent/..", "db1/agent/t", "db2/agent/t"]),
    ],
    ids=["host", "program", "both"],
)
def test_a_purge_removes_all_that_is_named_with_its_folders(
    folders: Mapping[str, str], options: list[str], left: list[str]
) -> None:
    assert agents("storage", "rm", "--yes", *options, folders=folders) == (b"", "", 0)
    found = ["/".join(one) for one in names(folders=folders)]
    assert len(found) == len(left)
    assert all(name.startswith(start) for name, start in zip(found, left, strict=True))
    kept = {Path(one["path"]).parent for one in listed(folders=folders)}
    assert {path.parent for path in Path(folders[STORAGE]).glob("*/*/*")} == kept
    assert set(Path(folders[STORAGE]).glob("*/*")) == kept


def test_a_purge_without_anybody_to_ask_needs_yes(folders: Mapping[str, str]) -> None:
    ended = agents("storage", "rm", "--host", "db1", folders=folders)
    assert (ended.stdout, ended.status) == (b"", 2)
    assert "--yes" in ended.stderr
    assert len(names(folders=folders)) == 4


@pytest.mark.parametrize(("answer", "status", "left"), [(b"y\n", 0, 1), (b"n\n", 1, 4)])
def test_a_purge_asks(folders: Mapping[str, str], answer: bytes, status: int, left: int) -> None:
    words = ("agents", "storage", "rm", "--host", "db1")
    drawn, ended = on_a_terminal(*words, typed=answer, extra=folders)
    assert "Remove all values (3) of host 'db1'" in drawn
    assert ended == status
    assert ("nothing was removed" in drawn) is (status == 1)
    assert len(names(folders=folders)) == left


def test_a_purge_of_nothing_is_one_line(folders: Mapping[str, str]) -> None:
    words = ("storage", "rm", "-y", "--host", "db9", "--program", "agent")
    ended = agents(*words, folders=folders)
    text = f"opswire: {folders[STORAGE]} has nothing of program 'agent' and host 'db9'\n"
    assert ended == (b"", text, 1)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["rm"], "Give HOST PROGRAM KEY"),
        (["rm", "db1", "agent"], "Give HOST PROGRAM KEY"),
        (["rm", "--host", "db1", "db1", "agent", "token"], "not both"),
        (["rm", "db1", "agent", "x" * 256], "the key is too long"),
        (["show", "db1", "x" * 256, "token"], "the name of the program is too long"),
        (["show", "db1", "agent", b"\xff"], "can't encode"),
        (["ls", "extra"], "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_status_2_and_removes_nothing(
    folders: Mapping[str, str], words: list[str | bytes], text: str
) -> None:
    ended = agents("storage", *words, folders=folders)
    assert (ended.stdout, ended.status) == (b"", 2)
    assert text in ended.stderr
    assert len(names(folders=folders)) == 4


@pytest.mark.parametrize(
    ("group", "variable"), [("storage", STORAGE), ("crashes", CRASHES)], ids=["storage", "crashes"]
)
def test_without_a_folder_the_variable_is_named(
    folders: Mapping[str, str], group: str, variable: str
) -> None:
    ended = agents(group, "ls", folders={**folders, variable: ""})
    assert (ended.stdout, ended.status) == (b"", 2)
    assert f"Missing option '--{group}' (env var: '{variable}')" in ended.stderr


@pytest.mark.parametrize("group", ["storage", "crashes"])
def test_a_folder_that_is_missing_is_empty_and_that_is_told(tmp_path: Path, group: str) -> None:
    folder = str(tmp_path / "none")
    ended = agents(group, "ls", f"--{group}", folder, folders={})
    assert ended == (b"", f"opswire: {folder} does not exist yet\n", 0)


@pytest.mark.parametrize("group", ["storage", "crashes"])
def test_a_file_in_place_of_the_folder_is_one_line(tmp_path: Path, group: str) -> None:
    file = tmp_path / "file"
    file.touch()
    ended = agents(group, "ls", f"--{group}", str(file), folders={})
    assert (ended.stdout, ended.status) == (b"", 1)
    assert re.fullmatch(rf"opswire: {file}\S*: Not a directory\n", ended.stderr)


# ---- crash reports ----


def test_crashes_are_listed_the_newest_first(folders: Mapping[str, str]) -> None:
    ended = agents("crashes", "ls", folders=folders)
    assert (ended.stderr, ended.status) == ("", 0)
    cells = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert [one[1:4] for one in cells] == [
        ["active_check", "check", "ValueError: refused: t=redacted"],
        ["agent", "agent", "ValueError: refused: t=redacted"],
    ]
    for when, kind, _, _, crash_id in cells:
        assert re.fullmatch(UTC, when)
        assert Path(folders[CRASHES], kind, crash_id, "crash.info").exists()


def identifiers(folders: Mapping[str, str]) -> list[str]:
    """Of all reports, the newest first."""
    ended = agents("crashes", "ls", "--json", folders=folders)
    assert (ended.stderr, ended.status) == ("", 0)
    return [json.loads(line)["crash_id"] for line in ended.stdout.splitlines()]


def test_a_crash_is_shown_without_its_secret(folders: Mapping[str, str]) -> None:
    crash_id = identifiers(folders)[0]
    ended = agents("crashes", "show", crash_id, folders=folders)
    assert (ended.stderr, ended.status) == ("", 0)
    shown = ended.stdout.decode()
    assert f"ID:      {crash_id}\n" in shown
    assert "program: check\nversion: 2.0\n" in shown
    assert "\nValueError: refused: t=redacted\nand more\n" in shown
    assert "\n  {'api_token': 'redacted'}\n" in shown
    assert "4711-0815" not in shown


def test_the_beginning_of_an_identifier_is_enough(folders: Mapping[str, str]) -> None:
    newest, oldest = identifiers(folders)
    length = next(n for n in range(len(newest)) if newest[:n] != oldest[:n])
    whole = agents("crashes", "show", newest, folders=folders)
    assert agents("crashes", "show", newest[:length], folders=folders) == whole


def test_a_machine_gets_the_report_as_it_is_stored(folders: Mapping[str, str]) -> None:
    crash_id = identifiers(folders)[0]
    ended = agents("crashes", "show", "--json", crash_id, folders=folders)
    (line,) = ended.stdout.splitlines()
    stored = Path(folders[CRASHES], "active_check", crash_id, "crash.info").read_bytes()
    assert json.loads(line) == json.loads(stored)


def test_a_report_that_is_not_there_or_not_clear_is_one_line(folders: Mapping[str, str]) -> None:
    ended = agents("crashes", "show", "0123", folders=folders)
    assert ended == (b"", f"opswire: {folders[CRASHES]} has no crash report '0123'\n", 1)
    # Every identifier of this clock and machine ends alike; one more that begins alike.
    first = identifiers(folders)[0]
    twin = Path(folders[CRASHES], "agent", first[:-1] + ("0" if first[-1] != "0" else "1"))
    twin.mkdir()
    (twin / "crash.info").write_text("{}")
    ended = agents("crashes", "show", first[:-1], folders=folders)
    text = f"opswire: {folders[CRASHES]} has more than one crash report {first[:-1]!r}\n"
    assert ended == (b"", text, 1)


def test_a_broken_report_hides_no_other(folders: Mapping[str, str]) -> None:
    broken = identifiers(folders)[0]
    path = Path(folders[CRASHES], "active_check", broken, "crash.info")
    path.write_text("no JSON")
    assert set(identifiers(folders)) >= {broken}
    assert len(identifiers(folders)) == 2
    ended = agents("crashes", "show", broken, folders=folders)
    assert ended == (b"", f"opswire: {path} has no crash report in it\n", 1)


# ---- terminals, pipes, rights ----


def test_a_terminal_gets_a_table_with_whole_identifiers(folders: Mapping[str, str]) -> None:
    drawn, status = on_a_terminal("agents", "crashes", "ls", extra=folders)
    assert status == 0
    assert all(crash_id in drawn for crash_id in identifiers(folders))
    wide = {**folders, "COLUMNS": "160"}
    drawn, status = on_a_terminal("agents", "storage", "ls", extra=wide)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)
    assert status == 0
    assert re.search(rf"db1 +agent +token +6 +{UTC} +{UTC}", text)
    assert f"../{REPLACED}[31m" in text


def test_json_on_a_terminal_is_json(folders: Mapping[str, str]) -> None:
    drawn, status = on_a_terminal("agents", "crashes", "ls", "--json", extra=folders)
    assert status == 0
    assert [json.loads(line)["program"] for line in drawn.splitlines()] == ["check", "agent"]


def test_a_reader_that_goes_away_ends_it_quietly(folders: Mapping[str, str]) -> None:
    """The value is larger than any pipe."""
    child.run(
        "from opswire.agents import Storage; Storage('agent', 'db1').write('large', 'x' * 2**22)",
        extra=folders,
    )
    words = ("agents", "storage", "show", "--storage", folders[STORAGE], "db1", "agent", "large")
    with begun(*PROGRAM, *words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.wait(60) == -signal.SIGPIPE
        assert process.stderr.read() == b""


def test_a_full_disk_is_one_line(folders: Mapping[str, str]) -> None:
    words = [*PROGRAM, "agents", "storage", "show", "db1", "agent", "token"]
    ended = run("sh", "-c", 'exec "$@" >/dev/full', "sh", *words, extra=folders)
    assert ended == (b"", "opswire: No space left on device\n", 1)


# The package is loaded whole first: nobody, the user, may have no right to read it.
WITHOUT_RIGHTS = """
import importlib, os, pkgutil, sys
import opswire.agents, opswire.cli
for package in (opswire.agents, opswire.cli):
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
os.chmod(sys.argv[1], 0)
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.argv[:2] = ["opswire"]
sys.exit(opswire.cli.main())
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that nobody, the user, can enter.

    Not one of pytest: those are closed to others, again whenever another run of its user begins.
    """
    with tempfile.TemporaryDirectory(prefix="opswire-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        ("..", ["storage", "ls"]),
        ("..", ["storage", "show", "db1", "agent", "token"]),
        ("..", ["storage", "rm", "--yes", "--host", "db1"]),
        ("..", ["crashes", "ls"]),
        ("", ["storage", "ls"]),
        ("db1", ["storage", "ls"]),
        ("db1/agent", ["storage", "ls"]),
        ("db1/agent", ["storage", "show", "db1", "agent", "token"]),
        ("db1/agent/token", ["storage", "show", "db1", "agent", "token"]),
        ("db1/agent", ["storage", "rm", "db1", "agent", "token"]),
        ("db1/agent", ["storage", "rm", "--yes", "--host", "db1"]),
    ],
)
def test_a_folder_that_must_not_be_read_is_one_line_with_its_path(
    open_to_all: Path, closed: str, words: list[str]
) -> None:
    """Root becomes nobody for this, with all that is not closed open to it."""
    above = open_to_all / "var"
    folders = {STORAGE: str(above / "storage"), CRASHES: str(above / "crashes")}
    child.run(AGENT, extra=folders)
    for path in [above, *above.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    base = folders[STORAGE if words[0] == "storage" else CRASHES]
    target = Path(os.path.normpath(f"{base}/{closed}"))
    command = child.command(WITHOUT_RIGHTS, target, "agents", *words)
    try:
        ended = run(*command, extra=folders)
    finally:
        target.chmod(0o755)
    assert (ended.stdout, ended.status) == (b"", 1)
    assert re.fullmatch(rf"opswire: {base}[^\n]*: Permission denied\n", ended.stderr)
    assert len(names(folders=folders)) == 4
