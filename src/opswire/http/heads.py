"""The head of a request, from octets to what it says; no socket in this file.

httptools reads the header lines.  What it lets pass, and what decides where the request ends, is
checked here first: two programs that see the end of a request in different places are how requests
are smuggled.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from opswire.http.headers import Headers, join
from opswire.http.limits import Limits
from opswire.http.refusal import Refusal
from opswire.public_names import public_in

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
"""Handed on where a server names no others."""

# RFC 9110, section 9, with RFC 5789, and RFC 2774's M-POST.  What else a server names is known too.
KNOWN_METHODS = METHODS | {"CONNECT", "TRACE", "M-POST"}
REQUEST_LINE = re.compile(
    rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])\r\n"
)
# A NUL, a bare CR or LF, or a line that goes on in the next one.
BROKEN = re.compile(rb"\x00|\r(?!\n)|(?<!\r)\n|\r\n[ \t]")
HOST = re.compile(rb"[A-Za-z0-9\-._~%!$&'()*+,;=:\[\]]*")
DIGITS = re.compile(rb"[0-9]+")
ABSOLUTE = re.compile(rb"https?://[^/?#]+(?:[/?].*)?", re.IGNORECASE)
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*;.*)?")
# Man: "http://www.dmtf.org/cim/mapping/http/v1.0"; ns=73
EXTENSION = re.compile(rb'\s*"?([^",;\s]+)"?\s*(?:;\s*ns\s*=\s*"?([0-9]{2,10})"?\s*)?(?:,|$)')
# llhttp knows no M-POST, and would see a tunnel in CONNECT: any of those that are not read by
# their method is read as this one.
PLAIN_METHODS = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"})


@public_in("opswire.http")
class Extension(NamedTuple):
    """A mandatory extension that a request declares (RFC 2774).

    Attributes:
        identifier: of the extension, a URI.
        namespace: the digits before the names of its headers; empty where it has none.
    """

    identifier: str
    namespace: str


class Head(NamedTuple):
    """What the head of a request says.

    Attributes:
        method: as it came; ``M-POST`` stays that.
        target: as it came.
        version: ``"1.1"`` or ``"1.0"``.
        headers: of an M-POST, names without the digits of its extensions.
        extensions: of an M-POST, what it declares.
        length: octets of the body, or None where it is chunked.
        keep: whether the client lets the connection stay.
        expects: whether it waits for ``100 Continue``.
    """

    method: str
    target: str
    version: str
    headers: Headers
    extensions: tuple[Extension, ...]
    length: int | None
    keep: bool
    expects: bool


class HeadReader:
    """Reads heads, under the limits and for the methods of one server.

    Args:
        limits: of the server.
        methods: that are handed on.
    """

    def __init__(self, limits: Limits, methods: Iterable[str] = METHODS) -> None:
        """Keep them."""
        self._limits = limits
        self._methods = frozenset(methods)
        self._known = KNOWN_METHODS | self._methods
        self._allow = ", ".join(sorted(self._methods))

    def read(self, head: bytes) -> Head:
        """Read a head, which ends with its empty line and holds no other.

        Raises:
            Refusal: it is not served.
        """
        line = REQUEST_LINE.match(head)
        if line is None:
            raise Refusal(*self._why_no_request_line(head))
        method, target, major, minor = line.groups()
        if major != b"1" or minor not in b"01":
            raise Refusal(505, "a version that is not HTTP/1.1 or 1.0")
        name = method.decode("ascii")
        if name not in self._known:
            raise Refusal(501, "an unknown method")
        if name not in self._methods:
            raise Refusal(405, "a method that is not served", self._allow)
        if len(target) > self._limits.max_target:
            raise Refusal(414, "the target is longer than max_target")
        if BROKEN.search(head):
            raise Refusal(400, "NUL, bare CR or LF, or a folded line in the head")
        if head.count(b"\n") - 2 > self._limits.max_headers:
            raise Refusal(431, "more than max_headers header lines")
        raw = _header_lines(head if method in PLAIN_METHODS else b"POST" + head[len(method) :])
        joined = join(raw)
        modern = minor == b"1"
        _check_host(joined, modern)
        length = self._length(joined, modern)
        if not (target[0] == 0x2F or ABSOLUTE.fullmatch(target)) and (
            target != b"*" or method != b"OPTIONS"
        ):
            raise Refusal(400, "a target that is neither a path nor a URL")
        connection = joined.get(b"connection", b"").lower()
        options = connection.replace(b" ", b"").replace(b"\t", b"").split(b",")
        expects = self._expects(joined, modern)
        extensions: tuple[Extension, ...] = ()
        if name == "M-POST":
            extensions = _declared(joined)
            raw = _without_prefixes(raw, extensions)
            joined = join(raw)
        return Head(
            name,
            target.decode("ascii"),
            "1.1" if modern else "1.0",
            Headers(raw, joined),
            extensions,
            length,
            b"close" not in options and (modern or b"keep-alive" in options),
            expects,
        )

    def _why_no_request_line(self, head: bytes) -> tuple[int, str]:
        line = head[: head.find(b"\n")]
        if len(line) > self._limits.max_target:
            return 414, "the request line is longer than max_target"
        return 400, "the first line is no request"

    def _length(self, joined: dict[bytes, bytes], modern: bool) -> int | None:
        coding = joined.get(b"transfer-encoding")
        length = joined.get(b"content-length")
        if coding is not None:
            if length is not None:
                raise Refusal(400, "both Content-Length and Transfer-Encoding")
            if not modern:
                raise Refusal(400, "Transfer-Encoding in HTTP/1.0")
            _check_coding(coding)
            return None
        if length is None:
            return 0
        if not DIGITS.fullmatch(length):
            raise Refusal(400, "a Content-Length that is no number, or two of them")
        # int() of thousands of digits takes its time; OpenPegasus pads with zeros.
        digits = length.lstrip(b"0")
        if len(digits) > 18 or int(digits or b"0") > self._limits.max_body:
            raise Refusal(413, "the body is larger than max_body")
        return int(digits or b"0")

    @staticmethod
    def _expects(joined: dict[bytes, bytes], modern: bool) -> bool:
        expectation = joined.get(b"expect")
        if expectation is None or not modern:
            return False
        if expectation.lower() != b"100-continue":
            raise Refusal(417, "an expectation that is not 100-continue")
        return True


class _Fields:
    """What httptools calls."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        self.lines: list[tuple[bytes, bytes]] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.lines.append((name, value.strip(b" \t")))


def _header_lines(head: bytes) -> tuple[tuple[bytes, bytes], ...]:
    fields = _Fields()
    try:
        # One for each head: it is made in half a microsecond, and never sees a body.  So nothing
        # of a body depends on what it thinks of Upgrade.
        HttpRequestParser(fields).feed_data(head)
    except HttpParserUpgrade:
        pass
    except HttpParserError as error:
        raise _better(head, error) from None
    return tuple(fields.lines)


def _better(head: bytes, error: HttpParserError) -> Refusal:
    """Return 501 for a coding that we do not know, which to llhttp is malformed like the rest."""
    codings = re.findall(rb"\r\ntransfer-encoding:[ \t]*([^\r]*?)[ \t]*\r", head.lower())
    if "Transfer-Encoding" in str(error) and codings and b"\r\ncontent-length" not in head.lower():
        try:
            _check_coding(b", ".join(codings))
        except Refusal as refusal:
            return refusal
    return Refusal(400, "llhttp refuses the head")


def _check_host(joined: dict[bytes, bytes], modern: bool) -> None:
    host = joined.get(b"host")
    if host is None:
        if modern:
            raise Refusal(400, "no Host")
    elif not HOST.fullmatch(host):  # joined by ", ", two are no host
        raise Refusal(400, "a Host that is none, or two of them")


def _check_coding(coding: bytes) -> None:
    if coding.lower() == b"chunked":
        return
    codings = [name.strip(b" \t") for name in coding.lower().split(b",")]
    if not all(TOKEN.fullmatch(name) for name in codings) or b"chunked" in codings[:-1]:
        raise Refusal(400, "a Transfer-Encoding in which chunked is not the last, or no token")
    raise Refusal(501, "an unknown transfer coding")


def _declared(joined: dict[bytes, bytes]) -> tuple[Extension, ...]:
    man = joined.get(b"man", b"")
    found = []
    position = 0
    while position < len(man):
        match = EXTENSION.match(man, position)
        if match is None:
            raise Refusal(400, "a Man that declares no extension")
        found.append(Extension(match[1].decode("latin-1"), (match[2] or b"").decode("ascii")))
        position = match.end()
    if not found:
        raise Refusal(400, "M-POST without Man")
    return tuple(found)


def _without_prefixes(
    raw: tuple[tuple[bytes, bytes], ...], extensions: tuple[Extension, ...]
) -> tuple[tuple[bytes, bytes], ...]:
    prefixes = tuple(f"{found.namespace}-".encode() for found in extensions if found.namespace)
    return tuple(
        (name.partition(b"-")[2] if name.startswith(prefixes) else name, value)
        for name, value in raw
    )
