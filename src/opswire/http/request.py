"""What a handler is given: one request, and who sent it."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

from opswire.errors import LocalProtocolError
from opswire.http.headers import Headers
from opswire.http.heads import Extension, Head
from opswire.public_names import public_in


@public_in("opswire.http")
class Peer:
    """Who is at the other end of a connection: the address that the kernel says, and no header.

    Attributes:
        host: its address as text; empty for what has none.
        port: its port, 0 for what has none.
        tls_version: ``"TLSv1.3"`` and the like; None without TLS.
        certificate: that the client showed and TLS verified, in the form of
            ``ssl.SSLSocket.getpeercert()``; None without one.
        certificate_der: the same in DER.
    """

    __slots__ = ("certificate", "certificate_der", "host", "port", "tls_version")

    host: str
    port: int
    tls_version: str | None
    certificate: dict[str, object] | None
    certificate_der: bytes | None

    def __init__(self, address: object, tls: ssl.SSLObject | None = None) -> None:
        """Keep what getpeername() said, and what TLS knows.

        All of it now: a handler's thread must not ask OpenSSL while the loop uses the connection.
        """
        if isinstance(address, tuple) and len(address) > 1:
            self.host, self.port = str(address[0]), int(address[1])
        else:
            self.host, self.port = "", 0
        self.tls_version = self.certificate = self.certificate_der = None
        if tls is not None:
            self.tls_version = tls.version()
            self.certificate_der = tls.getpeercert(binary_form=True)
            self.certificate = dict(tls.getpeercert() or {}) or None

    @property
    def common_name(self) -> str | None:
        """The CN of the certificate's subject, the last of several; None without one."""
        subject = (self.certificate or {}).get("subject", ())
        names: list[str] = []
        if isinstance(subject, tuple):
            names = [str(pair[1]) for part in subject for pair in part if pair[0] == "commonName"]
        return names[-1] if names else None

    def __repr__(self) -> str:
        """Show the address."""
        return f"<Peer {self.host} port {self.port}{' TLS' if self.tls_version else ''}>"


@public_in("opswire.http")
class Request:
    """One request.

    ``body`` is there when the handler of an ordinary server is called.  That of a server with
    ``stream_bodies`` is called when the head has come, and takes the body by ``pieces()`` or
    ``read()``.

    Attributes:
        method: as it came, ``M-POST`` too.
        target: as it came.
        version: ``"1.1"`` or ``"1.0"``.
        headers: case-insensitive; of an M-POST without the digits of its extensions (``73-``).
        extensions: of an M-POST, what its header Man declares: (identifier, namespace) each.
        peer: who sent it.
    """

    __slots__ = (
        "_body",
        "_next_piece",
        "extensions",
        "headers",
        "method",
        "peer",
        "target",
        "version",
    )

    method: str
    target: str
    version: str
    headers: Headers
    extensions: tuple[Extension, ...]
    peer: Peer

    def __init__(
        self,
        head: Head,
        peer: Peer,
        body: bytes | None,
        next_piece: Callable[[], Awaitable[bytes]] | None = None,
    ) -> None:
        """Made by the engine: with the body, or with what awaits its next piece."""
        self.method = head.method
        self.target = head.target
        self.version = head.version
        self.headers = head.headers
        self.extensions = head.extensions
        self.peer = peer
        self._body = body
        self._next_piece = next_piece

    @property
    def path(self) -> str:
        """The target's path, as it came: without the query, and without http://host."""
        path = self.target.partition("?")[0]
        if path[:1] not in ("/", "*"):
            path = "/" + path.split("/", 3)[3] if path.count("/") > 2 else "/"
        return path

    @property
    def query(self) -> str:
        """What stands after the target's first question mark, as it came."""
        return self.target.partition("?")[2]

    @property
    def body(self) -> bytes:
        """The whole body.

        Raises:
            LocalProtocolError: it is still to be read.
        """
        if self._body is None:
            raise LocalProtocolError("the body comes in pieces: await request.read()")
        return self._body

    async def read(self) -> bytes:
        """Return the whole body, when it has come.

        Raises:
            HTTPBodyError: it did not come whole.
        """
        if self._body is None:
            self._body = b"".join([piece async for piece in self.pieces()])
        return self._body

    async def pieces(self) -> AsyncIterator[bytes]:
        """Iterate over the body as it comes; the client waits where the handler is slower.

        Raises:
            HTTPBodyError: it did not come whole.
        """
        if self._next_piece is None:
            if self._body:
                yield self._body
            return
        while piece := await self._next_piece():
            yield piece

    def __repr__(self) -> str:
        """Show the method and the path: a query may hold credentials."""
        return f"<Request {self.method} {self.path}>"
