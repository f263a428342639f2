"""A certificate authority of the tests' own, made with openssl."""

import ssl
import subprocess
from pathlib import Path

EXTENSIONS = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:{name}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


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

    def server_context(self, name: str) -> ssl.SSLContext:
        """Return the context of a server whose certificate is for `name` alone."""
        key, request, certificate, extensions = (
            self.folder / f"{name}{suffix}"
            for suffix in ("-key.pem", ".csr", ".pem", ".extensions")
        )
        extensions.write_text(EXTENSIONS.format(name=name))
        self._openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", key, "-out", request, "-subj", f"/CN={name}"),
        )
        self._openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key),
            *("-CAcreateserial", "-out", certificate, "-days", "2", "-extfile", extensions),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def _openssl(self, *words: str | Path) -> None:
        subprocess.run(
            ["openssl", *words], check=True, capture_output=True, text=True, cwd=self.folder
        )
