"""Kerberos names, credentials and security contexts through the installed GSS-API library.

The calls of RFC 2743 in the C shapes of RFC 2744, with the interpreter lock released around every
one that may wait.  The mechanism is Kerberos 5 (RFC 4121).  No object may be used by two threads
at once; a Context says so with ConnectionBusyError, the others are immutable.
"""

cimport cython
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport getenv
from libc.string cimport strerror

from opswire_c.gss cimport (
    OPSWIRE_GSS_ACCEPT,
    OPSWIRE_GSS_CODE_MAJOR,
    OPSWIRE_GSS_CODE_MINOR,
    OPSWIRE_GSS_CONTINUE_NEEDED,
    OPSWIRE_GSS_ERROR_MASK,
    OPSWIRE_GSS_CONTEXT_EXPIRED,
    OPSWIRE_GSS_FAILURE,
    OPSWIRE_GSS_INDEFINITE,
    OPSWIRE_GSS_INITIATE,
    opswire_gss_buffer,
    opswire_gss_krb5,
    opswire_gss_krb5_set,
    opswire_gss_load,
    opswire_gss_nt_hostbased_service,
    opswire_gss_nt_user_name,
    opswire_gss_oid,
    opswire_gss_store,
    opswire_gss_store_entry,
)


from opswire._core.publication cimport publish

from opswire.errors import (
    ConnectionBusyError,
    GSSError,
    LibraryMissingError,
    LocalProtocolError,
    NotSupportedError,
)


cdef extern from *:
    object PyUnicode_DecodeFSDefault(const char *)
    object PyUnicode_DecodeLocale(const char *, const char *)

# How many caches tickets have passed through on their way into memory: each has a name of its own.
cdef uint64_t passages = 0

# Context flags (RFC 2744, section 5.19).
MUTUAL = 0x02
REPLAY = 0x04
SEQUENCE = 0x08
CONFIDENTIALITY = 0x10
INTEGRITY = 0x20
DEFAULT_FLAGS = MUTUAL | REPLAY | SEQUENCE | CONFIDENTIALITY | INTEGRITY


cdef const opswire_gss *library() except NULL:
    cdef const char *why = NULL
    cdef const opswire_gss *gss = opswire_gss_load(&why)
    if gss is NULL:
        if why is NULL:
            raise MemoryError("out of memory")
        raise LibraryMissingError((<bytes> why).decode())
    return gss


cdef bytes octets_of(const opswire_gss *gss, opswire_gss_buffer *buffer):
    """Copy what the library allocated, and give it back."""
    cdef uint32_t minor
    try:
        return (<const char *> buffer.value)[:buffer.length]
    finally:
        gss.release_buffer(&minor, buffer)


cdef str sentence(bytes octets):
    """Text of the library, which translates into the locale and quotes names as they are."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        # Hardly any text in another encoding is valid UTF-8.  What the locale's cannot be either
        # becomes U+FFFD: a lone surrogate in a message could not be printed.
        text = PyUnicode_DecodeLocale(octets, "surrogateescape")
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


cdef list sentences(const opswire_gss *gss, uint32_t code, int kind):
    """What the library says of a code, in octets; it may be several (RFC 2744, section 5.11)."""
    cdef opswire_gss_buffer text
    cdef uint32_t minor
    cdef uint32_t more = 0
    found = []
    while True:
        text.length = 0
        text.value = NULL
        if gss.display_status(&minor, code, kind, &opswire_gss_krb5, &more, &text) & OPSWIRE_GSS_ERROR_MASK:
            break
        found.append(octets_of(gss, &text))
        if more == 0:
            break
    return found or [b"error %d" % code]


cdef object failure(const opswire_gss *gss, uint32_t major, uint32_t minor):
    """The exception for two codes.  No enum opswire_status, so it is not foundation's to translate.

    The texts of minor codes belong to the thread that got the error, so this is to be called there.
    """
    told = sentences(gss, major, OPSWIRE_GSS_CODE_MAJOR)
    if minor:
        more = sentences(gss, minor, OPSWIRE_GSS_CODE_MINOR)
        # MIT numbers the codes of its mechanisms anew, 0 too: of that one it says "Success".
        if more == [<bytes> strerror(0)]:
            minor = 0
        else:
            told += more
    return GSSError(", ".join([sentence(octets).strip().removesuffix(".") for octets in told]), major, minor)


# ---- message protection, for Context and for the C of remctl alike ----

cdef bint is_sealed(Session *session, int encrypted, opswire_gss_buffer *made) noexcept nogil:
    """Whether a token is what it has to be; it is gone if not, and ``refusal()`` says why.

    The only judge of confidentiality.  Supplementary codes mean duplicate, old, out of sequence or
    gap: never harmless here.
    """
    cdef uint32_t unused
    session.readable = session.major == 0 and encrypted == 0
    if session.major == 0 and encrypted != 0:
        return True
    if made.value is not NULL:
        session.gss.release_buffer(&unused, made)
    return False


cdef bint seal(Session *session, opswire_gss_buffer *plain,
               opswire_gss_buffer *token) noexcept nogil:
    """Encrypt and sign; the token is the caller's to release, and there is none without success."""
    cdef int encrypted = 0
    token.length = 0
    token.value = NULL
    session.major = session.gss.wrap(
        &session.minor, session.handle, 1, 0, plain, &encrypted, token)
    return is_sealed(session, encrypted, token)


cdef bint unseal(Session *session, opswire_gss_buffer *token,
                 opswire_gss_buffer *plain) noexcept nogil:
    """Check and decrypt; what was found is the caller's, as in ``seal()``."""
    cdef int encrypted = 0
    plain.length = 0
    plain.value = NULL
    session.major = session.gss.unwrap(
        &session.minor, session.handle, token, plain, &encrypted, NULL)
    return is_sealed(session, encrypted, plain)


cdef object refusal(Session *session):
    """The exception for a token that was refused; to be called where ``failure()`` is."""
    if session.readable:
        return GSSError("the token is not encrypted", 0, 0)
    return failure(session.gss, session.major, session.minor)


cdef bint failed(uint32_t major):
    return (major & OPSWIRE_GSS_ERROR_MASK) != 0


cdef str display(const opswire_gss *gss, opswire_gss_name_t name):
    cdef opswire_gss_buffer text
    cdef uint32_t minor = 0
    cdef uint32_t major = gss.display_name(&minor, name, &text, NULL)
    if failed(major):
        raise failure(gss, major, minor)
    return octets_of(gss, &text).decode("utf-8", "surrogateescape")


cdef object seconds(uint32_t lifetime):
    return None if lifetime == OPSWIRE_GSS_INDEFINITE else lifetime


def load():
    """Find the GSS-API library now.

    Every use does so by itself; this is for programs that want to know at their start.

    Raises:
        LibraryMissingError: no library, or one without the calls of RFC 2744.
        MemoryError: too little to load it with.
    """
    library()


def default_ccache():
    """Return the ticket cache that KRB5CCNAME names, as the library sees it; None when unset."""
    cdef const char *name = getenv("KRB5CCNAME")
    return None if name is NULL else PyUnicode_DecodeFSDefault(name)


include "name.pxi"
include "credential.pxi"
include "context.pxi"


publish(Name, "opswire._core.gss", '(text, kind="hostbased")')
publish(Credential, "opswire._core.gss", "(*args, **kwargs)")
publish(Context, "opswire._core.gss", "(*args, **kwargs)")
for _each in (load, default_ccache):
    _each.__module__ = "opswire._core.gss"
del _each
