"""A web server on loopback that remembers what it was asked, with TLS or without."""

import contextlib
import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self

from tests.servers.ports import family_of


class Seen(NamedTuple):
    """One request as it arrived; `sni` is the name that the TLS client asked for."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    sni: str | None


class WebServer:
    """Runs on a thread inside the `with` block.

    /redirect?to=URL redirects, /login answers a token, everything else is echoed as JSON.
    """

    def __init__(self, address: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        """Bind; connections wait from now on."""
        self.address = address
        self.seen: list[Seen] = []
        self._names: dict[int, str | None] = {}
        handler = type("Handler", (_Handler,), {"web": self})
        server = type("Server", (_Server,), {"address_family": family_of(address)})
        self._server = server((address, 0), handler)
        self._server.context = context
        if context is not None:
            context.sni_callback = self._note_name
        self.port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        """The address as a URL without a slash at its end."""
        scheme = "http" if self._server.context is None else "https"
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{scheme}://{host}:{self.port}"

    def sni_of(self, connection: object) -> str | None:
        """Return the name that a TLS connection was asked for."""
        return self._names.get(id(connection))

    def _note_name(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        self._names[id(connection)] = name

    def __enter__(self) -> Self:
        """Start to answer."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    context: ssl.SSLContext | None = None
    daemon_threads = True

    def finish_request(self, request: object, client_address: object) -> None:
        """Shake hands on the connection's own thread."""
        assert isinstance(request, socket.socket)
        request.settimeout(30)
        if self.context is None:
            self.RequestHandlerClass(request, client_address, self)  # type: ignore[arg-type]  # a socket's address is any object here
            return
        with (
            contextlib.suppress(OSError),  # a client that refuses the certificate hangs up
            self.context.wrap_socket(request, server_side=True) as connection,
        ):
            self.RequestHandlerClass(connection, client_address, self)  # type: ignore[arg-type]  # a socket's address is any object here


class _Handler(BaseHTTPRequestHandler):
    web: WebServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Remember and answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = Seen(
            self.command, self.path, dict(self.headers), body, self.web.sni_of(self.connection)
        )
        self.web.seen.append(seen)
        path, _, target = self.path.partition("?to=")
        answer: dict[str, object] = {"path": self.path, "number": len(self.web.seen)}
        headers = {"Content-Type": "application/json"}
        if path == "/redirect":
            headers["Location"] = target
        if path == "/login":
            answer |= {"access_token": "t0ken-of-the-answer", "token_type": "Bearer", "age": 60}
            headers["Set-Cookie"] = "sid=c00kie-of-the-answer; Path=/; HttpOnly"
        octets = json.dumps(answer).encode()
        self.send_response(302 if path == "/redirect" else 200)
        for name, value in {**headers, "Content-Length": str(len(octets))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(octets)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
