cdef str BUSY = ("another thread is inside a call on this context, "
                 "or on the connection that it belongs to")


@cython.final
cdef class Context:
    """A security context (RFC 2743, section 2.2): two parties who know each other and share keys.

    Made by ``initiate()`` or ``accept()``; ``step()`` until ``complete``; then ``wrap()`` and
    ``unwrap()``.  Not for two threads at once: the second gets ConnectionBusyError.  A context
    that was handed to a connection belongs to it: its own methods then raise LocalProtocolError,
    and while the connection is in a call, ConnectionBusyError comes from what asks the library
    (``lifetime``, ``initiator``, ``acceptor``, ``service``, ``peer``).
    """

    def __init__(self):
        raise TypeError("use Context.initiate() or Context.accept()")

    def __dealloc__(self):
        cdef uint32_t minor
        if self.session.handle is not NULL:
            self.session.gss.delete_sec_context(&minor, &self.session.handle, NULL)

    @classmethod
    @cython.binding(True)  # only so does help() show what a name of C stands for
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
        if self.session.gss is NULL:
            raise LocalProtocolError("this Context was made without its constructors")
        if self.claimed:
            raise LocalProtocolError("this context belongs to a connection")
        if self.busy:
            raise ConnectionBusyError(BUSY)
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
        if self.busy:
            raise ConnectionBusyError(BUSY)
        major = self.session.gss.inquire_context(
            &minor, self.session.handle, source, target, lifetime, NULL, NULL, NULL, NULL)
        # This is all that MIT's library says of a context that has expired: its lifetime, no names.
        if failed(major) and (lifetime is NULL or major != OPSWIRE_GSS_CONTEXT_EXPIRED):
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
        cdef bint done
        try:
            with nogil:
                done = seal(session, &given, &output)
            if not done:
                raise refusal(session)
            return octets_of(session.gss, &output)
        finally:
            self.busy = False

    def unwrap(self, const uint8_t[::1] token not None):
        """Check and decrypt the peer's octets (RFC 2743, section 2.3.4).

        Raises:
            GSSError: altered, not encrypted, repeated or out of sequence (the latter two with a
                context that has these flags).
            LocalProtocolError: the context is not complete.
        """
        cdef opswire_gss_buffer given
        cdef opswire_gss_buffer output
        cdef Session *session = self.protecting(token, &given)
        cdef bint done
        try:
            with nogil:
                done = unseal(session, &given, &output)
            if not done:
                raise refusal(session)
            return octets_of(session.gss, &output)
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
