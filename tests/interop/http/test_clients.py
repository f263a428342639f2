"""opswire.http and clients that others have written: curl, nc, openssl, h11, http.client."""

import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import h11
import pytest

from opswire.http import Limits, Request, Response, Server
from opswire.tls import ServerTLS
from tests.servers.certificates import Authority
from tests.unit.raw_client import SECONDS, connected

PIECES = [b"x" * size for size in (1, 1000, 70_000)]


def echo(request: Request) -> Response:
    """Say what was asked, by and by for /pieces."""
    if request.path == "/pieces":
        return Response(200, {"Content-Type": "text/plain"}, iter(PIECES))
    said = {
        "method": request.method,
        "target": request.target,
        "version": request.version,
        "length": len(request.body),
        "client": request.peer.common_name,
    }
    return Response(200, {"Content-Type": "application/json"}, json.dumps(said).encode())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the server and its client."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Server]:
    """A server of HTTP, and of HTTPS for clients with a certificate."""
    made = Server(echo, limits=Limits(max_body=1_000_000))
    pair = authority.pair("localhost")
    made.listen(
        "localhost",
        tls=ServerTLS(*pair, ca=authority.certificate, client_certificate="required"),
    )
    with made:
        yield made


def curl(*words: str | Path, status: int = 0) -> bytes:
    """What curl writes."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", str(SECONDS), *words],
        capture_output=True,
        timeout=SECONDS * 2,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", ["--http1.0", "--http1.1", "--http2"])
def test_curl_of_each_version(version: str, server: Server) -> None:
    """What asks for HTTP/2 by Upgrade is answered in HTTP/1.1, with its body."""
    said = json.loads(curl(version, "--data", "abc", f"{server.url}/a?b=c"))
    number = "1.0" if version == "--http1.0" else "1.1"
    assert said == {
        "method": "POST",
        "target": "/a?b=c",
        "version": number,
        "length": 3,
        "client": None,
    }


def test_curl_keeps_the_connection(server: Server) -> None:
    """Three requests, one connection."""
    words = []
    for number in range(3):
        words += ["--next"] if number else []
        words += ["--silent", "--write-out", "%{num_connects}\n", "--output", "/dev/null"]
        words += [f"{server.url}/{number}"]
    assert curl(*words).split() == [b"1", b"0", b"0"]


@pytest.mark.parametrize("size", [3, 900_000])
@pytest.mark.parametrize("how", ["length", "chunked"])
def test_curl_uploads(size: int, how: str, server: Server, tmp_path: Path) -> None:
    """With Expect: 100-continue, which curl sends for long bodies, and chunked."""
    file = tmp_path / "body"
    file.write_bytes(b"x" * size)
    headers = ["--header", "Transfer-Encoding: chunked"] if how == "chunked" else []
    headers += ["--header", "Expect: 100-continue"]
    said = json.loads(curl("--data-binary", f"@{file}", *headers, server.url))
    assert said["length"] == size


def test_curl_is_told_that_a_body_is_too_large(server: Server, tmp_path: Path) -> None:
    """Before it has sent it, and while it sends."""
    file = tmp_path / "body"
    file.write_bytes(b"x" * 3_000_000)
    for headers in (["Expect: 100-continue"], ["Expect:"]):
        words = ["--write-out", "%{http_code}", "--output", "/dev/null"]
        words += ["--data-binary", f"@{file}", "--header", *headers]
        assert curl(*words, server.url) == b"413"


@pytest.mark.parametrize("version", ["--http1.0", "--http1.1"])
def test_curl_reads_what_comes_by_and_by(version: str, server: Server) -> None:
    assert curl(version, f"{server.url}/pieces") == b"".join(PIECES)


def test_curl_asks_for_the_head(server: Server) -> None:
    """And waits for no body."""
    head = curl("--head", f"{server.url}/pieces", server.url).decode()
    assert head.count("HTTP/1.1 200 OK") == 2
    assert "content-length: " in head.lower()


def test_curl_with_a_certificate(server: Server, authority: Authority) -> None:
    """Its subject is who asks; without one there is no answer."""
    own = authority.pair("somebody")
    url = f"https://localhost:{server.addresses[1].port}/"
    trust: list[str | Path] = [
        "--cacert",
        authority.certificate,
        "--resolve",
        f"localhost:{url[-6:-1]}:127.0.0.1",
    ]
    said = json.loads(curl(*trust, "--cert", own.certificate, "--key", own.key, url))
    assert said["client"] == "somebody"
    without = subprocess.run(
        ["curl", "--silent", "--max-time", str(SECONDS), *trust, url],
        capture_output=True,
        timeout=SECONDS * 2,
        check=False,
    )
    # An alert, an end or a reset, by what curl sees first.
    assert (without.returncode in (35, 52, 55, 56), without.stdout) == (True, b"")


def test_openssl_sees_no_old_protocol(server: Server, authority: Authority) -> None:
    """And HTTP/1.1 is what is agreed on."""
    own = authority.pair("somebody")
    place = f"localhost:{server.addresses[1].port}"
    command: list[str | Path] = [
        "openssl",
        "s_client",
        "-connect",
        place,
        "-CAfile",
        authority.certificate,
    ]
    command += ["-cert", own.certificate, "-key", own.key, "-alpn", "h2,http/1.1", "-brief"]
    done = subprocess.run(
        command,
        input=b"GET / HTTP/1.0\r\n\r\n",
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert b"Protocol version: TLSv1.3" in done.stderr
    done = subprocess.run(
        [*command, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"],
        input=b"",
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode != 0


def test_nc_ends_its_side_first(server: Server) -> None:
    """All that it sent is answered before the connection ends."""
    requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(100))
    done = subprocess.run(
        ["nc", "-N", "127.0.0.1", str(server.port)],
        input=requests,
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    assert done.stdout.count(b"HTTP/1.1 200 OK\r\n") == 100


def test_http_client_of_python(server: Server) -> None:
    """One connection for everything."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    for method, body in (("GET", None), ("POST", b"abc"), ("POST", iter([b"ab", b"c"]))):
        connection.request(method, "/", body, encode_chunked=not isinstance(body, bytes))
        said = json.loads(connection.getresponse().read())
        assert said["length"] == (0 if body is None else 3)
        local = connection.sock.getsockname()
    connection.request("HEAD", "/pieces")
    assert connection.getresponse().read() == b""
    connection.request("GET", "/pieces")
    assert connection.getresponse().read() == b"".join(PIECES)
    assert connection.sock.getsockname() == local
    connection.close()


@pytest.mark.parametrize("chunk", [1 << 20, 1])
def test_h11_finds_every_answer_right(chunk: int, server: Server) -> None:
    """Strictly, and that the connection stays or ends as was said."""
    asked = h11.Connection(h11.CLIENT)
    with connected(server.port) as connection:
        for path, method in [("/", "POST"), ("/pieces", "GET"), ("/", "HEAD"), ("/", "BREW")]:
            headers = [("Host", "x"), ("Content-Length", "3" if method == "POST" else "0")]
            connection.sendall(
                asked.send(h11.Request(method=method, target=path, headers=headers)) or b""
            )
            if method == "POST":
                connection.sendall(asked.send(h11.Data(data=b"abc")) or b"")
            connection.sendall(asked.send(h11.EndOfMessage()) or b"")
            response, body = _next_answer(asked, connection, chunk)
            assert response.status_code == (501 if method == "BREW" else 200)
            assert (body == b"".join(PIECES)) == (path == "/pieces")
            if method == "BREW":
                assert asked.their_state is h11.MUST_CLOSE
            else:
                asked.start_next_cycle()


def _next_answer(
    asked: h11.Connection, connection: object, chunk: int
) -> tuple[h11.Response, bytes]:
    response: h11.Response | None = None
    body = b""
    while True:
        event = asked.next_event()
        if event is h11.NEED_DATA:
            asked.receive_data(connection.recv(chunk))  # type: ignore[attr-defined]  # h11 has no types for it
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            body += event.data
        else:
            assert isinstance(event, h11.EndOfMessage)
            assert response is not None
            return response, body
