/* The GSS-API calls that opswire makes (RFC 2743, RFC 2744, RFC 5587, RFC 5588 and MIT's
 * extensions), found in the installed library at first use.
 *
 * Nothing is linked: a program without Kerberos starts, and only a call that needs it fails.  The
 * shapes are those of RFC 2744, appendix A, under names of our own. */
#ifndef OPSWIRE_GSS_DYNLOAD_H
#define OPSWIRE_GSS_DYNLOAD_H

#include <stddef.h>
#include <stdint.h>

typedef struct opswire_gss_name *opswire_gss_name_t;
typedef struct opswire_gss_credential *opswire_gss_credential_t;
typedef struct opswire_gss_context *opswire_gss_context_t;

struct opswire_gss_buffer {
    size_t length;
    void *value;
};

struct opswire_gss_oid {
    uint32_t length;
    void *elements;
};

struct opswire_gss_oid_set {
    size_t count;
    struct opswire_gss_oid *elements;
};

/* The credential store of gss_acquire_cred_from: "ccache" and "keytab" are the keys in use. */
struct opswire_gss_store_entry {
    const char *key;
    const char *value;
};

struct opswire_gss_store {
    uint32_t count;
    struct opswire_gss_store_entry *entries;
};

#define OPSWIRE_GSS_COMPLETE 0u
#define OPSWIRE_GSS_CONTINUE_NEEDED 1u
#define OPSWIRE_GSS_ERROR_MASK 0xffff0000u /* calling and routine errors */
#define OPSWIRE_GSS_CONTEXT_EXPIRED 0x000c0000u
#define OPSWIRE_GSS_FAILURE 0x000d0000u /* the reason is the minor code */
#define OPSWIRE_GSS_INDEFINITE 0xffffffffu
#define OPSWIRE_GSS_CODE_MAJOR 1 /* what gss_display_status is asked about */
#define OPSWIRE_GSS_CODE_MINOR 2
#define OPSWIRE_GSS_INITIATE 1 /* credential usage */
#define OPSWIRE_GSS_ACCEPT 2

/* Every slot is set after a successful load, except those marked optional. */
struct opswire_gss {
    uint32_t (*import_name)(uint32_t *minor, struct opswire_gss_buffer *text,
                            struct opswire_gss_oid *type, opswire_gss_name_t *name);
    uint32_t (*display_name)(uint32_t *minor, opswire_gss_name_t name,
                             struct opswire_gss_buffer *text, struct opswire_gss_oid **type);
    uint32_t (*canonicalize_name)(uint32_t *minor, opswire_gss_name_t name,
                                  struct opswire_gss_oid *mechanism, opswire_gss_name_t *out);
    uint32_t (*release_name)(uint32_t *minor, opswire_gss_name_t *name);
    uint32_t (*acquire_cred)(uint32_t *minor, opswire_gss_name_t name, uint32_t lifetime,
                             struct opswire_gss_oid_set *mechanisms, int usage,
                             opswire_gss_credential_t *credential,
                             struct opswire_gss_oid_set **actual, uint32_t *actual_lifetime);
    uint32_t (*inquire_cred)(uint32_t *minor, opswire_gss_credential_t credential,
                             opswire_gss_name_t *name, uint32_t *lifetime, int *usage,
                             struct opswire_gss_oid_set **mechanisms);
    uint32_t (*release_cred)(uint32_t *minor, opswire_gss_credential_t *credential);
    uint32_t (*init_sec_context)(uint32_t *minor, opswire_gss_credential_t credential,
                                 opswire_gss_context_t *context, opswire_gss_name_t target,
                                 struct opswire_gss_oid *mechanism, uint32_t flags,
                                 uint32_t lifetime, void *channel_bindings,
                                 struct opswire_gss_buffer *token,
                                 struct opswire_gss_oid **actual_mechanism,
                                 struct opswire_gss_buffer *output, uint32_t *actual_flags,
                                 uint32_t *actual_lifetime);
    uint32_t (*accept_sec_context)(uint32_t *minor, opswire_gss_context_t *context,
                                   opswire_gss_credential_t credential,
                                   struct opswire_gss_buffer *token, void *channel_bindings,
                                   opswire_gss_name_t *source, struct opswire_gss_oid **mechanism,
                                   struct opswire_gss_buffer *output, uint32_t *flags,
                                   uint32_t *lifetime, opswire_gss_credential_t *delegated);
    uint32_t (*inquire_context)(uint32_t *minor, opswire_gss_context_t context,
                                opswire_gss_name_t *source, opswire_gss_name_t *target,
                                uint32_t *lifetime, struct opswire_gss_oid **mechanism,
                                uint32_t *flags, int *locally_initiated, int *open);
    uint32_t (*delete_sec_context)(uint32_t *minor, opswire_gss_context_t *context,
                                   struct opswire_gss_buffer *output);
    uint32_t (*wrap)(uint32_t *minor, opswire_gss_context_t context, int confidential,
                     uint32_t protection, struct opswire_gss_buffer *input, int *was_confidential,
                     struct opswire_gss_buffer *output);
    uint32_t (*unwrap)(uint32_t *minor, opswire_gss_context_t context,
                       struct opswire_gss_buffer *input, struct opswire_gss_buffer *output,
                       int *was_confidential, uint32_t *protection);
    uint32_t (*get_mic)(uint32_t *minor, opswire_gss_context_t context, uint32_t protection,
                        struct opswire_gss_buffer *message, struct opswire_gss_buffer *mic);
    uint32_t (*verify_mic)(uint32_t *minor, opswire_gss_context_t context,
                           struct opswire_gss_buffer *message, struct opswire_gss_buffer *mic,
                           uint32_t *protection);
    uint32_t (*display_status)(uint32_t *minor, uint32_t code, int type,
                               struct opswire_gss_oid *mechanism, uint32_t *more,
                               struct opswire_gss_buffer *text);
    uint32_t (*release_buffer)(uint32_t *minor, struct opswire_gss_buffer *buffer);

    /* Optional. */
    uint32_t (*acquire_cred_from)(uint32_t *minor, opswire_gss_name_t name, uint32_t lifetime,
                                  struct opswire_gss_oid_set *mechanisms, int usage,
                                  const struct opswire_gss_store *store,
                                  opswire_gss_credential_t *credential,
                                  struct opswire_gss_oid_set **actual, uint32_t *actual_lifetime);
    uint32_t (*export_cred)(uint32_t *minor, opswire_gss_credential_t credential,
                            struct opswire_gss_buffer *token);
    uint32_t (*import_cred)(uint32_t *minor, struct opswire_gss_buffer *token,
                            opswire_gss_credential_t *credential);
    uint32_t (*store_cred_into)(uint32_t *minor, opswire_gss_credential_t credential, int usage,
                                struct opswire_gss_oid *mechanism, uint32_t overwrite,
                                uint32_t make_default, const struct opswire_gss_store *store,
                                struct opswire_gss_oid_set **stored, int *stored_usage);
    uint32_t (*krb5_ccache_name)(uint32_t *minor, const char *name, const char **old);

    /* Optional, all or none, and of the Kerberos library below it: GSS-API cannot destroy a cache.
     * The pointers are its krb5_context and krb5_ccache, what is returned its krb5_error_code. */
    int32_t (*krb5_init_context)(void **context);
    void (*krb5_free_context)(void *context);
    int32_t (*krb5_cc_resolve)(void *context, const char *name, void **cache);
    int32_t (*krb5_cc_destroy)(void *context, void *cache);
};

/* Kerberos 5 (RFC 1964) and the name types of RFC 2744 and RFC 1964.  Constants in all but type. */
extern struct opswire_gss_oid opswire_gss_krb5;
extern struct opswire_gss_oid opswire_gss_nt_hostbased_service;
extern struct opswire_gss_oid opswire_gss_nt_user_name;
extern struct opswire_gss_oid_set opswire_gss_krb5_set;

/* Load MIT's library, or else Heimdal's, once per process; later calls return the same table.  The
 * first call must not race another (hold the interpreter lock).  NULL: *why is a constant sentence
 * that says what to install or what is wrong, or NULL itself when there was no memory to load a
 * library with; then a later call may succeed. */
const struct opswire_gss *opswire_gss_load(const char **why);

#endif
