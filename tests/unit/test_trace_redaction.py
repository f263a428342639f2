"""opswire.redaction.exchanges: what is a secret in a request or a response, and what is not."""

import base64
import gzip
import json
import zlib
from typing import Any

import pytest

from opswire.redaction.exchanges import redact, same_path, same_query
from opswire.redaction.marks import MARK, mark_of
from opswire.redaction.names import is_secret_name

SECRET = "s3cret-value"


def exchange(
    uri: str = "http://host/",
    headers: dict[str, Any] | None = None,
    body: Any = None,
    answer: bytes = b"",
    answer_headers: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request and its response, as vcrpy has them."""
    request = {"method": "GET", "uri": uri, "headers": headers or {}, "body": body}
    response = {
        "status": {"code": 200, "message": "OK"},
        "headers": answer_headers or {},
        "body": {"string": answer},
    }
    return request, response


def redacted(**parts: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """One exchange without its secrets."""
    (found,) = redact([exchange(**parts)])
    return found


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "apikey"),
        *("X-Auth-Token", "token", "access_token", "refreshToken", "client_secret", "password"),
        *("passwd", "sessionId", "session-id", "sid", "private_key", "credentials", "jwt", "auth"),
    ],
)
def test_well_known_names_are_secrets(name: str) -> None:
    """In any case and spelling."""
    assert is_secret_name(name)
    assert is_secret_name(name.upper())


@pytest.mark.parametrize(
    "name",
    [
        *("token_type", "tokenType", "token_expires_in", "password_expiry", "token_url", "key"),
        *("keys", "author", "Content-Type", "User-Agent", "passenger", "monkey", "session", "side"),
        *("token_endpoint", "cookie_count", "authenticated"),
    ],
)
def test_other_names_are_not(name: str) -> None:
    """Programs act on them."""
    assert not is_secret_name(name)


def test_headers_lose_their_secrets_and_keep_their_form() -> None:
    """Scheme, cookie names, cookie attributes."""
    request, response = redacted(
        headers={
            "Authorization": [f"Bearer {SECRET}"],
            "X-Api-Key": SECRET,
            "Cookie": "a=first; b=second",
            "Accept": "*/*",
        },
        answer_headers={
            "Set-Cookie": [f"a={SECRET}; Path=/; Secure", "b=x"],
            "Location": [f"https://host/x?token={SECRET}&page=1"],
            "Content-Type": ["text/plain"],
        },
    )
    assert request["headers"] == {
        "Authorization": [f"Bearer {MARK}"],
        "X-Api-Key": MARK,
        "Cookie": f"a={MARK}; b={MARK}",
        "Accept": "*/*",
    }
    assert response["headers"] == {
        "Set-Cookie": [f"a={MARK}; Path=/; Secure", f"b={MARK}"],
        "Location": [f"https://host/x?token={MARK}&page=1"],
        "Content-Type": ["text/plain"],
    }


def test_addresses_lose_passwords_and_secret_parameters() -> None:
    """All else stays as it was spelled."""
    request, _ = redacted(uri="https://me:p%40ss-w0rd@host:1/a%20b?q=a+b&&x&password=1&token=")
    assert request["uri"] == f"https://me:{MARK}@host:1/a%20b?q=a+b&&x&password={MARK}&token="


def test_forms_lose_secret_fields() -> None:
    """As text and as octets."""
    for body in ("user=me&password=a%26b+c&go=1", b"user=me&password=a%26b+c&go=1"):
        request, _ = redacted(
            body=body, headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        )
        expected = f"user=me&password={MARK}&go=1"
        assert request["body"] == (expected if isinstance(body, str) else expected.encode())


def test_json_loses_secret_texts_at_every_depth() -> None:
    """Numbers, true, false and null are no secrets, and programs count on them."""
    value = {
        "user": "me",
        "password": "x",
        "access_tokens": ["a", "b"],
        "token": None,
        "has_password": True,
        "token_age": 60,
        "more": [{"deep": {"client_secret": "y", "token_type": "Bearer"}}],
    }
    request, response = redacted(body=json.dumps(value), answer=json.dumps(value).encode())
    for found in (json.loads(request["body"]), json.loads(response["body"]["string"])):
        assert found == {
            "user": "me",
            "password": MARK,
            "access_tokens": [MARK, MARK],
            "token": None,
            "has_password": True,
            "token_age": 60,
            "more": [{"deep": {"client_secret": MARK, "token_type": "Bearer"}}],
        }


@pytest.mark.parametrize("body", [b"{broken", b"[1, 2]", b'{"a": 1.50}', b"\xff\x00", b"text", b""])
def test_a_body_without_secrets_stays_octet_for_octet(body: bytes) -> None:
    """Also JSON that would be written another way."""
    request, response = redacted(body=body, answer=body, answer_headers={"Content-Length": ["9"]})
    assert (request["body"], response["body"]["string"]) == (body, body)
    assert response["headers"] == {"Content-Length": ["9"]}


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
def test_compressed_answers_are_unpacked(encoding: str, pack: Any) -> None:
    """The headers say what is stored, so that replay reads it."""
    body = pack(json.dumps({"token": SECRET}).encode())
    headers = {"Content-Encoding": [encoding], "Content-Length": [str(len(body))]}
    _, response = redacted(answer=body, answer_headers=headers)
    stored = response["body"]["string"]
    assert json.loads(stored) == {"token": MARK}
    assert response["headers"] == {"Content-Length": [str(len(stored))]}


def test_a_compressed_answer_that_is_broken_stays() -> None:
    """Cut, or none at all."""
    whole = gzip.compress(b'{"token": "x"}')
    for body in (whole[:-4], b"plain"):
        headers = {"Content-Encoding": ["gzip"]}
        _, response = redacted(answer=body, answer_headers=headers)
        assert (response["body"]["string"], response["headers"]) == (body, headers)


def test_a_secret_is_removed_wherever_else_it_appears() -> None:
    """In other requests and answers, in paths, in text, percent-encoded; lengths follow."""
    secret = "a/b c+d=12"
    first = exchange(answer=json.dumps({"token": secret}).encode())
    second = exchange(
        uri="http://host/a%2Fb%20c%2Bd%3D12/x?ticket=a%2Fb%20c%2Bd%3D12",
        body=f"<xml>{secret}</xml>",
        answer=f"you are {secret}".encode(),
        answer_headers={"Content-Length": ["18"], "X-Echo": [secret]},
    )
    for order in ([first, second], [second, first]):
        found = redact(order)
        request, response = found[order.index(second)]
        assert request["uri"] == f"http://host/{MARK}/x?ticket={MARK}"
        assert request["body"] == f"<xml>{MARK}</xml>"
        assert response["body"]["string"] == f"you are {MARK}".encode()
        assert response["headers"] == {"Content-Length": ["24"], "X-Echo": [MARK]}


def test_a_secret_of_any_letters_is_removed() -> None:
    """From octets, which are searched letter by letter."""
    request, response = redacted(
        body=json.dumps({"password": "größer-als-1"}), answer="<x>größer-als-1 ü</x>".encode()
    )
    assert json.loads(request["body"]) == {"password": MARK}
    assert response["body"]["string"] == f"<x>{MARK} ü</x>".encode()


def test_a_secret_of_any_letters_is_removed_from_octets_of_no_charset() -> None:
    """An answer that is no text."""
    _, response = redacted(
        body=json.dumps({"password": "größer-als-1"}),
        answer=b"\xff\x00 " + "größer-als-1 ü".encode(),
    )
    assert response["body"]["string"] == b"\xff\x00 " + f"{MARK} ü".encode()


@pytest.mark.parametrize("secret", ["short", "administrator", "1234567"])
def test_a_secret_that_is_like_a_word_is_removed_under_its_name_only(secret: str) -> None:
    """Or the rest of the trace would not be what was received."""
    request, response = redacted(
        body=json.dumps({"password": secret}), answer=f"role {secret}".encode()
    )
    assert json.loads(request["body"]) == {"password": MARK}
    assert response["body"]["string"] == f"role {secret}".encode()


def test_the_password_of_basic_authorization_is_known() -> None:
    """Both forms of it."""
    encoded = base64.b64encode(b"me:s3cret-pass").decode()
    request, response = redacted(
        headers={"Authorization": f"Basic {encoded}"}, answer=b"s3cret-pass is yours"
    )
    assert request["headers"] == {"Authorization": f"Basic {MARK}"}
    assert response["body"]["string"] == f"{MARK} is yours".encode()


def test_a_web_token_keeps_its_claims() -> None:
    """Programs read the time in them; without the signature they open nothing."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "RS256"}, {"exp": 1700000000})
    ]
    token = ".".join([*parts, "c2lnbmF0dXJl"])
    request, _ = redacted(headers={"Authorization": f"Bearer {token}"})
    assert request["headers"]["Authorization"] == f"Bearer {'.'.join(parts)}.{MARK}"
    assert mark_of(request["headers"]["Authorization"].split()[1]) == ".".join([*parts, MARK])


def test_redacting_again_changes_nothing() -> None:
    """A trace that grows is written again and again."""
    once = redact(
        [
            exchange(
                uri=f"http://me:{SECRET}@host/?token={SECRET}",
                headers={"Authorization": f"Bearer {SECRET}", "Cookie": f"a={SECRET}"},
                answer=json.dumps({"token": SECRET}).encode(),
            )
        ]
    )
    assert redact(once) == once


def test_what_was_given_is_not_changed() -> None:
    """The program still uses it."""
    request, response = exchange(
        headers={"Authorization": SECRET}, answer=b'{"token": "s3cret-value"}'
    )
    redact([(request, response)])
    assert request["headers"] == {"Authorization": SECRET}
    assert response["body"]["string"] == b'{"token": "s3cret-value"}'


def test_paths_are_equal_but_for_what_was_redacted() -> None:
    """Segment by segment."""
    assert same_path("/a/b", "/a/b")
    assert same_path(f"/a/{MARK}/c", "/a/anything/c")
    assert same_path("/a/anything/c", f"/a/{MARK}/c")
    assert not same_path(f"/a/{MARK}/c", "/a/anything/d")
    assert not same_path(f"/a/{MARK}", "/a/b/c")
    assert not same_path("/a", "/b")


def test_queries_are_equal_but_for_what_was_redacted() -> None:
    """Value by value."""
    assert same_query([("a", "1"), ("b", "2")], [("a", "1"), ("b", "2")])
    assert same_query([("a", "1"), ("token", MARK)], [("a", "1"), ("token", "real")])
    assert not same_query([("a", "2"), ("token", MARK)], [("a", "1"), ("token", "real")])
    assert not same_query([("a", "1")], [("a", "1"), ("b", "2")])
    assert not same_query([("a", "1"), ("a", "2")], [("a", "1"), ("a", "3")])
    assert not same_query([("a", "1")], [("b", "1")])


def test_a_large_trace_with_many_secrets_is_done() -> None:
    """All of them, in every exchange."""
    many = [
        exchange(answer=json.dumps({"token": f"t0ken-number-{i}", "x": "y" * 1000}).encode())
        for i in range(500)
    ]
    assert json.loads(redact(many)[499][1]["body"]["string"])["token"] == MARK


def test_the_headers_of_storage_and_cloud_are_secrets() -> None:
    """Sessions, tickets, subscription keys, and whatever is called a key."""
    names = (
        *("X-HP3PAR-Session", "X-IBM-Session-Key", "Ocp-Apim-Subscription-Key", "X-Auth", "Ticket"),
        *("vmware-api-session-id", "X-Key", "x-functions-key"),
    )
    request, _ = redacted(headers=dict.fromkeys([*names, "X-Page", "Accept"], "ab"))
    assert request["headers"] == {**dict.fromkeys(names, MARK), "X-Page": "ab", "Accept": "ab"}


@pytest.mark.parametrize(
    ("uri", "stored"),
    [
        ("http://h/x?key=abc&page=1", f"http://h/x?key={MARK}&page=1"),
        ("http://h/x?ticket=abc&sid=d&keys=e", f"http://h/x?ticket={MARK}&sid={MARK}&keys={MARK}"),
        (
            "https://h/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5P/getMe?a=1",
            f"https://h/bot{MARK}/getMe?a=1",
        ),
        ("https://h/services/T0AB1CD2E/B0AB1CD2E/abcdefghij0123456789", None),
        ("https://h/api/webhooks/123456789/abcdefghijabcdefghijabcdefghij", None),
        ("https://h/token/5d41402abc4b2a76b9719d911017c592/x", f"https://h/token/{MARK}/x"),
        ("https://h/keys/5d41402abc4b2a76b9719d911017c592", f"https://h/keys/{MARK}"),
        ("https://ghp0a1B2c3D4e5F6@h/x", f"https://{MARK}@h/x"),
        ("https://h/token/refresh/bottles/key/cpu", "https://h/token/refresh/bottles/key/cpu"),
        ("https://h/bot12/services/T1/B2/x?author=a&max_tokens=5", "same"),
    ],
)
def test_addresses_lose_what_only_a_secret_is(uri: str, stored: str | None) -> None:
    """Replay finds them: a redacted part is equal to any."""
    request, _ = redacted(uri=uri)
    if stored is None:
        stored = f"{uri.rpartition('/')[0]}/{MARK}"
    assert request["uri"] == (uri if stored == "same" else stored)
    assert same_path(uri.partition("?")[0], request["uri"].partition("?")[0])


def multipart(ending: str, *parts: tuple[str, str]) -> str:
    """A body of these heads and contents."""
    return "".join(
        f"--bound{ending}{head}{ending}{ending}{content}{ending}" for head, content in parts
    ) + (f"--bound--{ending}")


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("octets", [False, True])
def test_multipart_loses_secret_fields(ending: str, octets: bool) -> None:
    """And what is secret in parts that are documents; files stay octet for octet."""
    form = 'Content-Disposition: form-data; name="{}"'
    document = "Content-Type: application/json"
    body = multipart(
        ending,
        (form.format("user"), "me"),
        (form.format("password"), "two\nlines ä"),
        (form.format("key"), "abc"),
        (f"{form.format('file')}; filename=x{ending}Content-Type: text/plain", "a\u00ff\u0000"),
        (f"{form.format('data')}{ending}{document}", '{"token": "x", "a": 1}'),
    )
    expected = body.replace("two\nlines ä", MARK).replace("abc", MARK).replace('"x"', f'"{MARK}"')
    request, _ = redacted(
        body=body.encode() if octets else body,
        headers={"Content-Type": ['multipart/form-data; charset=utf-8; boundary="bound"']},
    )
    assert request["body"] == (expected.encode() if octets else expected)


def test_multipart_with_octets_of_no_charset_stays_what_it_was() -> None:
    """But for the secret."""
    head = b'--b\r\nContent-Disposition: form-data; name="pw"\r\n\r\n'
    body = head + b"s3\r\n--b\r\n\r\n\xff\xfe\r\n--b--\r\n"
    request, _ = redacted(body=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert request["body"] == body.replace(b"s3", MARK.encode())
    for kind in ("multipart/form-data", "multipart/form-data; boundary=other"):
        assert redacted(body=body, headers={"content-type": kind})[0]["body"] == body


def test_multipart_in_multipart_has_an_end() -> None:
    """It is searched by value only."""
    body = "x"
    for number in range(2000):
        kind = f"Content-Type: multipart/mixed; boundary=b{number}"
        body = f"--b{number + 1}\r\n{kind}\r\n\r\n{body}"
    request, _ = redacted(
        body=body, headers={"content-type": "multipart/form-data; boundary=b2000"}
    )
    assert request["body"] == body


@pytest.mark.parametrize(
    "document",
    [
        "<login><user>me</user><password>{}</password></login>",
        "<s:Envelope><wsse:Password Type='x#Text'>{}</wsse:Password><x>Password</x></s:Envelope>",
        "<a><sessionId>\n  {}\n</sessionId><token/><password></password></a>",
        "<a><password><![CDATA[{}]]></password></a>",
        '<?xml version="1.0"?><!-- c --><login user="me" password="{}"/>',
        "<login user='me' x:password = '{}' type=\"a>b\">text</login>",
        '<config><property name="db.password" value="{}"/><p name="page" value="1"/></config>',
        '<config><property name="password">{}</property><p name="page">1</p></config>',
        "<methodCall><member><name>password</name><value><string>{}</string></value></member>"
        "<member><name>page</name><value><string>1</string></value></member></methodCall>",
        '<html><input type="hidden" name="csrf_token" value="{}"><br>text</html>',
        "<a><key>5d41402abc4b2a76b9719d911017c59{}</key><key>cpu</key></a>",
    ],
)
def test_xml_loses_secret_elements_and_attributes(document: str) -> None:
    """All else stays as it was, in text and octets, with any namespace."""
    secret = "2" if "<key>" in document else "s3&amp;4"
    body = document.format(secret)
    kept = document.replace("5d41402abc4b2a76b9719d911017c59", "")
    expected = kept.format(MARK).replace(f"<![CDATA[{MARK}]]>", MARK)
    request, response = redacted(body=body, answer=body.encode())
    assert request["body"] == expected
    assert response["body"]["string"] == expected.encode()
    assert redacted(body=expected)[0]["body"] == expected


def test_xml_of_other_encodings_loses_its_secrets() -> None:
    """And keeps its letters."""
    text = '<?xml version="1.0" encoding="{}"?><a><user>ä</user><password>ö</password></a>'
    for codec in ("latin-1", "utf-16"):
        body = text.format(codec).encode(codec)
        _, response = redacted(answer=body)
        stored = response["body"]["string"].decode(codec)
        assert stored == text.format(codec).replace("ö", MARK)


@pytest.mark.parametrize(
    "body",
    [
        "<a",
        "<a>x</b>",
        "<password",
        "<password>",
        "<a><b>1</b></a>",
        "<token_type>Bearer</token_type>",
    ],
)
def test_xml_without_secrets_and_what_is_none_stays(body: str) -> None:
    """Whatever it is."""
    assert redacted(body=body)[0]["body"] == body


def test_what_is_secret_in_xml_is_known_elsewhere() -> None:
    """As it was meant."""
    _, response = redacted(
        body="<a><password>s3cret&lt;value</password></a>", answer=b"s3cret<value"
    )
    assert response["body"]["string"] == MARK.encode()


def test_json_knows_names_beside_values() -> None:
    """As lists of settings have them."""
    value = [{"name": "db_password", "value": "x"}, {"name": "page", "value": "1"}, {"key": "cpu"}]
    request, _ = redacted(body=json.dumps(value))
    assert json.loads(request["body"]) == [{"name": "db_password", "value": MARK}, *value[1:]]


def test_under_key_and_tokens_only_what_looks_generated_is_a_secret() -> None:
    """In documents; programs act on the others."""
    random = "5d41402abc4b2a76b9719d911017c592"
    request, _ = redacted(body=json.dumps({"key": "cpu", "tokens": ["a", random], "keys": random}))
    assert json.loads(request["body"]) == {"key": "cpu", "tokens": ["a", MARK], "keys": MARK}


@pytest.mark.parametrize(
    "spelled", ["s3cr3t+w%2Frd%26x", "s3cr3t w/rd&amp;x", "czNjcjN0IHcvcmQmeA"]
)
def test_a_secret_is_removed_in_every_spelling(spelled: str) -> None:
    """The same search as that of crash reports, but in the middle of words too."""
    answer = f"<{spelled}>x{spelled}y".encode()
    request, response = redacted(body=json.dumps({"pw": "s3cr3t w/rd&x"}), answer=answer)
    assert json.loads(request["body"]) == {"pw": MARK}
    stored = response["body"]["string"].decode()
    assert stored.count(MARK) == 2
    assert "3cr" not in stored
    assert "czN" not in stored


def test_what_a_filter_of_the_callers_put_there_stays() -> None:
    """In headers, queries, forms and JSON of requests; the same words of a server do not."""
    kept = {("authorization", "****"), ("cookie", "none"), ("password", "****")}
    request, response = exchange(
        uri="http://h/?password=%2A%2A%2A%2A&token=****",
        headers={"Authorization": "****", "Cookie": ["none"], "X-Token": "****"},
        body='{"password": "****", "token": "****"}',
        answer=b'{"password": "****"}',
    )
    [(request, response)] = redact([(request, response)], kept)
    assert request["uri"] == f"http://h/?password=%2A%2A%2A%2A&token={MARK}"
    assert request["headers"] == {"Authorization": "****", "Cookie": ["none"], "X-Token": MARK}
    assert json.loads(request["body"]) == {"password": "****", "token": MARK}
    assert json.loads(response["body"]["string"]) == {"password": MARK}
