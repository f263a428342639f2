"""The steps of an exchange, waited for on an event loop, over aiohttp."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from opswire.calls import Call
from opswire.extras import missing
from opswire.wbem.client import interposition, tls_context
from opswire.wbem.client.deadline import Deadline
from opswire.wbem.client.exchange import LinkLost, Read, Send, fields
from opswire.wbem.client.proxies import proxy_for
from opswire.wbem.client.server_url import Origin
from opswire.wbem.client.settings import Settings

try:
    import aiohttp
    import aiohttp.abc
    from yarl import URL
except ModuleNotFoundError as error:
    raise missing("AsyncWBEMConnection", "aiohttp", "aio") from error

__all__ = ["AsyncioDriver"]

MAX_LINE = 1 << 16
"""Octets of a header; aiohttp's own limit is less than what some servers explain an error with."""


_used: ContextVar[list[asyncio.BaseTransport]] = ContextVar("_used")
"""The transports of the request that the current task is about."""


class _Connector(aiohttp.TCPConnector):
    """Tells which connection a request has got."""

    async def connect(self, *args: Any, **named: Any) -> Any:
        connection = await super().connect(*args, **named)
        if connection.transport is not None:
            _used.get([]).append(connection.transport)
        return connection


class _Resolver(aiohttp.abc.AbstractResolver):
    """Asks on a thread that nobody waits for: the loop's own would be waited for at its end."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        loop = asyncio.get_running_loop()
        finished = asyncio.Event()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(finished.set)

        def look_up() -> list[Any]:
            return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)

        call = Call(look_up, tell)
        await finished.wait()
        return [
            {
                "hostname": host,
                "host": f"{address[0]}%{address[3]}" if address[3:] and address[3] else address[0],
                "port": port,
                "family": found,
                "proto": protocol,
                "flags": socket.AI_NUMERICHOST,
            }
            for found, _, protocol, _, address in call.outcome()
        ]

    async def close(self) -> None:
        """Nothing is kept."""


class _Head:
    """The beginning of an answer."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.status = response.status
        self.reason = response.reason or ""
        self.headers = fields(response.headers.items())
        coding = self.headers.get("transfer-encoding", "")
        self.is_bounded = "content-length" in self.headers or "chunked" in coding.lower()
        self.response = response

    def keep(self) -> None:
        self.response.release()

    def drop(self) -> None:
        connection = self.response.connection
        if connection is not None and connection.transport is not None:
            connection.transport.abort()  # as when a request is given up
        self.response.close()


class AsyncioDriver:
    """Makes connections, keeps idle ones, sends and reads; on one event loop."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is connected before the first request."""
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self._context: ssl.SSLContext | None = None

    async def perform(self, step: Any) -> Any:
        """Do a step: return its answer, or raise LinkLost or TimeoutError."""
        if interposition.current is not None:
            creds = self._settings.creds
            return await interposition.current.perform_async(step, creds, self._perform)
        return await self._perform(step)

    async def _perform(self, step: Any) -> Any:
        deadline: Deadline = step.deadline
        left = deadline.left()
        was_sent = isinstance(step, Read)
        try:
            async with asyncio.timeout(left):
                if isinstance(step, Read):
                    # Chunks that have come already are taken without a turn of the loop.
                    return await step.head.response.content.readany()
                return await self._send(step)
        except TimeoutError as error:
            # Without the cancellation that it was made of, and all its frames.
            error.__cause__ = error.__context__ = None
            raise
        except (OSError, UnicodeError, aiohttp.ClientError) as error:
            raise _translated(error, was_sent=was_sent) from None

    async def close(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            for _ in range(2):  # until the transports, too, have been told
                await asyncio.sleep(0)

    @property
    def is_open(self) -> bool:
        """Whether there is something to close."""
        return self._session is not None

    async def _send(self, step: Send) -> _Head:
        for _ in range(2):  # an idle connection whose end waits to be noticed is not to be used
            await asyncio.sleep(0)
        used: list[asyncio.BaseTransport] = []
        _used.set(used)
        try:
            return await self._request(step)
        except BaseException:
            # Closed politely, as aiohttp does it, TLS would wait half a minute for a farewell.
            for transport in used:
                transport.abort()  # type: ignore[attr-defined]  # a transport of a socket has it
            raise

    async def _request(self, step: Send) -> _Head:
        proxy = proxy_for(step.origin, self._settings.proxies)
        is_plain = step.origin.scheme == "http"
        response = await self._found_session().request(
            "POST",
            _url(step.origin, step.path),
            data=step.body,
            headers={
                "Host": step.origin.host_field,
                "User-Agent": "opswire",
                "Accept-Encoding": "identity",
                **(proxy.headers if proxy and is_plain else {}),
                **step.headers,
            },
            allow_redirects=False,
            proxy=proxy.origin.url if proxy else None,
            proxy_headers=proxy.headers if proxy else None,
            ssl=True if is_plain else self._tls(),
        )
        return _Head(response)

    def _found_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Each lookup that is shared by several is a task that outlives whoever began it.
                connector=_Connector(resolver=_Resolver(), use_dns_cache=False, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                auto_decompress=False,
                trust_env=False,
                max_line_size=MAX_LINE,
                max_field_size=MAX_LINE,
            )
        return self._session

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            settings = self._settings
            self._context = settings.ssl_context or tls_context.client_context(
                ca_certs=settings.ca_certs,
                x509=settings.x509,
                verify=not settings.no_verification,
                minimum=settings.tls_minimum,
                ciphers=settings.ciphers,
            )
        return self._context


def _url(origin: Origin, path: str) -> URL:
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return URL(f"{origin.scheme}://{host}:{origin.port}{path}", encoded=True)


def _translated(error: Exception, *, was_sent: bool) -> LinkLost:
    """Return what the steps are told, without aiohttp's words."""
    found: Exception = error
    if isinstance(error, (UnicodeError, aiohttp.InvalidURL)):
        return LinkLost(OSError("that is no name of a host"), was_sent=False)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        refusal = f"Tunnel connection failed: {error.status} {error.message}"
        return LinkLost(OSError(refusal), was_sent=False, advice="so says the proxy")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        found = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        found = error.os_error
    elif isinstance(error, aiohttp.ServerDisconnectedError):
        return LinkLost(ConnectionResetError("closed without an answer"), was_sent=True)
    elif isinstance(error, aiohttp.ClientPayloadError):
        return LinkLost(ConnectionResetError("the answer is cut off"), was_sent=True)
    elif isinstance(error, aiohttp.ClientResponseError):
        return LinkLost(ConnectionResetError(f"no HTTP: {error.message}"), was_sent=True)
    else:
        was_sent = True  # an OSError of a connection that was made
    advice = tls_context.advice(found) if isinstance(found, ssl.SSLError) else ""
    if isinstance(found, OSError) and not isinstance(found, (ssl.SSLError, socket.gaierror)):
        # The event loop's own text says which call failed instead of why.
        found = OSError(found.errno, os.strerror(found.errno)) if found.errno else found
    return LinkLost(found, was_sent=was_sent, advice=advice)
