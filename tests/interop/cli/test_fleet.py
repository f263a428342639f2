"""``opswire fleet run`` on real servers: what it prints, how it ends, which limits it sets."""

import base64
import json
import re
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.interop.cli.programs import OURS, SECONDS, begun, opswire, run
from tests.interop.cli.terminal import on_a_terminal
from tests.servers.ports import free_port
from tests.servers.remctld import Remctld

FLEET = ("fleet", "run")
FIELDS = {"host", "status", "seconds", "attempts", "stdout", "stderr", "error", "error_kind"}


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


def hosts_file(folder: Path, *hosts: str) -> str:
    """The path of a file with these lines."""
    path = folder / "hosts"
    path.write_text("".join(f"{host}\n" for host in hosts))
    return str(path)


def records(stdout: bytes) -> dict[str, dict[str, Any]]:
    """The JSON objects by their hosts."""
    found = [json.loads(line) for line in stdout.splitlines()]
    return {record["host"]: record for record in found}


def test_json_lines_have_every_verdict(remctld: Remctld, dead_port: int, tmp_path: Path) -> None:
    """One host answers, one refuses, one is dead, one does not exist."""
    good, refusing = f"localhost:{remctld.port}", f"127.0.0.1:{free_port()}"
    dead, unknown = f"127.0.0.1:{dead_port}", "nosuch.invalid:4373"
    hosts = hosts_file(tmp_path, "# ours", good, "", f"{refusing} # down", dead, unknown)
    ended = opswire(
        *FLEET,
        "--hosts",
        hosts,
        "--deadline",
        "2",
        "--retries",
        "1",
        "--json",
        "--",
        "test",
        "both",
    )
    assert (ended.stderr, ended.status) == ("", 1)
    found = records(ended.stdout)
    assert list(map(set, found.values())) == [FIELDS] * 4
    seconds = found[good].pop("seconds")
    assert 0 < seconds < SECONDS
    assert found[good] == {
        "host": good,
        "status": 3,
        "attempts": 1,
        "stdout": "to stdout\n",
        "stderr": "to stderr\n",
        "error": None,
        "error_kind": None,
    }
    kinds = {host: (found[host]["status"], found[host]["error_kind"]) for host in found}
    assert kinds.pop(good) == (3, None)
    assert kinds == {
        refusing: (None, "connect"),
        dead: (None, "connect_timeout"),
        unknown: (None, "connect"),
    }
    assert found[refusing]["attempts"] == 2
    assert "cannot connect to 127.0.0.1" in found[refusing]["error"]


@pytest.mark.parametrize(
    ("command", "cache", "kind", "text"),
    [
        (["test", "denied"], None, "refused", "Access denied"),
        (["test", "true"], "missing", "authentication", ": run kinit"),
    ],
)
def test_what_is_refused_has_a_kind_of_its_own(
    remctld: Remctld,
    tmp_path: Path,
    command: list[str],
    cache: str | None,
    kind: str,
    text: str,
) -> None:
    hosts = hosts_file(tmp_path, f"localhost:{remctld.port}")
    extra = {} if cache is None else {"KRB5CCNAME": f"FILE:{tmp_path / cache}"}
    ended = opswire(*FLEET, "--json", "--hosts", hosts, "--", *command, extra=extra)
    record = json.loads(ended.stdout)
    assert (record["status"], record["error_kind"], ended.status) == (None, kind, 1)
    assert record["error"].endswith(text)


def test_the_status_is_0_when_all_went_well(remctld: Remctld, tmp_path: Path) -> None:
    hosts = hosts_file(tmp_path, *[f"localhost:{remctld.port}"] * 20)
    ended = opswire(*FLEET, "--hosts", hosts, "--concurrency", "7", "test", "echo", "-n", "--json")
    assert (ended.stderr, ended.status) == ("", 0)
    lines = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert len(lines) == 20
    for host, status, _, text in lines:
        assert (host, status, text) == (f"localhost:{remctld.port}", "0", "-n --json")


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        (["test", "status", "9"], "9", ""),
        (["test", "both"], "3", "to stderr"),
        (["test", "denied"], "-", "Access denied"),
        (
            ["test", "echo", "\x1b[31mred\a\nsecond"],
            "0",
            "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}",
        ),
        (["test", "echo", b"\xff"], "0", "\N{REPLACEMENT CHARACTER}"),
    ],
    ids=["a status", "standard error", "refused", "controls", "octets"],
)
def test_a_plain_line_says_what_came_of_a_host(
    remctld: Remctld, words: list[str | bytes], status: str, text: str
) -> None:
    stdin = b"localhost:%d\n" % remctld.port
    ended = opswire(*FLEET, "--hosts", "-", *words, stdin=stdin)
    _, given, _, shown = ended.stdout.decode().rstrip("\n").split("\t")
    assert (given, shown) == (status, text)
    assert ended.status == (0 if status == "0" else 1)


def test_what_is_no_text_comes_in_base64(remctld: Remctld) -> None:
    stdin = b"localhost:%d\n" % remctld.port
    ended = opswire(*FLEET, "--hosts", "-", "--json", "test", "echo", b"\xff\xe9", stdin=stdin)
    (record,) = records(ended.stdout).values()
    assert record["stdout"] is None
    assert base64.b64decode(record["stdout_base64"]) == b"\xff\xe9\n"
    assert (record["stderr"], "stderr_base64" in record) == ("", False)


def test_port_and_principal_are_for_hosts_without_their_own(remctld: Remctld) -> None:
    options = ["-p", str(remctld.port), "-s", "host/localhost", "-b", "127.0.0.1", "-t", "20"]
    ended = opswire(*FLEET, "--hosts", "-", *options, "test", "echo", "x", stdin=b"127.0.0.1\n")
    assert (ended.stderr, ended.status) == ("", 0)
    assert ended.stdout.startswith(b"127.0.0.1\t0\t")


@pytest.mark.parametrize("json_lines", [True, False])
def test_lines_come_as_hosts_end(
    remctld: Remctld, dead_port: int, tmp_path: Path, json_lines: bool
) -> None:
    good, dead = f"localhost:{remctld.port}", f"127.0.0.1:{dead_port}"
    hosts = hosts_file(tmp_path, dead, good)
    words = ["--hosts", hosts, *(["--json"] if json_lines else []), "test", "echo", "x"]
    with begun(*OURS, *FLEET, *words) as process:
        assert process.stdout is not None
        assert good.encode() in process.stdout.readline()
        assert process.poll() is None
        process.kill()


@pytest.mark.parametrize("json_lines", [True, False])
def test_control_c_leaves_the_partial_results(
    remctld: Remctld, dead_port: int, tmp_path: Path, json_lines: bool
) -> None:
    good, dead = f"localhost:{remctld.port}", f"127.0.0.1:{dead_port}"
    hosts = hosts_file(tmp_path, dead, good, dead)
    words = ["--hosts", hosts, *(["--json"] if json_lines else []), "test", "echo", "x"]
    with begun(*OURS, *FLEET, *words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read().splitlines()
        assert process.wait(SECONDS) == 130
        assert process.stderr.read() == b"opswire: interrupted\n"
    assert good.encode() in first
    assert len(rest) == 2
    for line in rest:
        if json_lines:
            record = json.loads(line)
            assert set(record) == FIELDS
            assert (record["host"], record["error_kind"]) == (dead, "unfinished")
            assert (record["status"], record["error"]) == (None, "not finished")
        else:
            assert line.decode().split("\t") == [dead, "-", "-", "not finished"]


def test_a_reader_that_goes_away_ends_it_quietly(
    remctld: Remctld, dead_port: int, tmp_path: Path
) -> None:
    good, dead = f"localhost:{remctld.port}", f"127.0.0.1:{dead_port}"
    hosts = hosts_file(tmp_path, dead, *[good] * 50)
    with begun(*OURS, *FLEET, "--hosts", hosts, "test", "echo", "x") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(SECONDS) == -signal.SIGPIPE
        assert process.stderr.read() == b""


def test_a_full_disk_is_one_line(remctld: Remctld, tmp_path: Path) -> None:
    hosts = hosts_file(tmp_path, f"localhost:{remctld.port}")
    words = [*OURS, *FLEET, "--hosts", hosts, "test", "echo", "x"]
    ended = run("sh", "-c", 'exec "$@" >/dev/full', "sh", *words)
    assert ended == (b"", "opswire: No space left on device\n", 1)


@pytest.mark.parametrize(
    ("closed", "stdout", "stderr", "status"),
    [
        (">&-", b"", "opswire: Bad file descriptor\n", 1),
        ("2>&-", b"x", "", 0),
        ("<&-", b"x", "", 0),
    ],
)
def test_closed_streams_do_not_become_connections(
    remctld: Remctld, tmp_path: Path, closed: str, stdout: bytes, stderr: str, status: int
) -> None:
    hosts = hosts_file(tmp_path, f"localhost:{remctld.port}")
    words = [*OURS, *FLEET, "--hosts", hosts, "test", "echo", "x"]
    ended = run("sh", "-c", f'exec "$@" {closed}', "sh", *words)
    assert (ended.stdout.strip().rpartition(b"\t")[2], *ended[1:]) == (stdout, stderr, status)


# ---- on a terminal ----


def test_a_terminal_gets_a_bar_and_a_table(remctld: Remctld) -> None:
    refusing = f"127.0.0.1:{free_port()}"
    stdin = f"localhost:{remctld.port}\n{refusing}\n".encode()
    drawn, status = on_a_terminal(
        *FLEET, "--hosts", "-", "test", "echo", "[red]x[/red]", stdin=stdin
    )
    assert status == 1
    assert "2/2" in drawn
    assert drawn.index("?25l") < drawn.index("?25h"), "the cursor is there again"
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)
    table = text[text.index("first line") :]
    assert re.search(rf"localhost:{remctld.port} +0 +\d+\.\d\d +\[red\]x\[/red\]", table)
    assert re.search(rf"{refusing} +- +\d+\.\d\d +cannot connect to", table)


def test_json_lines_on_a_terminal_are_not_drawn_over(remctld: Remctld) -> None:
    stdin = b"localhost:%d\n" % remctld.port
    drawn, status = on_a_terminal(*FLEET, "--hosts", "-", "--json", "test", "true", stdin=stdin)
    assert status == 0
    assert json.loads(drawn)["status"] == 0


# ---- limits ----

LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
os.execv(sys.argv[3], sys.argv[3:])
"""


def limited(soft: int, hard: int, *words: str, stdin: bytes) -> tuple[bytes, str, int]:
    """Run ours with these limits of open files."""
    around = [sys.executable, "-c", LIMITED, str(soft), str(hard)]
    return run(*around, *OURS, *words, stdin=stdin)


def test_the_soft_limit_is_raised_as_far_as_needed(remctld: Remctld) -> None:
    stdin = b"localhost:%d\n" % remctld.port * 60
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    words = [*FLEET, "--hosts", "-", "--concurrency", "60", "--json", "test", "sleep", "1"]
    stdout, stderr, status = limited(24, hard, *words, stdin=stdin)
    assert (stderr, status) == ("", 0)
    assert stdout.count(b"\n") == 60


def test_a_hard_limit_that_is_too_low_lowers_the_concurrency(remctld: Remctld) -> None:
    stdin = b"localhost:%d\n" % remctld.port * 60
    words = [*FLEET, "--hosts", "-", "--concurrency", "60", "--json", "test", "true"]
    stdout, stderr, status = limited(64, 64, *words, stdin=stdin)
    assert status == 0
    assert stdout.count(b"\n") == 60
    assert re.fullmatch(
        r"opswire: \d+ hosts at once instead of 60: "
        r"the limit of open files is too low \(ulimit -Hn\)\n",
        stderr,
    )
