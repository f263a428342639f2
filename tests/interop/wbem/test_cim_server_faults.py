"""The embedded CIM server on the wire: faults that a test asks for, hostile clients, bounds."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected
from typing import Any

import pytest

from opswire import wbem
from opswire._core.cimxml import imethodcall
from opswire.http import Limits
from opswire.wbem.embedded import EmbeddedServer, Repository
from tests.wbem.asking import headers
from tests.wbem.disks import NAMESPACE, fill

SECONDS = 20
NAME = "EnumerateInstanceNames"
BODY = imethodcall("7", NAME, NAMESPACE, [("ClassName", wbem.CIMClassName("TST_Disk"))])
MAPPING = "http://www.dmtf.org/cim/mapping/http/v1.0"


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """One with the disks."""
    repository = Repository()
    fill(repository)
    with EmbeddedServer(repository) as made:
        yield made


def sent(
    server: EmbeddedServer,
    body: bytes = BODY,
    told: dict[str, str] | None = None,
    method: str = "POST",
) -> tuple[HTTPResponse, bytes]:
    """The answer to one request on a connection of its own, with its whole body."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    try:
        connection.request(method, "/cimom", body, headers(NAME) if told is None else told)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_a_right_answer_has_the_headers_of_dsp0200(server: EmbeddedServer) -> None:
    response, body = sent(server)
    assert response.status == 200
    assert response.headers["Content-Type"] == 'application/xml; charset="utf-8"'
    assert response.headers["CIMOperation"] == "MethodResponse"
    assert int(response.headers["Content-Length"]) == len(body)
    assert len(wbem.parse(body).objects) == 3


def test_a_refused_request_has_its_words_in_headers(server: EmbeddedServer) -> None:
    response, body = sent(server, b"<html")
    assert (response.status, body) == (400, b"")
    assert response.headers["CIMError"] == "request-not-well-formed"
    assert response.headers["CIMErrorDetails"]
    response, _ = sent(server, told={**headers(NAME), "cimprotocolversion": "2.0"})
    assert (response.status, response.headers["CIMError"]) == (501, "unsupported-protocol-version")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_allowed(server: EmbeddedServer, method: str) -> None:
    assert sent(server, method=method)[0].status in {405, 501}


def test_an_m_post_is_answered_in_its_own_words(server: EmbeddedServer) -> None:
    told = {
        "Man": f"{MAPPING} ; ns=73",
        "Content-Type": "application/xml",
        "73-CIMOperation": "MethodCall",
        "73-CIMMethod": NAME,
        "73-CIMObject": NAMESPACE,
    }
    response, body = sent(server, told=told, method="M-POST")
    assert response.status == 200
    assert response.headers["73-CIMOperation"] == "MethodResponse"
    assert response.headers["Ext"] == ""
    assert response.headers["Man"] == f"{MAPPING}; ns=73"
    assert len(wbem.parse(body).objects) == 3
    told["Man"] = "http://example.com/other ; ns=73"
    assert sent(server, told=told, method="M-POST")[0].status == 510


def test_an_answer_may_be_late(server: EmbeddedServer) -> None:
    server.faults.next(NAME, slow=0.3)
    started = time.monotonic()
    assert sent(server)[0].status == 200
    assert time.monotonic() - started >= 0.3
    assert len(server.faults) == 0


def test_an_answer_may_be_garbage(server: EmbeddedServer) -> None:
    server.faults.next(garbage=b"<CIM", headers={"X-Odd": "yes"})
    response, body = sent(server)
    assert (response.status, body, response.headers["X-Odd"]) == (200, b"<CIM", "yes")
    assert len(wbem.parse(sent(server)[1]).objects) == 3  # once, and not again


def test_an_answer_may_be_a_status_of_http(server: EmbeddedServer) -> None:
    server.faults.next(NAME, http_status=503, headers={"Retry-After": "1"}, times=2)
    for _ in range(2):
        response, body = sent(server)
        assert (response.status, response.headers["Retry-After"], body) == (503, "1", b"")
    assert sent(server)[0].status == 200


def test_a_connection_may_end_without_an_answer(server: EmbeddedServer) -> None:
    server.faults.next(NAME, close=True)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        sent(server)


def test_a_body_may_be_cut(server: EmbeddedServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="opswire.http")
    server.faults.next(NAME, cut=50)
    with pytest.raises((IncompleteRead, ConnectionResetError)):
        sent(server)


def test_a_body_may_come_an_octet_at_a_time(server: EmbeddedServer) -> None:
    server.faults.next(NAME, octets_per_second=1000)
    started = time.monotonic()
    _, body = sent(server)
    assert len(wbem.parse(body).objects) == 3
    assert time.monotonic() - started >= len(body) / 1000


def test_the_end_does_not_wait_for_a_slow_body() -> None:
    repository = Repository()
    fill(repository)
    with EmbeddedServer(repository) as server:
        server.faults.next(NAME, octets_per_second=1)
        with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as client:
            told = "".join(f"{name}: {value}\r\n" for name, value in headers(NAME).items())
            client.sendall(
                f"POST /cimom HTTP/1.1\r\nHost: here\r\n{told}Content-Length: {len(BODY)}\r\n\r\n"
                .encode() + BODY
            )  # fmt: skip
            assert client.recv(100)
            started = time.monotonic()
            server.close()
            assert time.monotonic() - started < SECONDS / 2


def test_an_error_may_come_with_instances_and_under_another_name(server: EmbeddedServer) -> None:
    instance = wbem.CIMInstance("CIM_Error", {"Message": "it burns"})
    server.faults.next(NAME, cim_error=27, instances=[instance])
    error = wbem.parse(sent(server)[1]).error
    assert error is not None
    assert error.status_code == 27
    assert error.instances is not None
    assert error.instances[0]["Message"] == "it burns"
    server.faults.next(NAME, answers_to="GetClass")
    assert wbem.parse(sent(server)[1]).name == "GetClass"


def test_only_the_named_operation_fails(server: EmbeddedServer) -> None:
    server.faults.next("GetClass", http_status=500)
    assert sent(server)[0].status == 200
    assert len(server.faults) == 1
    server.faults.clear()
    with pytest.raises(TypeError):
        server.faults.next(NAME, explode=True)


@pytest.mark.parametrize(
    "body",
    [
        b"\0" * 1000,
        b"<" * 100_000,
        b"<CIM>" * 10_000,
        b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'">]><CIM/>',
        BODY.replace(b"TST_Disk", b"&#x41;" * 50_000),
        BODY.replace(b"TST_Disk", b"x" * 1_000_000),
        BODY.replace(b"</IMETHODCALL>", b'<IPARAMVALUE NAME="a"/>' * 20_000 + b"</IMETHODCALL>"),
    ],
    ids=["zeros", "angles", "deep", "entity", "references", "long", "many"],
)
def test_hostile_requests_are_answered_and_the_next_one_too(
    server: EmbeddedServer, body: bytes
) -> None:
    response, answer = sent(server, body)
    assert response.status in {200, 400}
    if response.status == 200:
        assert wbem.parse(answer).error is not None
    assert len(wbem.parse(sent(server)[1]).objects) == 3


def test_a_body_beyond_the_limit_is_refused() -> None:
    with EmbeddedServer(limits=Limits(max_body=10_000)) as server:
        assert sent(server, b"x" * 10_001)[0].status == 413


PROVIDER = """
import json, resource, sys
from opswire.wbem import CIMClass, CIMInstance, CIMProperty, CIMQualifier, Uint32
from opswire.wbem.embedded import EmbeddedServer

with EmbeddedServer() as server:
    server.add(CIMClass("TST_Many", [
        CIMProperty("ID", None, "uint32", qualifiers=[CIMQualifier("Key", True)]),
        CIMProperty("Text", None, "string"),
    ]))

    @server.instances("TST_Many")
    def many():
        for number in range(COUNT):
            yield CIMInstance("TST_Many", {"ID": Uint32(number), "Text": "x" * 100})

    print(server.url, flush=True)
    for line in sys.stdin:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
"""


def test_a_large_enumeration_takes_the_memory_of_a_small_one() -> None:
    count = 60_000  # 25 MB
    command = [sys.executable, "-c", PROVIDER.replace("COUNT", str(count))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline().decode().rsplit(":", 1)[1])

            def peak() -> int:
                process.stdin.write(b"\n")  # type: ignore[union-attr]  # it was started with pipes
                process.stdin.flush()  # type: ignore[union-attr]  # it was started with pipes
                return int(process.stdout.readline()) * 1024  # type: ignore[union-attr]  # it was started with pipes

            before = peak()
            connection = HTTPConnection("127.0.0.1", port, timeout=120)
            request = imethodcall(
                "7",
                "EnumerateInstances",
                NAMESPACE,
                [("ClassName", wbem.CIMClassName("TST_Many"))],
            )
            connection.request("POST", "/cimom", request, headers("EnumerateInstances"))
            response = connection.getresponse()
            assert response.headers["Transfer-Encoding"] == "chunked"
            chunks = iter(lambda: response.read(1 << 16), b"")
            found = sum(1 for _ in wbem.iterate(chunks))
            connection.close()
            assert found == count
            assert peak() - before < 8_000_000
        finally:
            process.stdin.close()
            process.wait(SECONDS)


def test_a_client_that_goes_ends_its_provider(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="opswire.http")
    ended = threading.Event()
    repository = Repository()
    fill(repository)
    repository.add(wbem.CIMClass("TST_Made", superclass="TST_Disk"))

    @repository.instances("TST_Made")
    def endless() -> Iterator[wbem.CIMInstance]:
        try:
            for number in range(10**9):
                yield wbem.CIMInstance("TST_Made", {"ID": str(number)})
        finally:
            ended.set()

    with EmbeddedServer(repository) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        request = imethodcall(
            "7", "EnumerateInstances", NAMESPACE, [("ClassName", wbem.CIMClassName("TST_Made"))]
        )
        connection.request("POST", "/cimom", request, headers("EnumerateInstances"))
        connection.getresponse().read(100_000)
        connection.close()
        assert ended.wait(SECONDS)


def test_repr_and_errors_tell_no_password() -> None:
    with EmbeddedServer(users={"me": "very secret"}) as server:
        assert "very secret" not in repr(server)
        assert "very secret" not in json.dumps(vars(server), default=repr)
    with pytest.raises(ValueError, match="colon"):
        EmbeddedServer(users={"a:b": "c"})
    wrong: Any = 'lab"'
    with pytest.raises(ValueError, match="realm"):
        EmbeddedServer(realm=wrong)
