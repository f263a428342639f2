r"""The HTTP/1.1 server that everything of opswire that is served over HTTP stands on.

    from opswire.http import Request, Response, Server

    def hello(request: Request) -> Response:
        return Response(200, {"Content-Type": "text/plain"}, b"hello\n")

    with Server(hello, port=8080) as server:
        input(f"{server.url} - Enter ends it ")

A request is given to the handler when it is whole and right, and the next one of the connection is
looked at when that is answered.  What is not right is answered by the engine: ``Limits`` says what
a client may take, and how slow it may be.  No header says who a client is: ``Request.peer`` has
the address that the kernel knows and the certificate that TLS verified.

Threads: a ``Server`` may be used by any; a ``Request`` belongs to its handler.
"""

from opswire.http.headers import Headers
from opswire.http.heads import METHODS, Extension
from opswire.http.limits import Limits
from opswire.http.request import Peer, Request
from opswire.http.response import HANG_UP, Response
from opswire.http.server import Address, Server

__all__ = [
    "HANG_UP",
    "METHODS",
    "Address",
    "Extension",
    "Headers",
    "Limits",
    "Peer",
    "Request",
    "Response",
    "Server",
]
