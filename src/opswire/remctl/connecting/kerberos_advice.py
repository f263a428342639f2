"""What to do when Kerberos refuses, by the codes: the texts differ with library and language."""

from errno import ENOENT

from opswire.errors import GSSError, RemctlAuthenticationError
from opswire.remctl.connecting.credentials import Tickets

# Routine errors (RFC 2744, section 3.9.1).
_ROUTINE_ERROR = 0xFF0000
_NO_CREDENTIAL = 7 << 16
_DEFECTIVE_CREDENTIAL = 10 << 16
_CREDENTIALS_EXPIRED = 11 << 16
_CONTEXT_EXPIRED = 12 << 16

# Minor codes, the same of MIT and Heimdal: numbers of the protocol (RFC 4120, section 7.5.9), and
# from 128 on of the library, as unsigned offsets from ERROR_TABLE_BASE_krb5.
_KRB5 = -1765328384 % (1 << 32)
_SERVER_UNKNOWN = _KRB5 + 7  # KDC_ERR_S_PRINCIPAL_UNKNOWN
_TICKET_EXPIRED = _KRB5 + 32  # KRB_AP_ERR_TKT_EXPIRED
_TICKET_NOT_YET_VALID = _KRB5 + 33  # KRB_AP_ERR_TKT_NYV
_NOT_FOR_THIS_SERVER = _KRB5 + 35  # KRB_AP_ERR_NOT_US
_CLOCK_SKEW = _KRB5 + 37  # KRB_AP_ERR_SKEW
_TICKET_MODIFIED = _KRB5 + 41  # KRB_AP_ERR_MODIFIED
_KEY_VERSION_UNKNOWN = _KRB5 + 44  # KRB_AP_ERR_BADKEYVER
_KEY_UNKNOWN = _KRB5 + 45  # KRB_AP_ERR_NOKEY
_CACHE_TYPE_UNKNOWN = _KRB5 + 140  # KRB5_CC_UNKNOWN_TYPE
_NOT_IN_CACHE = _KRB5 + 141  # KRB5_CC_NOTFOUND

_ADVICE = {
    _SERVER_UNKNOWN: "check the name of the host, or its principal",
    **dict.fromkeys(
        (_NOT_FOR_THIS_SERVER, _TICKET_MODIFIED, _KEY_VERSION_UNKNOWN, _KEY_UNKNOWN),
        "the server is another principal, or has another key",
    ),
    **dict.fromkeys(
        (_CLOCK_SKEW, _TICKET_NOT_YET_VALID), "set the clocks of this host and the server"
    ),
}
_NO_TICKET_MAJORS = {_NO_CREDENTIAL, _DEFECTIVE_CREDENTIAL, _CREDENTIALS_EXPIRED}
# ENOENT is Heimdal's, for a cache file that does not exist.
_NO_TICKET_MINORS = {_TICKET_EXPIRED, _NOT_IN_CACHE, ENOENT}


def refusal(text: str, error: GSSError, tickets: Tickets) -> RemctlAuthenticationError:
    """Return what users get for a failure before the security context stands.

    Args:
        text: what happened.
        error: with the codes.
        tickets: where they should have come from.
    """
    return RemctlAuthenticationError(text, _advice(error, tickets))


def has_expired(error: GSSError) -> bool:
    """Whether an open connection has outlived its ticket."""
    return error.major & _ROUTINE_ERROR in {_CREDENTIALS_EXPIRED, _CONTEXT_EXPIRED}


def is_unknown_type(error: GSSError) -> bool:
    """Whether there is no such type of ticket cache, as in ``nonsense:name``."""
    return error.minor == _CACHE_TYPE_UNKNOWN


def _advice(error: GSSError, tickets: Tickets) -> str:
    if is_unknown_type(error):
        return f"check the name {tickets!r}" if isinstance(tickets, str) else "check KRB5CCNAME"
    if error.minor in _ADVICE:
        return _ADVICE[error.minor]
    no_ticket = error.major & _ROUTINE_ERROR in _NO_TICKET_MAJORS
    return _new_tickets(tickets) if no_ticket or error.minor in _NO_TICKET_MINORS else ""


def _new_tickets(tickets: Tickets) -> str:
    """How to come by tickets, where none are or they have expired."""
    if tickets is None:
        return "run kinit"
    if isinstance(tickets, str):
        from shlex import quote

        return f"run kinit -c {quote(tickets)}"
    return "make the credential anew, of tickets that are valid"
