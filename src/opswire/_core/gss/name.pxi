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

    cdef int check(self) except -1:
        if self.handle is NULL:
            raise LocalProtocolError("this Name was made without its constructor")
        return 0

    def __str__(self):
        self.check()
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
        self.check()
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
