"""The servers that the claims of HTTP compare, each a program of its own.

``python -m benchmarks.recipes.http_servers KIND [CERTIFICATE KEY]`` writes its port, and serves
until its input ends.
"""

import os
import socket
import ssl
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

BODY = b"x" * 500
BIG = b"x" * 2_000_000


def main(kind: str, *pair: str) -> None:
    """Serve."""
    {"uvicorn": _uvicorn, "plain": _ours, "async": _ours}[kind](kind, pair)


def _ours(kind: str, pair: tuple[str, ...]) -> None:
    from opswire.http import Request, Response, Server
    from opswire.tls import ServerTLS

    headers = {"Content-Type": "text/plain"}

    def plain(request: Request) -> Response:
        return Response(200, headers, BIG if request.path == "/big" else BODY)

    async def awaited(request: Request) -> Response:
        return plain(request)

    tls = ServerTLS(*pair) if pair else None
    handler = plain if kind == "plain" else awaited
    with Server(handler, threads=0, tls=tls) as server:
        print(server.port, flush=True)
        sys.stdin.read()


def _uvicorn(kind: str, pair: tuple[str, ...]) -> None:
    import uvicorn

    async def application(
        scope: dict[str, Any], receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        body = BIG if scope["path"] == "/big" else BODY
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        access_log=False,
        log_level="critical",
        timeout_keep_alive=600,
    )
    if pair:
        config.load()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        config.ssl = context
    server = uvicorn.Server(config)

    def end() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=end, daemon=True).start()
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
