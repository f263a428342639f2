"""Which proxy is on the way to a server: as the user says, or the environment."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from opswire.wbem.client.server_url import Origin

__all__ = ["Proxy", "proxy_for"]

PORTS = {"http": 80, "https": 443}


class Proxy(NamedTuple):
    """Where a proxy is, and the headers that it wants from us."""

    origin: Origin
    headers: dict[str, str]


def proxy_for(origin: Origin, given: Mapping[str, str] | None) -> Proxy | None:
    """Return the proxy on the way to an origin, or None for none.

    Args:
        origin: where to.
        given: URLs by scheme ("https", "all", "https://host") and "no_proxy"; None for what the
            environment says (https_proxy, http_proxy, all_proxy, no_proxy, in any case).

    Raises:
        ValueError: it is no URL of a proxy that can be used.
    """
    if given is None:
        from urllib.request import getproxies_environment

        given = getproxies_environment()
    host = origin.host.partition("%")[0]
    if _is_excepted(host, origin.port, given.get("no") or given.get("no_proxy") or ""):
        return None
    for name in (f"{origin.scheme}://{host}", origin.scheme, f"all://{host}", "all"):
        if given.get(name):
            return _proxy(str(given[name]))
    return None


def _proxy(url: str) -> Proxy:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"a proxy must be http:// or https://, not {parts.scheme}://")
    headers = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        headers["Proxy-Authorization"] = f"Basic {b64encode(pair).decode('ascii')}"
    place = Origin(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])
    return Proxy(place, headers)


def _is_excepted(host: str, port: int, exceptions: str) -> bool:
    """Whether NO_PROXY names a host: by "*", its name or one above, its address or a network."""
    return any(_names(word, host, port) for word in exceptions.replace(",", " ").lower().split())


def _names(word: str, host: str, port: int) -> bool:
    if word == "*":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        name, _, its_port = word.lstrip("*.").partition(":")
        is_below = host.lower() == name or host.lower().endswith(f".{name}")
        return is_below and its_port in ("", str(port))
    try:
        return address in ip_network(word.strip("[]"), strict=False)
    except ValueError:
        return word in (f"{host}:{port}", f"[{host}]:{port}")
