"""Secrets in running text: what stands under the name of a secret, or where only a secret stands.

The text may be anything: a command line, an address, headers, a document, the repr of an object.
Every pattern takes time in proportion to the text.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, unquote_plus

from opswire.redaction.names import (
    is_secret,
    is_secret_name,
    is_working_directory,
    looks_random,
    may_be_secret_name,
)

__all__ = ["IN_PATHS", "inner_secrets", "secrets_in", "without_literals", "without_secrets"]

# Escaped quotation marks are those of a document inside of another one.
_QUOTED = (
    r"""(?:"(?P<double>(?:[^"\\]|\\.){0,8192})"|'(?P<single>(?:[^'\\]|\\.){0,8192})'"""
    r"""|(?P<mark>\\+["'])(?P<nested>.{0,8192}?)(?<!\\)(?P=mark))"""
)
# A name is tried where it begins, and nowhere inside.
_NAME = r"(?<![\w.])(?<!\w-)(?P<name>[A-Za-z_][\w.-]{1,63})"
_BARE = r"""(?P<bare>(?:\\(?![nrt"'\\])|[^\s&;"'<>\\]){1,8192})"""
_ASSIGNED = re.compile(rf"""{_NAME}(?:\s{{0,3}}=(?!=)>?|\\*["']\s{{0,3}}(?:=>?|:))\s{{0,3}}""")
_VALUE = re.compile(rf"(?:[bru]{{0,2}}{_QUOTED}|{_BARE})", re.DOTALL)
_IN_SOURCE = re.compile(rf"""{_NAME}(?:["']\]?)?\s{{0,3}}(?::[\w\s]{{0,20}})?[=:]=?\s{{0,3}}""")
_LITERAL = re.compile(rf"[bru]{{0,2}}{_QUOTED}", re.DOTALL)
_OPTION = re.compile(
    r"""(?<![\w-])--?(?P<name>[A-Za-z][\w-]{1,63})(?:[ \t]+|["'],[ ]{0,3})"""
    rf"""(?!-)(?:{_QUOTED}|{_BARE})""",
    re.DOTALL,
)
# The bracket behind it is looked for when it is found: the pattern would try every further quote.
_PAIR = re.compile(
    rf"""\([bru]?["'](?P<name>[A-Za-z_][\w.-]{{1,63}})["'],\s{{0,3}}[bru]?{_QUOTED}""", re.DOTALL
)
_LINE = re.compile(
    r"""(?m)^[ \t-]{0,40}(?P<name>[A-Za-z_][\w-]{1,63}):[ \t]{1,20}"""
    r"""(?P<bare>[^\s"']{1,8192})[ \t]*$"""
)
_HEADER = re.compile(
    r"""(?i)(?:^[> \t]{0,20}|["'\n]|\\n)"""
    r"""(?P<name>authorization|cookie|[a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){1,6})"""
    r""":[ \t]{0,3}(?P<bare>[^\r\n"'\\]{1,8192})""",
)
_ELEMENT = re.compile(
    r"<(?:[\w-]{1,63}:)?(?P<name>[A-Za-z_][\w.-]{1,63})(?:\s[^<>]{0,1000})?>(?P<bare>[^<>]{1,8192})</"
)
_USER_INFO = re.compile(
    r"""(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}://(?P<user>[^\s/:@"'<>]{0,1000})"""
    r"""(?::(?P<bare>[^\s/"'<>]{0,1000}))?@"""
)
_SCHEME = re.compile(
    r"(?i)\b(?:(?P<basic>basic)|bearer|token|apikey|negotiate)[ ]{1,3}(?P<bare>[\w+/=.~-]{6,8192})"
)
# An unquoted value of libpq ends with white space and nothing else.
_CONNECTION = re.compile(r"(?:^|(?<=[\s\"']))(?:ssl)?password\s?=\s?(?P<bare>[^\s'\"]\S{0,1000})")
_OF_CONNECTION = re.compile(r"(?:^|[\s\"'])(?:host|hostaddr|dbname|user|port)\s?=")
IN_PATHS = re.compile(
    r"/bot(?P<bot>[0-9]{5,20}:[\w-]{20,100})(?![^/?#\s\"'])"
    r"|/services/T\w{6,20}/B\w{6,20}/(?P<slack>\w{16,100})"
    r"|/webhooks/[0-9]{5,30}/(?P<discord>[\w-]{30,200})"
)
"""What well-known services have in the path of an address: Telegram, Slack, Discord."""

_SCHEMES = frozenset({"apikey", "basic", "bearer", "digest", "negotiate", "ntlm", "oauth", "token"})
_NOTHING = re.compile(r"(?i)|none|null|true|false|redacted|opswire-redacted|\.+|\*+|\{\w*\}?|%s|%r")
_AROUND = ",)]}"  # the end of the call or the list that a value stands in
_VALUES = ("bare", "double", "single", "nested")


def without_secrets(text: str, mark: str) -> str:
    """Return the text with the mark in place of each secret."""
    return _replaced(text, _spans(text), mark)


def without_literals(code: str, mark: str) -> str:
    """Return a line of source without what is written out in it as a secret; code stays."""
    return _replaced(code, _assigned(code, _IN_SOURCE, _LITERAL), mark)


def secrets_in(text: str) -> Iterator[str]:
    """Yield each secret of a text, as it stands there and as it was meant."""
    for start, end in _apart(text, _spans(text)):
        secret = text[start:end]
        yield from inner_secrets(secret)
        if "%" in secret or "+" in secret:
            yield unquote(secret)
            yield unquote_plus(secret)
        if "\\" in secret:
            try:
                yield str(json.loads(f'"{secret}"'))
            except ValueError:
                continue


def inner_secrets(value: str, name: str = "") -> Iterator[str]:
    """Yield what is secret in the value of a secret name: itself, and what it is made of.

    `Basic dXNlcjpwYXNz` has three: what follows the scheme, decoded, and the password alone.
    """
    scheme, _, credentials = value.strip().partition(" ")
    known = bool(credentials) and scheme.lower() in _SCHEMES
    yield credentials if known else value
    if password := _password(credentials if known else value):
        yield from password
    if "cookie" in name.lower():
        for pair in value.split(";"):
            _, equals, content = pair.strip().partition("=")
            if equals:
                yield content


def _password(text: str) -> tuple[str, str] | None:
    """The pair that Basic authentication is made of, and its second part."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    try:
        pair = octets.decode()
    except UnicodeDecodeError:
        pair = octets.decode("latin-1")
    user, colon, password = pair.partition(":")
    return (pair, password) if colon and user.isprintable() and password.isprintable() else None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the secrets of a text stand, in no order; some overlap."""
    if "=" in text or ":" in text:
        yield from _assigned(text, _ASSIGNED, _VALUE)
        if _OF_CONNECTION.search(text):
            yield from (found.span("bare") for found in _CONNECTION.finditer(text))
    if ":" in text:
        for found in _LINE.finditer(text):
            # A line of YAML; a word alone is rather what somebody says of the name.
            if _is_secret(found["name"], found["bare"]) and not found["bare"].isalpha():
                yield found.span("bare")
    if "," in text:
        for found in _PAIR.finditer(text):
            start, end = _span(found)
            closed = text.startswith(")", found.end())
            if closed and _is_secret(found["name"], text[start:end]):
                yield start, end
    if "-" in text:
        for found in _OPTION.finditer(text):
            start, end = _span(found)
            value = text[start:end].rstrip(_AROUND)
            # What usage texts have in the place of a value: --password PASSWORD.
            if is_secret_name(found["name"]) and not (value.isupper() and value.isalpha()):
                yield start, end
    if ":" in text:
        for found in _HEADER.finditer(text):
            if is_secret_name(found["name"]):
                yield found.span("bare")
    if "</" in text:
        for found in _ELEMENT.finditer(text):
            if _is_secret(found["name"], found["bare"]):
                yield found.span("bare")
    if "://" in text:
        for found in _USER_INFO.finditer(text):
            if found["bare"]:
                yield found.span("bare")
            if looks_random(found["user"]):
                yield found.span("user")
        for found in IN_PATHS.finditer(text):
            yield found.span(found.lastgroup or 0)
    for found in _SCHEME.finditer(text):
        credentials = found["bare"]
        if looks_random(credentials) or (found["basic"] and _password(credentials)):
            yield found.span("bare")


def _assigned(
    text: str, names: re.Pattern[str], values: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    done = 0
    for found in names.finditer(text):
        name = found["name"]
        if found.start() < done or not (is_secret_name(name) or may_be_secret_name(name)):
            continue
        if value := values.match(text, found.end()):
            start, end = _span(value)
            asked = found.start() > 0 and text[found.start() - 1] in "?&"
            if _is_secret(name, text[start:end], asked=asked):
                yield start, end
                done = value.end()


def _is_secret(name: str, value: str, *, asked: bool = False) -> bool:
    return is_secret(name, value, asked=asked) and not is_working_directory(name, value)


def _span(found: re.Match[str]) -> tuple[int, int]:
    for group in _VALUES:
        if group in found.re.groupindex and found[group] is not None:
            return found.span(group)
    return found.end(), found.end()


def _replaced(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    parts: list[str] = []
    done = 0
    for start, end in _apart(text, spans):
        parts += (text[done:start], mark)
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def _apart(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that have a value in them, in order; those that overlap are one."""
    found: list[tuple[int, int]] = []
    for start, last in sorted(spans):
        end = start + len(text[start:last].rstrip(_AROUND))
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start and not _NOTHING.fullmatch(text, start, end):
            found.append((start, end))
    return found
