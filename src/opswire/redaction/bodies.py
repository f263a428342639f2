"""Bodies of requests and responses without their secrets: forms, multipart, JSON, XML and SOAP.

What is no secret stays octet for octet, but for JSON that had one, which is written anew.
"""

from __future__ import annotations

import codecs
import html
import json
import re
from typing import Any
from urllib.parse import unquote

from opswire.redaction.marks import MARK, HiddenSecrets
from opswire.redaction.names import is_secret_name

__all__ = ["body_without_secrets", "form_without_secrets"]

_PARAMETER = re.compile(r""";\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))""")
_TAG = re.compile(
    r"""<(?![!?])(/?)(?:[\w.-]+:)?([A-Za-z_][\w.-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>"""
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w.:-])(?:[\w.-]+:)?([A-Za-z_][\w.-]*)\s*=\s*("([^"]*)"|'([^']*)')"""
)
_NAMED = ("name", "key", "id", "n")


def body_without_secrets(body: Any, content_type: str, seen: HiddenSecrets) -> Any:
    """Return a body without the secrets that have a name in it.

    Args:
        body: octets or text; anything else is returned as it is.
        content_type: the header.
        seen: where its secrets are remembered.
    """
    if not isinstance(body, (bytes, str)) or not body:
        return body
    kind = _media_type(content_type)
    codec = _codec(body) if isinstance(body, bytes) else ""
    text = body.decode(codec) if isinstance(body, bytes) else body
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if kind.startswith("multipart/"):
        redacted = _multipart(text, content_type, seen)
    elif kind == "application/x-www-form-urlencoded":
        redacted = form_without_secrets(text, seen)
    elif start in ("{", "["):
        redacted = _json(text, seen)
    elif start == "<":
        redacted = _xml(text, seen)
    else:
        return body
    if redacted == text:
        return body
    return redacted.encode(codec) if isinstance(body, bytes) else redacted


def _media_type(content_type: str) -> str:
    """Return the type of a Content-Type header, in small letters."""
    return content_type.partition(";")[0].strip().lower()


def _codec(body: bytes) -> str:
    """In which a body can be taken apart and put together again; latin-1 takes any octets."""
    if body.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return "utf-16"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


# ---- forms ----


def form_without_secrets(text: str, seen: HiddenSecrets) -> str:
    """Return pairs NAME=VALUE with '&' between without the secret values, all else as it is."""
    pairs = []
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        plain = unquote(value.replace("+", " "))
        if seen.is_secret(unquote(name.replace("+", " ")), plain, asked=True):
            value = seen.hide(plain)
        pairs.append(f"{name}{equals}{value}")
    return "&".join(pairs)


def _multipart(text: str, content_type: str, seen: HiddenSecrets) -> str:
    """Each part with the name of a secret loses its content; the others are bodies again."""
    boundary = _parameters(content_type).get("boundary", "")
    if not boundary:
        return text
    parts = text.split(f"--{boundary}")
    for number, part in enumerate(parts[1:], 1):
        head, blank, content = _head_and_content(part)
        headers = dict(_header_fields(head))
        name = _parameters(headers.get("content-disposition", "")).get("name", "")
        ending = "\r\n" if content.endswith("\r\n") else "\n"
        plain = content.removesuffix(ending)
        kind = headers.get("content-type", "")
        if seen.is_secret(name, plain, asked=True):
            redacted = seen.hide(plain)
        elif _media_type(kind).startswith("multipart/"):
            continue  # as deep as somebody likes; it is searched by value
        else:
            redacted = body_without_secrets(plain, kind, seen)
        parts[number] = f"{head}{blank}{redacted}{content[len(plain) :]}"
    return f"--{boundary}".join(parts)


def _head_and_content(part: str) -> tuple[str, str, str]:
    for blank in ("\r\n\r\n", "\n\n"):
        if blank in part:
            return part.partition(blank)
    return part, "", ""


def _header_fields(head: str) -> list[tuple[str, str]]:
    lines = (line.partition(":") for line in head.splitlines())
    return [(name.strip().lower(), value.strip()) for name, colon, value in lines if colon]


def _parameters(header: str) -> dict[str, str]:
    """The parameters of a header, their names in small letters."""
    return {
        found[1].lower(): found[3] if found[2] is None else re.sub(r"\\(.)", r"\1", found[2])
        for found in _PARAMETER.finditer(header)
    }


# ---- JSON ----


def _json(text: str, seen: HiddenSecrets) -> str:
    try:
        value = json.loads(text)
        redacted = _fields(value, "", seen)
    except (ValueError, RecursionError):
        return text
    return text if redacted == value else json.dumps(redacted)


def _fields(value: Any, name: str, seen: HiddenSecrets) -> Any:
    """Numbers, true, false and null stay: they are ages and answers, and what programs count on."""
    if isinstance(value, dict):
        label = next((value[key] for key in ("name", "key") if isinstance(value.get(key), str)), "")
        label = label if is_secret_name(label) else ""
        return {
            key: _fields(item, label if label and key == "value" else key, seen)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_fields(item, name, seen) for item in value]
    return seen.hide(value) if isinstance(value, str) and seen.is_secret(name, value) else value


# ---- XML ----


def _xml(text: str, seen: HiddenSecrets) -> str:
    """Elements and attributes with the name of a secret, and what stands beside such a name.

    <Password>…</Password>, password="…", <property name="password" value="…"/>, and of XML-RPC
    <name>password</name><value><string>…</string></value>.
    """
    parts, done = [], 0
    label = element = before = ""
    for tag in _TAG.finditer(text):
        closing, name, attributes = tag[1], tag[2], tag[3]
        content = text[done : tag.start()]
        plain = _plain(content)
        # Only what stands between a tag and its end is a value.
        if closing and name == element:
            if name.lower() in _NAMED and is_secret_name(plain):
                label = plain
            elif plain:
                content, label = _content(content, before, seen), ""
        parts.append(content)
        if closing:
            element = before = ""
            parts.append(tag[0])
        else:
            named = _label(attributes)
            before = named or (label if name.lower() in ("value", "string") and label else name)
            element = name
            start = tag.start(3) - tag.start()
            changed = _attributes(attributes, named, seen)
            parts.append(f"{tag[0][:start]}{changed}{tag[0][start + len(attributes) :]}")
        done = tag.end()
    return "".join([*parts, text[done:]])


def _content(content: str, name: str, seen: HiddenSecrets) -> str:
    inner = content.strip()
    plain = _plain(inner)
    return content.replace(inner, seen.hide(plain)) if seen.is_secret(name, plain) else content


def _plain(content: str) -> str:
    content = content.strip()
    if content.startswith("<![CDATA[") and content.endswith("]]>"):
        return content[9:-3]
    return html.unescape(content)


def _label(attributes: str) -> str:
    """The name of a secret that stands in an attribute such as name."""
    for found in _ATTRIBUTE.finditer(attributes):
        value = found[3] if found[3] is not None else found[4]
        if found[1].lower() in _NAMED and is_secret_name(value):
            return value
    return ""


def _attributes(attributes: str, label: str, seen: HiddenSecrets) -> str:
    def changed(found: re.Match[str]) -> str:
        value = found[3] if found[3] is not None else found[4]
        plain = _plain(value)
        name = label if label and found[1].lower() in ("value", "content") else found[1]
        if found[1].lower() in _NAMED or not seen.is_secret(name, plain) or MARK in value:
            return found[0]
        quote = found[2][0]
        return f"{found[0][: -len(found[2])]}{quote}{seen.hide(plain)}{quote}"

    return _ATTRIBUTE.sub(changed, attributes)
