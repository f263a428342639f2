"""The steps of an exchange, waited for on the caller's thread, over urllib3's connections."""

from __future__ import annotations

import http.client
import os
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from http.client import BadStatusLine, HTTPException, HTTPResponse, IncompleteRead
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.exceptions import (
    HTTPError,
)

from opswire.wbem.client import interposition, tls_context
from opswire.wbem.client.bounded_sockets import connected, make_bounded
from opswire.wbem.client.deadline import Deadline
from opswire.wbem.client.exchange import LinkLost, Read, Send, fields
from opswire.wbem.client.proxies import proxy_for
from opswire.wbem.client.server_url import Origin
from opswire.wbem.client.settings import Settings

__all__ = ["BlockingDriver"]

MAX_IDLE = 8
"""Connections to one server that are kept for later; as many as threads usually share a client."""
CHUNK = 1 << 16
"""Octets that are read at once."""


class _Plain(HTTPConnection):
    """A connection whose socket has the deadline of the operation."""

    deadline: Deadline
    peer: tuple[str, int]
    via: dict[str, str] | None = None
    """What an HTTP proxy is told, when requests are sent to it instead of through it."""
    _held: list[bytes] | None = None

    def _new_conn(self) -> Any:
        # urllib3's own place for making the socket; its own would wait for each address alike.
        return connected(*self.peer, self.deadline)

    def set_deadline(self, deadline: Deadline) -> None:
        """Bound what follows."""
        self.deadline = deadline
        if self.sock is not None:
            self.sock.deadline = deadline  # type: ignore[union-attr]  # it is of bounded_sockets

    def send(self, data: Any) -> None:
        """Send, or hold it until all is there: two segments cost as much as the rest together."""
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)

    def post(self, target: str, headers: Mapping[str, str], body: bytes) -> HTTPResponse:
        """Send a request and return the answer, whose body has not been read."""
        self._held = []
        try:
            self.putrequest("POST", target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                self.putheader(name, value)
            self.endheaders(body)
            whole = b"".join(self._held)
        finally:
            self._held = None
        self.sock.sendall(whole)
        # That of http.client: urllib3's makes another object of it, in 30 us, for what is not used.
        return http.client.HTTPConnection.getresponse(self)


class _Secure(_Plain, HTTPSConnection):
    """The same with TLS."""


class _Head:
    """The beginning of an answer, and the connection that the rest comes over."""

    def __init__(
        self, response: HTTPResponse, connection: _Plain, give_back: Callable[[_Plain], None]
    ) -> None:
        self.status = response.status
        self.reason = response.reason or ""
        self.headers = fields(response.headers.items())
        self.response = response
        self.is_bounded = bool(response.chunked) or response.length is not None
        self._stays = not response.will_close
        self._connection: _Plain | None = connection
        self._give_back = give_back

    def keep(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self.response.close()  # until then, http.client takes no other request
            if self._stays:
                self._give_back(connection)
            else:
                connection.close()

    def drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self.response.close()
            connection.close()


class BlockingDriver:
    """Makes connections, keeps idle ones, sends and reads.

    Threads may share it: each has a connection of its own while it needs one.
    """

    def __init__(self, settings: Settings) -> None:
        """Nothing is connected before the first request."""
        self._settings = settings
        self._idle: dict[Origin, deque[_Plain]] = {}
        self._context: ssl.SSLContext | None = None
        self._process = os.getpid()

    def perform(self, step: Any) -> Any:
        """Do a step: return its answer, or raise LinkLost or TimeoutError."""
        if interposition.current is not None:
            return interposition.current.perform(step, self._settings.creds, self._perform)
        return self._perform(step)

    def _perform(self, step: Any) -> Any:
        if isinstance(step, Read):
            return self._read(step)
        return self._send(step)

    def close(self) -> None:
        """Close idle connections."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    # -- sending --

    def _send(self, step: Send) -> _Head:
        if self._process != os.getpid():  # the parent's connections are the parent's
            self._process = os.getpid()
            self._idle.clear()
        idle = self._idle.setdefault(step.origin, deque())
        connection = self._kept(idle)
        if connection is None:
            connection = self._new(step.origin)
        connection.set_deadline(step.deadline)
        was_sent = False
        try:
            if connection.sock is None:
                connection.connect()
                connection.set_deadline(step.deadline)
            was_sent = True
            target = step.path
            if connection.via is not None:
                target = f"http://{step.origin.host_field}{target}"
            response = connection.post(target, _headers(step, connection), step.body)
            return _Head(response, connection, self._giver(idle))
        except (OSError, HTTPError, HTTPException) as error:
            connection.close()
            raise _translated(error, step.deadline, was_sent=was_sent) from None
        except BaseException:
            connection.close()
            raise

    def _giver(self, idle: deque[_Plain]) -> Callable[[_Plain], None]:
        def give_back(connection: _Plain) -> None:
            if len(idle) < MAX_IDLE:
                idle.append(connection)
            else:
                connection.close()

        return give_back

    def _kept(self, idle: deque[_Plain]) -> _Plain | None:
        """Return an idle connection that the server has not closed."""
        while idle:
            try:
                connection = idle.pop()
            except IndexError:  # another thread took it
                break
            if connection.is_connected:
                return connection
            connection.close()
        return None

    def _new(self, origin: Origin) -> _Plain:
        proxy = proxy_for(origin, self._settings.proxies)
        first = proxy.origin if proxy else origin
        made: _Plain
        if origin.scheme == "http" and first.scheme == "http":
            made = _Plain(first.host, first.port)
        elif proxy is None:
            made = _Secure(
                first.host, first.port, ssl_context=self._tls(), server_hostname=_name(origin)
            )
        else:
            made = _Secure(
                first.host,
                first.port,
                ssl_context=self._tls(),
                server_hostname=_name(origin),
                proxy=urllib3.util.parse_url(first.url),
                proxy_config=ProxyConfig(self._tls(), False, None, None),
            )
        made.peer = (first.host, first.port)
        if proxy is not None and origin.scheme == "https":
            made.set_tunnel(_name(origin), origin.port, headers=proxy.headers, scheme="http")
        elif proxy is not None:
            made.via = proxy.headers
        return made

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            settings = self._settings
            self._context = make_bounded(
                settings.ssl_context
                or tls_context.client_context(
                    ca_certs=settings.ca_certs,
                    x509=settings.x509,
                    verify=not settings.no_verification,
                    minimum=settings.tls_minimum,
                    ciphers=settings.ciphers,
                )
            )
        return self._context

    # -- reading --

    def _read(self, step: Read) -> bytes:
        head: _Head = step.head
        try:
            octets = head.response.read1(CHUNK)
            if not octets and head.response.length:
                raise IncompleteRead(b"", head.response.length)
            return octets
        except (OSError, HTTPException, ValueError) as error:  # ValueError: a bad chunk
            head.drop()
            raise _translated(error, step.deadline, was_sent=True) from None


def _headers(step: Send, connection: _Plain) -> dict[str, str]:
    return {
        "Host": step.origin.host_field,
        "User-Agent": "opswire",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(step.body)),
        **(connection.via or {}),
        **step.headers,
    }


def _name(origin: Origin) -> str:
    """The name that a certificate is for."""
    return origin.host.partition("%")[0]


def _translated(error: Exception, deadline: Deadline, *, was_sent: bool) -> Exception:
    """Return what the steps are told: TimeoutError or LinkLost, without urllib3's words."""
    found: Exception | None = error
    while isinstance(found, HTTPError):
        found = next((each for each in found.args if isinstance(each, Exception)), found.__cause__)  # type: ignore[assignment]  # a cause is an Exception here
    found = found or error
    if isinstance(found, TimeoutError) and deadline.at is not None:
        return TimeoutError("timed out")
    advice = tls_context.advice(found) if isinstance(found, ssl.SSLError) else ""
    if str(found).startswith("Tunnel connection failed"):  # http.client's word for CONNECT
        advice, was_sent = "so says the proxy", False
    if isinstance(found, (IncompleteRead, BadStatusLine)) and not isinstance(found, OSError):
        found = ConnectionResetError(
            "the answer is cut off" if isinstance(found, IncompleteRead) else f"no HTTP: {found}"
        )
    return LinkLost(found, was_sent=was_sent, advice=advice)
