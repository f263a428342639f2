"""opswire.http: what is sent decides the answer, whole or octet by octet."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opswire.http import METHODS, Limits, Request, Response, Server
from opswire.http.heads import HeadReader
from opswire.http.refusal import Refusal
from tests.unit.raw_client import Answer, answers, connected, exchange, read_all

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases/http_requests.toml").read_text()
)["case"]
LIMITS = Limits(max_head=4096, max_target=2000, max_body=1000)
SERVED = (METHODS | {"M-POST"}) - {"DELETE"}


def echo(request: Request) -> Response:
    """Answer what was asked."""
    text = f"{request.method} {request.path} ".encode() + request.body
    return Response(200, {"Content-Type": "text/plain", "Peer": request.peer.host}, text)


async def echo_by_and_by(request: Request) -> Response:
    """The same, of a body that comes in pieces."""
    await request.read()
    return echo(request)


@pytest.fixture(scope="module", params=["on the loop", "on a thread", "awaited", "streaming"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with each kind of handler in turn."""
    made = {
        "on the loop": lambda: Server(echo, threads=0, limits=LIMITS, methods=SERVED),
        "on a thread": lambda: Server(echo, limits=LIMITS, methods=SERVED),
        "awaited": lambda: Server(echo_by_and_by, limits=LIMITS, methods=SERVED),
        "streaming": lambda: Server(
            echo_by_and_by, limits=LIMITS, methods=SERVED, stream_bodies=True
        ),
    }[request.param]()
    with made:
        yield made


def octets_of(case: dict[str, Any]) -> bytes:
    """What a case sends."""
    text = case["octets"] + case.get("repeated", "") * case.get("times", 0) + case.get("after", "")
    return str(text).encode("latin-1")


def sent(server: Server, case: dict[str, Any], chunk: int) -> list[Answer]:
    """Play a case."""
    if "continued" not in case:
        octets = exchange(server.port, octets_of(case), chunk)
        if case.get("without_body"):
            assert octets.endswith(b"\r\n\r\n")
            octets = octets.replace(b"Content-Length", b"X-Length")
        return answers(octets)
    with connected(server.port) as connection:
        for start in range(0, len(octets_of(case)), chunk):
            connection.sendall(octets_of(case)[start : start + chunk])
        # Only now, for this is what the client waits for.
        first = connection.recv(1000)
        connection.sendall(case["continued"].encode())
        connection.shutdown(1)
        return answers(first + read_all(connection))


@pytest.mark.parametrize("chunk", [1 << 20, 1], ids=["whole", "octet by octet"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_what_is_sent_decides_the_answer(case: dict[str, Any], chunk: int, server: Server) -> None:
    """The statuses, who is told what, and that nothing of the request is in a header."""
    got = sent(server, case, chunk)
    assert [answer.status for answer in got] == case["statuses"]
    for answer in got:
        if answer.status == 100:
            assert not answer.headers
            continue
        assert set(answer.headers) <= {
            "date",
            "content-type",
            "content-length",
            "x-length",
            "connection",
            "peer",
            "allow",
        }
        assert ("allow" in answer.headers) == (answer.status == 405)
        if answer.status >= 400:
            assert answer.headers["connection"] == "close"
            assert answer.body == f"{answer.body.decode()}".encode()
        else:
            assert answer.headers["peer"] == "127.0.0.1"
    if "bodies" in case:
        assert [answer.body.decode() for answer in got] == case["bodies"]


def test_a_405_names_the_methods(server: Server) -> None:
    """All that are served, and none else."""
    (answer,) = answers(exchange(server.port, b"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n"))
    assert answer.headers["allow"] == ", ".join(sorted(SERVED))
    assert answer.body == b"Method Not Allowed\n"


@pytest.mark.parametrize(
    "octets",
    [b"A: \x00", b"A: b\rc", b"A: b\r", b"A: b\nB: c", b"A: b\n", b"A: b\r\n c", b"A: b\r\n\tc"],
)
def test_what_parsers_differ_about_is_refused_whatever_llhttp_says(
    octets: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is strict today, by defaults that can be switched."""
    monkeypatch.setattr("opswire.http.heads._header_lines", lambda head: ((b"Host", b"x"),))
    reader = HeadReader(LIMITS)
    assert reader.read(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").method == "GET"
    with pytest.raises(Refusal, match="folded") as caught:
        reader.read(b"GET / HTTP/1.1\r\nHost: x\r\n" + octets + b"\r\n\r\n")
    assert caught.value.status == 400
