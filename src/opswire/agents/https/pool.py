"""TLS to an address with a certificate for a name, for programs that use urllib3.

pool = hostname_pool("example.com", ca_certs="ca.pem")
pool.request("GET", "https://192.0.2.1:8443/")
"""

import logging
from typing import Any

from opswire.extras import missing

try:
    from urllib3 import BaseHTTPResponse, HTTPHeaderDict, PoolManager, ProxyManager
    from urllib3.connectionpool import HTTPConnectionPool
    from urllib3.exceptions import LocationValueError
except ImportError as error:
    raise missing("hostname_pool", "urllib3", "agents") from error

__all__ = ["HostnamePool", "HostnameProxy", "hostname_pool"]

logger = logging.getLogger("opswire.agents")


class _Named(PoolManager):
    """What both kinds of managers add: the name, in TLS and in the Host header."""

    _hostname = ""

    def connection_from_host(
        self, host: str | None, *arguments: Any, **options: Any
    ) -> HTTPConnectionPool:
        """Refuse plain http, where no name can be checked; a redirect may lead there."""
        scheme = options.get("scheme", arguments[1] if len(arguments) > 1 else "http")
        if (scheme or "http").lower() != "https":
            logger.warning("%s: a request by %s was refused", self._hostname, scheme)
            raise LocationValueError(f"a pool for {self._hostname} speaks https only, not {scheme}")
        port = options.get("port", arguments[0] if arguments else None)
        where = host if port is None else f"{host}:{port}"
        logger.debug("asking %s as %s", where, self._hostname)
        return super().connection_from_host(host, *arguments, **options)

    def urlopen(  # type: ignore[override]  # as PoolManager's own
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> BaseHTTPResponse:
        """Send a request, with the Host header unless the caller has set one."""
        headers = HTTPHeaderDict(options.pop("headers", None) or self.headers)
        if "Host" not in headers:
            headers["Host"] = self._hostname
        return super().urlopen(method, url, redirect, headers=headers, **options)


class HostnamePool(_Named):
    """A PoolManager for one server that is reached by its address; see ``hostname_pool``."""

    def __init__(self, hostname: str, **options: Any) -> None:
        """Keep the name for the Host header."""
        self._hostname = hostname
        super().__init__(**_named(hostname, options))


class HostnameProxy(_Named, ProxyManager):
    """The same through a proxy that knows CONNECT."""

    def __init__(self, hostname: str, proxy_url: str, **options: Any) -> None:
        """Keep the name for the Host header."""
        self._hostname = hostname
        ProxyManager.__init__(self, proxy_url, **_named(hostname, options))


def _named(hostname: str, options: dict[str, Any]) -> dict[str, Any]:
    # Without cert_reqs urllib3 verifies with a context of its own making only.
    return {
        "cert_reqs": "CERT_REQUIRED",
        **options,
        "server_hostname": hostname,
        "assert_hostname": hostname,
    }


def hostname_pool(hostname: str, *, proxy_url: str | None = None, **options: Any) -> _Named:
    """Return a PoolManager that accepts only servers whose certificate is for ``hostname``.

    It is for one server, which is reached by its address: ``hostname`` is asked for (SNI), checked,
    and sent as Host header, without a port.  Other certificates, and so redirects to other servers,
    are refused, as is plain http.  ``proxy_url`` is a proxy that knows CONNECT; ``options`` are
    PoolManager's.
    """
    if proxy_url is None:
        return HostnamePool(hostname, **options)
    return HostnameProxy(hostname, proxy_url, **options)
