from libc.stdint cimport int32_t, uint32_t


cdef extern from "opswire/gss_dynload.h" nogil:
    struct opswire_gss_name:
        pass
    struct opswire_gss_credential:
        pass
    struct opswire_gss_context:
        pass
    ctypedef opswire_gss_name *opswire_gss_name_t
    ctypedef opswire_gss_credential *opswire_gss_credential_t
    ctypedef opswire_gss_context *opswire_gss_context_t

    struct opswire_gss_buffer:
        size_t length
        void *value

    struct opswire_gss_oid:
        pass

    struct opswire_gss_oid_set:
        pass

    struct opswire_gss_store_entry:
        const char *key
        const char *value

    struct opswire_gss_store:
        uint32_t count
        opswire_gss_store_entry *entries

    enum:
        OPSWIRE_GSS_COMPLETE
        OPSWIRE_GSS_CONTINUE_NEEDED
        OPSWIRE_GSS_CODE_MAJOR
        OPSWIRE_GSS_CODE_MINOR
        OPSWIRE_GSS_INITIATE
        OPSWIRE_GSS_ACCEPT

    const uint32_t OPSWIRE_GSS_ERROR_MASK
    const uint32_t OPSWIRE_GSS_CONTEXT_EXPIRED
    const uint32_t OPSWIRE_GSS_FAILURE
    const uint32_t OPSWIRE_GSS_INDEFINITE

    struct opswire_gss:
        uint32_t (*import_name)(
            uint32_t *, opswire_gss_buffer *, opswire_gss_oid *, opswire_gss_name_t *) noexcept nogil
        uint32_t (*display_name)(
            uint32_t *, opswire_gss_name_t, opswire_gss_buffer *, opswire_gss_oid **) noexcept nogil
        uint32_t (*canonicalize_name)(
            uint32_t *, opswire_gss_name_t, opswire_gss_oid *, opswire_gss_name_t *) noexcept nogil
        uint32_t (*release_name)(uint32_t *, opswire_gss_name_t *) noexcept nogil
        uint32_t (*acquire_cred)(
            uint32_t *, opswire_gss_name_t, uint32_t, opswire_gss_oid_set *, int,
            opswire_gss_credential_t *, opswire_gss_oid_set **, uint32_t *) noexcept nogil
        uint32_t (*inquire_cred)(
            uint32_t *, opswire_gss_credential_t, opswire_gss_name_t *, uint32_t *, int *,
            opswire_gss_oid_set **) noexcept nogil
        uint32_t (*release_cred)(uint32_t *, opswire_gss_credential_t *) noexcept nogil
        uint32_t (*init_sec_context)(
            uint32_t *, opswire_gss_credential_t, opswire_gss_context_t *, opswire_gss_name_t,
            opswire_gss_oid *, uint32_t, uint32_t, void *, opswire_gss_buffer *,
            opswire_gss_oid **, opswire_gss_buffer *, uint32_t *, uint32_t *) noexcept nogil
        uint32_t (*accept_sec_context)(
            uint32_t *, opswire_gss_context_t *, opswire_gss_credential_t,
            opswire_gss_buffer *, void *, opswire_gss_name_t *, opswire_gss_oid **,
            opswire_gss_buffer *, uint32_t *, uint32_t *, opswire_gss_credential_t *) noexcept nogil
        uint32_t (*inquire_context)(
            uint32_t *, opswire_gss_context_t, opswire_gss_name_t *, opswire_gss_name_t *,
            uint32_t *, opswire_gss_oid **, uint32_t *, int *, int *) noexcept nogil
        uint32_t (*delete_sec_context)(
            uint32_t *, opswire_gss_context_t *, opswire_gss_buffer *) noexcept nogil
        uint32_t (*wrap)(
            uint32_t *, opswire_gss_context_t, int, uint32_t, opswire_gss_buffer *, int *,
            opswire_gss_buffer *) noexcept nogil
        uint32_t (*unwrap)(
            uint32_t *, opswire_gss_context_t, opswire_gss_buffer *, opswire_gss_buffer *,
            int *, uint32_t *) noexcept nogil
        uint32_t (*get_mic)(
            uint32_t *, opswire_gss_context_t, uint32_t, opswire_gss_buffer *,
            opswire_gss_buffer *) noexcept nogil
        uint32_t (*verify_mic)(
            uint32_t *, opswire_gss_context_t, opswire_gss_buffer *, opswire_gss_buffer *,
            uint32_t *) noexcept nogil
        uint32_t (*display_status)(
            uint32_t *, uint32_t, int, opswire_gss_oid *, uint32_t *, opswire_gss_buffer *) noexcept nogil
        uint32_t (*release_buffer)(uint32_t *, opswire_gss_buffer *) noexcept nogil
        uint32_t (*acquire_cred_from)(
            uint32_t *, opswire_gss_name_t, uint32_t, opswire_gss_oid_set *, int,
            const opswire_gss_store *, opswire_gss_credential_t *, opswire_gss_oid_set **,
            uint32_t *) noexcept nogil
        uint32_t (*export_cred)(
            uint32_t *, opswire_gss_credential_t, opswire_gss_buffer *) noexcept nogil
        uint32_t (*import_cred)(
            uint32_t *, opswire_gss_buffer *, opswire_gss_credential_t *) noexcept nogil
        uint32_t (*store_cred_into)(
            uint32_t *, opswire_gss_credential_t, int, opswire_gss_oid *, uint32_t, uint32_t,
            const opswire_gss_store *, opswire_gss_oid_set **, int *) noexcept nogil
        uint32_t (*krb5_ccache_name)(uint32_t *, const char *, const char **) noexcept nogil
        int32_t (*krb5_init_context)(void **) noexcept nogil
        void (*krb5_free_context)(void *) noexcept nogil
        int32_t (*krb5_cc_resolve)(void *, const char *, void **) noexcept nogil
        int32_t (*krb5_cc_destroy)(void *, void *) noexcept nogil

    opswire_gss_oid opswire_gss_krb5
    opswire_gss_oid opswire_gss_nt_hostbased_service
    opswire_gss_oid opswire_gss_nt_user_name
    opswire_gss_oid_set opswire_gss_krb5_set

    const opswire_gss *opswire_gss_load(const char **why)
