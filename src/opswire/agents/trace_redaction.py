"""Which parts of an HTTP exchange are secrets, and what is stored in their place.

Works on the plain values of a trace: ``{"method", "uri", "body", "headers"}`` of a request and
``{"status", "headers", "body"}`` of a response, header values in lists, bodies as octets or text.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

__all__ = ["MARK", "redact", "same_path", "same_query"]

# Stands for a secret. Letters and a minus sign pass through URLs, JSON, cookies and base64url.
MARK = "opswire-redacted"

_SECRET = re.compile(
    r"token|secret|passw|passphrase|pwd|api_?key|access_?key|private_?key|auth_?key|authorization"
    r"|cookie|credential|session_?id|^auth$|^sid$|^jwt$|^sig$|signature|^pass$"
)
# token_type, passwordExpiry: programs act on them, and they are no secrets.
_HARMLESS = re.compile(r"(type|ur[il]|endpoint|expir\w*|_?expires_?in|lifetime|ttl|length|count)$")
_WORDS = re.compile(r"[^a-z0-9]+")
# A secret is removed by its value too, wherever it appears; but not one that is like a word.
SHORTEST_BY_VALUE = 8
SHORTEST_OF_LETTERS = 20
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
BRANCHING = 4  # letters; every secret that is removed by value is longer
LARGEST_BODY = 64 * 1024 * 1024  # of a compressed body, unpacked; a larger one is stored as it is

Interaction = tuple[dict[str, Any], dict[str, Any]]


def is_secret_name(name: str) -> bool:
    """Tell whether a header, parameter or field of that name holds a secret."""
    plain = _WORDS.sub("_", name.lower())
    return bool(_SECRET.search(plain)) and not _HARMLESS.search(plain)


def mark_of(secret: str) -> str:
    """Return what stands for a secret.

    Programs read the claims of a JSON Web Token; without its signature it opens nothing.
    """
    if _JWT.fullmatch(secret):
        return f"{secret.rpartition('.')[0]}.{MARK}"
    return MARK


def redact(interactions: Iterable[Interaction]) -> list[Interaction]:
    """Return copies of requests and their responses without the secrets.

    First what has the name of a secret, in headers, cookies, queries, forms and JSON.  Then the
    same values wherever else they appear, in any of the exchanges.
    """
    seen: dict[str, str] = {}
    named = [
        (_request(request, seen), _response(response, seen)) for request, response in interactions
    ]
    values = {form: mark for value, mark in seen.items() for form in _forms(value)}
    if not values:
        return named
    pattern = re.compile(_any_of(list(values), 0))

    def without(text: str) -> str:
        return pattern.sub(lambda found: values[found[0]], text)

    return [
        (_everywhere(request, without), _everywhere(response, without))
        for request, response in named
    ]


def same_path(one: str, other: str) -> bool:
    """Tell whether two paths are equal, a part that was redacted being equal to any."""
    return _same_parts(one.split("/"), other.split("/"))


def same_query(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> bool:
    """Tell whether two sorted queries are equal, a value that was redacted being equal to any."""
    if sorted(name for name, _ in one) != sorted(name for name, _ in other):
        return False
    names = {name for name, _ in one}
    return all(
        any(MARK in value for key, value in [*one, *other] if key == name)
        or sorted(value for key, value in one if key == name)
        == sorted(value for key, value in other if key == name)
        for name in names
    )


def _same_parts(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) and all(
        left == right or MARK in left or MARK in right
        for left, right in zip(one, other, strict=True)
    )


def _forms(secret: str) -> set[str]:
    """How a secret may be spelled elsewhere; nothing that is short or like a word."""
    least = SHORTEST_OF_LETTERS if secret.isalpha() else SHORTEST_BY_VALUE
    if len(secret) < least:
        return set()
    # Bodies are searched as if every octet were a character.
    octets = secret.encode("utf-8", "surrogateescape").decode("latin-1")
    return {secret, octets, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1]}


def _any_of(texts: list[str], depth: int) -> str:
    """A pattern of all the texts, the longest first.

    Alternatives are tried one after the other at every place of a trace, so that thousands of
    secrets took minutes; under their first letters they are few.
    """
    if depth == BRANCHING or len(texts) == 1:
        return "|".join(re.escape(text[depth:]) for text in sorted(texts, key=len, reverse=True))
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(text[depth], []).append(text)
    return "|".join(
        f"{re.escape(first)}(?:{_any_of(group, depth + 1)})" for first, group in groups.items()
    )


def _hide(secret: str, seen: dict[str, str]) -> str:
    mark = mark_of(secret)
    if secret and secret != mark and MARK not in secret:
        seen[secret] = mark
    return mark if secret else secret


# ---- requests and responses ----


def _request(request: Mapping[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    headers = _headers(request.get("headers") or {}, seen)
    return {
        **request,
        "uri": _uri(request["uri"], seen),
        "headers": headers,
        "body": _body(request.get("body"), _content_type(headers), seen),
    }


def _response(response: Mapping[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    headers = _headers(response.get("headers") or {}, seen)
    holder = response.get("body")
    if not isinstance(holder, Mapping) or not holder.get("string"):
        return {**response, "headers": headers}
    body = holder["string"]
    plain = _unpacked(body, _value(headers, "content-encoding"))
    redacted = _body(plain, _content_type(headers), seen)
    if redacted != plain or plain != body:
        headers = _resized(headers, redacted)
    return {**response, "headers": headers, "body": {**holder, "string": redacted}}


def _everywhere(value: Any, without: Callable[[str], str]) -> Any:
    """The value with every text and every octets in it changed."""
    if isinstance(value, str):
        return without(value)
    if isinstance(value, bytes):
        return without(value.decode("latin-1")).encode("latin-1")
    if isinstance(value, Mapping):
        changed = {key: _everywhere(item, without) for key, item in value.items()}
        body = changed.get("body")
        if body != value.get("body") and isinstance(body, Mapping) and "status" in changed:
            changed["headers"] = _resized(changed["headers"], body["string"])
        return changed
    if isinstance(value, list):
        return [_everywhere(item, without) for item in value]
    return value


def _resized(headers: Mapping[str, Any], body: bytes | str) -> dict[str, Any]:
    """The headers of a body that was unpacked and changed."""
    size = str(len(body.encode() if isinstance(body, str) else body))
    kept = {name: value for name, value in headers.items() if name.lower() != "content-encoding"}
    for name, value in kept.items():
        if name.lower() == "content-length":
            kept[name] = [size] if isinstance(value, list) else size
    return kept


# ---- headers ----


def _headers(headers: Mapping[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    return {
        name: [_header(name, each, seen) for each in value]
        if isinstance(value, (list, tuple))
        else _header(name, value, seen)
        for name, value in headers.items()
    }


def _header(name: str, value: Any, seen: dict[str, str]) -> Any:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    lower = name.lower()
    if not isinstance(text, str):
        return value
    if lower == "set-cookie":
        redacted = _cookie(text, seen)
    elif lower == "cookie":
        redacted = "; ".join(_cookie(each.strip(), seen) for each in text.split(";"))
    elif lower in ("authorization", "proxy-authorization"):
        redacted = _authorization(text, seen)
    elif lower in ("location", "referer", "content-location"):
        redacted = _uri(text, seen)
    elif is_secret_name(name):
        redacted = _hide(text, seen)
    else:
        return value
    return redacted.encode("latin-1") if isinstance(value, bytes) else redacted


def _cookie(text: str, seen: dict[str, str]) -> str:
    """NAME=secret, and the attributes of Set-Cookie as they are: replay needs them."""
    pair, semicolon, attributes = text.partition(";")
    name, equals, value = pair.partition("=")
    return f"{name}{equals}{_hide(value.strip(), seen)}{semicolon}{attributes}" if equals else text


def _authorization(text: str, seen: dict[str, str]) -> str:
    scheme, space, secret = text.partition(" ")
    if not space:
        return _hide(text, seen)
    if scheme.lower() == "basic":
        try:
            _, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            password = ""
        _hide(password, seen)
    return f"{scheme} {_hide(secret, seen)}"


def _value(headers: Mapping[str, Any], wanted: str) -> str:
    for name, value in headers.items():
        if name.lower() == wanted:
            first = value[0] if isinstance(value, list) and value else value
            return first.decode("latin-1") if isinstance(first, bytes) else str(first)
    return ""


def _content_type(headers: Mapping[str, Any]) -> str:
    return _value(headers, "content-type").partition(";")[0].strip().lower()


# ---- addresses, forms, JSON ----


def _uri(uri: str, seen: dict[str, str]) -> str:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    place = parts.netloc
    user, at, host = place.rpartition("@")
    if at:
        name, colon, password = user.partition(":")
        secret = _hide(unquote(password), seen) if colon else ""
        place = f"{name}{colon}{secret}@{host}"
    query = _form(parts.query, seen)
    return urlunsplit(parts._replace(netloc=place, query=query))


def _form(text: str, seen: dict[str, str]) -> str:
    """Pairs NAME=VALUE with '&' between, all else of them as it is."""
    pairs = []
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        if value and is_secret_name(unquote(name)):
            value = _hide(unquote(value.replace("+", " ")), seen)
        pairs.append(f"{name}{equals}{value}")
    return "&".join(pairs)


def _body(body: Any, content_type: str, seen: dict[str, str]) -> Any:
    if not isinstance(body, (bytes, str)) or not body:
        return body
    try:
        text = body.decode() if isinstance(body, bytes) else body
    except UnicodeDecodeError:
        return body
    if content_type == "application/x-www-form-urlencoded":
        redacted = _form(text, seen)
    elif text.lstrip()[:1] in ("{", "["):
        redacted = _json(text, seen)
    else:
        return body
    return redacted.encode() if isinstance(body, bytes) else redacted


def _json(text: str, seen: dict[str, str]) -> str:
    try:
        value = json.loads(text)
        redacted = _fields(value, False, seen)
    except (ValueError, RecursionError):
        return text
    return text if redacted == value else json.dumps(redacted)


def _fields(value: Any, secret: bool, seen: dict[str, str]) -> Any:
    """Numbers, true, false and null stay: they are ages and answers, and what programs count on."""
    if isinstance(value, dict):
        return {name: _fields(item, is_secret_name(name), seen) for name, item in value.items()}
    if isinstance(value, list):
        return [_fields(item, secret, seen) for item in value]
    return _hide(value, seen) if secret and isinstance(value, str) else value


def _unpacked(body: Any, encoding: str) -> Any:
    """A compressed body as it was; anything that is not one as it is."""
    window = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(encoding.strip().lower())
    if window is None or not isinstance(body, bytes):
        return body
    unpacker = zlib.decompressobj(window)
    try:
        plain = unpacker.decompress(body, LARGEST_BODY)
    except zlib.error:
        return body
    return plain if unpacker.eof else body
