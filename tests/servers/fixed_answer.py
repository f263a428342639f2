"""A web server that answers every POST with the same octets, and keeps what it was sent."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class FixedAnswer:
    """On loopback, at ``url``. Set ``answer``; ``requests`` has the bodies."""

    def __init__(self) -> None:
        self.answer = b""
        self.requests: list[bytes] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One segment: a peer with delayed acknowledgements would cost 40 ms for each answer.
            wbufsize = -1

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                owner.requests.append(self.rfile.read(size))
                self.send_response(200)
                self.send_header("Content-Type", 'application/xml; charset="utf-8"')
                self.send_header("CIMOperation", "MethodResponse")
                self.send_header("Content-Length", str(len(owner.answer)))
                self.end_headers()
                self.wfile.write(owner.answer)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
