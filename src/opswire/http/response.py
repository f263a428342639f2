"""What a handler returns, and the octets that it becomes."""

import re
import time
from collections.abc import AsyncIterable, Iterable, Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final, TypeAlias

from opswire.public_names import public_in

Body: TypeAlias = bytes | Iterable[bytes] | AsyncIterable[bytes]

NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
BROKEN_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
REASONS: Final = {int(status): status.phrase for status in HTTPStatus}
# These have no body, and say nothing of its length (RFC 9110, section 8.6).
BODILESS = frozenset({204, 304})


@public_in("opswire.http")
class Response:
    """An answer.

    Args:
        status: 200 to 599.
        headers: a mapping or pairs, in order; text of Latin-1 without line ends.  Content-Length
            and Date are added; ``Connection: close`` ends the connection after the answer.
        body: the octets, or what iterates over them: they are sent as they come, chunked to
            HTTP/1.1, and no faster than the client reads.  ``async for`` runs on the server's loop,
            a plain iterator on a thread of the handlers', unless the server has none.  Where the
            headers have a Content-Length, so many octets must come.

    Raises:
        ValueError: a status or a header that cannot be sent.
    """

    __slots__ = ("_lines", "body", "closes", "length", "status")

    def __init__(
        self,
        status: int = 200,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        body: Body = b"",
    ) -> None:
        """Check and keep what is to be sent."""
        if not 200 <= status <= 599:
            raise ValueError(f"a status is from 200 to 599, not {status}")
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        if isinstance(body, (bytearray, memoryview)):
            body = bytes(body)
        if isinstance(body, str):
            raise TypeError("a body is octets, not text")
        self.status = status
        self.body = body
        self._lines, self.closes, self.length = _header_lines(tuple(pairs))
        if isinstance(body, bytes):
            if self.length not in (None, len(body)):
                raise ValueError(f"Content-Length is {self.length}, the body has {len(body)}")
            self.length = len(body)

    def head(self, *, version: str, keep: bool, chunked: bool) -> bytes:
        """Return the octets before the body.

        Args:
            version: of the request.
            keep: the connection stays.
            chunked: the body will be so coded; else, without a length, the end of the connection
                is the end of the body.
        """
        if self.status in BODILESS:
            framing = b""
        elif chunked:
            framing = b"Transfer-Encoding: chunked\r\n"
        elif self.length is None:
            framing = b""
        else:
            framing = b"Content-Length: %d\r\n" % self.length
        if not keep:
            framing += b"Connection: close\r\n"
        elif version == "1.0":
            framing += b"Connection: keep-alive\r\n"
        date = b"" if b"\r\nDate: " in self._lines else _date(int(time.time()))
        return b"%b%b%b%b\r\n" % (_status_line(self.status), date, self._lines[2:], framing)

    def __repr__(self) -> str:
        """Show the status."""
        return f"<Response {self.status}>"


def refusing(status: int, allow: str = "", *, retry_after: int = 0) -> Response:
    """Return the engine's own answer: the words of the status, and nothing of the request."""
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    if allow:
        headers["Allow"] = allow
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    return Response(status, headers, f"{REASONS[status]}\n".encode())


@lru_cache(maxsize=64)
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {REASONS.get(status, '')}\r\n".encode()


@lru_cache(maxsize=1)
def _date(now: int) -> bytes:
    return f"Date: {formatdate(now, usegmt=True)}\r\n".encode()


@lru_cache(maxsize=256)
def _header_lines(pairs: tuple[tuple[str, str], ...]) -> tuple[bytes, bool, int | None]:
    """Check headers, and return their lines after a CRLF, whether they close, and the length.

    Most handlers send the same few over and over.
    """
    text = ["\r\n"]
    closes = False
    length = None
    for name, value in pairs:
        if not NAME.fullmatch(name):
            raise ValueError(f"not the name of a header: {name!r}")
        if BROKEN_VALUE.search(value):
            raise ValueError(f"the value of {name} has a control character, or is not Latin-1")
        match name.lower():
            case "transfer-encoding":
                raise ValueError("Transfer-Encoding is the engine's: give a body that iterates")
            case "connection":
                closes = closes or value.lower() == "close"
            case "content-length":
                if length is not None or not re.fullmatch("[0-9]{1,18}", value):
                    raise ValueError("Content-Length is not one number")
                length = int(value)
            case "date":
                text.append(f"Date: {value}\r\n")
            case _:
                text.append(f"{name}: {value}\r\n")
    return "".join(text).encode("latin-1"), closes, length


HANG_UP: Final = Response(503)
"""Return this, and the connection ends without an answer."""
