"""From what went wrong to the exception that users of remctl know, with the text they match on."""

import os

from opswire._core import remctl as core
from opswire.errors import (
    GSSError,
    LocalProtocolError,
    NotSupportedError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
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


def in_handshake(doing: str, error: Exception) -> RemctlError:
    """Translate the same before the security context stands.

    A peer that is silent or goes away then has seen no command; one that breaks the protocol, or
    is refused, will do so again.
    """
    failure = on_the_wire(doing, error)
    if isinstance(failure, RemctlTimeoutError):
        return RemctlConnectTimeoutError(str(failure))
    gone = isinstance(error, RemoteProtocolError) and error.status == core.END_OF_FILE
    return RemctlConnectError(str(failure)) if gone or isinstance(error, OSError) else failure


def unknown_host(host: str, error: OSError) -> RemctlConnectError:
    """Translate a failed name lookup."""
    return _connect_error(f"unknown host {host}: {_reason(error)}", error)


def cannot_connect(host: str, port: int, error: OSError) -> RemctlConnectError:
    """Translate a failed connect()."""
    return _connect_error(f"cannot connect to {host} (port {port}): {_reason(error)}", error)


def _reason(error: OSError) -> str:
    # That of asyncio has no text of its own.
    return "timed out" if isinstance(error, TimeoutError) else error.strerror or str(error)


def _connect_error(text: str, error: OSError) -> RemctlConnectError:
    if isinstance(error, TimeoutError):
        return RemctlConnectTimeoutError(text)
    return RemctlConnectError(text)


def no_tickets(error: GSSError | NotSupportedError) -> RemctlError:
    """Translate a named ticket cache that cannot be used."""
    if isinstance(error, NotSupportedError):
        return RemctlError(f"error opening ticket cache: {error}")
    if error.minor == UNKNOWN_CACHE_TYPE:
        return RemctlError(f"error opening ticket cache: {error}")
    return RemctlError(f"GSS-API error importing ticket cache: {error}")


def aborted(closer: str) -> RemctlError:
    """Somebody else closed the object while it was being opened."""
    return RemctlError(f"the connection was closed by another {closer}")


def not_opened() -> RemctlNotOpenedError:
    """The object was never opened, or was closed."""
    return RemctlNotOpenedError(NO_CONNECTION)


def still_running() -> RemctlUsageError:
    """A call out of turn."""
    return RemctlUsageError("a command is still running: read its output() up to the status first")


def no_noop() -> RemctlError:
    """The server is older than protocol 3."""
    return RemctlError("NOOP message not supported")


def refused(kind: int, octets: bytes, number: int) -> RemctlError:
    """Translate the event in place of a status: an error of the server, or its version."""
    if kind == core.ERROR:
        return RemctlError(octets.decode("utf-8", "replace"))
    return RemctlError(
        f"server refused the protocol version of the message (its highest is {number})"
    )


def errno_error(number: int) -> OSError:
    """Return the OSError (or its subclass) of an errno."""
    return OSError(number, os.strerror(number))
