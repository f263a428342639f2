"""The chunked transfer coding of a request, strictly (RFC 9112, section 7.1)."""

import re

from opswire.http.refusal import Refusal

MAX_LINE = 4096
"""Octets of a line that tells a size, with extensions; nobody needs more than a few."""

MAX_TRAILERS = 16 * 1024
"""Octets of all trailers together.  They are checked and thrown away."""

# 15 digits are a petabyte; more would be refused as too large anyway.
SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n")
TRAILER = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n")


class Chunks:
    """Takes a body out of the octets that carry it, and not an octet more.

    Args:
        limit: octets of the body.
    """

    __slots__ = ("_left", "_limit", "_trailers", "done")

    def __init__(self, limit: int) -> None:
        """Begin before the first chunk."""
        self._limit = limit
        # Octets of the chunk that are to come, its CRLF with them; 0 before a line of size.
        self._left = 0
        self._trailers = 0
        self.done = False

    def take(self, octets: bytearray) -> bytes:
        """Take from the front of `octets` what is there of the body; `done` tells its end.

        Raises:
            Refusal: 400 for what is no chunk, 413 for more than the limit.
        """
        pieces = []
        while not self.done:
            if self._trailers:
                if not self._take_trailer(octets):
                    break
            elif self._left > 2:
                piece = bytes(octets[: self._left - 2])
                if not piece:
                    break
                del octets[: len(piece)]
                self._left -= len(piece)
                pieces.append(piece)
            elif self._left:
                if not b"\r\n".startswith(bytes(octets[:2])):
                    raise Refusal(400, "a chunk is longer than its size")
                if len(octets) < 2:
                    break
                del octets[:2]
                self._left = 0
            elif not self._take_size(octets):
                break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _take_size(self, octets: bytearray) -> bool:
        line = _line(octets, MAX_LINE)
        if line is None:
            return False
        found = SIZE.fullmatch(line)
        if not found:
            raise Refusal(400, "what should tell the size of a chunk does not")
        size = int(found[1], 16)
        if size > self._limit:
            raise Refusal(413, "the body is larger than max_body")
        self._limit -= size
        self._left = size + 2 if size else 0
        self._trailers = 0 if size else 1
        return True

    def _take_trailer(self, octets: bytearray) -> bool:
        line = _line(octets, MAX_TRAILERS)
        if line is None:
            return False
        self.done = line == b"\r\n"
        self._trailers += len(line)
        if not (self.done or TRAILER.fullmatch(line)):
            raise Refusal(400, "a trailer is no header")
        if self._trailers > MAX_TRAILERS:
            raise Refusal(431, "the trailers are too long")
        return True


def _line(octets: bytearray, limit: int) -> bytes | None:
    """Take a line, its end with it; None where its end has not come."""
    end = octets.find(b"\n", 0, limit) + 1
    if end:
        line = bytes(octets[:end])
        del octets[:end]
        return line
    if len(octets) >= limit:
        raise Refusal(400, "a line of the chunked coding is too long")
    return None
