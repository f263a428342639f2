"""The trace option of a real program with a real terminal and a real server."""

import os
import pty
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.servers.web import WebServer

MARK = "opswire-redacted"
NO_OPTION = "no option"
PROGRAM = """
import argparse, sys, requests
from opswire.agents.traces.option import vcrtrace
assert "vcr" not in sys.modules
parser = argparse.ArgumentParser(prog="agent")
parser.add_argument("--trace", action=vcrtrace({options}), help="Ask support first.")
arguments = parser.parse_args(sys.argv[2:])
url = sys.argv[1]
session = requests.Session()
session.trust_env = False
print(arguments.trace)
{body}
"""
LOGIN = """
login = session.post(url + "/login", data={"user": "monitor", "password": "passw0rd-of-the-form"})
token = login.json()["access_token"]
session.headers["Authorization"] = "Bearer " + token
answer = session.get(url + "/items/" + token + "/list", params={"api_key": "k3y-in-the-query"})
print(answer.json()["number"], login.json()["token_type"], login.json()["age"])
"""


class Ended(NamedTuple):
    """What a program left."""

    status: int
    stdout: str
    stderr: str


class Agent:
    """Runs programs with the option, in a home of their own."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.folder = home / "tmp/check_mk/debug"
        self.folder.mkdir(parents=True)
        self.trace = self.folder / "trace"
        self.url = url

    def run(
        self,
        body: str,
        *arguments: str,
        options: str = "",
        terminal: bool = True,
        environment: dict[str, str] | None = None,
    ) -> Ended:
        """Run a program of these lines; with no arguments, it traces to self.trace."""
        program = PROGRAM.format(options=options, body=textwrap.dedent(body))
        words = arguments or ("--trace", str(self.trace))
        words = () if words == (NO_OPTION,) else words
        master, slave = pty.openpty()
        try:
            result = subprocess.run(
                [sys.executable, "-W", "error", "-c", program, self.url, *words],
                stdin=slave if terminal else subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                env={**os.environ, "HOME": str(self.home), **(environment or {})},
                check=False,
            )
        finally:
            os.close(master)
            os.close(slave)
        return Ended(result.returncode, result.stdout, result.stderr)

    def stored(self) -> str:
        """The trace file."""
        return self.trace.read_text()


@pytest.fixture
def server() -> Iterator[WebServer]:
    """What the programs ask."""
    with WebServer() as running:
        yield running


@pytest.fixture
def agent(tmp_path: Path, server: WebServer) -> Agent:
    """Programs with an empty folder for traces."""
    return Agent(tmp_path / "home", server.url)


def test_a_missing_trace_is_recorded_and_an_existing_one_replayed(
    agent: Agent, server: WebServer
) -> None:
    """The second run says the same and sends nothing."""
    first = agent.run(LOGIN)
    assert first == (0, "True\n2 Bearer 60\n", "")
    assert len(server.seen) == 2
    assert agent.run(LOGIN) == first
    assert len(server.seen) == 2


def test_secrets_are_sent_and_not_stored(agent: Agent, server: WebServer) -> None:
    """In a form, JSON, a header, a cookie, a query, and by value in a path."""
    agent.run(LOGIN)
    login, listing = server.seen
    assert login.body == b"user=monitor&password=passw0rd-of-the-form"
    assert listing.path == "/items/t0ken-of-the-answer/list?api_key=k3y-in-the-query"
    assert listing.headers["Authorization"] == "Bearer t0ken-of-the-answer"
    assert listing.headers["Cookie"] == "sid=c00kie-of-the-answer"
    stored = agent.stored()
    for secret in ("passw0rd", "t0ken", "c00kie", "k3y"):
        assert secret not in stored
    assert f"user=monitor&password={MARK}" in stored
    assert f"/items/{MARK}/list?api_key={MARK}" in stored
    assert f"sid={MARK}; Path=/; HttpOnly" in stored


def test_only_the_owner_reads_a_trace(agent: Agent) -> None:
    """And no temporary file is left."""
    agent.run(LOGIN)
    assert agent.trace.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in agent.folder.iterdir()] == ["trace"]


def test_requests_that_a_trace_lacks_are_sent_and_appended(agent: Agent, server: WebServer) -> None:
    """And replayed from then on."""
    ask = 'print(session.get(url + "/{0}").json()["number"])\n'
    assert agent.run(ask.format("a")).stdout == "True\n1\n"
    assert agent.run(ask.format("a") + ask.format("b")).stdout == "True\n1\n2\n"
    assert [seen.path for seen in server.seen] == ["/a", "/b"]
    assert agent.run(ask.format("b") + ask.format("a")).stdout == "True\n2\n1\n"
    assert len(server.seen) == 2
    assert len(yaml.safe_load(agent.stored())["interactions"]) == 2


def test_while_a_trace_grows_the_program_gets_the_real_answers(
    agent: Agent, server: WebServer
) -> None:
    """A token that is fetched twice, in a trace that existed, is no mark when it is used."""
    agent.run('session.get(url + "/a")')
    program = """
    for _ in range(2):
        token = session.get(url + "/login").json()["access_token"]
    session.get(url + "/b", headers={"X-Auth-Token": token})
    """
    assert agent.run(program).status == 0
    assert server.seen[-1].headers["X-Auth-Token"] == "t0ken-of-the-answer"


@pytest.mark.parametrize(
    ("ending", "status"),
    [("sys.exit(3)", 3), ("raise RuntimeError('a crash')", 1)],
    ids=["exit", "exception"],
)
def test_a_program_that_ends_badly_leaves_a_trace(agent: Agent, ending: str, status: int) -> None:
    """Just what somebody wants to see."""
    ended = agent.run(f'session.get(url + "/a")\n{ending}')
    assert ended.status == status
    assert len(yaml.safe_load(agent.stored())["interactions"]) == 1


def test_the_callers_filters_do_what_they_did(agent: Agent, server: WebServer) -> None:
    """Of vcrpy and of the body; a request without a body does not reach the body's filter."""
    options = """
        filter_body=lambda body: body.replace(b"Smith", b"Jones"),
        filter_headers=["User-Agent", ("X-Place", "somewhere")],
        filter_query_parameters=["page"],
        filter_post_data_parameters=[("street", "hidden")],
    """
    program = """
    session.get(url + "/a", params={"page": "7", "sort": "up"}, headers={"X-Place": "here"})
    session.post(url + "/b", data={"name": "Smith", "street": "High Street"})
    """
    assert agent.run(program, options=options) == (0, "True\n", "")
    assert b"Smith" in server.seen[1].body
    first, second = (each["request"] for each in yaml.safe_load(agent.stored())["interactions"])
    assert first["uri"] == f"{server.url}/a?sort=up"
    assert first["headers"]["X-Place"] == ["somewhere"]
    assert "User-Agent" not in first["headers"]
    assert second["body"] == "name=Jones&street=hidden"
    agent.run(program, options=options)
    assert len(server.seen) == 2


def test_what_the_callers_filters_put_there_stays(agent: Agent, server: WebServer) -> None:
    """Though it stands under the name of a secret; also when the trace grows in later runs."""
    options = """
        filter_headers=[
            ("authorization", "****"), ("x-auth-token", lambda key, value, request: request.path)
        ],
        filter_query_parameters=[
            ("api_key", "----"), ("ticket", lambda key, value, request: "none of yours")
        ],
        filter_post_data_parameters=[
            ("password", "hidden"), ("pw", lambda key, value, request: None)
        ],
    """
    program = """
    headers = {"Authorization": "Bearer t0ken-1", "X-Auth-Token": "abcdefgh-1"}
    headers["X-Api-Key"] = "k3y-of-1"
    parameters = {"api_key": "k3y-in-2", "ticket": "t1cket-2", "token": "t0ken-2"}
    data = {"password": "passw0rd-3", "pw": "passw0rd-4", "token": "t0ken-3"}
    session.post(url + "/%s", headers=headers, params=parameters, data=data)
    """
    for run, name in enumerate(("a", "b", "c"), 1):
        assert agent.run(program % name, options=options).status == 0
        found = [each["request"] for each in yaml.safe_load(agent.stored())["interactions"]]
        assert len(found) == len(server.seen) == run
        for request, path in zip(found, ("/a", "/b", "/c")[:run], strict=True):
            headers = request["headers"]
            assert headers["authorization"] == ["****"]
            assert headers["x-auth-token"] == [path]
            assert headers["X-Api-Key"] == [MARK]
            assert request["uri"].endswith(f"?api_key=----&ticket=none+of+yours&token={MARK}")
            assert request["body"] == f"password=hidden&token={MARK}"
    assert server.seen[0].headers["Authorization"] == "Bearer t0ken-1"
    assert agent.run(program % "a", options=options).status == 0
    assert len(server.seen) == 3


def test_a_function_that_leaves_a_value_has_not_replaced_it(agent: Agent) -> None:
    """It is as secret as without the filter."""
    options = 'filter_headers=[("authorization", lambda key, value, request: value)]'
    program = 'session.get(url + "/a", headers={"Authorization": "Bearer t0ken-of-main"})'
    agent.run(program, options=options)
    assert "t0ken" not in agent.stored()


def test_multipart_and_soap_are_stored_without_secrets(agent: Agent, server: WebServer) -> None:
    """As requests makes them; replay finds them."""
    program = """
    fields = {"password": (None, "passw0rd-of-the-form"), "page": (None, "7")}
    session.post(url + "/a", files=fields)
    envelope = "<E><wsse:Password>passw0rd-of-the-envelope</wsse:Password><P>7</P></E>"
    session.post(url + "/b", data=envelope, headers={"Content-Type": "text/xml"})
    bot = "/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5P/send"
    session.get(url + bot, params={"key": "k3y-of-2"})
    """
    for _ in range(2):
        assert agent.run(program) == (0, "True\n", "")
    assert len(server.seen) == 3
    assert b"passw0rd-of-the-form" in server.seen[0].body
    stored = agent.stored()
    for secret in ("passw0rd", "AAHdqTcv", "k3y"):
        assert secret not in stored
    assert f"<wsse:Password>{MARK}</wsse:Password><P>7</P>" in stored
    assert f"/bot{MARK}/send?key={MARK}" in stored


def test_without_the_option_nothing_happens(agent: Agent) -> None:
    """No terminal is needed, no folder, no vcrpy; the destination has its default."""
    agent.folder.rmdir()
    program = 'print(session.get(url).ok, "vcr" in sys.modules)'
    assert agent.run(program, NO_OPTION, terminal=False) == (0, "None\nTrue False\n", "")


def test_a_program_without_a_terminal_is_told_so(agent: Agent) -> None:
    """A usage error; nothing is written."""
    ended = agent.run(LOGIN, terminal=False)
    assert (ended.status, ended.stdout) == (2, "")
    assert ended.stderr.endswith("agent: error: You need to run this in a tty\n")
    assert not agent.trace.exists()


@pytest.mark.parametrize("name", ["../trace", "../../../trace", "/etc/trace", ".", "out/trace"])
def test_a_trace_outside_of_the_folder_is_refused(agent: Agent, name: str) -> None:
    """By '..', by another place, by a link."""
    (agent.folder / "out").symlink_to(agent.home)
    ended = agent.run(LOGIN, "--trace", str(agent.folder / name))
    assert ended.status == 2
    assert ended.stderr.endswith(f"agent: error: Traces can only be stored in {agent.folder}\n")


def test_a_home_behind_a_link_works(agent: Agent, tmp_path: Path) -> None:
    """Both sides are resolved."""
    link = tmp_path / "link"
    link.symlink_to(agent.home)
    trace = str(link / "tmp/check_mk/debug/trace")
    ended = agent.run(LOGIN, "--trace", trace, environment={"HOME": str(link)})
    assert ended == (0, "True\n2 Bearer 60\n", "")
    assert agent.trace.exists()


def test_a_missing_folder_is_told(agent: Agent) -> None:
    """With the command that makes it."""
    ended = agent.run(LOGIN, "--trace", str(agent.folder / "more/trace"))
    assert ended.status == 2
    assert f"mkdir -p -m 700 {agent.folder}/more\n" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_missing_vcrpy_is_told(agent: Agent, tmp_path: Path) -> None:
    """With what to install."""
    (tmp_path / "vcr.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'vcr'\", name='vcr')"
    )
    ended = agent.run(
        LOGIN, environment={"PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"}
    )
    assert ended.status == 2
    assert "vcrtrace needs the package vcrpy: pip install 'opswire[agents]'" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("octets", [b"interactions: [", b"\xff\xfe", b"- 1\n", b"{}"])
def test_a_broken_trace_is_told(agent: Agent, octets: bytes) -> None:
    """And stays as it is."""
    agent.trace.write_bytes(octets)
    ended = agent.run(LOGIN)
    assert ended.status == 2
    assert f"agent: error: The trace {agent.trace} cannot be read" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert agent.trace.read_bytes() == octets


def test_a_folder_that_vanishes_is_told_and_the_exit_status_stays(agent: Agent) -> None:
    """At the end of the program, in one sentence."""
    ended = agent.run(
        f'session.get(url + "/a")\nimport shutil; shutil.rmtree({str(agent.folder)!r}); sys.exit(4)'
    )
    assert ended.status == 4
    assert ended.stderr.startswith(f"The trace {agent.trace} could not be written: ")
    assert ended.stderr.count("\n") == 1


def test_the_help_says_where_traces_go(agent: Agent) -> None:
    """And has the caller's own help."""
    ended = agent.run("", "--help")
    text = " ".join(ended.stdout.split())
    assert "--trace TRACEFILE" in text
    assert "~/tmp/check_mk/debug" in text
    assert "Ask support first." in text


@pytest.mark.parametrize("words", [("--trace",), ("--trace", "a", "b")])
def test_the_option_takes_one_file(agent: Agent, words: tuple[str, ...]) -> None:
    """Usage errors are argparse's."""
    ended = agent.run("", *words)
    assert (ended.status, "Traceback" in ended.stderr) == (2, False)


def test_what_a_trace_is_used_for_is_logged(agent: Agent, server: WebServer) -> None:
    """At INFO, by the file and in numbers: nothing of what was asked."""
    program = """
    session.get(url + "/a")
    """
    options = 'filter_body=(__import__("logging").basicConfig(level="INFO"), lambda b: b)[1]'
    lines = [
        [line for line in agent.run(program, options=options).stderr.splitlines() if ours in line]
        for ours in ["INFO:opswire.agents:"] * 2
    ]
    assert lines == [
        [
            f"INFO:opswire.agents:HTTP is recorded in {agent.trace}",
            f"INFO:opswire.agents:{agent.trace} has 1 requests now",
        ],
        [
            f"INFO:opswire.agents:HTTP is replayed from {agent.trace}, which has 1 requests; "
            "others are sent and appended",
        ],
    ]
