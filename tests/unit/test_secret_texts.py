"""opswire.redaction.texts: what a text names as a secret itself, and what it does not."""

import re
import subprocess
import sys

import pytest

from opswire.redaction import texts
from opswire.redaction.texts import secrets_in, without_literals, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # assignments, and documents of all kinds
        ("host=a password=s3cr3t dbname=x", "host=a password=<R> dbname=x"),
        ("host=a password=a&b,c'd dbname=x", "host=a password=<R> dbname=x"),
        ("host=a password='it\\'s one' user=x", "host=a password='<R>' user=x"),
        ("DRIVER={x};UID=me;PWD=s3cr3t;", "DRIVER={x};UID=me;PWD=<R>;"),
        ("Foo(user='me', token='x')", "Foo(user='me', token='<R>')"),
        ("Foo(user=me, token=x)", "Foo(user=me, token=<R>)"),
        ("{'Authorization': 'Basic YTpi', 'a': 1}", "{'Authorization': '<R>', 'a': 1}"),
        ("{b'password': b'x', b'a': 1}", "{b'password': b'<R>', b'a': 1}"),
        ('{"password": "a\\"b", "a": 1}', '{"password": "<R>", "a": 1}'),
        ('{"pin_passcode": 1234, "a": 1}', '{"pin_passcode": <R>, "a": 1}'),
        ('"{\\"password\\": \\"a\\\\\\"b\\"}"', '"{\\"password\\": \\"<R>\\"}"'),
        ("<a><x:Password t='1'>s3</x:Password>", "<a><x:Password t='1'><R></x:Password>"),
        ('<a password="s3"/>', '<a password="<R>"/>'),
        # command lines
        ("x --password=s3 --user me", "x --password=<R> --user me"),
        ("x --password s3 --user me", "x --password <R> --user me"),
        ("x --password 's 3' --user me", "x --password '<R>' --user me"),
        ("['x', '--password', 'ab', '-v']", "['x', '--password', '<R>', '-v']"),
        ("[('X-Auth-Token', 'ab'), ('a', 'b')]", "[('X-Auth-Token', '<R>'), ('a', 'b')]"),
        (
            "db:\n  user: me\n  password: ab1\n  page: 7",
            "db:\n  user: me\n  password: <R>\n  page: 7",
        ),
        # addresses
        ("GET https://me:p@ss@host/x", "GET https://me:<R>@host/x"),
        ("GET https://ghp0a1B2c3D4e5F6@host/", "GET https://<R>@host/"),
        ("/x?a=1&key=abc&token=d#e", "/x?a=1&key=<R>&token=<R>"),
        ("https://a/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5P/send", "https://a/bot<R>/send"),
        (
            "https://h/services/T0AB1CD2E/B0AB1CD2E/abcdefghij0123456789",
            "https://h/services/T0AB1CD2E/B0AB1CD2E/<R>",
        ),
        (
            "https://d/webhooks/123456789/abcdefghijabcdefghijabcdefghij",
            "https://d/webhooks/123456789/<R>",
        ),
        # headers
        ("Authorization: Bearer abc\r\nAccept: x", "Authorization: <R>\r\nAccept: x"),
        ("> X-Auth-Token: abc\n> Accept: x", "> X-Auth-Token: <R>\n> Accept: x"),
        ("['curl', '-H', 'Cookie: a=b; c=d']", "['curl', '-H', 'Cookie: <R>']"),
        ("b'GET /\\r\\nAuthorization: Basic x\\r\\n'", "b'GET /\\r\\nAuthorization: <R>\\r\\n'"),
        ("sent Basic bWU6cGFzcw==, and", "sent Basic <R>, and"),
        ("sent Basic YWRtaW46cGFzcw==, and", "sent Basic <R>, and"),
        ("sent Bearer a1b2c3d4e5f6a1b2, and", "sent Bearer <R>, and"),
    ],
)
def test_secrets_in_texts(text: str, shown: str) -> None:
    """The rest of the text stays, and once is enough."""
    assert without_secrets(text, "<R>") == shown
    assert without_secrets(without_secrets(text, "redacted"), "<R>").count("<R>") == 0


@pytest.mark.parametrize(
    "text",
    [
        "invalid token: expected 3, got 4",
        "unexpected keyword argument 'password'",
        "KeyError: 'token'",
        "password: must not be empty",
        "password: missing\ntoken: 'quoted'",
        "unexpected fields ['password', 'username']",
        "Foo(password=None, token='', secret=True, cookie=...)",
        "Foo(token_type='Bearer', max_tokens=5, key='cpu_load', expires_in=3600, author='me')",
        "usage: x [--password PASSWORD] [--token TOKEN]",
        "Basic authentication failed; bearer token missing",
        "see https://host:8080/x/y?page=1 or me@host",
        "Content-Type: text/plain",
        "password={password} token=%s",
        "<token_type>Bearer</token_type>",
        "a == b, passed=3, key=5, token == x",
        "/services/T1/B2/x",
        "{'PWD': '/omd/sites/prod', 'OLDPWD': '/'}",
    ],
)
def test_texts_without_secrets(text: str) -> None:
    """They are what reports are made of."""
    assert without_secrets(text, "<R>") == text
    assert list(secrets_in(text)) == []


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('connect(password="s 3", user=user)', 'connect(password="<R>", user=user)'),
        ("self.password: str = 's3'", "self.password: str = '<R>'"),
        ("d['api_key'] = b's3'", "d['api_key'] = b'<R>'"),
        ('{"token": "s3", "token_type": "Bearer"}', '{"token": "<R>", "token_type": "Bearer"}'),
        ('if password == "s3":', 'if password == "<R>":'),
    ],
)
def test_what_source_has_written_out(code: str, shown: str) -> None:
    """A string literal after the name of a secret."""
    assert without_literals(code, "<R>") == shown


@pytest.mark.parametrize(
    "code",
    [
        "connect(password=password, token=self.token)",
        'password = config["db_password"]',
        "token = line.split()[0]",
        'raise ValueError(f"password={password!r}")',
        'parser.add_argument("--password", help="of the user")',
        "def login(user: str, password: str = None): ...",
    ],
)
def test_source_stays(code: str) -> None:
    """It has no secret in it."""
    assert without_literals(code, "<R>") == code


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("/x?token=ab%2Fcd+e", "ab/cd e"),
        ('{"password": "p\\u00e4ss"}', "päss"),
        ("Authorization: Basic bWU6cMOkc3M=", "päss"),
        ("Authorization: Basic bWU6cORzcw==", "päss"),
        ("postgres://me:s%203@host/db", "s 3"),
        ("X-Auth-Token: abc", "abc"),
    ],
)
def test_a_secret_is_known_as_it_was_meant(text: str, secret: str) -> None:
    """So that it is found in other spellings elsewhere."""
    assert secret in set(secrets_in(text))


SLOW = [
    "a=1 ",
    'pw="x" ',
    "a",
    "a-",
    "https://a:",
    "ab://",
    "<a ",
    "<aa>",
    'aa="b ',
    'aa=\\"',
    "\\",
    '"',
    "Basic aaaaaa ",
    "--aa ",
    "--password ",
    "pw=",
    "\naa-bb:",
    "password=\n",
    "/bot12345:",
    "password ",
    "'",
    "('aa','",
    "\naa: b ",
    "\n-" + " " * 30,
]


@pytest.mark.parametrize("piece", SLOW)
def test_no_text_takes_out_of_proportion(piece: str) -> None:
    """A child is given a megabyte of it, and one that would take hours is killed."""
    program = (
        "import sys; from opswire.redaction.texts import *\n"
        "text = sys.argv[1] * (1_000_000 // len(sys.argv[1]))\n"
        "without_secrets(text, 'x'), list(secrets_in(text)), without_literals(text, 'x')"
    )
    subprocess.run([sys.executable, "-c", program, piece], check=True, timeout=120)


def test_no_pattern_has_what_some_pythons_get_wrong() -> None:
    """Possessive repetitions of groups do not match in CPython 3.11."""
    patterns = [value for value in vars(texts).values() if isinstance(value, re.Pattern)]
    assert len(patterns) > 5
    assert [each.pattern for each in patterns if re.search(r"(?<!\\)[)}*+?]\+", each.pattern)] == []
