"""A certificate authority of the tests' own, made with openssl."""

import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

EXTENSIONS = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:{names}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Pair(NamedTuple):
    """Two PEM files."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder: Path) -> None:
        """Make its key and its own certificate."""
        self.folder = folder
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca-key.pem"
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", self._key, "-out", self.certificate, "-days", "2"),
            *("-subj", "/CN=authority of the tests", "-addext", "keyUsage=critical,keyCertSign"),
        )

    def pair(self, name: str, *alternatives: str) -> Pair:
        """Return the certificate and key of somebody with this name, a server or a client.

        Args:
            name: the common name, and where there are no others the only name of a server.
            alternatives: the names of the server.
        """
        pair = Pair(self.folder / f"{name}.pem", self.folder / f"{name}-key.pem")
        if pair.certificate.exists():
            return pair
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.extensions"
        names = ",DNS:".join(alternatives or (name,))
        extensions.write_text(EXTENSIONS.format(names=names))
        self._openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", pair.key, "-out", request, "-subj", f"/CN={name}"),
        )
        self._openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key),
            *("-CAcreateserial", "-out", pair.certificate, "-days", "2", "-extfile", extensions),
        )
        return pair

    def encrypted(self, pair: Pair, key: Path, password: str) -> Pair:
        """Return the same pair with its key in another file, encrypted."""
        self._openssl(
            *("pkey", "-in", pair.key, "-out", key, "-aes256", "-passout", f"pass:{password}")
        )
        return Pair(pair.certificate, key)

    def server_context(self, name: str) -> ssl.SSLContext:
        """Return the context of a server whose certificate is for `name` alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.pair(name))
        return context

    def _openssl(self, *words: str | Path) -> None:
        subprocess.run(
            ["openssl", *words], check=True, capture_output=True, text=True, cwd=self.folder
        )
