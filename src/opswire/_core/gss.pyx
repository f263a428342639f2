"""Kerberos names, credentials and security contexts through the installed GSS-API library.

The calls of RFC 2743 in the C shapes of RFC 2744, with the interpreter lock released around every
one that may wait.  The mechanism is Kerberos 5 (RFC 4121).  No object may be used by two threads
at once; a Context says so with ConnectionBusyError, the others are immutable.
"""

from _thread import allocate_lock

cimport cython
from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport getenv

from opswire._core._c_gss_dynload cimport (
    OPSWIRE_GSS_ACCEPT,
    OPSWIRE_GSS_CODE_MAJOR,
    OPSWIRE_GSS_CODE_MINOR,
    OPSWIRE_GSS_CONTINUE_NEEDED,
    OPSWIRE_GSS_ERROR_MASK,
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

from opswire.errors import (
    ConnectionBusyError,
    GSSError,
    LibraryMissingError,
    LocalProtocolError,
    NotSupportedError,
)


cdef extern from *:
    object PyUnicode_DecodeFSDefault(const char *)

# Held while the one named memory cache is in use.
memory_cache = allocate_lock()

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
        raise LibraryMissingError((<bytes> why).decode())
    return gss


cdef bytes octets_of(const opswire_gss *gss, opswire_gss_buffer *buffer):
    """Copy what the library allocated, and give it back."""
    cdef uint32_t minor
    try:
        return (<const char *> buffer.value)[:buffer.length]
    finally:
        gss.release_buffer(&minor, buffer)


cdef str status_text(const opswire_gss *gss, uint32_t code, int kind):
    """One code may have several sentences (RFC 2744, section 5.11)."""
    cdef opswire_gss_buffer text
    cdef uint32_t minor
    cdef uint32_t more = 0
    parts = []
    while True:
        text.length = 0
        text.value = NULL
        if gss.display_status(&minor, code, kind, &opswire_gss_krb5, &more, &text) & OPSWIRE_GSS_ERROR_MASK:
            break
        parts.append(octets_of(gss, &text).decode("utf-8", "replace"))
        if more == 0:
            break
    return ", ".join(parts) or f"error {code}"


cdef object failure(const opswire_gss *gss, uint32_t major, uint32_t minor):
    """The exception for two codes.

    The texts of minor codes belong to the thread that got the error, so this is to be called there.
    """
    text = status_text(gss, major, OPSWIRE_GSS_CODE_MAJOR)
    if minor:
        text += f", {status_text(gss, minor, OPSWIRE_GSS_CODE_MINOR)}"
    return GSSError(text, major, minor)


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
    """
    library()


def default_ccache():
    """Return the ticket cache that KRB5CCNAME names, as the library sees it; None when unset."""
    cdef const char *name = getenv("KRB5CCNAME")
    return None if name is NULL else PyUnicode_DecodeFSDefault(name)


@cython.final
cdef class Name:
    """A principal or service name (RFC 2743, section 4).

    Args:
        text: ``service@host`` or a Kerberos principal, as ``kind`` says.
        kind: ``"hostbased"`` for service@host, which Kerberos canonicalises and maps to a realm,
            or ``"user"`` for a principal taken as it is (realm defaulted).

    Raises:
        GSSError: the library cannot parse the text.
        LibraryMissingError: no GSS-API library is installed.
        ValueError: ``kind`` is neither, or the text holds a NUL.
    """

    def __init__(self, str text not None, str kind not None="hostbased"):
        cdef bytes octets = text.encode("utf-8", "surrogateescape")
        cdef opswire_gss_buffer buffer
        cdef opswire_gss_oid *oid
        cdef uint32_t major
        cdef uint32_t minor = 0
        if self.handle is not NULL:
            raise LocalProtocolError("a Name cannot be initialised twice")
        if kind == "hostbased":
            oid = &opswire_gss_nt_hostbased_service
        elif kind == "user":
            oid = &opswire_gss_nt_user_name
        else:
            raise ValueError(f"kind is 'hostbased' or 'user', not {kind!r}")
        if b"\0" in octets:
            raise ValueError("a name cannot hold a NUL")
        self.gss = library()
        buffer.length = len(octets)
        buffer.value = <char *> octets
        major = self.gss.import_name(&minor, &buffer, oid, &self.handle)
        if failed(major):
            raise failure(self.gss, major, minor)

    def __dealloc__(self):
        cdef uint32_t minor
        if self.handle is not NULL:
            self.gss.release_name(&minor, &self.handle)

    def __str__(self):
        return display(self.gss, self.handle)

    def __repr__(self):
        return f"<Name {str(self)!r}>"

    def canonical(self):
        """Return the Kerberos principal that this name stands for.

        May look up DNS.  Raises GSSError.
        """
        cdef opswire_gss_name_t canonical = NULL
        cdef uint32_t major
        cdef uint32_t minor = 0
        if self.is_canonical:
            return self
        with nogil:
            major = self.gss.canonicalize_name(&minor, self.handle, &opswire_gss_krb5, &canonical)
        if failed(major):
            raise failure(self.gss, major, minor)
        return canonical_name(self.gss, canonical)


cdef Name canonical_name(const opswire_gss *gss, opswire_gss_name_t handle):
    """A name that came from Kerberos itself; the handle is its own from then on."""
    cdef Name name = Name.__new__(Name)
    name.gss = gss
    name.handle = handle
    name.is_canonical = True
    return name


@cython.final
cdef class Credential:
    """Tickets to initiate with, or keys to accept with (RFC 2743, section 1.1.1).

    The constructors are the class methods.  The secrets stay inside the library; only ``export()``
    lets them out.
    """

    def __cinit__(self):
        self.handle = NULL

    def __init__(self):
        raise TypeError("use Credential.default(), .from_ccache(), .from_keytab() or .imported()")

    def __dealloc__(self):
        cdef uint32_t minor
        if self.handle is not NULL:
            self.gss.release_cred(&minor, &self.handle)

    cdef void take(self, const opswire_gss *gss, opswire_gss_credential_t handle):
        self.gss = gss
        self.handle = handle

    @classmethod
    def default(cls, *, bint accept=False):
        """Acquire from the default credential cache (KRB5CCNAME), or the default keytab.

        Args:
            accept: keys of the keytab to accept with, instead of tickets to initiate with.

        Raises:
            GSSError: there are none, or they have expired.
            LibraryMissingError: no GSS-API library is installed.
        """
        cdef const opswire_gss *gss = library()
        return acquire(gss, NULL, OPSWIRE_GSS_ACCEPT if accept else OPSWIRE_GSS_INITIATE)

    @classmethod
    def from_ccache(cls, str name not None):
        """Acquire from a named credential cache: ``FILE:/path``, ``KCM:``, ``MEMORY:x`` …

        With a library that has no gss_acquire_cred_from, the name is set with gss_krb5_ccache_name,
        which is global to the thread or process (as that library defines it).

        Raises:
            GSSError: no such cache, no tickets in it, or of an unknown type.
            NotSupportedError: the library can do neither.
            ValueError: the name holds a NUL.
        """
        cdef const opswire_gss *gss = library()
        cdef bytes octets = c_text(name)
        cdef opswire_gss_store_entry entry
        cdef uint32_t major
        cdef uint32_t minor = 0
        if gss.acquire_cred_from is not NULL:
            entry.key = b"ccache"
            entry.value = octets
            return acquire(gss, &entry, OPSWIRE_GSS_INITIATE)
        if gss.krb5_ccache_name is NULL:
            raise NotSupportedError("this GSS-API library cannot choose a ticket cache")
        major = gss.krb5_ccache_name(&minor, octets, NULL)
        if failed(major):
            raise failure(gss, major, minor)
        return acquire(gss, NULL, OPSWIRE_GSS_INITIATE)

    @classmethod
    def from_keytab(cls, str path not None):
        """Acquire the keys of a keytab, to accept with.

        Raises:
            GSSError: the file is missing, unreadable or empty.
            NotSupportedError: the library has no gss_acquire_cred_from; set KRB5_KTNAME instead.
            ValueError: the path holds a NUL.
        """
        cdef const opswire_gss *gss = library()
        cdef bytes octets = c_text(path)
        cdef opswire_gss_store_entry entry
        if gss.acquire_cred_from is NULL:
            raise NotSupportedError("this GSS-API library cannot choose a keytab: set KRB5_KTNAME")
        entry.key = b"keytab"
        entry.value = octets
        return acquire(gss, &entry, OPSWIRE_GSS_ACCEPT)

    @classmethod
    def imported(cls, const uint8_t[::1] token not None):
        """Make a credential of what ``export()``, here or in python-gssapi, returned.

        Raises:
            GSSError: the octets are no exported credential of this library.
            NotSupportedError: the library has no gss_import_cred.
        """
        cdef const opswire_gss *gss = library()
        cdef Credential credential = Credential.__new__(Credential)
        cdef opswire_gss_buffer buffer
        cdef uint32_t major
        cdef uint32_t minor = 0
        if gss.import_cred is NULL:
            raise NotSupportedError("this GSS-API library has no gss_import_cred")
        if token.shape[0] == 0:
            raise ValueError("an exported credential is never empty")
        buffer.length = token.shape[0]
        buffer.value = <void *> &token[0]
        credential.gss = gss
        with nogil:
            major = gss.import_cred(&minor, &buffer, &credential.handle)
        if failed(major):
            raise failure(gss, major, minor)
        return credential

    def export(self):
        """Return octets that ``imported()`` takes, in this process or another one.

        They hold session keys, or name the cache that does: treat them as a password.

        Raises:
            GSSError: the library cannot export this credential.
            NotSupportedError: the library has no gss_export_cred.
        """
        cdef opswire_gss_buffer buffer
        cdef uint32_t major
        cdef uint32_t minor = 0
        if self.gss.export_cred is NULL:
            raise NotSupportedError("this GSS-API library has no gss_export_cred")
        with nogil:
            major = self.gss.export_cred(&minor, self.handle, &buffer)
        if failed(major):
            raise failure(self.gss, major, minor)
        return octets_of(self.gss, &buffer)

    def in_memory(self):
        """Return a copy of which the tickets, those of services included, are in memory.

        What the copy is used for reads no file and writes none; it is gone with the copy.

        Raises:
            GSSError: the library cannot copy this credential.
            NotSupportedError: the library lacks one of the calls that this takes.
        """
        cdef opswire_gss_store_entry entry
        cdef opswire_gss_store store
        cdef uint32_t major
        cdef uint32_t minor = 0
        if self.gss.store_cred_into is NULL:
            raise NotSupportedError("this GSS-API library has no gss_store_cred_into")
        # The library destroys a memory cache only with a credential that was imported into one, so
        # the tickets go through one cache of a fixed name, which the next copy overwrites.
        entry.key = b"ccache"
        entry.value = b"MEMORY:opswire"
        store.count = 1
        store.entries = &entry
        with memory_cache:
            with nogil:
                major = self.gss.store_cred_into(&minor, self.handle, OPSWIRE_GSS_INITIATE,
                                                 &opswire_gss_krb5, 1, 0, &store, NULL, NULL)
            if failed(major):
                raise failure(self.gss, major, minor)
            exported = acquire(self.gss, &entry, OPSWIRE_GSS_INITIATE).export()
        return Credential.imported(exported)

    @property
    def lifetime(self):
        """Seconds until the tickets expire, 0 when they have, None when they never do."""
        return seconds(self.inquire(False)[1])

    @property
    def name(self):
        """The principal, as text."""
        return self.inquire(True)[0]

    def __repr__(self):
        return f"<Credential of {self.name!r}>"

    def inquire(self, bint named):
        """Return (principal or None, lifetime) as gss_inquire_cred tells them."""
        cdef opswire_gss_name_t name = NULL
        cdef uint32_t lifetime = 0
        cdef uint32_t major
        cdef uint32_t minor = 0
        with nogil:
            major = self.gss.inquire_cred(
                &minor, self.handle, &name if named else NULL, &lifetime, NULL, NULL)
        if failed(major):
            raise failure(self.gss, major, minor)
        try:
            return (display(self.gss, name) if named else None), lifetime
        finally:
            if name is not NULL:
                self.gss.release_name(&minor, &name)


cdef bytes c_text(str text):
    cdef bytes octets = text.encode("utf-8", "surrogateescape")
    if b"\0" in octets:
        raise ValueError("the name of a file or cache cannot hold a NUL")
    return octets


cdef Credential acquire(const opswire_gss *gss, opswire_gss_store_entry *entry, int usage):
    cdef opswire_gss_credential_t handle = NULL
    cdef opswire_gss_store store
    cdef uint32_t major
    cdef uint32_t minor = 0
    cdef Credential credential
    with nogil:
        if entry is NULL:
            major = gss.acquire_cred(&minor, NULL, OPSWIRE_GSS_INDEFINITE, &opswire_gss_krb5_set,
                                     usage, &handle, NULL, NULL)
        else:
            store.count = 1
            store.entries = entry
            major = gss.acquire_cred_from(&minor, NULL, OPSWIRE_GSS_INDEFINITE,
                                          &opswire_gss_krb5_set, usage, &store, &handle, NULL, NULL)
    if failed(major):
        raise failure(gss, major, minor)
    credential = Credential.__new__(Credential)
    credential.take(gss, handle)
    return credential


@cython.final
cdef class Context:
    """A security context (RFC 2743, section 2.2): two parties who know each other and share keys.

    Made by ``initiate()`` or ``accept()``; ``step()`` until ``complete``; then ``wrap()`` and
    ``unwrap()``.  Not for two threads at once: the second gets ConnectionBusyError.  A context
    that was handed to a connection belongs to it; its own methods then raise LocalProtocolError.
    """

    def __init__(self):
        raise TypeError("use Context.initiate() or Context.accept()")

    def __dealloc__(self):
        cdef uint32_t minor
        if self.session.handle is not NULL:
            self.session.gss.delete_sec_context(&minor, &self.session.handle, NULL)

    @classmethod
    def initiate(cls, Name target not None, Credential credential=None, *,
                 uint32_t flags=DEFAULT_FLAGS):
        """Begin a context with a service.

        Args:
            target: whom to talk to.
            credential: None means the default credential cache.
            flags: what to ask for; the default is mutual authentication, replay and sequence
                detection, confidentiality and integrity.
        """
        cdef Context context = Context.__new__(Context)
        context.session.gss = library()
        context.target = target
        context.credential = credential
        context.wanted = flags
        return context

    @classmethod
    def accept(cls, Credential credential=None):
        """Await a context from an initiator; None means the default keytab."""
        cdef Context context = Context.__new__(Context)
        context.session.gss = library()
        context.credential = credential
        context.accepting = True
        return context

    cdef int enter(self) except -1:
        if self.claimed:
            raise LocalProtocolError("this context belongs to a connection")
        if self.busy:
            raise ConnectionBusyError("another thread is inside a call on this context")
        self.busy = True
        return 0

    def step(self, token=None):
        """Take the peer's token, give the one to send, or None when there is nothing to send.

        Args:
            token: the peer's octets; None for the first step of an initiator.

        Returns:
            bytes or None.  ``complete`` tells whether more tokens are expected.

        Raises:
            GSSError: no tickets, unknown service, a token that fails its checks …
            LocalProtocolError: the context is complete already.
        """
        cdef const uint8_t[::1] octets = token if token is not None else b""
        cdef opswire_gss_buffer given
        cdef opswire_gss_buffer output
        cdef opswire_gss_credential_t credential = NULL
        cdef Session *session = &self.session
        cdef uint32_t unused
        cdef bint accepting = self.accepting
        cdef opswire_gss_name_t target = NULL
        if self.done:
            raise LocalProtocolError("the context is complete")
        if accepting and token is None:
            raise LocalProtocolError("an acceptor begins with the initiator's token")
        self.enter()
        try:
            if self.target is not None:
                # The library would resolve any other name anew in every step, DNS included.
                self.target = self.target.canonical()
                target = self.target.handle
            given.length = octets.shape[0]
            given.value = <void *> &octets[0] if given.length else NULL
            output.length = 0
            output.value = NULL
            if self.credential is not None:
                credential = self.credential.handle
            with nogil:
                if accepting:
                    session.major = session.gss.accept_sec_context(
                        &session.minor, &session.handle, credential, &given, NULL, NULL, NULL,
                        &output, &self.actual, NULL, NULL)
                else:
                    session.major = session.gss.init_sec_context(
                        &session.minor, credential, &session.handle, target, &opswire_gss_krb5,
                        self.wanted, 0, NULL, &given if given.length else NULL, NULL, &output,
                        &self.actual, NULL)
            if failed(session.major):
                error = failure(session.gss, session.major, session.minor)
                if output.value is not NULL:
                    session.gss.release_buffer(&unused, &output)
                raise error
            self.done = not session.major & OPSWIRE_GSS_CONTINUE_NEEDED
            result = octets_of(session.gss, &output)
            return result if result else None
        finally:
            self.busy = False

    @property
    def complete(self):
        """Whether both sides are done with ``step()``."""
        return self.done

    @property
    def flags(self):
        """What was granted, as far as it is known; final when ``complete``."""
        return self.actual

    @property
    def lifetime(self):
        """Seconds that the context is still valid, 0 when it has expired, None without limit."""
        cdef uint32_t lifetime = 0
        self.inquire(NULL, NULL, &lifetime)
        return seconds(lifetime)

    @property
    def initiator(self):
        """The principal of the initiator, as text."""
        cdef opswire_gss_name_t name = NULL
        self.inquire(&name, NULL, NULL)
        return self.text_of(name)

    @property
    def acceptor(self):
        """The principal of the acceptor, as text."""
        cdef opswire_gss_name_t name = NULL
        self.inquire(NULL, &name, NULL)
        return self.text_of(name)

    @property
    def service(self):
        """Initiator: the principal that the acceptor has proved to be, to begin other contexts with."""
        cdef opswire_gss_name_t name = NULL
        self.inquire(NULL, &name, NULL)
        return canonical_name(self.session.gss, name)

    @property
    def peer(self):
        """The other party's principal, as text."""
        return self.initiator if self.accepting else self.acceptor

    cdef str text_of(self, opswire_gss_name_t name):
        """An anonymous party has no name."""
        return "" if name is NULL else str(canonical_name(self.session.gss, name))

    cdef int inquire(self, opswire_gss_name_t *source, opswire_gss_name_t *target,
                     uint32_t *lifetime) except -1:
        cdef uint32_t major
        cdef uint32_t minor = 0
        if not self.done:
            raise LocalProtocolError("the context is not complete")
        major = self.session.gss.inquire_context(
            &minor, self.session.handle, source, target, lifetime, NULL, NULL, NULL, NULL)
        if failed(major):
            raise failure(self.session.gss, major, minor)
        return 0

    def wrap(self, const uint8_t[::1] plain not None):
        """Encrypt and sign octets for the peer (RFC 2743, section 2.3.3).

        Raises:
            GSSError: the context has expired, or was not negotiated with confidentiality.
            LocalProtocolError: the context is not complete.
        """
        cdef opswire_gss_buffer given
        cdef opswire_gss_buffer output
        cdef Session *session = self.protecting(plain, &given)
        cdef int confidential = 0
        try:
            with nogil:
                session.major = session.gss.wrap(
                    &session.minor, session.handle, 1, 0, &given, &confidential, &output)
            if failed(session.major):
                raise failure(session.gss, session.major, session.minor)
            result = octets_of(session.gss, &output)
            if not confidential:
                raise GSSError("the context cannot encrypt", 0, 0)
            return result
        finally:
            self.busy = False

    def unwrap(self, const uint8_t[::1] token not None):
        """Check and decrypt the peer's octets (RFC 2743, section 2.3.4).

        Raises:
            GSSError: altered, repeated, out of sequence, or not encrypted.
            LocalProtocolError: the context is not complete.
        """
        cdef opswire_gss_buffer given
        cdef opswire_gss_buffer output
        cdef Session *session = self.protecting(token, &given)
        cdef int confidential = 0
        try:
            output.length = 0
            output.value = NULL
            with nogil:
                session.major = session.gss.unwrap(
                    &session.minor, session.handle, &given, &output, &confidential, NULL)
            if failed(session.major):
                raise failure(session.gss, session.major, session.minor)
            result = octets_of(session.gss, &output)
            # Supplementary codes mean duplicate, old, out of sequence or gap: never harmless here.
            if session.major != 0:
                raise failure(session.gss, session.major, session.minor)
            if not confidential:
                raise GSSError("the token is not encrypted", 0, 0)
            return result
        finally:
            self.busy = False

    def get_mic(self, const uint8_t[::1] message not None):
        """Return a signature of octets that travel elsewhere (RFC 2743, section 2.3.1)."""
        cdef opswire_gss_buffer given
        cdef opswire_gss_buffer output
        cdef Session *session = self.protecting(message, &given)
        try:
            with nogil:
                session.major = session.gss.get_mic(
                    &session.minor, session.handle, 0, &given, &output)
            if failed(session.major):
                raise failure(session.gss, session.major, session.minor)
            return octets_of(session.gss, &output)
        finally:
            self.busy = False

    def verify_mic(self, const uint8_t[::1] message not None, const uint8_t[::1] mic not None):
        """Check a signature of ``get_mic()`` (RFC 2743, section 2.3.2); GSSError when it is bad."""
        cdef opswire_gss_buffer given
        cdef opswire_gss_buffer signature
        cdef Session *session = self.protecting(message, &given)
        try:
            signature.length = mic.shape[0]
            signature.value = <void *> &mic[0] if signature.length else NULL
            with nogil:
                session.major = session.gss.verify_mic(
                    &session.minor, session.handle, &given, &signature, NULL)
            if session.major != 0:
                raise failure(session.gss, session.major, session.minor)
        finally:
            self.busy = False

    cdef Session *protecting(self, const uint8_t[::1] octets,
                             opswire_gss_buffer *given) except NULL:
        """Enter a per-message call; the caller clears busy."""
        if not self.done:
            raise LocalProtocolError("the context is not complete")
        self.enter()
        given.length = octets.shape[0]
        given.value = <void *> &octets[0] if given.length else NULL
        return &self.session
