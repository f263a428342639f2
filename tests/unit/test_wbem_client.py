"""The client where no server is needed: URLs, settings, arguments, requests, what it loads."""

import copy
import os
import pickle
import ssl
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from opswire import wbem
from opswire.wbem.client import (
    arguments,
    blocking_driver,
    deadline,
    exchange,
    proxies,
    request,
    tls_context,
)
from opswire.wbem.client.server_url import Origin, origin_of
from tests.unit.test_missing_extras import hide, run

# -- URLs --


@pytest.mark.parametrize(
    ("url", "expected", "host_field"),
    [
        ("host", "http://host:5988", "host:5988"),
        ("HTTPS://Host.Example", "https://host.example:5989", "host.example:5989"),
        ("http://10.1.2.3:80/cimom?x", "http://10.1.2.3:80", "10.1.2.3:80"),
        ("https://[2001:DB8::1]:99", "https://[2001:db8::1]:99", "[2001:db8::1]:99"),
        ("http://[fe80::1%25eth0]", "http://[fe80::1-eth0]:5988", "[fe80::1]:5988"),
        ("http://[fe80::1-eth0]", "http://[fe80::1-eth0]:5988", "[fe80::1]:5988"),
        (
            "http://[::ffff:10.11.12.13]",
            "http://[::ffff:10.11.12.13]:5988",
            "[::ffff:10.11.12.13]:5988",
        ),
    ],
)
def test_a_url_has_one_form(url: str, expected: str, host_field: str) -> None:
    origin = origin_of(url)
    assert (origin.url, origin.host_field) == (expected, host_field)
    assert wbem.WBEMConnection(url).url == expected


@pytest.mark.parametrize(
    "url",
    ["", "ftp://h", "http://", "http://h:0", "http://h:65536", "http://h:x", "http://a b", "http://[::1",
     "http://::1", "http://h\r\nX: y", "h:", "http://h?x", "://h"],
)  # fmt: skip
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|scheme|port"):
        wbem.WBEMConnection(url)


def test_credentials_in_a_url_are_refused_and_not_told() -> None:
    with pytest.raises(ValueError, match="creds=") as caught:
        wbem.WBEMConnection("http://root:hunter2@host")
    assert "hunter2" not in str(caught.value)


# -- settings --


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"creds": "root"}, TypeError, "pair"),
        ({"creds": ("a", None)}, TypeError, "texts"),
        ({"creds": ("a:b", "c")}, ValueError, "colon"),
        ({"timeout": -1}, ValueError, "0 or more"),
        ({"timeout": float("nan")}, ValueError, "0 or more"),
        ({"timeout": True}, TypeError, "seconds"),
        ({"timeout": "3"}, TypeError, "seconds"),
        ({"x509": "file"}, TypeError, "mapping"),
        ({"x509": {"key_file": "k"}}, ValueError, "cert_file"),
        ({"x509": {"cert_file": "c", "other": "k"}}, ValueError, "cert_file"),
        ({"ca_certs": 3}, TypeError, "path"),
        ({"ssl_context": object(), "ca_certs": "x"}, ValueError, "ca_certs cannot too"),
        ({"ssl_context": object(), "no_verification": True}, ValueError, "no_verification"),
        ({"default_namespace": 3}, TypeError, "namespace"),
    ],
)
def test_a_wrong_setting_is_refused(
    settings: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        wbem.WBEMConnection("https://h", **settings)


@pytest.mark.parametrize("name", ["ca_certs", "cert_file", "key_file"])
def test_a_file_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    there, missing = tmp_path / "there", tmp_path / "missing"
    there.touch()
    settings: dict[str, Any] = {"x509": {"cert_file": str(there), name: str(missing)}}
    if name == "ca_certs":
        settings = {"ca_certs": missing}
    with pytest.raises(FileNotFoundError) as caught:
        wbem.WBEMConnection("https://h", **settings)
    assert caught.value.filename == str(missing)
    wbem.WBEMConnection("http://h", **settings)  # no TLS, no file


def test_a_connection_tells_its_settings_and_not_its_password() -> None:
    connection = wbem.WBEMConnection("h", ("root", "hunter2"), "/root/x/", timeout=3)
    assert (connection.host, connection.scheme, connection.default_namespace) == (
        "h:5988", "http", "root/x",
    )  # fmt: skip
    assert connection.creds == ("root", "hunter2")
    assert "hunter2" not in repr(connection)
    assert connection.last_raw_request is None
    assert connection.last_request_len == 0
    connection.default_namespace = "y/"
    assert connection.default_namespace == "y"
    connection.timeout = None
    assert connection.timeout is None
    with pytest.raises(TypeError):
        pickle.dumps(connection)
    other = connection.copy()
    assert (other.url, other.default_namespace, other.creds) == (
        connection.url, "y", connection.creds,
    )  # fmt: skip
    assert other.conn_id != connection.conn_id
    other.timeout = 5
    assert connection.timeout is None


def test_a_step_does_not_tell_the_password() -> None:
    """Tracebacks with local variables show steps."""
    headers = {"Authorization": "Basic c2VjcmV0"}
    step = exchange.Send(origin_of("h"), "/cimom", headers, b"", deadline.Deadline(None))
    assert repr(step) == "Send(http://h:5988/cimom)"


# -- TLS --


def context(**settings: Any) -> ssl.SSLContext:
    """A context with the usual settings but for some."""
    usual = {"ca_certs": None, "x509": None, "verify": True, "minimum": None, "ciphers": None}
    return tls_context.client_context(**{**usual, **settings})


def test_the_defaults_of_tls_are_safe() -> None:
    made = context()
    assert made.verify_mode == ssl.CERT_REQUIRED
    assert made.check_hostname
    assert made.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context(verify=False).verify_mode == ssl.CERT_NONE


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize(
    ("minimum", "version"),
    [("TLSv1", "TLSv1"), ("TLSv1.0", "TLSv1"), ("TLSv1.1", "TLSv1_1"), ("TLSv1_3", "TLSv1_3"),
     (ssl.TLSVersion.TLSv1_3, "TLSv1_3")],
)  # fmt: skip
def test_the_oldest_version_has_several_spellings(minimum: Any, version: str) -> None:
    assert context(minimum=minimum).minimum_version == ssl.TLSVersion[version]


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"minimum": "TLSv9"}, ValueError),
        ({"minimum": 3}, TypeError),
        ({"ciphers": "?"}, ValueError),
    ],
)
def test_tls_that_there_is_not_is_refused(settings: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        context(**settings)


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("nothing")
    with pytest.raises(ValueError, match=f"ca_certs: {other} has no certificate"):
        context(ca_certs=str(other))
    with pytest.raises(ValueError, match=f"x509: {other} have no certificate"):
        context(x509={"cert_file": str(other), "key_file": None})


# -- proxies --

PROXY = {"https": "http://p:1", "no_proxy": "a.example, .b.example,10.0.0.0/8 [::1] c:99, *.d"}


@pytest.mark.parametrize(
    ("host", "port", "is_direct"),
    [
        ("a.example", 1, True), ("x.A.example", 1, True), ("xa.example", 1, False),
        ("y.b.example", 1, True), ("b.example", 1, True), ("10.9.8.7", 1, True),
        ("11.9.8.7", 1, False), ("::1", 1, True), ("::2", 1, False), ("c", 99, True),
        ("c", 98, False), ("z.d", 1, True), ("e", 1, False),
    ],
)  # fmt: skip
def test_no_proxy_names_hosts_domains_addresses_and_networks(
    host: str, port: int, is_direct: bool
) -> None:
    found = proxies.proxy_for(Origin("https", host, port), PROXY)
    assert (found is None) is is_direct


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"http": "http://p:1"}, None),
        ({"all": "p"}, "http://p:80"),
        ({"https": "https://p"}, "https://p:443"),
        ({"https://h": "http://q:2", "https": "http://p:1"}, "http://q:2"),
        ({"https": "http://p:1", "no": "*"}, None),
    ],
)
def test_a_proxy_is_chosen_by_scheme_and_host(
    given: Mapping[str, str], expected: str | None
) -> None:
    found = proxies.proxy_for(Origin("https", "h", 1), given)
    assert (found and found.origin.url) == expected


def test_a_proxy_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="a proxy must be http:// or https://, not socks5://"):
        proxies.proxy_for(Origin("https", "h", 1), {"https": "socks5://p:1"})


# -- arguments and requests --


@pytest.mark.parametrize(
    ("name", "args", "error"),
    [
        ("GetInstance", ("C",), TypeError),
        ("GetInstance", (None,), TypeError),
        ("EnumerateInstances", (None,), TypeError),
        ("EnumerateInstances", ("C", 3), TypeError),
        ("EnumerateInstances", ("C", None, "yes"), TypeError),
        ("EnumerateInstances", ("C", None, None, None, None, None, b"x"), TypeError),
        ("EnumerateInstances", ("C", None, None, None, None, None, [3]), TypeError),
        ("CreateInstance", ("C",), TypeError),
        ("ModifyInstance", (wbem.CIMInstance("C"),), ValueError),
        ("Associators", (3,), TypeError),
        ("ExecQuery", (None, "q"), TypeError),
        ("GetQualifier", (None,), TypeError),
        ("CreateClass", ("C",), TypeError),
        ("OpenEnumerateInstances", ("C", None, None, None, None, None, None, -1), ValueError),
        ("OpenEnumerateInstances", ("C", None, None, None, None, None, None, "1"), TypeError),
        ("PullInstances", (("c", "n"), None), ValueError),
        ("PullInstances", (None, 1), ValueError),
        ("PullInstances", ("c", 1), TypeError),
        ("PullInstances", ((1, 2), 1), TypeError),
        ("InvokeMethod", ("M", "C", "Params"), TypeError),
        ("InvokeMethod", ("M", "C", [("a", 1)]), TypeError),
        ("InvokeMethod", ("M", "C", [("a",)]), TypeError),
        ("InvokeMethod", (None, "C"), TypeError),
        ("ExportIndication", (None,), TypeError),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_is_sent(
    name: str, args: tuple[Any, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        getattr(wbem.WBEMConnection("http://127.0.0.1:1"), name)(*args)


@pytest.mark.parametrize(
    ("count", "error"), [(0, ValueError), (None, ValueError), (2.0, TypeError)]
)
def test_an_iteration_wants_at_least_one_object_at_a_time(count: Any, error: type) -> None:
    connection = wbem.WBEMConnection("http://127.0.0.1:1")
    with pytest.raises(error):
        next(connection.IterEnumerateInstances("C", MaxObjectCount=count))


@pytest.mark.parametrize("name", ["FilterQuery", "FilterQueryLanguage", "ContinueOnError"])
def test_what_only_pulling_can_do_is_refused_without_it(name: str) -> None:
    connection = wbem.WBEMConnection("http://127.0.0.1:1")
    given: dict[str, Any] = {name: True if name == "ContinueOnError" else "x"}
    with pytest.raises(ValueError, match=f"{name} needs pull operations"):
        next(connection.IterEnumerateInstances("C", **given))


def test_headers_have_escapes_for_what_they_have_no_place_for() -> None:
    """DSP0200 1.4, 6.3: UTF-8, escaped; an escape's own mark too."""
    path = wbem.CIMInstanceName("C", {"k": "\u00e9%\r\n"}, namespace="n")
    made = request.invocation(7, "M\u00e4", path, ["p"])
    assert made.headers["CIMMethod"] == "M%C3%A4"
    assert made.headers["CIMObject"] == 'n:C.k="%C3%A9%25%0D%0A"'
    assert made.headers["CIMObject"].isascii()
    assert b'<PARAMVALUE NAME="p"/>' in made.body


def test_parameters_tell_their_types() -> None:
    path = wbem.CIMInstanceName("C")
    found = arguments.method_parameters(
        [("a", [None, wbem.Uint8(1)]), ("b", []), ("c", path), ("d", wbem.CIMInstance("I")),
         ("e", wbem.CIMClass("K")), wbem.CIMParameter("f", "real32")],
        {"g": None, "h": False},
    )  # fmt: skip
    told = [
        each
        if isinstance(each, str)
        else (each.name, each.type, each.is_array, each.embedded_object)
        for each in found
    ]
    assert told == [
        ("a", "uint8", True, None), ("b", "string", True, None), ("c", "reference", False, None),
        ("d", "string", False, "instance"), ("e", "string", False, "object"),
        ("f", "real32", False, None), "g", ("h", "boolean", False, None),
    ]  # fmt: skip


def test_a_parser_knows_when_a_message_is_complete() -> None:
    """With its last octet, and not before."""
    octets = request.intrinsic(1, "GetClass", "n", "C", []).body
    parser = wbem.Parser()
    parser.feed(octets[:-1])
    assert not parser.complete
    parser.feed(octets[-1:])
    assert parser.complete


def test_a_deadline_leaves_out_what_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([100.0, 103.0, 109.0, 111.0])
    monkeypatch.setattr(deadline, "monotonic", lambda: next(moments))
    one = deadline.Deadline(10)
    assert one.left() == 7.0
    one.pause(2.5)
    assert one.left() == 3.5
    one.pause(-1.5)
    with pytest.raises(TimeoutError):
        one.left()
    assert deadline.Deadline(None).left() is None


def test_a_second_attempt_and_a_redirect_have_the_same_deadline() -> None:
    """Not one that begins again."""

    class Head:
        status, reason, is_bounded = 307, "", False
        headers: ClassVar = {"location": "/other"}

        def drop(self) -> None:
            """Nothing is open."""

    asked = request.intrinsic(1, "GetClass", "n", "C", [])
    until = deadline.Deadline(9)
    one = exchange.Exchange(asked, origin_of("h"), None, until, "id", keeps=False)
    steps = one.whole()
    first = next(steps)
    second = steps.throw(exchange.LinkLost(OSError("gone"), was_sent=True))
    third = steps.send(Head())
    for step in (first, second, third):
        assert isinstance(step, exchange.Send)
        assert step.deadline is until
    with pytest.raises(wbem.TimeoutError, match="within 9 s"):
        steps.throw(TimeoutError("timed out"))


# -- errors --


def test_an_error_of_the_client_pickles_with_what_was_asked() -> None:
    error = wbem.CIMError(6, "no", conn_id="x", request_data=b"<CIM/>")
    error.operation = "GetInstance of C in n"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert str(again) == str(error) == "6 (CIM_ERR_NOT_FOUND): no (GetInstance of C in n)"
    assert (again[0], again.args, copy.copy(error).conn_id) == (6, (6, "no", None), "x")


def test_a_timeout_is_caught_by_those_who_know_no_timeout() -> None:
    error = wbem.TimeoutError("late", conn_id="x")
    assert isinstance(error, wbem.ConnectionError)
    assert isinstance(error, TimeoutError)
    assert str(pickle.loads(pickle.dumps(error))) == "late"  # noqa: S301 - our own


# -- what is loaded --

HEAVY = {"urllib3", "ssl", "asyncio", "aiohttp", "http.client", "socket", "dataclasses", "yarl"}


@pytest.mark.parametrize(
    "program",
    ["import opswire.wbem", "import opswire.wbem; opswire.wbem.WBEMConnection('http://h')"],
)
def test_nothing_heavy_is_loaded_before_something_is_sent(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert set(done.stdout.split()) & HEAVY == set()


def test_without_aiohttp_the_asyncio_client_says_what_to_install(tmp_path: Path) -> None:
    hide("aiohttp", tmp_path)
    program = (
        "from opswire import wbem\n"
        "try:\n    wbem.AsyncWBEMConnection('h')\n"
        "except ImportError as error:\n    print(type(error).__name__, error)"
    )
    assert run(program, tmp_path) == (
        "LibraryMissingError AsyncWBEMConnection needs the package aiohttp: "
        "pip install 'opswire[aio]'\n"
    )


# -- statistics --


def test_statistics_count_what_they_are_told_while_enabled() -> None:
    statistics = wbem.Statistics()
    one = statistics.start_timer("GetClass")
    assert one.stop_timer() is None
    assert statistics.snapshot() == []
    statistics.enable()
    for length in (10, 30):
        one = statistics.start_timer("GetClass")
        took = one.stop_timer(
            request_len=length, reply_len=1, server_time=0.5, exception=length > 10
        )
        assert took is not None
    assert (one.count, one.exception_count, one.avg_request_len) == (2, 1, 20)
    assert (one.min_request_len, one.max_request_len, one.max_server_time) == (10, 30, 0.5)
    assert one.min_time <= one.avg_time <= one.max_time
    assert "GetClass" in statistics.formatted()
    statistics.reset()
    assert statistics.snapshot() == []


def test_threads_that_begin_at_once_share_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one comes while the first makes what keeps them."""
    connection = wbem.WBEMConnection("localhost")
    found: list[object] = []

    def other() -> None:
        found.append(connection._found_driver())

    second = threading.Thread(target=other)

    class Slow(blocking_driver.BlockingDriver):
        def __init__(self, settings: Any) -> None:
            if second.ident is None:
                second.start()
                second.join()
            super().__init__(settings)

    monkeypatch.setattr(blocking_driver, "BlockingDriver", Slow)
    found.append(connection._found_driver())
    second.join()
    assert found[0] is found[1]
