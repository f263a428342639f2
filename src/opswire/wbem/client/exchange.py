"""A request and its answer over HTTP, as a generator of steps: whatever waits is a step.

Credentials, redirects, second attempts and what an HTTP status means are decided here, once; the
drivers connect, send and receive.
"""

import builtins
import logging
import re
from base64 import b64encode
from collections.abc import Callable, Generator, Iterable, Mapping
from time import monotonic
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import quote, unquote, urljoin

from opswire._core.cimxml.messages import Parser, Part
from opswire.errors.wbem import (
    AuthError,
    CIMXMLParseError,
    ConnectionError,
    HeaderParseError,
    HTTPError,
    ParseError,
    TimeoutError,
)
from opswire.wbem.client.deadline import Deadline
from opswire.wbem.client.last_exchange import without_credentials
from opswire.wbem.client.request import Request
from opswire.wbem.client.server_url import Origin, origin_of

__all__ = [
    "Abandoned",
    "Exchange",
    "Head",
    "LinkLost",
    "Objects",
    "Read",
    "Send",
    "Step",
    "Steps",
    "fields",
]

logger = logging.getLogger("opswire.wbem")

Value = TypeVar("Value")

MAX_REDIRECTS = 5
MAX_ATTEMPTS = 2
"""Of an operation that changes nothing, when the connection breaks before the answer."""
MAX_ERROR_BODY = 1 << 16
"""Octets of an HTTP error's body that are kept, when it says how long it is."""
REDIRECTS = (301, 302, 307, 308)
PATH = "/cimom"
IN_PATHS = "/%?&=:;,@!$'()*+~"
"""What a redirect may have in its path as it is; the rest is escaped (RFC 3986, 3.3)."""


class Head(Protocol):
    """The beginning of an answer, with what reads the rest."""

    status: int
    reason: str
    headers: Mapping[str, str]
    """By name in lower case."""
    is_bounded: bool
    """Whether the answer says where it ends: by a length, or in chunks."""

    def keep(self) -> None:
        """Keep the connection for another request: the answer was read to its end."""

    def drop(self) -> None:
        """Close the connection, now; may be called again, and after ``keep()``, for no effect."""


class Send(NamedTuple):
    """A step: send a request, and return the Head of its answer."""

    origin: Origin
    path: str
    headers: Mapping[str, str]
    body: bytes
    deadline: Deadline

    def __repr__(self) -> str:
        """Tell where to; the headers have the password."""
        return f"Send({self.origin.url}{self.path})"


class Read(NamedTuple):
    """A step: return the next octets of an answer; b"" at its end."""

    head: Any
    deadline: Deadline


class Objects(NamedTuple):
    """A step of operations that are iterated over: give these to the user."""

    objects: list[Any]


class LinkLost(Exception):
    """What a driver raises into a step when a connection was not made, or broke.

    ``error`` is why; ``was_sent`` is whether some of the request may have reached the server.
    """

    def __init__(self, error: Exception, *, was_sent: bool, advice: str = "") -> None:
        """Keep them."""
        super().__init__(error)
        self.error = error
        self.was_sent = was_sent
        self.advice = advice


class Abandoned(BaseException):
    """What a driver raises into the step Objects when the user wants no more of them."""


Step = Send | Read | Objects
Steps = Generator[Step, Any, Value]


class Exchange:
    """One request and its answer.

    Args:
        request: what is sent.
        origin: where to.
        creds: who asks; or None.
        deadline: for all of it.
        conn_id: of the connection, for exceptions.
        keeps: whether the octets of the answer are kept in ``reply``.

    Attributes:
        reply: the octets of the answer, if they are kept.
        reply_length: how many there were.
        server_time: seconds that the server says that it took, or None.
        head: of the answer; None before.
        given: how many objects were given as they arrived.
        was_abandoned: whether the user wants no more objects.
    """

    def __init__(
        self,
        request: Request,
        origin: Origin,
        creds: tuple[str, str] | None,
        deadline: Deadline,
        conn_id: str,
        *,
        keeps: bool,
    ) -> None:
        """Nothing is sent before the first step."""
        self.request = request
        self.reply: list[bytes] = []
        self.reply_length = 0
        self.server_time: float | None = None
        self.head: Head | None = None
        self.given = 0
        self.was_abandoned = False
        self._origin = self._here = origin
        self._creds = creds
        self._deadline = deadline
        self._conn_id = conn_id
        self._keeps = keeps

    def whole(self) -> Steps[tuple[list[Any], Part]]:
        """Return the objects of the answer, and what else it says.

        Raises:
            CIMError: the server refuses.
            Error: there is no answer, or none that can be read.
        """
        objects: list[Any] = []
        head = yield from self._open()
        try:
            parser = Parser()
            while octets := (yield from self._read(head, parser)):
                objects += self._feed(parser, octets)
            part = self._close(parser)
        except BaseException:
            head.drop()
            raise
        self._done(head)
        return objects, part

    def in_pieces(
        self, complete: Callable[[list[Any]], object], *, to_its_end: bool
    ) -> Steps[Part]:
        """Give the objects of the answer as they arrive; return what else it says.

        Args:
            complete: checks and completes objects before they are given.
            to_its_end: whether the rest is read, for what it says, when the user wants no more.

        Raises:
            CIMError and so on: as ``whole()``.
        """
        head = yield from self._open()
        try:
            parser = Parser()
            while octets := (yield from self._read(head, parser)):
                if (objects := self._feed(parser, octets)) and not self.was_abandoned:
                    del octets
                    complete(objects)
                    yield from self._give(objects)
                    if self.was_abandoned and not to_its_end:
                        head.drop()
                        return Part()
                del objects  # what is iterated over is not held here
            part = self._close(parser)
        except BaseException:
            head.drop()
            raise
        self._done(head)
        return part

    def _give(self, objects: list[Any]) -> Generator[Step, Any, None]:
        self.given += len(objects)
        before = monotonic()
        try:
            yield Objects(objects)
        except Abandoned:
            self.was_abandoned = True
        # The server was not waited for while the user worked.
        self._deadline.pause(monotonic() - before)

    # -- HTTP --

    def _open(self) -> Steps[Head]:
        """Return the head of an answer that has the status 200."""
        origin, path, creds = self._origin, PATH, self._creds
        for _ in range(MAX_REDIRECTS + 1):
            head = yield from self._send(origin, path, creds)
            self.head = head
            if head.status == 200:
                self._check(head)
                return head
            if head.status in REDIRECTS and "location" in head.headers:
                head.drop()
                target, path = self._target(origin, path, head.headers["location"])
                if target != origin:
                    creds = None  # only the server that the user named may see them
                origin = target
                continue
            yield from self._refuse(head, origin, creds)
        raise ConnectionError(
            f"{self._what()}: more than {MAX_REDIRECTS} redirects", conn_id=self._conn_id
        )

    def _send(self, origin: Origin, path: str, creds: tuple[str, str] | None) -> Steps[Head]:
        headers = dict(self.request.headers)
        if creds is not None:
            pair = b64encode(f"{creds[0]}:{creds[1]}".encode()).decode("ascii")
            headers["Authorization"] = f"Basic {pair}"
        self._here = origin
        send = Send(origin, path, headers, self.request.body, self._deadline)
        attempt = 1
        while True:
            logger.debug("%s: sent to %s", self.request.text, origin.url)
            try:
                head: Head = yield send
                return head
            except LinkLost as lost:
                if self.request.is_read and lost.was_sent and attempt < MAX_ATTEMPTS:
                    attempt += 1
                    logger.info("%s: sent again: %s", self.request.text, _reason(lost.error))
                    continue
                raise self._lost(lost) from lost.error
            except builtins.TimeoutError as error:
                raise self._late(error) from None

    def _read(self, head: Head, parser: Parser) -> Steps[bytes]:
        if not head.is_bounded and parser.complete:
            # Some servers keep such a connection open: nothing says that more will not come.
            return b""
        try:
            octets: bytes = yield Read(head, self._deadline)
        except builtins.TimeoutError as error:
            raise self._late(error) from None
        except LinkLost as lost:
            raise self._lost(lost) from lost.error
        if self._keeps:
            self.reply.append(octets)
        self.reply_length += len(octets)
        return octets

    def _done(self, head: Head) -> None:
        if head.is_bounded:
            head.keep()
        else:
            head.drop()

    def _check(self, head: Head) -> None:
        kind = head.headers.get("content-type", "").partition(";")[0].strip().lower()
        coding = head.headers.get("content-encoding", "identity").strip().lower()
        problem = ""
        if kind and kind not in ("application/xml", "text/xml"):
            problem = f"an answer of the content type {kind!r}, which is no CIM-XML"
        elif coding != "identity":
            problem = f"an answer in the coding {coding!r}, which was not asked for"
        if problem:
            head.drop()
            raise HeaderParseError(
                f"{self._what()}: {problem}", self._conn_id, request_data=self.request.body
            )
        took = head.headers.get("wbemserverresponsetime", "")
        self.server_time = int(took) / 1e6 if took.isascii() and took.isdigit() else None

    def _target(self, origin: Origin, path: str, location: str) -> tuple[Origin, str]:
        try:
            url = urljoin(f"{origin.url}{path}", location.strip())
            scheme, _, rest = url.partition("://")
            authority, slash, tail = rest.partition("/")
            # A redirect speaks of HTTP's ports, not of WBEM's.
            if re.search(r":\d+$", authority) is None:
                authority += ":443" if scheme.lower() == "https" else ":80"
            target = origin_of(f"{scheme}://{authority}")
        except ValueError as error:
            raise ConnectionError(
                f"{self._what()}: a redirect to where no WBEM server can be: {error}",
                conn_id=self._conn_id,
            ) from None
        if origin.scheme == "https" and target.scheme == "http":
            raise ConnectionError(
                f"{self._what()}: a redirect from https to {target.url} is not followed",
                conn_id=self._conn_id,
            )
        logger.info("%s: redirected to %s", self.request.text, target.url)
        return target, quote(f"{slash}{tail}", safe=IN_PATHS) or "/"

    def _refuse(
        self, head: Head, origin: Origin, creds: tuple[str, str] | None
    ) -> Generator[Step, Any, None]:
        """Raise what an HTTP status other than 200 means."""
        if head.status == 401:
            head.drop()
            raise AuthError(self._unauthorized(head, origin, creds), self._conn_id)
        body = yield from self._error_body(head)
        head.drop()
        details = {
            name: self._clean(unquote(head.headers[name.lower()]))
            for name in ("CIMErrorDetails", "PGErrorDetail")
            if name.lower() in head.headers
        }
        error = HTTPError(
            head.status,
            self._clean(head.reason),
            self._clean(head.headers["cimerror"]) if "cimerror" in head.headers else None,
            details,
            self._conn_id,
            self.request.body,
            body,
        )
        error.operation = self.request.text
        raise error

    def _error_body(self, head: Head) -> Steps[bytes]:
        """Read what explains a status, if it says where it ends: others keep the line open."""
        body = b""
        try:
            while head.is_bounded and len(body) < MAX_ERROR_BODY:
                octets = yield Read(head, self._deadline)
                if not octets:
                    break
                body += octets
        except (builtins.TimeoutError, LinkLost):
            pass  # the status says more than that its explanation did not come
        return body[:MAX_ERROR_BODY]

    def _unauthorized(self, head: Head, origin: Origin, creds: tuple[str, str] | None) -> str:
        asked = head.headers.get("www-authenticate", "")
        found = re.search(r'realm\s*=\s*(?:"([^"]*)"|([^\s,]+))', asked, re.IGNORECASE)
        realm = f" (realm {found[1] or found[2]!r})" if found else ""
        detail = self._clean(unquote(head.headers.get("pgerrordetail", "")))
        if creds is None and self._creds is not None:
            why = f"{origin.url} wants credentials, and they are not sent where a redirect leads"
        elif creds is None:
            why = f"{origin.url} wants credentials, and none were given: creds="
        elif asked and not re.search(r"\bbasic\b", asked, re.IGNORECASE):
            why = f"{origin.url} does not take Basic authentication, only {asked.split()[0]}"
        else:
            why = f"{origin.url} refuses the credentials of {creds[0]!r}"
        return f"{self._what()}: {why}{realm}{f': {detail}' if detail else ''}"

    # -- CIM-XML --

    def _feed(self, parser: Parser, octets: bytes) -> list[Any]:
        try:
            objects: list[Any] = parser.feed(octets)
        except ParseError as error:
            raise self._unreadable(error, octets) from None
        parts = parser.message.parts
        if parts:
            self._check_part(parts[0])
        return objects

    def _close(self, parser: Parser) -> Part:
        try:
            message = parser.close()
        except ParseError as error:
            raise self._unreadable(error, b"") from None
        part: Part = message.part
        self._check_part(part)
        refusal, part.error = part.error, None
        if refusal is not None:
            refusal.conn_id = self._conn_id
            refusal.request_data = self.request.body
            refusal.operation = self.request.text
            if refusal.args[1]:
                refusal.args = (refusal.args[0], self._clean(refusal.args[1]), refusal.args[2])
            logger.debug("%s", refusal)
            try:
                raise refusal
            finally:
                del refusal  # or its traceback and this frame would keep each other
        return part

    def _check_part(self, part: Part) -> None:
        name, element = part.name or "", part.element
        if element == self.request.element and name.lower() == self.request.method.lower():
            return
        said = f"{element} {name!r}" if element else "nothing"
        raise CIMXMLParseError(
            f"{self._what()}: the answer is {said}, not {self.request.element} "
            f"{self.request.method!r}",
            self._conn_id,
            self.request.body,
            b"".join(self.reply),
        )

    def _unreadable(self, error: ParseError, octets: bytes) -> ParseError:
        error.conn_id = self._conn_id
        error.request_data = self.request.body
        error.response_data = b"".join(self.reply) or octets
        error.text = f"{self._what()}: {error.text}"
        error.args = (error.text,)
        return error

    # -- words --

    def _clean(self, text: str) -> str:
        """What a server says, without the password that it may repeat."""
        return without_credentials(text, self._creds)

    def _what(self) -> str:
        return self.request.text

    def _late(self, error: builtins.TimeoutError) -> TimeoutError:
        return TimeoutError(
            f"{self._what()}: no answer from {self._here.url} within {self._deadline.seconds} s",
            conn_id=self._conn_id,
        )

    def _lost(self, lost: LinkLost) -> ConnectionError:
        what = "the connection to" if lost.was_sent else "no connection to"
        broke = " broke" if lost.was_sent else ""
        advice = f" ({lost.advice})" if lost.advice else ""
        return ConnectionError(
            f"{self._what()}: {what} {self._here.url}{broke}: {_reason(lost.error)}{advice}",
            conn_id=self._conn_id,
        )


def fields(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name in lower case; of one that comes twice, both (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for spelled, value in items:
        name = spelled.lower()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _reason(error: Exception) -> str:
    """What a failure says of itself, without the number of its errno."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
