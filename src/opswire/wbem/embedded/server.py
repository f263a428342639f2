"""The CIM server that programs start: a repository behind HTTP."""

import base64
import hmac
import threading
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self

from opswire.http import HANG_UP, Limits, Request, Response, Server
from opswire.tls import ServerTLS
from opswire.wbem.embedded.exchange import Answer, Exchange
from opswire.wbem.embedded.faults import Fault, Faults
from opswire.wbem.embedded.interop import add_interop
from opswire.wbem.embedded.repository import Repository
from opswire.wbem.embedded.request_rules import Refused

EXTENSION = "http://www.dmtf.org/cim/mapping/http/v1.0"
"""What an M-POST declares (DSP0200, 6.2.3)."""

TYPE = 'application/xml; charset="utf-8"'


class EmbeddedServer:
    """A small real CIM server, for tests, demonstrations and development.

        with EmbeddedServer() as server:
            server.load("classes.xml")
            server.add(CIMInstance("Demo_Disk", {"ID": "sda"}))
            WBEMConnection(server.url).EnumerateInstances("Demo_Disk")

    It keeps everything in memory, and believes whoever may log in: it is no server for production.

    Threads: it may be shared; providers are called on several.

    Args:
        repository: what it serves; by default a new one with an Interop namespace.
        host: where to listen; loopback by default.
        port: 0 for a free one.
        tls: a certificate, for https; it may demand one of clients.
        users: names and passwords for HTTP basic authentication; None: nobody is asked.
        realm: that is told where they are asked.
        limits: of HTTP clients.
        threads: requests at a time.

    Attributes:
        repository: what it serves.
        faults: what is to go wrong, for tests.
    """

    def __init__(
        self,
        repository: Repository | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ServerTLS | None = None,
        users: Mapping[str, str] | None = None,
        realm: str = "opswire",
        limits: Limits = Limits(),  # noqa: B008 - frozen
        threads: int = 8,
    ) -> None:
        """Keep what is to be served; nothing is bound before the start."""
        if repository is None:
            repository = Repository()
            add_interop(repository)
        if any(ord(each) < 32 or each in '"\\' for each in realm):
            raise ValueError("a realm has no quotes and no control characters")
        self.repository = repository
        self.faults = Faults()
        self._users = None if users is None else _credentials(users)
        self._realm = realm
        self._ending = threading.Event()
        self._exchange = Exchange(repository)
        self._server = Server(
            self._answer,
            host=host,
            port=port,
            tls=tls,
            limits=limits,
            methods=("POST", "M-POST"),
            threads=threads,
        )
        self.add = repository.add
        self.load = repository.load
        self.method = repository.method
        self.instances = repository.instances

    def start(self) -> None:
        """Listen, and serve on threads.

        Raises:
            OSError: the address cannot be had.
        """
        self._server.start()
        self._exchange.host = self._server.url.partition("://")[2]

    def close(self, drain: float = 1.0) -> None:
        """Let requests at hand be answered for so many seconds, and end; again, it does nothing."""
        self._ending.set()
        self._server.close(drain)
        self._exchange.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    @property
    def url(self) -> str:
        """Where it listens, like ``http://127.0.0.1:5988``."""
        return self._server.url

    @property
    def port(self) -> int:
        """Its port."""
        return self._server.port

    @property
    def open_enumerations(self) -> int:
        """How many enumerations are open between two pulls."""
        return len(self._exchange.contexts)

    def __repr__(self) -> str:
        """Show where it listens."""
        return f"<EmbeddedServer {self._server!r}>"

    def _answer(self, request: Request) -> Response:
        if not self._is_known(request):
            challenge = f'Basic realm="{self._realm}"'
            return Response(401, {"WWW-Authenticate": challenge, "Content-Length": "0"})
        prefix = ""
        if request.method == "M-POST":
            declared = [each for each in request.extensions if each.identifier == EXTENSION]
            if not declared:
                return Response(510, {"Content-Type": "text/plain"}, b"the extension is missing\n")
            prefix = f"{declared[0].namespace}-" if declared[0].namespace else ""
        try:
            message, call = self._exchange.read(request.headers, request.body)
        except Refused as refused:
            return Response(refused.status, refused.headers())
        headers = {"Content-Type": TYPE, f"{prefix}CIMOperation": "MethodResponse"}
        if request.method == "M-POST":
            headers |= {
                "Man": f"{EXTENSION}; ns={prefix[:-1]}" if prefix else EXTENSION,
                "Ext": "",
                "Cache-Control": 'no-cache="Ext"',
            }
        fault = self.faults.take(call.name or "")
        if fault is None:
            return Response(200, headers, self._exchange.answer(message, call))
        self._ending.wait(fault.slow)
        if fault.close:
            return HANG_UP
        if fault.http_status is not None:
            return Response(fault.http_status, fault.headers)
        if fault.cim_error is not None:
            body: Answer = self._exchange.error(message, call, fault.cim_error, fault.instances)
        elif fault.garbage is not None:
            body = fault.garbage
        else:
            body = self._exchange.answer(message, call, fault.answers_to)
        return Response(200, headers | fault.headers, self._slowed(body, fault))

    def _slowed(self, body: Answer, fault: Fault) -> Answer | Iterator[bytes]:
        if fault.cut is None and fault.octets_per_second is None:
            return body
        return self._pieces(body, fault)

    def _pieces(self, body: Answer, fault: Fault) -> Iterator[bytes]:
        octets = body if isinstance(body, bytes) else b"".join(body)
        rate = fault.octets_per_second
        end = len(octets) if fault.cut is None else fault.cut
        if rate is None:
            yield octets[:end]
        else:
            for at in range(end):
                yield octets[at : at + 1]
                if self._ending.wait(1 / rate):
                    break
        if end < len(octets):
            raise ConnectionAbortedError("the answer is cut, as a test asked for")

    def _is_known(self, request: Request) -> bool:
        if self._users is None:
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        # All are compared, so that the time tells nothing of the names.
        octets = given.strip().encode("latin-1", "replace")
        found = [hmac.compare_digest(octets, known) for known in self._users]
        return any(found)


def _credentials(users: Mapping[str, str]) -> list[bytes]:
    for name in users:
        if ":" in name:
            raise ValueError("a user's name has no colon (RFC 7617)")
    return [base64.b64encode(f"{name}:{users[name]}".encode()) for name in users]
