from libc.stdint cimport uint8_t, uint32_t

from opswire_c.gss cimport (
    opswire_gss,
    opswire_gss_buffer,
    opswire_gss_context_t,
    opswire_gss_credential_t,
    opswire_gss_name_t,
)


# What C code needs of a context; the address is good as long as its Context is.
cdef struct Session:
    const opswire_gss *gss
    opswire_gss_context_t handle
    uint32_t major
    uint32_t minor
    bint readable   # the last token was whole and in its place, but not encrypted


cdef class Name:
    cdef const opswire_gss *gss
    cdef opswire_gss_name_t handle
    cdef bint is_canonical
    cdef int check(self) except -1


cdef class Credential:
    cdef const opswire_gss *gss
    cdef opswire_gss_credential_t handle
    cdef void take(self, const opswire_gss *gss, opswire_gss_credential_t handle)
    cdef int check(self) except -1


cdef class Context:
    cdef Session session
    cdef Name target
    cdef Credential credential
    cdef uint32_t wanted
    cdef uint32_t actual
    cdef bint accepting
    cdef bint done
    cdef bint busy
    # Set by a connection that wraps with this context from C: nobody else may then.
    cdef bint claimed
    cdef int enter(self) except -1
    cdef str text_of(self, opswire_gss_name_t name)
    cdef int inquire(self, opswire_gss_name_t *source, opswire_gss_name_t *target,
                     uint32_t *lifetime) except -1
    cdef Session *protecting(self, const uint8_t[::1] octets,
                             opswire_gss_buffer *given) except NULL


cdef bint seal(Session *session, opswire_gss_buffer *plain,
               opswire_gss_buffer *token) noexcept nogil
cdef bint unseal(Session *session, opswire_gss_buffer *token,
                 opswire_gss_buffer *plain) noexcept nogil
cdef object refusal(Session *session)
