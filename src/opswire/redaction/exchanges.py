"""Which parts of an HTTP exchange are secrets, and what is stored in their place.

Works on the plain values of a trace: ``{"method", "uri", "body", "headers"}`` of a request and
``{"status", "headers", "body"}`` of a response, header values in lists, bodies as octets or text.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from opswire.redaction.bodies import body_without_secrets, form_without_secrets
from opswire.redaction.marks import MARK, HiddenSecrets
from opswire.redaction.names import is_secret_name, looks_random, may_be_secret_name
from opswire.redaction.spellings import SecretSearch
from opswire.redaction.texts import IN_PATHS, inner_secrets

__all__ = ["redact", "same_path", "same_query"]

LARGEST_BODY = 64 * 1024 * 1024  # of a compressed body, unpacked; a larger one is stored as it is

Interaction = tuple[dict[str, Any], dict[str, Any]]


def redact(
    interactions: Iterable[Interaction], kept: Iterable[tuple[str, str]] = ()
) -> list[Interaction]:
    """Return copies of requests and their responses without the secrets.

    First what has the name of a secret, in headers, cookies, queries, paths, and bodies that are
    forms, multipart, JSON or XML.  Then the same values, in any spelling, wherever else they appear
    in any of the exchanges.

    Args:
        interactions: requests, each with its response.
        kept: pairs of a name in small letters and a value that a filter of the caller's own has
            put under it in a request; they stay.
    """
    asked, answered = HiddenSecrets(kept), HiddenSecrets()
    named = [
        (_request(request, asked), _response(response, answered))
        for request, response in interactions
    ]
    search = SecretSearch({**asked.marks, **answered.marks}, whole_words=False)
    return [
        (_everywhere(request, search.replace), _everywhere(response, search.replace))
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


# ---- requests and responses ----


def _request(request: Mapping[str, Any], seen: HiddenSecrets) -> dict[str, Any]:
    headers = _headers(request.get("headers") or {}, seen)
    return {
        **request,
        "uri": _uri(request["uri"], seen),
        "headers": headers,
        "body": body_without_secrets(request.get("body"), _value(headers, "content-type"), seen),
    }


def _response(response: Mapping[str, Any], seen: HiddenSecrets) -> dict[str, Any]:
    headers = _headers(response.get("headers") or {}, seen)
    holder = response.get("body")
    if not isinstance(holder, Mapping) or not holder.get("string"):
        return {**response, "headers": headers}
    body = holder["string"]
    plain = _unpacked(body, _value(headers, "content-encoding"))
    redacted = body_without_secrets(plain, _value(headers, "content-type"), seen)
    if redacted != plain or plain != body:
        headers = _resized(headers, redacted)
    return {**response, "headers": headers, "body": {**holder, "string": redacted}}


def _everywhere(value: Any, without: Callable[[str], str]) -> Any:
    """The value with every text and every octets in it changed."""
    if isinstance(value, str):
        return without(value)
    if isinstance(value, bytes):
        try:
            return without(value.decode()).encode()
        except UnicodeDecodeError:  # octets that are searched as if each were a letter
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


def _headers(headers: Mapping[str, Any], seen: HiddenSecrets) -> dict[str, Any]:
    return {
        name: [_header(name, each, seen) for each in value]
        if isinstance(value, (list, tuple))
        else _header(name, value, seen)
        for name, value in headers.items()
    }


def _header(name: str, value: Any, seen: HiddenSecrets) -> Any:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    lower = name.lower()
    if not isinstance(text, str) or seen.is_kept(name, text):
        return value
    if lower == "set-cookie":
        redacted = _cookie(text, seen)
    elif lower == "cookie":
        redacted = "; ".join(_cookie(each.strip(), seen) for each in text.split(";"))
    elif lower in ("authorization", "proxy-authorization"):
        redacted = _authorization(text, seen)
    elif lower in ("location", "referer", "content-location"):
        redacted = _uri(text, seen)
    elif seen.is_secret(name, text, asked=True):
        redacted = seen.hide(text)
    else:
        return value
    return redacted.encode("latin-1") if isinstance(value, bytes) else redacted


def _cookie(text: str, seen: HiddenSecrets) -> str:
    """NAME=secret, and the attributes of Set-Cookie as they are: replay needs them."""
    pair, semicolon, attributes = text.partition(";")
    name, equals, value = pair.partition("=")
    return f"{name}{equals}{seen.hide(value.strip())}{semicolon}{attributes}" if equals else text


def _authorization(text: str, seen: HiddenSecrets) -> str:
    scheme, space, secret = text.partition(" ")
    if not space:
        return seen.hide(text)
    if scheme.lower() == "basic":
        for inner in inner_secrets(secret):
            seen.hide(inner)
    return f"{scheme} {seen.hide(secret)}"


def _value(headers: Mapping[str, Any], wanted: str) -> str:
    for name, value in headers.items():
        if name.lower() == wanted:
            first = value[0] if isinstance(value, list) and value else value
            return first.decode("latin-1") if isinstance(first, bytes) else str(first)
    return ""


# ---- addresses ----


def _uri(uri: str, seen: HiddenSecrets) -> str:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    place = parts.netloc
    user, at, host = place.rpartition("@")
    if at:
        name, colon, password = user.partition(":")
        secret = seen.hide(unquote(password)) if colon else ""
        name = seen.hide(name) if looks_random(name) else name
        place = f"{name}{colon}{secret}@{host}"
    path, query = _path(parts.path, seen), form_without_secrets(parts.query, seen)
    return urlunsplit(parts._replace(netloc=place, path=path, query=query))


def _path(path: str, seen: HiddenSecrets) -> str:
    """Tokens of well-known services, and what looks random after the name of a secret."""
    segments = path.split("/")
    for number, segment in enumerate(segments):
        name = unquote(segments[number - 1]) if number else ""
        named = is_secret_name(name) or may_be_secret_name(name)
        if named and looks_random(unquote(segment)):
            segments[number] = seen.hide(unquote(segment))

    def hidden(found: re.Match[str]) -> str:
        secret = found[found.lastgroup or 0]
        return found[0].replace(secret, seen.hide(secret))

    return IN_PATHS.sub(hidden, "/".join(segments))


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
