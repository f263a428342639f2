"""Recorded exchanges as a text that people can read, compare and keep under version control."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import NamedTuple

from opswire.redaction.marks import MARK
from opswire.redaction.names import is_secret
from opswire.wbem.client.last_exchange import without_credentials

__all__ = ["Exchange", "Kept", "kept_answer", "kept_request", "read", "write"]

TITLE = "# A recording of opswire.wbem.testing, version 1"
# An attribute may have ">" in it, a CDATA section anything.
_PARTS = re.compile(r"<!\[CDATA\[.*?\]\]>|<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>|[^<]+", re.DOTALL)
# What has a name and text for a value.
_NAMED = re.compile(
    r'(<(PROPERTY(?:\.ARRAY)?|PARAMVALUE|IPARAMVALUE|KEYBINDING)\s[^>]*?\bNAME="([^"]*)"[^>]*>)'
    r"(.*?)(?=</\2>)",
    re.DOTALL,
)
_VALUE = re.compile(
    r"(<(VALUE|KEYVALUE)\b[^>]*>)(?!<VALUE)([^<]*|<!\[CDATA\[.*?\]\]>)(?=</\2>)", re.DOTALL
)
_OTHER_TYPE = re.compile(r'TYPE="(?!string")')
_MESSAGE = re.compile(r'(<MESSAGE\s[^>]*?\bID=)"[^"]*"')
#: Of what an answer says besides, the client looks at these.
ANSWER_HEADERS = ("content-type", "cimerror", "cimerrordetails", "pgerrordetail", "location")
REQUEST_HEADERS = ("CIMOperation", "CIMMethod", "CIMObject", "CIMExport", "CIMExportMethod")
_IN_BASE64 = "base64:"


class Kept(NamedTuple):
    """A request or an answer: its first line, its headers, its body as lines."""

    head: str
    body: str

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.head}\n\n{self.body}"


class Exchange(NamedTuple):
    """A request and its answer."""

    request: Kept
    answer: Kept


def kept_request(
    path: str, headers: dict[str, str], body: bytes, creds: tuple[str, str] | None
) -> Kept:
    """Return what is kept of a request: nothing of credentials, and no number of the message."""
    lines = [f"POST {path}", *_chosen(headers, REQUEST_HEADERS, creds)]
    return Kept("\n".join(lines), _body(body, creds))


def kept_answer(
    status: int, reason: str, headers: dict[str, str], body: bytes, creds: tuple[str, str] | None
) -> Kept:
    """Return what is kept of an answer."""
    lines = [f"{status} {reason}".rstrip(), *_chosen(headers, ANSWER_HEADERS, creds)]
    return Kept("\n".join(lines), _body(body, creds))


def octets(body: str) -> bytes:
    """Return the octets of a body that was kept."""
    if body.startswith(_IN_BASE64):
        return b64decode(body.removeprefix(_IN_BASE64))
    return body.encode()


def write(exchanges: list[Exchange]) -> str:
    """Return the text of a recording."""
    parts = [TITLE]
    for number, each in enumerate(exchanges, 1):
        parts += [f"--- request {number}", each.request.text, f"--- answer {number}"]
        parts.append(each.answer.text)
    return "\n".join([*parts, "--- end", ""])


def read(text: str) -> list[Exchange]:
    """Return the exchanges of a recording.

    Raises:
        ValueError: it is none.
    """
    parts = re.split(r"\n--- (?:request \d+|answer \d+|end)\n", text)
    if parts[0] != TITLE or parts[-1] or len(parts) % 2:
        raise ValueError(f"it does not begin with {TITLE!r}, or has no end")
    kept = [Kept(*part.split("\n\n", 1)) for part in parts[1:-1]]
    return [Exchange(*pair) for pair in zip(kept[::2], kept[1::2], strict=True)]


def _chosen(
    headers: dict[str, str], names: tuple[str, ...], creds: tuple[str, str] | None
) -> list[str]:
    return [
        f"{name}: {without_credentials(headers[name], creds)}" for name in names if name in headers
    ]


def _body(body: bytes, creds: tuple[str, str] | None) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _IN_BASE64 + b64encode(body).decode("ascii")
    text = without_credentials(_NAMED.sub(_without_secret, text), creds)
    text = _MESSAGE.sub(r'\1"1"', _indented(text))
    if "\n--- " in text:  # which would be taken for a line between two of them
        return _IN_BASE64 + b64encode(text.encode()).decode("ascii")
    return text


def _without_secret(found: re.Match[str]) -> str:
    head, _, name, inner = found.groups()
    if _OTHER_TYPE.search(head):  # a number must stay one
        return found[0]
    return head + _VALUE.sub(
        lambda value: value[1] + (MARK if is_secret(name, value[3]) else value[3]), inner
    )


def _indented(text: str) -> str:
    """An element a line; what stands in a value stays as it is."""
    parts: list[str] = _PARTS.findall(text)
    if "".join(parts) != text:
        return text  # no XML
    lines: list[str] = []
    depth = 0
    previous = ""
    for part in parts:
        is_tag = part.startswith("<") and not part.startswith("<![")
        closes = part.startswith("</")
        if closes:
            depth -= 1
        if not is_tag:
            if part.strip() or _opens(previous):
                lines.append(part)
                previous = part
            continue
        follows_tag = previous.startswith("<") and not previous.startswith("<![")
        if follows_tag and not (closes and _opens(previous)):
            lines.append("\n" + " " * max(depth, 0))
        lines.append(part)
        previous = part
        if _opens(part):
            depth += 1
    return "".join(lines)


def _opens(part: str) -> bool:
    return part.startswith("<") and part[1:2] not in ("/", "?", "!") and not part.endswith("/>")
