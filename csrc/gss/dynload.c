#include "opswire/gss_dynload.h"

#include "dlopen_note.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static unsigned char krb5_octets[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02};
static unsigned char user_name_octets[] = {0x2a, 0x86, 0x48, 0x86, 0xf7,
                                           0x12, 0x01, 0x02, 0x01, 0x01};
static unsigned char hostbased_octets[] = {0x2a, 0x86, 0x48, 0x86, 0xf7,
                                           0x12, 0x01, 0x02, 0x01, 0x04};

struct opswire_gss_oid opswire_gss_krb5 = {sizeof(krb5_octets), krb5_octets};
struct opswire_gss_oid opswire_gss_nt_user_name = {sizeof(user_name_octets), user_name_octets};
struct opswire_gss_oid opswire_gss_nt_hostbased_service = {sizeof(hostbased_octets),
                                                           hostbased_octets};
struct opswire_gss_oid_set opswire_gss_krb5_set = {1, &opswire_gss_krb5};

/* MIT's first: it is what Debian and Red Hat install, and what the tests run. */
#define MIT "libgssapi_krb5.so.2"
#define HEIMDAL "libgssapi.so.3"

static const char *const LIBRARIES[] = {MIT, HEIMDAL};

OPSWIRE_DLOPEN_NOTE("[{\"feature\":\"kerberos\","
                    "\"description\":\"Kerberos authentication through GSS-API\","
                    "\"priority\":\"recommended\","
                    "\"soname\":[\"" MIT "\",\"" HEIMDAL "\"]}]");

static struct opswire_gss table;

static const struct {
    const char *name;
    void *slot;
    bool optional;
} WANTED[] = {
    {"gss_import_name", &table.import_name, false},
    {"gss_display_name", &table.display_name, false},
    {"gss_canonicalize_name", &table.canonicalize_name, false},
    {"gss_release_name", &table.release_name, false},
    {"gss_acquire_cred", &table.acquire_cred, false},
    {"gss_inquire_cred", &table.inquire_cred, false},
    {"gss_release_cred", &table.release_cred, false},
    {"gss_init_sec_context", &table.init_sec_context, false},
    {"gss_accept_sec_context", &table.accept_sec_context, false},
    {"gss_inquire_context", &table.inquire_context, false},
    {"gss_delete_sec_context", &table.delete_sec_context, false},
    {"gss_wrap", &table.wrap, false},
    {"gss_unwrap", &table.unwrap, false},
    {"gss_get_mic", &table.get_mic, false},
    {"gss_verify_mic", &table.verify_mic, false},
    {"gss_display_status", &table.display_status, false},
    {"gss_release_buffer", &table.release_buffer, false},
    {"gss_acquire_cred_from", &table.acquire_cred_from, true},
    {"gss_export_cred", &table.export_cred, true},
    {"gss_import_cred", &table.import_cred, true},
    {"gss_store_cred_into", &table.store_cred_into, true},
    {"gss_krb5_ccache_name", &table.krb5_ccache_name, true},
    {"krb5_init_context", &table.krb5_init_context, true},
    {"krb5_free_context", &table.krb5_free_context, true},
    {"krb5_cc_resolve", &table.krb5_cc_resolve, true},
    {"krb5_cc_destroy", &table.krb5_cc_destroy, true},
};

static bool fill(void *library)
{
    for (size_t i = 0; i < sizeof(WANTED) / sizeof(WANTED[0]); i++) {
        void *symbol = dlsym(library, WANTED[i].name);

        if (symbol == NULL && !WANTED[i].optional)
            return false;
        /* POSIX lets a data pointer hold a function; ISO C has no cast for it. */
        memcpy(WANTED[i].slot, &symbol, sizeof(symbol));
    }
    return true;
}

/* Well above what MIT's library takes, with all that it needs: 3 MB. */
#define LOADING (8u * 1024u * 1024u)

/* NULL: *no_memory says whether that was the reason.
 *
 * dlopen() leaves no error number, and the text of dlerror() is translated, and cut or another one
 * when there is no memory for it either.  So memory is asked for after a failure: without any, that
 * was it; with some, a second attempt finds what only lack of memory hid from the first. */
static void *open_library(const char *name, bool *no_memory)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
        void *volatile room; /* or the compiler takes it for granted */

        if (library != NULL)
            return library;
        room = malloc(LOADING);
        *no_memory = room == NULL;
        free(room);
        if (*no_memory)
            break;
    }
    return NULL;
}

const struct opswire_gss *opswire_gss_load(const char **why)
{
    static bool loaded;

    if (loaded)
        return &table;
    *why = "no GSS-API library found: install libgssapi-krb5-2 (Debian) or krb5-libs (Red Hat)";
    for (size_t i = 0; i < sizeof(LIBRARIES) / sizeof(LIBRARIES[0]); i++) {
        bool no_memory = false;
        void *library = open_library(LIBRARIES[i], &no_memory);

        if (no_memory) {
            *why = NULL;
            return NULL;
        }
        if (library == NULL)
            continue;
        if (fill(library)) {
            loaded = true; /* and stays so: contexts hold pointers into it until the end */
            return &table;
        }
        dlclose(library);
        *why = "the installed GSS-API library lacks a function that RFC 2744 requires: install "
               "libgssapi-krb5-2 (Debian) or krb5-libs (Red Hat)";
    }
    return NULL;
}
