"""A real TLS server with a certificate for example.com, reached by its addresses and a proxy."""

import asyncio
import http.client
import json
import pickle
import ssl
import urllib.request
from collections.abc import Iterator

import pytest
import requests
import urllib3
from urllib3.exceptions import InsecureRequestWarning, LocationValueError, MaxRetryError

from opswire.agents.hostname_pool import hostname_pool as documented_pool
from opswire.agents.https.adapter import HostnameValidationAdapter
from opswire.agents.https.pool import hostname_pool
from opswire.tls import hostname_context
from tests.servers.certificates import Authority
from tests.servers.connect_proxy import ConnectProxy
from tests.servers.ports import loopbacks
from tests.servers.web import WebServer

NAME = "example.com"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=loopbacks())
def server(request: pytest.FixtureRequest, authority: Authority) -> Iterator[WebServer]:
    """The server on each address; no name leads to it."""
    with WebServer(request.param, authority.server_context(NAME)) as running:
        yield running


@pytest.fixture
def other_server(authority: Authority) -> Iterator[WebServer]:
    """A server with a sound certificate for another name."""
    with WebServer(context=authority.server_context("other.example")) as running:
        yield running


@pytest.fixture(scope="module")
def proxy() -> Iterator[ConnectProxy]:
    """A proxy that knows CONNECT."""
    with ConnectProxy() as running:
        yield running


@pytest.fixture
def session(authority: Authority) -> Iterator[requests.Session]:
    """A session of requests that trusts the authority and no environment."""
    with requests.Session() as made:
        made.trust_env = False
        made.verify = str(authority.certificate)
        yield made


def mount(session: requests.Session, server: WebServer, name: str = NAME) -> None:
    """As a special agent does it."""
    session.mount(server.url, HostnameValidationAdapter(name))


def test_what_needs_the_extra_is_where_pages_name_it() -> None:
    """As test_public_names.py and test_documented_paths.py of tests/unit have it of the rest."""
    assert HostnameValidationAdapter.__module__ == "opswire.agents"
    assert documented_pool is hostname_pool


def test_an_address_is_refused_without_the_adapter(
    session: requests.Session, server: WebServer
) -> None:
    """So that the tests below prove something."""
    with pytest.raises(requests.exceptions.SSLError):
        session.get(server.url)


def test_the_name_is_asked_for_and_checked_and_sent(
    session: requests.Session, server: WebServer
) -> None:
    """SNI, certificate, Host header without a port."""
    mount(session, server)
    assert session.get(f"{server.url}/a").json()["path"] == "/a"
    (seen,) = server.seen
    assert (seen.sni, seen.headers["Host"]) == (NAME, NAME)


def test_a_certificate_for_another_name_is_refused(
    session: requests.Session, server: WebServer
) -> None:
    """Nothing is sent then."""
    mount(session, server, "other.example")
    with pytest.raises(requests.exceptions.SSLError, match=r"other\.example"):
        session.get(server.url)
    assert server.seen == []


def test_an_authority_that_is_not_trusted_is_refused(
    session: requests.Session, server: WebServer
) -> None:
    """The name alone is worth nothing."""
    mount(session, server)
    session.verify = True
    with pytest.raises(requests.exceptions.SSLError):
        session.get(server.url)
    assert server.seen == []


def test_the_callers_host_header_stays(session: requests.Session, server: WebServer) -> None:
    """Whatever its case."""
    mount(session, server)
    session.get(server.url, headers={"host": "virtual.example"})
    assert server.seen[0].headers == {**server.seen[0].headers, "host": "virtual.example"}
    assert "Host" not in server.seen[0].headers


def test_without_verification_any_certificate_is_accepted(
    session: requests.Session, other_server: WebServer
) -> None:
    """As ever in requests, with its warning; and the next verified request is verified."""
    mount(session, other_server)
    with pytest.warns(InsecureRequestWarning):
        assert session.get(other_server.url, verify=False).ok
    with pytest.raises(requests.exceptions.SSLError):
        session.get(other_server.url)
    assert len(other_server.seen) == 1


def test_through_a_proxy_the_same_holds(
    session: requests.Session, server: WebServer, proxy: ConnectProxy
) -> None:
    """The proxy is asked for the address, the server for the name."""
    mount(session, server)
    session.proxies = {"https": proxy.url}
    assert session.get(server.url).ok
    (seen,) = server.seen
    assert (seen.sni, seen.headers["Host"]) == (NAME, NAME)
    assert proxy.tunnels[-1] == server.url.removeprefix("https://")


def test_through_a_proxy_another_name_is_refused(
    session: requests.Session, server: WebServer, proxy: ConnectProxy
) -> None:
    """The tunnel is there, but nothing is sent through it."""
    mount(session, server, "other.example")
    session.proxies = {"https": proxy.url}
    with pytest.raises(requests.exceptions.SSLError, match=r"other\.example"):
        session.get(server.url)
    assert server.seen == []


def test_through_a_proxy_verification_can_be_off_too(
    session: requests.Session, other_server: WebServer, proxy: ConnectProxy
) -> None:
    """Any certificate is accepted."""
    mount(session, other_server)
    with pytest.warns(InsecureRequestWarning):
        assert session.get(
            other_server.url,
            verify=False,
            proxies={"https": proxy.url},
        ).ok


def test_an_adapter_pickles(
    session: requests.Session, server: WebServer, proxy: ConnectProxy
) -> None:
    """A session that was sent to another process works as before, through the proxy too."""
    mount(session, server)
    session.get(server.url)
    copy = pickle.loads(pickle.dumps(session))  # noqa: S301 - our own octets
    copy.trust_env = False
    assert copy.get(server.url).ok
    assert copy.get(server.url, proxies={"https": proxy.url}).ok
    assert [seen.sni for seen in server.seen] == [NAME] * 3
    adapter = copy.get_adapter(server.url)
    assert repr(adapter) == "HostnameValidationAdapter('example.com')"
    assert copy.get_adapter("https://192.0.2.1").__class__ is requests.adapters.HTTPAdapter


def test_a_redirect_to_another_server_does_not_take_the_host_header_along(
    session: requests.Session, server: WebServer
) -> None:
    """The name belongs to one server; what the session has for the other one applies there."""
    mount(session, server)
    with WebServer() as elsewhere:
        answer = session.get(f"{server.url}/redirect?to={elsewhere.url}/b")
        assert answer.json()["path"] == "/b"
        (seen,) = elsewhere.seen
    assert seen.headers["Host"] == elsewhere.url.removeprefix("http://")
    assert answer.history[0].request.headers["Host"] == NAME


def test_a_body_is_sent_with_the_header(session: requests.Session, server: WebServer) -> None:
    """The request that is sent is a copy of the caller's."""
    mount(session, server)
    assert session.post(server.url, data=b"octets").ok
    assert server.seen[0].body == b"octets"


# ---- urllib3 ----


def test_urllib3_has_the_same(authority: Authority, server: WebServer) -> None:
    """Name asked for, checked, sent."""
    with hostname_pool(NAME, ca_certs=str(authority.certificate)) as pool:
        assert pool.request("GET", f"{server.url}/a", headers={"X-More": "1"}).status == 200
        assert pool.request("GET", server.url, headers={"host": "virtual.example"}).status == 200
    first, second = server.seen
    assert (first.sni, first.headers["Host"], first.headers["X-More"]) == (NAME, NAME, "1")
    assert second.headers["host"] == "virtual.example"


def test_urllib3_refuses_another_name(authority: Authority, server: WebServer) -> None:
    """Nothing is sent then."""
    with (
        hostname_pool("other.example", ca_certs=str(authority.certificate), retries=0) as pool,
        pytest.raises(MaxRetryError, match=r"other\.example"),
    ):
        pool.request("GET", server.url)
    assert server.seen == []


def test_urllib3_has_the_same_through_a_proxy(
    authority: Authority, server: WebServer, proxy: ConnectProxy
) -> None:
    """And refuses there too."""
    trusted = str(authority.certificate)
    with hostname_pool(NAME, proxy_url=proxy.url, ca_certs=trusted) as pool:
        assert pool.request("GET", server.url).status == 200
    (seen,) = server.seen
    assert (seen.sni, seen.headers["Host"]) == (NAME, NAME)
    assert proxy.tunnels[-1] == server.url.removeprefix("https://")
    with (
        hostname_pool("a.example", proxy_url=proxy.url, ca_certs=trusted, retries=0) as pool,
        pytest.raises(MaxRetryError, match=r"a\.example"),
    ):
        pool.request("GET", server.url)


def test_urllib3_is_led_to_no_other_server_and_to_no_plain_one(
    authority: Authority, server: WebServer, other_server: WebServer
) -> None:
    """A redirect to either fails."""
    with (
        hostname_pool(NAME, ca_certs=str(authority.certificate)) as pool,
        WebServer() as plain,
    ):
        with pytest.raises(LocationValueError, match="https only"):
            pool.request("GET", f"{server.url}/redirect?to={plain.url}/")
        with pytest.raises(MaxRetryError, match=r"CERTIFICATE_VERIFY_FAILED|match"):
            pool.request(
                "GET",
                f"{server.url}/redirect?to={other_server.url}/",
                retries=urllib3.Retry(connect=0, redirect=1),
            )
        assert (plain.seen, other_server.seen) == ([], [])


# ---- ssl ----


def test_http_client_has_the_same(authority: Authority, server: WebServer) -> None:
    """With a context; the Host header is http.client's."""
    context = hostname_context(NAME, cafile=str(authority.certificate))
    connection = http.client.HTTPSConnection(server.address, server.port, context=context)
    connection.request("GET", "/a")
    assert json.load(connection.getresponse())["path"] == "/a"
    connection.close()
    assert server.seen[0].sni == NAME


def test_urllib_has_the_same(authority: Authority, server: WebServer) -> None:
    """Python's own opener."""
    context = hostname_context(NAME, cadata=authority.certificate.read_text())
    with urllib.request.urlopen(server.url, context=context) as answer:  # noqa: S310 - ours
        assert answer.status == 200
    assert server.seen[0].sni == NAME


def test_a_context_refuses_another_name_and_other_authorities(
    authority: Authority, server: WebServer
) -> None:
    """Verification cannot be lost on the way."""
    for context in (
        hostname_context("other.example", cafile=str(authority.certificate)),
        hostname_context(NAME),
    ):
        connection = http.client.HTTPSConnection(server.address, server.port, context=context)
        with pytest.raises(ssl.SSLCertVerificationError):
            connection.request("GET", "/")
        connection.close()
    assert server.seen == []


def test_asyncio_has_the_same(authority: Authority, server: WebServer) -> None:
    """Which wraps buffers, not sockets."""

    async def ask() -> bytes:
        context = hostname_context(NAME, cafile=str(authority.certificate))
        reader, writer = await asyncio.open_connection(server.address, server.port, ssl=context)
        writer.write(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        return answer

    assert b'"/a"' in asyncio.run(ask())
    assert server.seen[0].sni == NAME


SECRET = "t0ken-of-the-query"


def test_requests_are_told_with_where_they_lead_and_nothing_else(
    session: requests.Session, server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG; that nothing is verified at INFO."""
    mount(session, server)
    url = server.url.replace("https://", f"https://user:{SECRET}@")
    where = server.url.removeprefix("https://")
    session.mount(url, HostnameValidationAdapter(NAME))
    with caplog.at_level("DEBUG", logger="opswire.agents"):
        session.get(f"{url}/{SECRET}?token={SECRET}", timeout=10)
    lines = [each for each in caplog.records if each.name == "opswire.agents"]
    asking = ("DEBUG", f"asking {where} as {NAME}")
    assert [(each.levelname, each.getMessage()) for each in lines] == [asking]
    caplog.clear()
    with (
        caplog.at_level("DEBUG", logger="opswire.agents"),
        pytest.warns(InsecureRequestWarning),
    ):
        session.get(server.url, timeout=10, verify=False)
    lines = [each for each in caplog.records if each.name == "opswire.agents"]
    unsafe = ("INFO", f"the certificate of {NAME} is not verified")
    assert [(each.levelname, each.getMessage()) for each in lines] == [asking, unsafe]


def test_urllib3_tells_the_same(
    authority: Authority, server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    """And a request that is refused, because it would show the program's secrets, as a warning."""
    where = server.url.removeprefix("https://")
    with (
        caplog.at_level("DEBUG", logger="opswire.agents"),
        hostname_pool(NAME, ca_certs=str(authority.certificate)) as pool,
    ):
        pool.request("GET", f"{server.url}/{SECRET}?token={SECRET}", timeout=10)
        with pytest.raises(LocationValueError):
            pool.request("GET", f"http://{where}/{SECRET}", timeout=10)
    lines = [each for each in caplog.records if each.name == "opswire.agents"]
    assert [(each.levelname, each.getMessage()) for each in lines] == [
        ("DEBUG", f"asking {where} as {NAME}"),
        ("WARNING", f"{NAME}: a request by http was refused"),
    ]
