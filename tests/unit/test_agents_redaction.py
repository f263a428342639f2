"""Secrets in crash reports: removed by name where they are, by value where they appear."""

import base64
import collections
import enum
import http.cookies
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from opswire.agents import report_agent_crashes
from opswire.agents.crashes import VARIABLE, archive
from opswire.redaction import known_secrets
from opswire.redaction.known_secrets import Secrets
from opswire.redaction.limits import MAX_NODES, MAX_READ, MAX_SECRET_TEXT, MAX_SECRETS, MAX_TEXT
from opswire.redaction.members import is_secret_variable
from opswire.redaction.values import Redaction

SECRET = "s3cr3t/of the ä'\\year"  # spelled differently in a repr, in JSON and in a URL


class Login(NamedTuple):
    """A named tuple with a secret."""

    user: str
    password: str


@dataclass
class Account:
    """A dataclass with a secret, and one that its repr does not show."""

    user: str
    api_key: str
    hidden: str = field(default="unseen", repr=False)


class Attrs:
    """A class as attrs makes them."""

    __attrs_attrs__ = (
        SimpleNamespace(name="user", repr=True),
        SimpleNamespace(name="token", repr=True),
    )

    def __init__(self, user: str, token: str) -> None:
        self.user, self.token = user, token

    def __repr__(self) -> str:
        return f"Attrs(user={self.user!r}, token={self.token!r})"


class Plain:
    """An ordinary class whose repr tells everything."""

    def __init__(self, user: str, passphrase: object) -> None:
        self.user, self.passphrase = user, passphrase

    def __repr__(self) -> str:
        return f"Plain {self.user} with {self.passphrase!r}"


class Slotted:
    """The same with slots, one of them private."""

    __slots__ = ("__secret", "user")

    def __init__(self, user: str, secret: str) -> None:
        self.user, self.__secret = user, secret

    def __repr__(self) -> str:
        return f"{self.user}:{self.__secret}"


class Discreet:
    """Its repr shows no secret."""

    def __init__(self) -> None:
        self.password = SECRET

    def __repr__(self) -> str:
        return "Discreet()"


class Failing:
    """Whatever is asked of it fails."""

    def __repr__(self) -> str:
        raise ZeroDivisionError

    def __getattr__(self, name: str) -> object:
        raise SystemExit(name)


class FailingMapping(collections.UserDict[str, str]):
    """A mapping whose items fail."""

    def items(self) -> Any:
        raise ZeroDivisionError


class Colour(enum.Enum):
    """An enumeration."""

    RED = 1


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Crash with these local variables; what the report says of them."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    def crash(values: dict[str, object], text: object = "") -> str:
        # Only what runs in a function has local variables.
        program = "def main():\n" + "".join(f"    {name} = _{name}\n" for name in values)
        names: dict[str, Any] = {f"_{name}": value for name, value in values.items()}
        names["_message"] = text
        exec(program + "    raise ValueError(_message)\n", names)  # noqa: S102 - our own program, with a line of its own in the traceback
        assert report_agent_crashes("agent", "1")(names["main"])() == 1
        return archive.local_variables(report())

    def report() -> dict[str, Any]:
        return archive.read(archive.stored()[0].crash_id)

    return crash


def stored_text() -> str:
    """All that the newest report says."""
    return Path(archive.stored()[0].path).read_text()


@pytest.mark.parametrize(
    "name", ["token", "API_TOKEN", "client_secret", "passwd", "Password", "passphrase", "ssh_key"]
)
def test_a_variable_whose_name_says_so_is_redacted(
    variables: Callable[..., str], name: str
) -> None:
    assert variables({name: SECRET, "user": "me"}) == repr(
        dict(sorted({name: "redacted", "user": "me"}.items()))
    )


def test_mappings_are_redacted_at_every_level(variables: Callable[..., str]) -> None:
    value = {"a": {"b": {"password": SECRET, b"token": 1234}}, "KEY": [SECRET]}
    assert variables({"value": value}) == (
        "{'value': {'KEY': 'redacted',\n"
        "           'a': {'b': {b'token': 'redacted', 'password': 'redacted'}}}}"
    )


def test_below_the_fourth_level_nothing_is_shown(variables: Callable[..., str]) -> None:
    shown = variables({"value": {"a": {"b": {"c": {"d": "too deep"}}}}})
    assert "too deep" not in shown
    assert "Max recursion depth reached" in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Login("me", SECRET), "Login(user='me', password='redacted')"),
        (Account("me", SECRET), "Account(user='me', api_key='redacted')"),
        (Attrs("me", SECRET), "Attrs(user='me', token='redacted')"),
        (Plain("me", SECRET), "Plain(user='me', passphrase='redacted')"),
        (Plain("me", "abc"), "Plain(user='me', passphrase='redacted')"),
        (Plain("me", [{"pin": 1234}]), "Plain(user='me', passphrase='redacted')"),
        (Slotted("me", SECRET), "Slotted(__secret='redacted', user='me')"),
        (Discreet(), "Discreet()"),
        (SimpleNamespace(password=SECRET), "SimpleNamespace(password='redacted')"),
        ([Account("me", SECRET)], "[Account(user='me', api_key='redacted')]"),
        ({"x": (Login("me", SECRET),)}, "{'x': (Login(user='me', password='redacted'),)}"),
        (Failing(), "<Failing object, whose repr() fails>"),
        (FailingMapping(), "<FailingMapping object, which fails when looked at>"),
        (Colour.RED, "<Colour.RED: 1>"),
        (Path("/a/b"), "PosixPath('/a/b')"),
        (ValueError("text"), "ValueError('text')"),
        (len, "<built-in function len>"),
        ({1, 2}, "{1, 2}"),
        (set(), "set()"),
        (frozenset({1}), "frozenset({1})"),
        ((), "()"),
        ((1,), "(1,)"),
        (collections.OrderedDict(a=1), "{'a': 1}"),
        (True, "True"),
        (b"\xff", "b'\\xff'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_are_shown_without_their_secrets(
    variables: Callable[..., str], value: object, shown: str
) -> None:
    assert variables({"value": value}) == f"{{'value': {shown}}}"


def test_modules_are_not_searched(variables: Callable[..., str]) -> None:
    shown = variables({"value": base64, "other": json.dumps})
    assert "<module 'base64'" in shown
    assert "<function dumps" in shown


@pytest.mark.parametrize(
    "holder",
    [
        {"token": SECRET},
        {"value": {"password": SECRET}},
        {"value": Account("me", SECRET)},
        {"value": Plain("me", SECRET)},
        {"value": Discreet()},
        {"value": Login("me", SECRET)},
        {"secret": {"a": SECRET}},
        {"token": SECRET.encode()},
    ],
    ids=["variable", "mapping", "dataclass", "plain", "discreet", "named tuple", "below", "bytes"],
)
def test_a_secret_that_is_known_is_removed_from_every_text(
    variables: Callable[..., str], capsys: pytest.CaptureFixture[str], holder: dict[str, object]
) -> None:
    texts = {
        "url": f"https://host/?t={urllib.parse.quote(SECRET, safe='')}",
        "line": f"Bearer {SECRET}.",
        "octets": f"with {SECRET}".encode(),
        "document": json.dumps([SECRET]),
        "described": repr([SECRET]),
        "list": [SECRET, {SECRET: 1}],
        "long": "x" * (MAX_TEXT - 5) + " " + SECRET,
    }
    shown = variables({**holder, **texts}, f"in {SECRET}!")
    written = stored_text() + shown + capsys.readouterr().err
    for piece in ("s3cr3t", "of the", "of%20the", "year"):
        assert piece not in written
    assert "Bearer redacted." in shown
    assert "Failed: in redacted! - please" in written


def test_secrets_of_outer_frames_are_known_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    def inner(text: str) -> int:
        raise ValueError(f"in {text}")

    @report_agent_crashes("agent", "1")
    def main() -> int:
        password = SECRET
        return inner(f"Basic {password}")

    main()
    assert "s3cr3t" not in stored_text()
    report = archive.read(archive.stored()[0].crash_id)
    assert "Basic redacted" in archive.local_variables(report)


def test_what_looks_generated_is_a_secret_under_key_too(variables: Callable[..., str]) -> None:
    key = "AIzaSyD9tSrke72PouQMnMXa7eZSW0jkFMBWY"
    shown = variables({"key": key, "tokens": [key, "other"], "text": f"/?t={key}"})
    assert shown == "{'key': 'redacted', 'text': '/?t=redacted', 'tokens': 'redacted'}"


@pytest.mark.parametrize("name", ["token_type", "keyboard", "compass", "tokens"])
def test_in_mappings_a_part_of_a_name_is_enough(variables: Callable[..., str], name: str) -> None:
    """By that name alone: the same words elsewhere stay, and so do truth and nothing."""
    shown = variables({name: "ordinary words", "other": "ordinary words", f"{name}_2": None})
    assert shown == repr(
        dict(sorted({name: "redacted", "other": "ordinary words", f"{name}_2": None}.items()))
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([("X-Auth-Token", "ab"), ("Accept", "ab")], "('X-Auth-Token', 'redacted')"),
        ([[b"cookie", b"ab"]], "[b'cookie', 'redacted']"),
        (["agent", "--password", "ab", "-v"], "['agent', '--password', 'redacted', '-v']"),
        (["agent", "--password", "--verbose"], "['agent', '--password', '--verbose']"),
        ({"name": "X-Auth-Token", "value": "ab"}, "{'name': 'X-Auth-Token', 'value': 'redacted'}"),
        ({"name": "page", "value": "ab"}, "{'name': 'page', 'value': 'ab'}"),
        ("--password ab", "'--password redacted'"),
        (
            {"auth": None, "token": True, "pwd": False},
            "{'auth': None, 'pwd': False, 'token': True}",
        ),
    ],
)
def test_a_secret_is_known_by_the_name_beside_it(
    variables: Callable[..., str], value: object, shown: str
) -> None:
    assert shown in variables({"value": value})


def test_so_many_secrets_are_known_and_no_more(variables: Callable[..., str]) -> None:
    many = [f"s3cret-{number:04}" for number in range(MAX_SECRETS + 50)]
    shown = variables({"passwords": many, "text": " ".join(many)})
    assert shown.count("redacted") == 1 + MAX_SECRETS


def test_what_is_like_a_word_takes_no_secrets_place(variables: Callable[..., str]) -> None:
    words = [f"word-{number}"[:7] for number in range(10, 100)] * 3
    words += [chr(97 + number % 26) * (number // 26 + 3) for number in range(MAX_SECRETS)]
    shown = variables({"passwords": [*words, SECRET], "text": f"{words[0]} {SECRET}"})
    assert shown == f"{{'passwords': 'redacted', 'text': '{words[0]} redacted'}}"


def test_so_much_text_of_secrets_is_known_and_no_more(variables: Callable[..., str]) -> None:
    many = [f"{number}-{'ab' * 5_000}" for number in range(10)]
    shown = variables({"passwords": many, "text": " ".join(many)})
    assert shown.count("redacted") == 1 + MAX_SECRET_TEXT // 10_002


def test_a_number_is_known_as_a_secret_too(variables: Callable[..., str]) -> None:
    shown = variables({"passcode": 47110815, "text": "not 47110815", "other": 47110816})
    assert shown == "{'other': 47110816, 'passcode': 'redacted', 'text': 'not redacted'}"


def test_what_a_jar_has_is_secret_whatever_its_name(variables: Callable[..., str]) -> None:
    jar = http.cookies.SimpleCookie({"page": "c00kie-1"})
    shown = variables({"jar": jar, "text": "not c00kie-1"})
    assert shown == "{'jar': {'page': 'redacted'}, 'text': 'not redacted'}"


def test_the_user_of_a_pair_is_no_secret(variables: Callable[..., str]) -> None:
    shown = variables({"auth": ("svc-monitor-1", SECRET), "text": f"svc-monitor-1 {SECRET}"})
    assert shown == "{'auth': 'redacted', 'text': 'svc-monitor-1 redacted'}"


def test_what_identifies_among_credentials_is_no_secret(variables: Callable[..., str]) -> None:
    found = {"user": "svc-monitor-1", "expires_at": "2026-11-28T10", "value": SECRET}
    shown = variables({"credentials": found, "text": f"svc-monitor-1 2026-11-28T10 {SECRET}"})
    assert shown == "{'credentials': 'redacted', 'text': 'svc-monitor-1 2026-11-28T10 redacted'}"


def test_each_line_of_a_key_is_a_secret(variables: Callable[..., str]) -> None:
    lines = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhki", "G9w0BAQEFAASCBKcwgg"]
    shown = variables({"private_key": "\n".join(lines), "lines": lines})
    assert "'lines': ['-----BEGIN PRIVATE KEY-----', 'redacted', 'redacted']" in shown


def test_words_that_happen_to_be_called_key_stay(variables: Callable[..., str]) -> None:
    assert "cpu_load" in variables({"key": "cpu_load", "text": "cpu_load is high"})


def test_short_secrets_do_not_riddle_the_text(variables: Callable[..., str]) -> None:
    assert "a cat sat" in variables({"password": "a", "text": "a cat sat"})


def test_long_texts_are_cut(variables: Callable[..., str]) -> None:
    shown = variables({"value": Plain("x" * (MAX_TEXT + 5), "")})
    assert "bytes stripped)" in shown
    assert len(shown) < MAX_TEXT + 200
    assert "(5 bytes stripped)" in variables({"value": "x" * (MAX_TEXT + 5)})


def test_all_variables_together_are_cut(variables: Callable[..., str]) -> None:
    shown = variables({f"value{number}": "x" * MAX_TEXT for number in range(7)})
    assert len(shown) == 5 * 1024 * 1024


def test_texts_beyond_what_is_searched_are_not_shown(variables: Callable[..., str]) -> None:
    shown = variables({f"value{number}": "x y" * (MAX_TEXT // 3) for number in range(8)})
    assert shown.count("characters not searched)") == 2
    assert len(shown) < 8 * MAX_TEXT


def test_a_secret_across_the_end_of_a_long_text_is_not_shown_by_half() -> None:
    secrets = Secrets([{"password": SECRET}])
    begin = f"{SECRET} " * 1000  # what is redacted makes room for what follows
    searched = MAX_TEXT + secrets.longest
    for shown in range(1, len(SECRET), 3):
        text = begin + "x" * (searched - len(begin) - shown - 1) + " " + SECRET + "x" * 100_000
        copy = Redaction(secrets).copy(text)
        assert isinstance(copy, str)
        assert "s" not in copy.replace("bytes stripped", "")
        assert len(copy) > MAX_TEXT / 2


def test_so_much_text_is_read_for_secrets_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def secrets_in(text: str) -> list[str]:
        read.append(len(text))
        return []

    monkeypatch.setattr(known_secrets, "secrets_in", secrets_in)
    Secrets([{f"value{number}": "x" * 300_000 for number in range(20)}])
    assert MAX_READ - 300_000 < sum(read) <= MAX_READ


def test_huge_collections_are_cut(variables: Callable[..., str]) -> None:
    shown = variables({"value": list(range(MAX_NODES + 50))})
    assert "items stripped)" in shown


def test_values_that_contain_themselves_have_an_end(variables: Callable[..., str]) -> None:
    value: list[object] = []
    value.append(value)
    assert "Max recursion depth reached" in variables({"value": value})
    me = Plain("me", "")
    me.user = me  # type: ignore[assignment]  # itself, not a text
    me.passphrase = me
    assert "Plain" in variables({"value": me})


@pytest.mark.timeout(60)
def test_what_is_too_much_to_be_searched_is_not_shown(variables: Callable[..., str]) -> None:
    many: object = [SECRET]
    for _ in range(3):
        many = [many] * 1000
    shown = variables({"a_password": SECRET, "value": Plain(SECRET, many)})
    assert "s3cr3t" not in shown
    assert "<Plain object, too much to be searched>" in shown


def test_a_secret_among_a_million_values_is_still_known(variables: Callable[..., str]) -> None:
    shown = variables({"a": list(range(MAX_NODES * 2)), "token": SECRET, "z": f"in {SECRET}"})
    assert "'token': 'redacted'" in shown
    assert "s3cr3t" not in stored_text() + shown


def test_nothing_and_yes_and_no_are_no_secrets() -> None:
    assert not any(is_secret_variable("password", value) for value in (None, True, False, len, str))
    assert all(is_secret_variable("password", value) for value in ("", "x", 0, 4711, [0], {"a": 1}))


def test_the_working_directory_is_no_password() -> None:
    assert not is_secret_variable("PWD", "/omd/sites/prod")
    assert not is_secret_variable("OLDPWD", "/")
    assert is_secret_variable("PWD", "s3cr3t/pwd")
    assert is_secret_variable("db_pwd", "/s3cr3t/pwd")
