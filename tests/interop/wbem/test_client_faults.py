"""Servers that answer late, little, wrong or elsewhere; each with both faces of the client."""

import logging
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from opswire import wbem
from tests.interop.wbem.faces import FACES, opened
from tests.servers.certificates import Authority
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim, closing, http, saying

CREDS = ("root", "correct horse battery")
SECRET = b64encode(":".join(CREDS).encode()).decode()
NAMES = cim("EnumerateClassNames", '<IRETURNVALUE><CLASSNAME NAME="A"/></IRETURNVALUE>')
CREATED = cim(
    "CreateInstance",
    '<IRETURNVALUE><INSTANCENAME CLASSNAME="A"><KEYBINDING NAME="k"><KEYVALUE>1</KEYVALUE>'
    "</KEYBINDING></INSTANCENAME></IRETURNVALUE>",
)
NEW = wbem.CIMInstance("A", {"k": "1"})

pytestmark = pytest.mark.parametrize("face", FACES)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


# -- the deadline --


def dribbled_head(peer: Peer) -> None:
    """A head that never ends."""
    peer.dribble(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 2000)


def dribbled_body(peer: Peer) -> None:
    """A body that takes a hundred seconds."""
    peer.send(http(b"", length="2000"))
    peer.dribble(NAMES + b" " * 1000)


def nothing(peer: Peer) -> None:
    """No answer at all."""
    peer.hold()


@pytest.mark.parametrize("answer", [dribbled_head, dribbled_body, nothing])
def test_a_server_that_sends_an_octet_now_and_then_is_late(face: str, answer: Any) -> None:
    """Each of its octets comes long before the timeout, and all of them after it."""
    with ScriptedHTTP(answer) as server, opened(face, server.url, timeout=0.6) as client:
        with pytest.raises(wbem.TimeoutError) as caught:
            client.EnumerateClassNames()
        assert server.peers[0].sent < 1000  # of an answer that takes a hundred seconds
    assert isinstance(caught.value, wbem.ConnectionError)
    assert str(caught.value) == (
        f"EnumerateClassNames in root/cimv2: no answer from {server.url} within 0.6 s"
    )


def test_a_handshake_that_does_not_begin_is_late(face: str, authority: Authority) -> None:
    with ScriptedHTTP(nothing) as server:
        url = server.url.replace("http:", "https:")
        with (
            opened(face, url, timeout=0.4, no_verification=True) as client,
            pytest.raises(wbem.TimeoutError),
        ):
            client.EnumerateClassNames()


def test_a_timeout_of_0_sends_nothing(face: str) -> None:
    with (
        ScriptedHTTP(saying(http(NAMES))) as server,
        opened(face, server.url, timeout=0) as client,
        pytest.raises(wbem.TimeoutError),
    ):
        client.EnumerateClassNames()
    assert server.requests == []


# -- answers that do not say where they end --


def test_an_answer_without_a_length_is_whole_with_its_last_tag(face: str) -> None:
    """The connection stays open, as OpenPegasus keeps it."""

    def answer(peer: Peer) -> None:
        peer.send(http(NAMES + b"\n", length=None))
        peer.hold()

    with ScriptedHTTP(answer) as server, opened(face, server.url, timeout=30) as client:
        assert client.EnumerateClassNames() == ["A"]
        assert client.EnumerateClassNames() == ["A"]
        assert server.connections == 2


def test_an_error_without_a_length_is_not_waited_for(face: str) -> None:
    def answer(peer: Peer) -> None:
        peer.send(
            http(
                b"<html>",
                "400 Bad Request",
                "CIMError: request-not-valid",
                "PGErrorDetail: no%20such%0Athing",
                length=None,
            )
        )
        peer.hold()

    with (
        ScriptedHTTP(answer) as server,
        opened(face, server.url, timeout=30) as client,
        pytest.raises(wbem.HTTPError) as caught,
    ):
        client.EnumerateClassNames()
    error = caught.value
    assert (error.status, error.reason, error.cimerror) == (
        400, "Bad Request", "request-not-valid",
    )  # fmt: skip
    assert error.cimdetails == {"PGErrorDetail": "no such\nthing"}
    assert error.response_data == b""  # of what has no end nothing is read
    assert "EnumerateClassNames in root/cimv2" in str(error)


def test_chunks_and_a_connection_that_is_closed_end_an_answer_too(face: str) -> None:
    half = len(NAMES) // 2
    chunks = b"".join(
        f"{len(each):x}\r\n".encode() + each + b"\r\n" for each in (NAMES[:half], NAMES[half:])
    )
    head = "Transfer-Encoding: chunked"
    chunked = http(chunks + b"0\r\n\r\n", "200 OK", head, length=None)
    answers = saying(chunked), closing(http(NAMES, length=None))
    with ScriptedHTTP(*answers) as server, opened(face, server.url) as client:
        assert client.EnumerateClassNames() == ["A"]
        assert client.EnumerateClassNames() == ["A"]
        assert server.connections == 1


@pytest.mark.parametrize("length", ["{:010}", None], ids=["length", "no-length"])
def test_an_answer_that_is_cut_off_is_no_answer(face: str, length: str | None) -> None:
    whole = http(NAMES, length=length)
    with (
        ScriptedHTTP(closing(whole[:-20])) as server,
        opened(face, server.url) as client,
        pytest.raises((wbem.ConnectionError, wbem.ParseError)) as caught,
    ):
        client.EnumerateClassNames()
    assert "EnumerateClassNames in root/cimv2" in str(caught.value)


# -- connections that are closed --


@pytest.mark.parametrize("operation", ["EnumerateClassNames", "CreateInstance"])
def test_a_connection_that_was_closed_meanwhile_is_made_again(face: str, operation: str) -> None:
    """Nothing was sent on it: any operation may be."""
    body = NAMES if operation == "EnumerateClassNames" else CREATED
    arguments = () if operation == "EnumerateClassNames" else (NEW,)
    with ScriptedHTTP(closing(http(body))) as server, opened(face, server.url) as client:
        for number in (1, 2, 3):
            getattr(client, operation)(*arguments)
            peer = server.peers[number - 1]
            _until(lambda peer=peer: peer.connection.fileno() < 0)  # on loopback that is the end
        assert len(server.requests) == 3


def test_what_reads_is_sent_again_when_the_answer_does_not_come(face: str) -> None:
    with ScriptedHTTP(closing(), saying(http(NAMES))) as server, opened(face, server.url) as client:
        assert client.EnumerateClassNames() == ["A"]
        assert len(server.requests) == 2


def test_what_changes_something_is_sent_once(face: str) -> None:
    answers = closing(), saying(http(CREATED))
    with (
        ScriptedHTTP(*answers) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.ConnectionError, match=r"CreateInstance of A in root/cimv2: .*broke"),
    ):
        client.CreateInstance(NEW)
    assert len(server.requests) == 1


def test_what_reads_is_sent_twice_at_most(face: str) -> None:
    with (
        ScriptedHTTP(closing()) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.ConnectionError),
    ):
        client.EnumerateClassNames()
    assert len(server.requests) == 2


def test_a_port_where_nobody_is_says_so(face: str) -> None:
    with ScriptedHTTP(closing()) as server:
        url = server.url
    with opened(face, url) as client, pytest.raises(wbem.ConnectionError) as caught:
        client.EnumerateClassNames()
    assert str(caught.value) == (
        f"EnumerateClassNames in root/cimv2: no connection to {url}: Connection refused"
    )


# -- credentials --


def test_401_without_credentials_says_what_to_give(face: str) -> None:
    answer = saying(http(b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="the lab"'))
    with (
        ScriptedHTTP(answer) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.AuthError, match=r"none were given: creds= \(realm 'the lab'\)"),
    ):
        client.EnumerateClassNames()


def test_401_with_credentials_names_the_user_and_not_the_password(face: str) -> None:
    answer = saying(http(b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="the lab"'))
    with (
        ScriptedHTTP(answer) as server,
        opened(face, server.url, CREDS) as client,
        pytest.raises(wbem.AuthError) as caught,
    ):
        client.EnumerateClassNames()
    assert f"{server.url} refuses the credentials of 'root' (realm 'the lab')" in str(caught.value)
    assert CREDS[1] not in str(caught.value)


def test_401_of_another_kind_is_named(face: str) -> None:
    answer = saying(http(b"", "401 Unauthorized", 'WWW-Authenticate: Digest realm="x", nonce="y"'))
    with (
        ScriptedHTTP(answer) as server,
        opened(face, server.url, CREDS) as client,
        pytest.raises(wbem.AuthError, match="does not take Basic authentication, only Digest"),
    ):
        client.EnumerateClassNames()


def test_basic_may_be_one_of_several_ways(face: str) -> None:
    ways = 'WWW-Authenticate: Basic realm="x"', 'WWW-Authenticate: Digest realm="x", nonce="y"'
    answer = saying(http(b"", "401 Unauthorized", *ways))
    with (
        ScriptedHTTP(answer) as server,
        opened(face, server.url, CREDS) as client,
        pytest.raises(wbem.AuthError, match="refuses the credentials of 'root'"),
    ):
        client.EnumerateClassNames()


# -- redirects --


def test_a_redirect_on_the_same_server_has_the_credentials(face: str) -> None:
    there = saying(http(b"", "307 Temporary Redirect", "Location: /other"))
    with ScriptedHTTP(there, saying(http(NAMES))) as server:
        with opened(face, server.url, CREDS) as client:
            assert client.EnumerateClassNames() == ["A"]
        heads = [head for head, _ in server.requests]
        assert [head.split()[:2] for head in heads] == [["POST", "/cimom"], ["POST", "/other"]]
        assert all(SECRET in head for head in heads)
        assert server.requests[0][1] == server.requests[1][1]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_to_another_server_has_no_credentials(face: str, status: str) -> None:
    with ScriptedHTTP(saying(http(NAMES))) as other:
        there = saying(http(b"", status, f"Location: {other.url}/cimom"))
        with ScriptedHTTP(there) as server, opened(face, server.url, CREDS) as client:
            assert client.EnumerateClassNames() == ["A"]
        [(head, _)] = other.requests
        assert SECRET not in head
        assert "authorization" not in head.lower()


def test_where_a_redirect_leads_to_wants_credentials_and_gets_none(face: str) -> None:
    refuse = saying(http(b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'))
    with ScriptedHTTP(refuse) as other:
        there = saying(http(b"", "307 Temporary", f"Location: {other.url}/"))
        with (
            ScriptedHTTP(there) as server,
            opened(face, server.url, CREDS) as client,
            pytest.raises(wbem.AuthError, match="not sent where a redirect leads"),
        ):
            client.EnumerateClassNames()


def test_a_redirect_from_https_to_http_is_not_followed(face: str, authority: Authority) -> None:
    with ScriptedHTTP(saying(http(NAMES))) as other:
        there = saying(http(b"", "307 Temporary", f"Location: {other.url}/"))
        context = authority.server_context("localhost")
        with ScriptedHTTP(there, context=context) as server:
            settings = {"ca_certs": str(authority.certificate)}
            with (
                opened(face, server.url, CREDS, **settings) as client,
                pytest.raises(wbem.ConnectionError, match="from https to http"),
            ):
                client.EnumerateClassNames()
        assert other.requests == []


def test_redirects_that_never_end_end(face: str) -> None:
    again = saying(http(b"", "307 Temporary", "Location: /cimom"))
    with (
        ScriptedHTTP(again) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.ConnectionError, match="more than 5 redirects"),
    ):
        client.EnumerateClassNames()
    assert len(server.requests) == 6


def test_a_redirect_is_taken_as_a_url_can_be_written(face: str) -> None:
    """With octets and spaces escaped; also when the connection there breaks, which is told."""
    there = saying(http(b"", "307 Temporary", "Location: /\u00f6 x%20?a=b"))
    with ScriptedHTTP(there, saying(http(NAMES))) as server:
        with opened(face, server.url) as client:
            assert client.EnumerateClassNames() == ["A"]
        _, target, version = server.requests[1][0].splitlines()[0].split(" ")
        assert (target[:2], target[-11:], version) == ("/%", "%20x%20?a=b", "HTTP/1.1")
    with ScriptedHTTP(closing()) as other:
        there = saying(http(b"", "307 Temporary", f"Location: {other.url}/"))
        with (
            ScriptedHTTP(there) as server,
            opened(face, server.url) as client,
            pytest.raises(wbem.ConnectionError, match=f"connection to {other.url} broke"),
        ):
            client.EnumerateClassNames()


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "\u00e4" * 70])
def test_a_name_that_can_be_no_host_is_one_that_is_not_reached(face: str, host: str) -> None:
    with opened(face, f"http://{host}") as client, pytest.raises(wbem.ConnectionError):
        client.EnumerateClassNames()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a/", "http://:@x:0/", "http://["])
def test_a_redirect_to_what_is_no_server_is_an_error(face: str, target: str) -> None:
    there = saying(http(b"", "307 Temporary", f"Location: {target}"))
    with (
        ScriptedHTTP(there) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.ConnectionError, match="a redirect to where no WBEM server can be"),
    ):
        client.EnumerateClassNames()


# -- what is in answers --


def test_an_error_has_its_instances_operation_and_items(face: str) -> None:
    inner = (
        '<ERROR CODE="1" DESCRIPTION="broken"><INSTANCE CLASSNAME="CIM_Error">'
        '<PROPERTY NAME="Why" TYPE="string"><VALUE>x</VALUE></PROPERTY></INSTANCE></ERROR>'
    )
    answer = saying(http(cim("EnumerateInstances", inner)))
    with (
        ScriptedHTTP(answer) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.CIMError) as caught,
    ):
        client.EnumerateInstances("CIM_Disk", namespace="root/a")
    error = caught.value
    assert str(error) == ("1 (CIM_ERR_FAILED): broken (EnumerateInstances of CIM_Disk in root/a)")
    assert (error[0], error[1], error.args[:2]) == (1, "broken", (1, "broken"))
    assert error.instances is not None
    assert error.instances[0]["Why"] == "x"
    assert error.conn_id == client.conn_id
    assert b"CIM_Disk" in error.request_data  # type: ignore[operator]  # the request was sent


def test_an_answer_to_another_operation_is_refused(face: str) -> None:
    with (
        ScriptedHTTP(saying(http(NAMES))) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.CIMXMLParseError, match=r"'EnumerateClassNames', not .*'GetClass'"),
    ):
        client.GetClass("A")


@pytest.mark.filterwarnings("ignore::opswire.wbem.MissingKeybindingsWarning")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"not XML", wbem.XMLParseError),
        (NAMES.replace(b"CLASSNAME", b"NOSUCH"), wbem.CIMXMLParseError),
        (NAMES.replace(b'DTDVERSION="2.0"', b'DTDVERSION="3.0"'), wbem.VersionError),
        (cim("EnumerateClassNames", '<IRETURNVALUE><INSTANCENAME CLASSNAME="x"/></IRETURNVALUE>'),
         wbem.CIMXMLParseError),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_for_which_operation(face: str, body: bytes, kind: type) -> None:
    with (
        ScriptedHTTP(saying(http(body))) as server,
        opened(face, server.url) as client,
        pytest.raises(kind) as caught,
    ):
        client.EnumerateClassNames()
    if isinstance(caught.value, wbem.ParseError):
        assert str(caught.value).startswith("EnumerateClassNames in root/cimv2: ")
        assert b"IMETHODCALL" in caught.value.request_data  # type: ignore[operator]  # the request was sent


@pytest.mark.parametrize("header", ["Content-Type: text/html", "Content-Encoding: gzip"])
def test_an_answer_of_another_type_is_not_read(face: str, header: str) -> None:
    whole = http(NAMES, "200 OK", header)
    if header.startswith("Content-Type"):
        whole = whole.replace(b"content-type: application/xml", b"x-content: application/xml")
    with (
        ScriptedHTTP(saying(whole)) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.HeaderParseError),
    ):
        client.EnumerateClassNames()


def test_text_xml_is_a_type_too(face: str) -> None:
    whole = http(NAMES).replace(b"application/xml", b"text/xml")
    with ScriptedHTTP(saying(whole)) as server, opened(face, server.url) as client:
        assert client.EnumerateClassNames() == ["A"]


# -- secrets --


def test_the_password_is_nowhere(face: str, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where a server sends it back."""

    class Recorder(wbem.BaseOperationRecorder):
        records: list[object] = []  # noqa: RUF012 - of this test alone

        def record(self, *parts: object) -> None:
            self.records.append(parts)

    caplog.set_level(logging.DEBUG)
    body = cim("EnumerateClassNames", f'<ERROR CODE="1" DESCRIPTION="{CREDS[1]} {SECRET}"/>')
    echo = saying(http(body, "200 OK", f"X-Echo: {SECRET}"))
    with ScriptedHTTP(echo) as server, opened(face, server.url, CREDS) as client:
        client.add_operation_recorder(Recorder())
        with pytest.raises(wbem.CIMError):
            client.EnumerateClassNames()
        assert any(SECRET in head for head, _ in server.requests)
        connection = getattr(client, "connection", client)
        connection.debug = True
        told = [repr(connection), str(Recorder.records), caplog.text]
        told += [connection.last_raw_reply, connection.last_reply, connection.last_raw_request]
    assert len(Recorder.records) == 1
    assert "opswire-redacted" in connection.last_raw_reply
    for text in told:
        assert text
        assert SECRET not in text
        assert CREDS[1] not in text


def test_a_file_of_authorities_that_is_missing_is_named(face: str, tmp_path: Path) -> None:
    missing = tmp_path / "ca.pem"
    with (
        pytest.raises(FileNotFoundError) as caught,
        opened(face, "https://h", ca_certs=str(missing)),
    ):
        pass
    assert caught.value.filename == str(missing)


def _until(condition: Any) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
