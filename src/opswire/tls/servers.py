"""A server's TLS: its certificate, who may be its client, and both again when the files change."""

import logging
import os
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Literal, TypeAlias

from opswire.public_names import public_in

logger = logging.getLogger("opswire.tls")

FilePath: TypeAlias = str | os.PathLike[str]
Demand: TypeAlias = Literal["none", "optional", "required"]
MODES: dict[str, ssl.VerifyMode] = {
    "none": ssl.CERT_NONE,
    "optional": ssl.CERT_OPTIONAL,
    "required": ssl.CERT_REQUIRED,
}

LOOK_SECONDS = 1.0
"""Between two looks at the files: new certificates come every few weeks."""


@public_in("opswire.tls")
class ServerTLS:
    """The TLS of a server: TLS 1.2 or newer, and contexts made of files.

    New connections use new files as soon as they are there; open ones keep what they have.  Files
    that cannot be used, or do not belong together, change nothing: the log says so, and
    ``reload()`` raises.  May be shared by threads and by servers.

    Args:
        certificate: a PEM file of the certificate and those between it and its authority.
        key: a PEM file of its key; where it is not given, the key is in the first file.
        ca: a PEM file of the authorities of clients' certificates; nobody else's are accepted.
        client_certificate: "optional" or "required", with ``ca`` only.
        password: of an encrypted key, or what returns it.  Nobody is asked on a terminal.
        minimum: the oldest version of TLS.
        ciphers: for TLS 1.2, in OpenSSL's words.

    Raises:
        ValueError: a client certificate is demanded without ``ca``, or ``ca`` is given for nothing.
        FileNotFoundError: a file is not there; ``filename`` is its path.
        ssl.SSLError: a file holds something else, or key and certificate are no pair.
    """

    def __init__(
        self,
        certificate: FilePath,
        key: FilePath | None = None,
        *,
        ca: FilePath | None = None,
        client_certificate: Demand = "none",
        password: str | bytes | Callable[[], str | bytes] | None = None,
        minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
        ciphers: str | None = None,
    ) -> None:
        """Load the files."""
        if client_certificate not in MODES:
            raise ValueError(f"client_certificate is one of {', '.join(MODES)}")
        if client_certificate != "none" and ca is None:
            raise ValueError(
                "a client certificate is demanded without ca=: whoever says so could come in"
            )
        if ca is not None and client_certificate == "none":
            raise ValueError("ca= is for client certificates: say if they are optional or required")
        self._certificate = os.fspath(certificate)
        self._key = os.fspath(key) if key is not None else self._certificate
        self._ca = os.fspath(ca) if ca is not None else None
        self._mode = MODES[client_certificate]
        # Without one OpenSSL would ask on the terminal.
        self._password: str | bytes | Callable[[], str | bytes] = password or bytes
        self._minimum = minimum
        self._ciphers = ciphers
        self._lock = threading.Lock()
        self._seen = self._stamps()
        self._looked = monotonic()
        self._context = self._load()

    def current(self) -> ssl.SSLContext:
        """Return the context for a new connection, of new files if there are any."""
        now = monotonic()
        if now - self._looked >= LOOK_SECONDS:
            with self._lock:
                self._looked = now
                stamps = self._stamps()
                if stamps != self._seen:
                    self._seen = stamps
                    self._try()
        return self._context

    def reload(self) -> None:
        """Load the files again, changed or not.

        Raises:
            OSError: a file cannot be read.
            ssl.SSLError: a file holds something else, or key and certificate are no pair.
        """
        with self._lock:
            self._looked = monotonic()
            self._seen = self._stamps()
            error = self._try()
        if error is not None:
            raise error

    def _try(self) -> Exception | None:
        try:
            self._context = self._load()
        except (OSError, ValueError) as error:
            logger.warning(
                "%s: the certificate before stays in use, as the new one cannot be: %s",
                self._certificate,
                error,
            )
            return error
        logger.info("%s: new connections use the certificate that is there now", self._certificate)
        return None

    def _load(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = self._minimum
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.set_alpn_protocols(["http/1.1"])
        if self._ciphers is not None:
            context.set_ciphers(self._ciphers)
        for path in self._paths():
            Path(path).open("rb").close()  # the errors of ssl do not say which file
        context.load_cert_chain(self._certificate, self._key, self._password)
        if self._ca is not None:
            context.load_verify_locations(self._ca)
        context.verify_mode = self._mode
        return context

    def _paths(self) -> list[str]:
        paths = [self._certificate, self._key, self._ca]
        return list(dict.fromkeys(path for path in paths if path is not None))

    def _stamps(self) -> list[tuple[int, int, int] | None]:
        return [_stamp(path) for path in self._paths()]

    def __repr__(self) -> str:
        """Show the certificate's file."""
        return f"<ServerTLS {self._certificate}>"


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ino, state.st_size
