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

    cdef int check(self) except -1:
        if self.gss is NULL:
            raise LocalProtocolError("this Credential was made without its constructors")
        return 0

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
        self.check()
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
        global passages
        cdef bytes name
        cdef opswire_gss_store_entry entry
        cdef opswire_gss_store store
        cdef uint32_t major
        cdef uint32_t minor = 0
        self.check()
        if self.gss.store_cred_into is NULL or self.gss.krb5_cc_destroy is NULL:
            raise NotSupportedError("this GSS-API library cannot copy a credential into memory")
        passages += 1
        name = b"MEMORY:opswire-%d" % passages
        # A memory cache goes with a credential only if importing it has made the cache, so the
        # tickets pass through another one, which is destroyed here.
        entry.key = b"ccache"
        entry.value = name
        store.count = 1
        store.entries = &entry
        try:
            with nogil:
                major = self.gss.store_cred_into(&minor, self.handle, OPSWIRE_GSS_INITIATE,
                                                 &opswire_gss_krb5, 1, 0, &store, NULL, NULL)
            if failed(major):
                raise failure(self.gss, major, minor)
            exported = acquire(self.gss, &entry, OPSWIRE_GSS_INITIATE).export()
        finally:
            destroy_cache(self.gss, name)
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
        self.check()
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


cdef int destroy_cache(const opswire_gss *gss, const char *name) except -1:
    """Destroy a ticket cache; one that does not exist is no failure in memory."""
    cdef void *context = NULL
    cdef void *cache = NULL
    cdef int32_t problem
    with nogil:
        problem = gss.krb5_init_context(&context)
        if problem == 0:
            problem = gss.krb5_cc_resolve(context, name, &cache)
            if problem == 0:
                problem = gss.krb5_cc_destroy(context, cache)
            gss.krb5_free_context(context)
    if problem != 0:
        raise failure(gss, OPSWIRE_GSS_FAILURE, <uint32_t> problem)
    return 0


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
