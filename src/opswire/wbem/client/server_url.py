"""Where a WBEM server is: its URL as users write it, checked and in one form."""

import re
from typing import NamedTuple

__all__ = [
    "DEFAULT_PORTS",
    "DEFAULT_SCHEME",
    "Origin",
    "origin_of",
]

DEFAULT_SCHEME = "http"
DEFAULT_PORTS = {"http": 5988, "https": 5989}

_URL = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?"
    r"(?:[^/@]*(?P<user>@))?"
    r"(?:\[(?P<address>[0-9A-Fa-f:.]+)(?:(?:%25|-|%)(?P<zone>[^\]/]+))?\]|(?P<name>[^\[\]/:@?#\s]+))"
    r"(?::(?P<port>[0-9]+))?(?P<rest>/.*)?",
    re.ASCII | re.DOTALL,
)


class Origin(NamedTuple):
    """Scheme, host and port: who may see the credentials.

    ``host`` is as socket functions take it: an IPv6 address without brackets, its zone behind "%".
    """

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port, as a URL has them; the zone of an address after "-", as pywbem does."""
        if ":" not in self.host:
            return f"{self.host}:{self.port}"
        return f"[{self.host.replace('%', '-')}]:{self.port}"

    @property
    def host_field(self) -> str:
        """What the header Host says: a zone means nothing to the other side (RFC 6874, 1)."""
        host = self.host.partition("%")[0]
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its one form."""
        return f"{self.scheme}://{self.authority}"


def origin_of(url: str) -> Origin:
    """Return where a URL leads: ``[scheme://]host[:port]``, http and its port by default.

    Raises:
        TypeError: it is no text.
        ValueError: it is no such URL, has another scheme, or credentials in it.
    """
    if not isinstance(url, str):
        raise TypeError(f"url must be a text, not {type(url).__name__}")
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError(f"{_shown(url)!r} is no URL of a WBEM server: [scheme://]host[:port]")
    if found["user"]:
        raise ValueError(f"{_shown(url)!r} has credentials in it: give them as creds=")
    scheme = (found["scheme"] or DEFAULT_SCHEME).lower()
    if scheme not in DEFAULT_PORTS:
        raise ValueError(f"{url!r}: the scheme must be http or https, not {scheme}")
    port = int(found["port"]) if found["port"] else DEFAULT_PORTS[scheme]
    if not 0 < port < 65536:
        raise ValueError(f"{url!r}: the port must be 1 to 65535")
    host = found["name"] or found["address"]
    return Origin(scheme, f"{host}%{found['zone']}" if found["zone"] else host.lower(), port)


def _shown(url: str) -> str:
    """The URL without what may be a password."""
    head, mark, rest = url.rpartition("@")
    return f"...{mark}{rest}" if head else url
