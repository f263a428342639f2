"""From what went wrong to the exception that users of remctl know, with the text they match on."""

import errno
import os
import socket
from typing import TypeVar

from opswire import calls
from opswire._core import remctl as core
from opswire.errors import (
    GSSError,
    LocalProtocolError,
    NotSupportedError,
    OpswireError,
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlNotOpenedError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlTimeoutError,
    RemctlUsageError,
    RemoteProtocolError,
    StuckCallsError,
)
from opswire.remctl.connecting.credentials import Tickets
from opswire.remctl.connecting.kerberos_advice import has_expired, is_unknown_type, refusal

NO_CONNECTION = "no currently open connection"

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


Failure = TypeVar("Failure", bound=RemctlError)


def because(failure: Failure, cause: BaseException) -> Failure:
    """Return the failure with its cause; only what happened, not the frames that it came through.

    A report may keep it, and these hold connections, tickets and output.
    """
    failure.__cause__ = cause
    below: BaseException | None = cause
    while below is not None and below.__traceback__ is not None:
        below.__traceback__ = None
        below = below.__cause__
    return failure


def on_the_wire(doing: str, error: Exception) -> RemctlError:
    """Translate what a driver raised while it was, say, "receiving token"."""
    return error if isinstance(error, RemctlError) else because(_translated(doing, error), error)


def _translated(doing: str, error: Exception) -> RemctlError:
    if isinstance(error, RemoteProtocolError):
        text = _WIRE_TEXTS.get(error.status, str(error))
        cause = error.__cause__ or error
        if isinstance(cause, GSSError) and has_expired(cause):
            return _expired(f"GSS-API error {doing}: {cause}")
        return RemctlProtocolError(text.format(doing=doing, found=error.found, cause=cause))
    if isinstance(error, TimeoutError):
        return RemctlTimeoutError(f"error {doing}: timed out")
    if isinstance(error, GSSError):
        text = f"GSS-API error {doing}: {error}"
        return _expired(text) if has_expired(error) else RemctlProtocolError(text)
    if isinstance(error, OSError):
        return RemctlProtocolError(f"error {doing}: {error.strerror or error}")
    if isinstance(error, LocalProtocolError):
        return RemctlUsageError(str(error))
    return RemctlProtocolError(f"error {doing}: {error}")


def _expired(text: str) -> RemctlAuthenticationError:
    return RemctlAuthenticationError(text, "run kinit, and connect again")


def in_handshake(doing: str, error: Exception) -> RemctlError:
    """Translate the same before the security context stands.

    A peer that is silent or goes away then has seen no command; one that breaks the protocol, or
    is refused, will do so again.
    """
    failure = on_the_wire(doing, error)
    if failure is error:
        return failure
    if isinstance(error, TimeoutError):
        return because(RemctlConnectTimeoutError(str(failure)), error)
    gone = isinstance(error, RemoteProtocolError) and error.status == core.END_OF_FILE
    if gone or isinstance(error, OSError):
        return because(RemctlConnectError(str(failure)), error)
    return failure


def unknown_host(host: str, error: OSError) -> RemctlConnectError:
    """Translate a failed name lookup."""
    hint = " (host and port are two arguments)" if ":" in host else ""
    return _connect_error(f"unknown host {host}: {_reason(error)}{hint}", error)


def lookup_error(error: UnicodeError) -> OSError:
    """Return the error behind one of another kind that getaddrinfo() of Python raised."""
    if isinstance(error, UnicodeDecodeError):
        # The reason, in the encoding of the locale, which older versions of Python take for UTF-8.
        # Which of the numbers it stands for is lost.
        from locale import getencoding

        reason = error.object.decode(getencoding(), "replace")
        return socket.gaierror(socket.EAI_FAIL, reason)
    return OSError(errno.EINVAL, f"not a host name ({error})")


def cannot_connect(host: str, port: int, error: OSError) -> RemctlConnectError:
    """Translate a failed connect()."""
    return _connect_error(f"cannot connect to {host} (port {port}): {_reason(error)}", error)


def _reason(error: OSError) -> str:
    # That of asyncio has no text of its own.
    return "timed out" if isinstance(error, TimeoutError) else error.strerror or str(error)


def _connect_error(text: str, error: OSError) -> RemctlConnectError:
    kind = RemctlConnectTimeoutError if isinstance(error, TimeoutError) else RemctlConnectError
    return because(kind(text), error)


def not_authenticated(doing: str, error: GSSError, tickets: Tickets) -> RemctlError:
    """Translate what Kerberos refused while it was, say, "initializing context"."""
    return because(refusal(f"GSS-API error {doing}: {error}", error, tickets), error)


def no_tickets(error: GSSError | NotSupportedError, tickets: Tickets) -> RemctlError:
    """Translate a ticket cache that was named and cannot be used."""
    if isinstance(error, NotSupportedError):
        return because(RemctlAuthenticationError(f"error opening ticket cache: {error}"), error)
    if is_unknown_type(error):
        text = f"error opening ticket cache: {error}"
        return because(refusal(text, error, tickets), error)
    return not_authenticated("importing ticket cache", error, tickets)


def aborted(closer: str) -> RemctlError:
    """Somebody else closed the object while it was being opened."""
    return RemctlError(f"the connection was closed by another {closer}")


def closed_meanwhile(error: OSError | OpswireError) -> RemctlNotOpenedError:
    """The object was closed during a call, which ended with an error."""
    return because(RemctlNotOpenedError(str(error)), error)


def not_opened() -> RemctlNotOpenedError:
    """The object was never opened, or was closed."""
    return RemctlNotOpenedError(NO_CONNECTION)


def dropped() -> RemctlError:
    """The connection has failed, and no command was sent since."""
    return RemctlError("no connection open")


def still_running() -> RemctlUsageError:
    """A call out of turn."""
    return RemctlUsageError("a command is still running: read its output() up to the status first")


def busy(closer: str) -> RemctlUsageError:
    """Another caller waits inside."""
    return RemctlUsageError(f"another {closer} is inside a call on this connection")


def no_noop() -> RemctlError:
    """The server is older than protocol 3."""
    return RemctlProtocolError("NOOP message not supported")


def refused(kind: int, octets: bytes, number: int) -> RemctlError:
    """Translate the event in place of a status: an error of the server, or its version."""
    if kind == core.ERROR:
        return RemctlRefusedError(octets.decode("utf-8", "replace"), number)
    return RemctlProtocolError(
        f"server refused the protocol version of the message (its highest is {number})"
    )


def stuck_lookups(error: StuckCallsError) -> RemctlError:
    """So many threads already wait for DNS or a KDC that no further one is begun."""
    return because(
        RemctlError(
            f"{calls.MAX_THREADS} name lookups or Kerberos requests are stuck already: "
            "check the DNS servers and KDCs of this host"
        ),
        error,
    )


def errno_error(number: int) -> OSError:
    """Return the OSError (or its subclass) of an errno."""
    return OSError(number, os.strerror(number))
