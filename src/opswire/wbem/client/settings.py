"""What a user of the client says of a server and of the way to it."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from opswire.wbem.client.server_url import origin_of

if TYPE_CHECKING:
    import ssl

__all__ = ["DEFAULT_NAMESPACE", "DEFAULT_TIMEOUT", "Settings", "namespace_name"]

DEFAULT_NAMESPACE = "root/cimv2"
DEFAULT_TIMEOUT = 30


def namespace_name(namespace: str) -> str:
    """Return a namespace's name without slashes around it.

    Raises:
        TypeError: it is no text.
    """
    if not isinstance(namespace, str):
        raise TypeError(f"a namespace must be a text, not {type(namespace).__name__}")
    return namespace.strip("/")


class Settings:
    """Checked once; what is given here counts more than any environment variable.

    Raises:
        FileNotFoundError: a certificate, key or CA file, or CA folder, is not there.
        TypeError, ValueError: something is not what it must be.
    """

    def __init__(
        self,
        url: str,
        creds: tuple[str, str] | None,
        *,
        x509: Mapping[str, str | None] | None,
        ca_certs: str | None,
        no_verification: bool,
        timeout: float | None,
        proxies: Mapping[str, str] | None,
        ssl_context: "ssl.SSLContext | None",
        tls_minimum: "ssl.TLSVersion | str | None",
        ciphers: str | None,
    ) -> None:
        """Check and keep them."""
        self.origin = origin_of(url)
        self.creds = _credentials(creds)
        self.x509 = _certificate(x509)
        self.ca_certs = _path(ca_certs, "ca_certs")
        self.no_verification = bool(no_verification)
        self.timeout = timeout_of(timeout)
        self.proxies = None if proxies is None else dict(proxies)
        self.ssl_context = ssl_context
        self.tls_minimum = tls_minimum
        self.ciphers = ciphers
        if ssl_context is not None:
            others = {
                "x509": x509,
                "ca_certs": ca_certs,
                "no_verification": no_verification or None,
                "tls_minimum": tls_minimum,
                "ciphers": ciphers,
            }
            also = [name for name, value in others.items() if value is not None]
            if also:
                raise ValueError(f"ssl_context= says all of TLS: {' and '.join(also)} cannot too")
        if self.origin.scheme == "https":
            self._find_files()

    def _find_files(self) -> None:
        for path in (*(self.x509 or {}).values(), self.ca_certs):
            if path is not None and not os.path.exists(path):
                raise FileNotFoundError(2, os.strerror(2), path)


def timeout_of(timeout: float | None) -> float | None:
    """Return a timeout in seconds as it was given, checked; None for none.

    Raises:
        TypeError: it is no number.
        ValueError: it is negative, or not finite.
    """
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout must be a number of seconds, not {type(timeout).__name__}")
    if not 0 <= timeout < float("inf"):
        raise ValueError(f"timeout must be 0 or more, not {timeout}")
    return timeout


def _credentials(creds: tuple[str, str] | None) -> tuple[str, str] | None:
    if creds is None:
        return None
    if not isinstance(creds, (tuple, list)) or len(creds) != 2:
        raise TypeError("creds must be a pair of user name and password")
    user, password = creds
    if not isinstance(user, str) or not isinstance(password, str):
        raise TypeError("creds must be a pair of texts")
    if ":" in user:  # it ends the name (RFC 7617, 2)
        raise ValueError("a user name cannot contain a colon")
    return user, password


def _certificate(x509: Mapping[str, str | None] | None) -> dict[str, str | None] | None:
    if x509 is None:
        return None
    if not isinstance(x509, Mapping):
        raise TypeError(f"x509 must be a mapping, not {type(x509).__name__}")
    others = set(x509) - {"cert_file", "key_file"}
    if others or x509.get("cert_file") is None:
        raise ValueError("x509 must have the items cert_file and, perhaps, key_file")
    return {name: _path(path, f"x509[{name!r}]") for name, path in x509.items()}


def _path(path: str | None, what: str) -> str | None:
    if path is None or isinstance(path, str):
        return path
    if isinstance(path, os.PathLike):
        return os.fspath(path)
    raise TypeError(f"{what} must be a path, not {type(path).__name__}")
