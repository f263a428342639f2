"""The TLS of a client: whom it trusts, what it shows, and the oldest version that it speaks."""

import ssl
import warnings
from collections.abc import Mapping
from os import path

__all__ = ["advice", "client_context"]


def client_context(
    *,
    ca_certs: str | None,
    x509: Mapping[str, str | None] | None,
    verify: bool,
    minimum: ssl.TLSVersion | str | None,
    ciphers: str | None,
) -> ssl.SSLContext:
    """Return a context as the settings of the client say.

    Args:
        ca_certs: a file or a folder of certificates that are trusted; None for the system's.
        x509: ``cert_file`` and ``key_file``, or None.
        verify: whether the server's certificate and name are checked.
        minimum: the oldest version, as ssl.TLSVersion or its name; None for TLS 1.2. Below that,
            the ciphers that old servers need are allowed too, unless ``ciphers`` are given.
        ciphers: as OpenSSL writes them.

    Raises:
        ValueError: there is no such version, no such ciphers; a file is no certificate or key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif ca_certs is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    elif path.isdir(ca_certs):
        context.load_verify_locations(capath=ca_certs)
    else:
        try:
            context.load_verify_locations(cafile=ca_certs)
        except ssl.SSLError as error:
            raise ValueError(f"ca_certs: {ca_certs} has no certificate") from error
    oldest = _version(minimum)
    if oldest < ssl.TLSVersion.TLSv1_2:
        with warnings.catch_warnings():
            # The user has asked for it by name.
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = oldest
        ciphers = ciphers or "DEFAULT:@SECLEVEL=0"
    else:
        context.minimum_version = oldest
    if ciphers is not None:
        try:
            context.set_ciphers(ciphers)
        except ssl.SSLError as error:
            raise ValueError(f"ciphers: OpenSSL knows none of {ciphers!r}") from error
    if x509 is not None and x509["cert_file"] is not None:
        try:
            context.load_cert_chain(x509["cert_file"], x509.get("key_file"))
        except ssl.SSLError as error:
            files = " and ".join(str(each) for each in x509.values() if each is not None)
            raise ValueError(f"x509: {files} have no certificate with its key") from error
    return context


def _version(minimum: ssl.TLSVersion | str | None) -> ssl.TLSVersion:
    if minimum is None:
        return ssl.TLSVersion.TLSv1_2
    if isinstance(minimum, str):
        name = minimum.replace(" ", "").replace(".", "_")
        try:
            return ssl.TLSVersion["TLSv1" if name == "TLSv1_0" else name]
        except KeyError:
            names = ", ".join(each.name for each in ssl.TLSVersion if each.name.startswith("TLS"))
            raise ValueError(f"tls_minimum: {minimum!r} is none of {names}") from None
    if not isinstance(minimum, ssl.TLSVersion):
        raise TypeError("tls_minimum must be a ssl.TLSVersion or its name")
    return minimum


# OpenSSL's words for a version that one of the two sides does not speak.
_OLD = (
    "UNSUPPORTED_PROTOCOL",
    "WRONG_SSL_VERSION",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "WRONG_VERSION_NUMBER",
    "NO_PROTOCOLS_AVAILABLE",
    "INTERNAL_ERROR",
)
_WEAK = ("DH_KEY_TOO_SMALL", "EE_KEY_TOO_SMALL", "CA_MD_TOO_WEAK", "HANDSHAKE_FAILURE")


def advice(error: ssl.SSLError) -> str:
    """Return what to do about a failed handshake; "" where nothing is known."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "ca_certs= names who is trusted; no_verification=True trusts anybody"
    reason = error.reason or ""
    if "WRONG_VERSION_NUMBER" in reason:
        return "is it a http:// URL? a server with an old TLS needs tls_minimum='TLSv1'"
    if any(word in reason for word in _OLD):
        return "the server may have no TLS of today: tls_minimum='TLSv1' allows an old one"
    if any(word in reason for word in _WEAK):
        return "the server may want old ciphers: ciphers='DEFAULT:@SECLEVEL=0' allows them"
    return ""
