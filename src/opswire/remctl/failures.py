"""From what went wrong to the exception that users of remctl know, with the text they match on."""

import os

from opswire._core import remctl as core
from opswire.errors import (
    GSSError,
    LocalProtocolError,
    NotSupportedError,
    RemctlError,
    RemctlNotOpenedError,
    RemctlTimeoutError,
    RemctlUsageError,
    RemoteProtocolError,
)

NO_CONNECTION = "no currently open connection"
DROPPED = "no connection open"

UNKNOWN_CACHE_TYPE = 2529639052
"""KRB5_CC_UNKNOWN_TYPE as an unsigned number, the minor code for ``nonsense:name``."""

_WIRE_TEXTS = {
    core.END_OF_FILE: "error {doing}: unexpected end of file",
    core.TOKEN_INVALID: "error {doing}: invalid token format",
    core.TOKEN_TOO_LARGE: "error {doing}: token too larger",  # as the C library spells it
    core.TOKEN_UNEXPECTED: "unexpected token from server",
    core.MESSAGE_MALFORMED: "malformed result token from server",
    core.VERSION_UNEXPECTED: "unexpected protocol {found} from server",
    core.TYPE_UNKNOWN: "unknown message type {found} from server",
    core.TYPE_UNEXPECTED: "unexpected message type {found} from server",
    core.STREAM_UNEXPECTED: "unexpected stream {found} from server",
    core.FLAGS_REFUSED: "server did not negotiate acceptable GSS-API flags",
    core.SECURITY_REFUSED: "GSS-API error {doing}: {cause}",
}


def on_the_wire(doing: str, error: Exception) -> RemctlError:
    """Translate what a driver raised while it was, say, "receiving token"."""
    if isinstance(error, RemctlError):
        return error
    if isinstance(error, RemoteProtocolError):
        text = _WIRE_TEXTS.get(error.status, str(error))
        cause = error.__cause__ or error
        return RemctlError(text.format(doing=doing, found=error.found, cause=cause))
    if isinstance(error, TimeoutError):
        return RemctlTimeoutError(f"error {doing}: timed out")
    if isinstance(error, GSSError):
        return RemctlError(f"GSS-API error {doing}: {error}")
    if isinstance(error, OSError):
        return RemctlError(f"error {doing}: {error.strerror or error}")
    if isinstance(error, LocalProtocolError):
        return RemctlUsageError(str(error))
    return RemctlError(f"error {doing}: {error}")


def unknown_host(host: str, error: OSError) -> RemctlError:
    """Translate a failed name lookup."""
    text = f"unknown host {host}: {error.strerror or error}"
    return RemctlTimeoutError(text) if isinstance(error, TimeoutError) else RemctlError(text)


def cannot_connect(host: str, port: int, error: OSError) -> RemctlError:
    """Translate a failed connect()."""
    reason = "timed out" if isinstance(error, TimeoutError) else error.strerror or str(error)
    text = f"cannot connect to {host} (port {port}): {reason}"
    return RemctlTimeoutError(text) if isinstance(error, TimeoutError) else RemctlError(text)


def no_tickets(error: GSSError | NotSupportedError) -> RemctlError:
    """Translate a named ticket cache that cannot be used."""
    if isinstance(error, NotSupportedError):
        return RemctlError(f"error opening ticket cache: {error}")
    if error.minor == UNKNOWN_CACHE_TYPE:
        return RemctlError(f"error opening ticket cache: {error}")
    return RemctlError(f"GSS-API error importing ticket cache: {error}")


def not_opened() -> RemctlNotOpenedError:
    """The object was never opened, or was closed."""
    return RemctlNotOpenedError(NO_CONNECTION)


def errno_error(number: int) -> OSError:
    """Return the OSError (or its subclass) of an errno."""
    return OSError(number, os.strerror(number))
