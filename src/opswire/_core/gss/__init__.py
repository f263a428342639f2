"""Kerberos names, credentials and security contexts through the installed GSS-API library."""

from opswire._core.gss.binding import (
    CONFIDENTIALITY,
    DEFAULT_FLAGS,
    INTEGRITY,
    MUTUAL,
    REPLAY,
    SEQUENCE,
    Context,
    Credential,
    Name,
    default_ccache,
    load,
)

__all__ = [
    "CONFIDENTIALITY",
    "DEFAULT_FLAGS",
    "INTEGRITY",
    "MUTUAL",
    "REPLAY",
    "SEQUENCE",
    "Context",
    "Credential",
    "Name",
    "default_ccache",
    "load",
]
