"""The way to a server: TLS, proxies, addresses, threads; and what a cancelled task leaves."""

import asyncio
import gc
import socket
import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from opswire import wbem
from tests.interop.wbem.faces import FACES, opened
from tests.servers.certificates import Authority
from tests.servers.connect_proxy import ConnectProxy
from tests.servers.mocked_cim import MockedCIM
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim, http, saying

NAMES = http(cim("EnumerateClassNames", '<IRETURNVALUE><CLASSNAME NAME="A"/></IRETURNVALUE>'))
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine says of proxies and authorities is not tested here."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# -- TLS --


@pytest.mark.parametrize("face", FACES)
def test_a_server_with_a_certificate_of_nobody_is_refused(face: str, authority: Authority) -> None:
    context = authority.server_context("localhost")
    with ScriptedHTTP(saying(NAMES), context=context) as server, opened(face, server.url) as client:
        with pytest.raises(wbem.ConnectionError, match=r"certificate verify failed.*ca_certs="):
            client.EnumerateClassNames()
        assert server.requests == []


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_operations_share_a_connection(face: str, scheme: str, authority: Authority) -> None:
    context = authority.server_context("localhost") if scheme == "https" else None
    settings = {"ca_certs": str(authority.certificate)}
    with (
        ScriptedHTTP(saying(NAMES), context=context) as server,
        opened(face, server.url, **settings) as client,
    ):
        for _ in range(5):
            assert client.EnumerateClassNames() == ["A"]
        assert server.connections == 1


@pytest.mark.parametrize("face", FACES)
def test_a_certificate_for_another_name_is_refused(face: str, authority: Authority) -> None:
    settings = {"ca_certs": str(authority.certificate)}
    context = authority.server_context("another.example")
    with (
        ScriptedHTTP(saying(NAMES), context=context) as server,
        opened(face, server.url, **settings) as client,
        pytest.raises(wbem.ConnectionError, match=r"certificate verify failed"),
    ):
        client.EnumerateClassNames()


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_what_is_given_counts_more_than_the_environment(
    face: str, variable: str, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither ca_certs nor no_verification is overridden."""
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv(variable, str(Authority(other).certificate))
    context = authority.server_context("localhost")
    for settings in ({"ca_certs": str(authority.certificate)}, {"no_verification": True}):
        with (
            ScriptedHTTP(saying(NAMES), context=context) as server,
            opened(face, server.url, **settings) as client,
        ):
            assert client.EnumerateClassNames() == ["A"]


@pytest.mark.parametrize("face", FACES)
def test_the_system_s_authorities_are_those_that_openssl_is_told(
    face: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    context = authority.server_context("localhost")
    with ScriptedHTTP(saying(NAMES), context=context) as server, opened(face, server.url) as client:
        assert client.EnumerateClassNames() == ["A"]


@pytest.mark.parametrize("face", FACES)
def test_a_client_shows_its_certificate(face: str, authority: Authority, tmp_path: Path) -> None:
    """In one file with its key, or in two."""
    context = authority.server_context("localhost")
    context.verify_mode = ssl.CERT_REQUIRED
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=me", "-days", "2"],
        check=True, capture_output=True,
    )  # fmt: skip
    context.load_verify_locations(certificate)
    both = tmp_path / "both.pem"
    both.write_text(certificate.read_text() + key.read_text())
    for x509 in ({"cert_file": str(certificate), "key_file": str(key)}, {"cert_file": str(both)}):
        settings = {"ca_certs": str(authority.certificate), "x509": x509}
        with (
            ScriptedHTTP(saying(NAMES), context=context) as server,
            opened(face, server.url, **settings) as client,
        ):
            assert client.EnumerateClassNames() == ["A"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated:DeprecationWarning")
@pytest.mark.parametrize("face", FACES)
def test_tls_of_long_ago_is_refused_by_default_and_taken_when_asked_for(
    face: str, authority: Authority
) -> None:
    context = authority.server_context("localhost")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    settings: dict[str, Any] = {"no_verification": True}
    with ScriptedHTTP(saying(NAMES), context=context) as server:
        with (
            opened(face, server.url, **settings) as client,
            pytest.raises(wbem.ConnectionError, match=r"tls_minimum='TLSv1'"),
        ):
            client.EnumerateClassNames()
        for minimum in ("TLSv1", "TLSv1.0", ssl.TLSVersion.TLSv1):
            with opened(face, server.url, tls_minimum=minimum, **settings) as client:
                assert client.EnumerateClassNames() == ["A"]


@pytest.mark.parametrize("face", FACES)
def test_a_context_of_the_user_s_own_is_used_and_has_the_deadline(
    face: str, authority: Authority
) -> None:
    own = ssl.create_default_context(cafile=str(authority.certificate))

    def answer(peer: Peer) -> None:
        peer.dribble(NAMES)

    context = authority.server_context("localhost")
    with (
        ScriptedHTTP(saying(NAMES), answer, context=context) as server,
        opened(face, server.url, ssl_context=own, timeout=0.6) as client,
    ):
        assert client.EnumerateClassNames() == ["A"]
        with pytest.raises(wbem.TimeoutError):
            client.EnumerateClassNames()


@pytest.mark.parametrize("face", FACES)
def test_a_server_of_http_behind_a_url_of_https_is_told_as_such(face: str) -> None:
    with MockedCIM() as server:
        url = server.url.replace("http:", "https:")
        with (
            opened(face, url) as client,
            pytest.raises(wbem.ConnectionError, match=r"is it a http:// URL\?"),
        ):
            client.EnumerateClassNames()


# -- proxies --


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_is_on_the_way(face: str, scheme: str, authority: Authority) -> None:
    """HTTPS goes through it, HTTP to it."""
    context = authority.server_context("localhost") if scheme == "https" else None
    with ConnectProxy() as proxy, ScriptedHTTP(saying(NAMES), context=context) as server:
        settings = {"proxies": {scheme: proxy.url}, "ca_certs": str(authority.certificate)}
        with opened(face, server.url, **settings) as client:
            assert client.EnumerateClassNames() == ["A"]
            assert client.EnumerateClassNames() == ["A"]
        place = server.url.partition("://")[2]
        assert (proxy.tunnels == [place]) is (scheme == "https")
        assert f"{place}" in proxy.log


@pytest.mark.parametrize("face", FACES)
def test_the_environment_names_a_proxy_and_exceptions(
    face: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of it where proxies are given: an empty mapping is none."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with ScriptedHTTP(saying(NAMES)) as server:
        with opened(face, server.url) as client, pytest.raises(wbem.ConnectionError):
            client.EnumerateClassNames()
        with opened(face, server.url, proxies={}) as client:
            assert client.EnumerateClassNames() == ["A"]
        monkeypatch.setenv("no_proxy", "other, 127.0.0.0/8")
        with opened(face, server.url) as client:
            assert client.EnumerateClassNames() == ["A"]
        with (
            opened(face, server.url, proxies={"http": "http://127.0.0.1:9"}) as client,
            pytest.raises(wbem.ConnectionError),
        ):
            client.EnumerateClassNames()


@pytest.mark.parametrize("face", FACES)
def test_a_proxy_that_refuses_is_named_as_such(face: str, authority: Authority) -> None:
    refuse = saying(http(b"", "403 Forbidden"))
    with ScriptedHTTP(refuse) as proxy:
        settings = {"proxies": {"https": proxy.url.replace("://", "://me:se%20cret@")}}
        with (
            opened(face, "https://localhost:1", **settings) as client,
            pytest.raises(wbem.ConnectionError, match="proxy") as caught,
        ):
            client.EnumerateClassNames()
    assert "cret" not in str(caught.value)
    [(head, _)] = proxy.requests
    assert "Proxy-Authorization: Basic bWU6c2UgY3JldA==" in head


@pytest.mark.parametrize("face", FACES)
def test_a_proxy_that_says_little_is_late(face: str) -> None:
    def answer(peer: Peer) -> None:
        peer.dribble(b"HTTP/1.1 200 Connection established\r\nX: " + b"x" * 1000)

    with (
        ScriptedHTTP(answer) as proxy,
        opened(face, "https://localhost:1", timeout=0.5, proxies={"https": proxy.url}) as client,
        pytest.raises(wbem.TimeoutError),
    ):
        client.EnumerateClassNames()


# -- addresses --


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("zone", ["", "-1", "%251"], ids=["none", "minus", "escaped"])
def test_an_address_may_have_a_zone_which_the_server_does_not_see(face: str, zone: str) -> None:
    with MockedCIM(address="::1") as server:
        url = f"http://[::1{zone}]:{server.port}"
        with opened(face, url) as client:
            assert client.EnumerateClassNames()
        assert server.asked[0].headers["host"] == f"[::1]:{server.port}"


@pytest.mark.parametrize("face", FACES)
def test_a_name_that_nobody_knows_says_so(face: str) -> None:
    with (
        opened(face, "http://no.such.host.invalid", timeout=20) as client,
        pytest.raises(wbem.ConnectionError, match=r"no connection to http://no\.such"),
    ):
        client.EnumerateClassNames()


@pytest.mark.parametrize("face", FACES)
def test_a_lookup_that_hangs_is_left_behind(face: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it, not even the end of an event loop."""
    answer = threading.Event()
    real = socket.getaddrinfo

    def hanging(host: str, *args: Any, **named: Any) -> Any:
        if host == "hangs.example":
            answer.wait(60)
        return real(host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    with (
        opened(face, "http://hangs.example", timeout=0.2) as client,
        pytest.raises(wbem.TimeoutError),
    ):
        client.EnumerateClassNames()
    assert not answer.is_set()
    answer.set()


@pytest.mark.parametrize("face", FACES)
def test_a_name_has_several_addresses_which_are_tried(face: str) -> None:
    """The first has nobody."""
    answers = ScriptedHTTP(saying(NAMES))
    with answers as server, opened(face, f"http://localhost:{server.port}") as client:
        assert client.EnumerateClassNames() == ["A"]


# -- many at once --


def test_eight_threads_share_a_connection() -> None:
    """Each gets its own answers, and connections are used again."""
    with MockedCIM() as server, wbem.WBEMConnection(server.url, stats_enabled=True) as connection:
        barrier = threading.Barrier(8)

        def work(number: int) -> None:
            barrier.wait()
            for turn in range(10):
                disks = connection.EnumerateInstances("TST_Disk")
                assert len(disks) == 3
                name = f"t{number}-{turn}"
                path = connection.CreateInstance(wbem.CIMInstance("TST_Controller", {"ID": name}))
                assert connection.GetInstance(path)["ID"] == name
                with pytest.raises(wbem.CIMError, match=f"of x{number} in"):
                    connection.GetClass(f"x{number}")

        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(work, number) for number in range(8)]:
                done.result()
        assert connection.statistics.get_op_statistic("GetInstance").count == 80
        assert connection.statistics.get_op_statistic("GetClass").exception_count == 80


def test_tasks_share_a_connection() -> None:
    async def main(server: MockedCIM) -> None:
        async with wbem.AsyncWBEMConnection(server.url) as connection:
            found = await asyncio.gather(
                *(connection.EnumerateInstances("TST_Disk") for _ in range(20))
            )
        assert [len(each) for each in found] == [3] * 20

    with MockedCIM() as server:
        asyncio.run(main(server))


# -- what is left --


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("sent", [0, 10, 100, 200, 300])
def test_an_operation_that_is_cancelled_leaves_nothing(
    sent: int, scheme: str, authority: Authority
) -> None:
    """Wherever the answer stops: no task, no socket, and the server sees the connection's end."""
    there, gone = threading.Event(), threading.Event()

    def answer(peer: Peer) -> None:
        peer.send(NAMES[:sent])
        there.set()
        peer.hold()  # until the client has gone
        if not peer.ended.is_set():
            gone.set()

    async def main(server: ScriptedHTTP) -> None:
        connection = wbem.AsyncWBEMConnection(server.url, ca_certs=str(authority.certificate))
        task = asyncio.ensure_future(connection.EnumerateClassNames())
        while not there.is_set():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}
        for _ in range(2):  # what is aborted is told of it in the next turn of the loop
            await asyncio.sleep(0)
        assert [each for each in gc.get_objects() if is_to(each, server.port)] == []
        assert await asyncio.to_thread(gone.wait, 20)
        await connection.close()

    context = authority.server_context("localhost") if scheme == "https" else None
    with ScriptedHTTP(answer, context=context) as server:
        asyncio.run(main(server))


def is_to(found: object, port: int) -> bool:
    """Whether an object is an open socket that is connected to a port."""
    if type(found) is not socket.socket or found.family != socket.AF_INET or found.fileno() < 0:
        return False
    try:
        return bool(found.getpeername()[1] == port)
    except OSError:
        return False


@pytest.mark.parametrize("face", FACES)
def test_a_connection_that_is_closed_has_no_socket_and_does_nothing(face: str) -> None:
    with ScriptedHTTP(saying(NAMES)) as server:
        with opened(face, server.url) as client:
            client.EnumerateClassNames()
            client.close()
            with pytest.raises(wbem.ConnectionError, match="closed already"):
                client.close()
            with pytest.raises(wbem.ConnectionError, match="is closed"):
                client.EnumerateClassNames()
        assert len(server.requests) == 1
