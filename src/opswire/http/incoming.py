"""What a client sends, octets to heads and bodies; no socket in this file."""

from opswire.http.chunks import Chunks
from opswire.http.heads import Head, HeadReader
from opswire.http.limits import Limits
from opswire.http.refusal import Refusal


class Incoming:
    """The octets of one connection that came and were not taken.

    Attributes:
        ahead: these octets.
        done: whether the body has been taken whole.
    """

    __slots__ = (
        "_chunks",
        "_heads",
        "_last_head",
        "_last_octets",
        "_left",
        "_limits",
        "_searched",
        "_skipped",
        "ahead",
        "done",
    )

    def __init__(self, heads: HeadReader, limits: Limits) -> None:
        """Begin with nothing."""
        self.ahead = bytearray()
        self.done = True
        self._heads = heads
        self._limits = limits
        self._chunks: Chunks | None = None
        self._left = 0
        self._searched = 0
        self._skipped = False
        self._last_octets = b""
        self._last_head: Head | None = None

    def again(self, octets: bytes) -> Head | None:
        """Return the last head if these octets, which are all that came, are it again.

        Most clients that keep a connection ask the same over and over.
        """
        return self._last_head if octets == self._last_octets else None

    def take_head(self) -> Head | None:
        """Take the next head; None until its end has come.

        Raises:
            Refusal: it is not served.
        """
        ahead = self.ahead
        if not self._skipped and ahead[:2] == b"\r\n":
            del ahead[:2]  # old clients send one after a body (RFC 9112, section 2.2)
            self._skipped = True
            self._searched = 0
        end = ahead.find(b"\r\n\r\n", self._searched) + 4
        if 4 <= end <= self._limits.max_head:
            octets = bytes(ahead[:end])
            del ahead[:end]
            self._searched = 0
            self._skipped = False
            head = self._last_head
            if head is None or octets != self._last_octets:
                head = self._last_head = self._heads.read(octets)
                self._last_octets = octets
            return head
        # A head of bare LFs would never end.
        line = ahead.find(b"\n", self._searched)
        while line >= 0:
            if line == 0 or ahead[line - 1] != 0x0D:
                raise Refusal(400, "a bare LF in the head")
            line = ahead.find(b"\n", line + 1)
        if len(ahead) >= self._limits.max_head:
            if ahead.find(b"\n", 0, self._limits.max_head) < 0:
                raise Refusal(414, "the request line is longer than max_head")
            raise Refusal(431, "the head is longer than max_head")
        self._searched = max(len(ahead) - 3, 0)
        return None

    def begin_body(self, head: Head) -> None:
        """Take the body of this head from now on."""
        self.done = False
        self._chunks = Chunks(self._limits.max_body) if head.length is None else None
        self._left = head.length or 0

    def take_body(self) -> bytes:
        """Take what has come of the body; ``done`` tells its end.

        Raises:
            Refusal: it is not chunked rightly, or too large.
        """
        ahead = self.ahead
        if self._chunks is not None:
            octets = self._chunks.take(ahead)
            self.done = self._chunks.done
            return octets
        octets = bytes(ahead[: self._left])
        del ahead[: len(octets)]
        self._left -= len(octets)
        self.done = not self._left
        return octets

    def throw_away(self) -> None:
        """Forget what came."""
        self.ahead.clear()
        self._last_head = None
