"""``opswire remctl`` does what remctl(1) does: both run with the same arguments."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.interop.cli.programs import OURS, PEER, SECONDS, Ended, begun, run
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

REMCTL = (*OURS, "remctl")
BOTH = pytest.mark.parametrize("command", [REMCTL, PEER], ids=["ours", "peer"])

# {port} is that of the real server; standard output, standard error and status are the same.
SAME = {
    "output": "-p {port} localhost test echo hello",
    "both streams and a status": "-p {port} localhost test both",
    "no output": "-p {port} localhost test true",
    "a high status": "-p {port} localhost test status 200",
    "a killed command": "-p {port} localhost test kill",
    "a command without subcommand": "-p {port} localhost empty",
    "a megabyte": "-p {port} localhost test bytes 1000000",
    "options of the command": "-p {port} localhost test echo -p 5 -h --version -- x",
    "two dashes before the host": "-p {port} -- localhost test echo -n",
    "two dashes after the host": "-p {port} localhost -- test echo",
    "a dash as host": "-p {port} - test echo",
    "two dashes before an option": "-- -p {port} localhost test echo",
    "an option joined to its value": "-p{port} localhost test echo joined",
    "options joined": "-bany -p{port} localhost test echo joined",
    "the last of two ports": "-p 1 -p {port} localhost test echo twice",
    "a port with a sign": "-p +{port} localhost test echo sign",
    "a source address": "-b 127.0.0.1 -p {port} localhost test echo here",
    "any source address": "-b any -p {port} localhost test echo here",
    "a source address of another family": "-b ::1 -p {port} 127.0.0.1 test echo",
    "a source address that is none": "-b nonsense -p {port} localhost test echo",
    "a source address of somebody else": "-b 192.0.2.1 -p {port} localhost test echo",
    "a principal": "-s host/localhost -p {port} localhost test echo known",
    "an unknown principal": "-s host/nowhere -p {port} localhost test echo",
    "no time-out": "-t 0 -p {port} localhost test echo patient",
    "a time-out that is not reached": "-t 30 -p {port} localhost test echo patient",
    "silence": "-t 1 -p {port} localhost test sleep 20",
    "a denied command": "-p {port} localhost test denied",
    "an unknown command": "-p {port} localhost nosuch",
    "a missing subcommand": "-p {port} localhost test",
    "a missing program": "-p {port} localhost test missing",
    "a closed port": "-p 1 localhost test echo",
    "an unknown host": "-p {port} nosuch.invalid test echo",
    "an unknown host with a principal": "-s host/x -p {port} nosuch.invalid test echo",
    "no port": "-p abc localhost test",
    "port 0": "-p 0 localhost test",
    "a port that is too high": "-p 65536 localhost test",
    "a negative port": "-p -1 localhost test",
    "a negative time-out": "-t -5 localhost test",
}
# Where our text says more: remctl(1) tells what C's strtol made of a value, and knows one reason.
OTHER_TEXT = {
    "no port": ("port number 0", "port number abc"),
    "a source address of another family": (
        "Invalid argument",
        "Address family not supported by protocol",
    ),
}
USAGE = {
    "nothing": "",
    "a host alone": "localhost",
    "an unknown option": "-x localhost test",
    "an unknown option before -h": "-xh",
    "a missing value": "-p",
    "a missing value of the last of joined options": "-dt",
    "debugging alone": "-d",
}
ANSWERED = {"-h": "-h", "-h before -v": "-hv", "-h after -d": "-dh", "-v": "-v"}


def both(arguments: list[str | bytes]) -> tuple[Ended, Ended]:
    """What ours and the peer do."""
    return run(*REMCTL, *arguments), run(*PEER, *arguments)


@pytest.mark.parametrize("name", SAME)
def test_streams_and_status_are_those_of_remctl(name: str, remctld: Remctld) -> None:
    ours, peer = both([*SAME[name].format(port=remctld.port).split()])
    theirs, our_own = OTHER_TEXT.get(name, ("", ""))
    assert ours == peer._replace(stderr=peer.stderr.replace(theirs, our_own))


@pytest.mark.parametrize("name", USAGE)
def test_a_wrong_command_line_is_told_as_remctl_tells_it(name: str, realm: Realm) -> None:
    ours, peer = both([*USAGE[name].split()])
    assert (ours.stdout, ours.status) == (peer.stdout, peer.status) == (b"", 1)
    told = [line for line in peer.stderr.splitlines() if line.startswith("remctl: ")]
    assert [line for line in ours.stderr.splitlines() if line.startswith("remctl: ")] == told
    assert "Usage: opswire remctl " in ours.stderr


@pytest.mark.parametrize("name", ANSWERED)
def test_help_and_version_go_to_standard_output(name: str, realm: Realm) -> None:
    ours, peer = both([*ANSWERED[name].split()])
    assert (ours.stderr, ours.status) == (peer.stderr, peer.status) == ("", 0)
    for text in (b"Usage: ", b"Options:"):
        assert (text in ours.stdout) == (text in peer.stdout)


def test_arguments_are_octets(remctld: Remctld) -> None:
    words = [b"\xff\xe9", b"", b"a b", "é".encode(), b"--", b"\n"]
    ours, peer = both(["-p", str(remctld.port), "localhost", "test", "arguments", *words])
    assert ours == peer
    assert ours.stdout == b"".join(word + b"\0" for word in words)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_locale_changes_no_octet(remctld: Remctld, locale: str) -> None:
    # Without these two Python would make UTF-8 of "C".
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [*REMCTL, "-p", str(remctld.port), "localhost", "test", "arguments"]
    ended = run(*command, b"\xff\xe9", "é".encode(), extra=environment)
    assert ended == (b"\xff\xe9\0\xc3\xa9\0", "", 0)


def test_no_ticket_is_told_as_remctl_tells_it(remctld: Remctld, tmp_path: Path) -> None:
    missing = {"KRB5CCNAME": f"FILE:{tmp_path / 'missing'}"}
    arguments = ["-p", str(remctld.port), "localhost", "test", "echo"]
    ours, peer = (run(*command, *arguments, extra=missing) for command in (REMCTL, PEER))
    assert ours == peer
    assert ours.status == 1


@pytest.mark.parametrize("option", ["-s", "-b", "-t", "-p"])
def test_an_empty_value_is_never_taken_for_the_default(remctld: Remctld, option: str) -> None:
    """A script's variable was empty; -t takes it for 0 in remctl(1), the others fail there too."""
    ended = run(*REMCTL, "-p", str(remctld.port), option, "", "localhost", "test", "echo")
    assert (ended.stdout, ended.status) == (b"", 1)
    assert ended.stderr.startswith("remctl: ")


@pytest.mark.parametrize(
    "options",
    [
        ["--port", "{port}", "--timeout", "10"],
        ["--port={port}", "--timeout=0.5", "--source=127.0.0.1", "--principal=host/localhost"],
    ],
)
def test_options_have_long_names_too(remctld: Remctld, options: list[str]) -> None:
    words = [option.format(port=remctld.port) for option in options]
    assert run(*REMCTL, *words, "localhost", "test", "echo", "long") == (b"long\n", "", 0)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--nonsense"], "remctl: unrecognized option '--nonsense'"),
        (["--port"], "remctl: option '--port' requires an argument"),
        (["--debug=1"], "remctl: option '--debug' doesn't allow an argument"),
    ],
)
def test_a_wrong_long_option_is_told(words: list[str], text: str) -> None:
    ended = run(*REMCTL, *words)
    assert ended.status == 1
    assert ended.stderr.splitlines()[0] == text


# ---- names ----


@pytest.fixture
def aliased(realm: Realm, tmp_path: Path) -> list[str]:
    """A command line in whose namespace an alias has a canonical name, and only that a key."""
    realm.add_service("host/canonical.opswire.test")
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 canonical.opswire.test alias.opswire.test\n")
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    return [*unshare, "--", "sh", "-c", f'mount --bind {hosts} /etc/hosts && exec "$@"', "sh"]


@BOTH
@pytest.mark.parametrize("options", [[], ["-s", "host/localhost"]], ids=["host", "principal"])
def test_the_server_is_asked_for_by_its_canonical_name(
    remctld: Remctld, aliased: list[str], command: tuple[str, ...], options: list[str]
) -> None:
    words = [*options, "-p", str(remctld.port), "alias.opswire.test", "test", "echo", "found"]
    assert run(*aliased, *command, *words) == (b"found\n", "", 0)


# ---- streams ----


def test_output_is_passed_on_as_it_arrives(remctld: Remctld) -> None:
    """Into a pipe too, where remctl(1) keeps it back until the end."""
    words = ["-p", str(remctld.port), "localhost", "test", "ticks", "2", "5"]
    with begun(*REMCTL, *words) as process:
        assert process.stdout is not None
        assert process.stdout.read(2) == b"0\n"
        assert process.poll() is None
        process.kill()


def test_much_output_takes_no_memory(remctld: Remctld) -> None:
    octets = 100_000_000
    words = ["-p", str(remctld.port), "localhost", "test", "bytes", str(octets)]

    def peak(pid: int) -> int:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))

    with begun(*REMCTL, *words) as process:
        assert process.stdout is not None
        received = len(process.stdout.read(1_000_000))
        early = peak(process.pid)
        # Most of what is left is still to come: the pipe and the socket hold little.
        received += len(process.stdout.read(octets - 20_000_000))
        late = peak(process.pid)
        received += len(process.stdout.read())
    assert received == octets
    assert process.returncode == 0
    assert late - early < 4000, "kilobytes"


@BOTH
def test_a_reader_that_goes_away_ends_it_quietly(
    remctld: Remctld, command: tuple[str, ...]
) -> None:
    words = ["-p", str(remctld.port), "localhost", "test", "bytes", "100000000"]
    with begun(*command, *words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.wait(SECONDS) == -signal.SIGPIPE
        assert process.stderr.read() == b""


@BOTH
def test_control_c_ends_it_without_a_word(remctld: Remctld, command: tuple[str, ...]) -> None:
    """A shell calls it status 130."""
    words = ["-p", str(remctld.port), "localhost", "test", "sleep", "30"]
    before = remctld.log().count("test sleep 30")
    with begun(*command, *words) as process:
        assert process.stderr is not None
        until = time.monotonic() + SECONDS
        while remctld.log().count("test sleep 30") == before and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == -signal.SIGINT
        assert process.stderr.read() == b""


def test_control_c_is_ignored_where_the_caller_ignores_it(remctld: Remctld) -> None:
    words = [*REMCTL, "-p", str(remctld.port), "localhost", "test", "ticks", "2", "1"]
    with begun("sh", "-c", 'trap "" INT; exec "$@"', "sh", *words) as process:
        assert process.stdout is not None
        process.stdout.read(2)
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0


@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
def test_output_that_cannot_be_written_is_a_failure(
    remctld: Remctld, redirection: str, reason: str
) -> None:
    """remctl(1) says so once for each piece and ends with status 0, as if all were well."""
    words = [*REMCTL, "-p", str(remctld.port), "localhost", "test", "bytes", "1000000"]
    ended = run("sh", "-c", f'exec "$@" {redirection}', "sh", *words)
    assert ended == (b"", f"remctl: local write of command output failed: {reason}\n", 1)


def test_closed_streams_do_not_become_the_connection(remctld: Remctld) -> None:
    words = [*REMCTL, "-p", str(remctld.port), "localhost", "test", "status", "7"]
    assert run("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words) == (b"", "", 7)


def test_a_pipe_that_somebody_made_non_blocking_gets_every_octet(remctld: Remctld) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    words = ["-p", str(remctld.port), "localhost", "test", "bytes", "1000000"]
    with (
        open(reader, "rb") as pipe,
        subprocess.Popen([*REMCTL, *words], stdout=writer) as process,
    ):
        os.close(writer)
        assert len(pipe.read()) == 1_000_000
        assert process.wait(SECONDS) == 0


# ---- debugging, and what the server does ----


def test_debugging_tells_what_is_sent_and_received_but_not_what_it_says(remctld: Remctld) -> None:
    words = ["-d", "-p", str(remctld.port), "localhost", "test", "stderr", "very secret"]
    ended = run(*REMCTL, *words)
    assert (ended.stdout, ended.status) == (b"", 0)
    assert "opswire.remctl: connected to localhost" in ended.stderr
    assert "sending a command of 3 words" in ended.stderr
    assert "received status 0" in ended.stderr
    assert ended.stderr.count("very secret") == 1, "the command's own output"


def test_global_options_stand_before_the_name(remctld: Remctld) -> None:
    words = ["-p", str(remctld.port), "localhost", "test", "echo", "-x", "--help"]
    ended = run(*OURS, "--debug", "remctl", *words)
    assert (ended.stdout, ended.status) == (b"-x --help\n", 0)
    assert "opswire.remctl: connected to localhost" in ended.stderr


@pytest.mark.parametrize("when", ["before the answer", "in the handshake"])
def test_a_server_that_goes_away_is_told_as_remctl_tells_it(realm: Realm, when: str) -> None:
    def leave(hand: HandMade) -> None:
        if when == "before the answer":
            hand.establish_and_read()
        else:
            hand.read_hello()

    ended = []
    for command in (REMCTL, PEER):
        with EmbeddedServer(hostile=leave) as server:
            ended.append(run(*command, "-p", str(server.port), "127.0.0.1", "test", "echo"))
    ours, peer = ended
    assert ours == peer
    assert ours.status == 1
