/* Loads the GSS-API library while allocations fail: those of the dynamic linker, too.
 *
 * Each attempt is a process of its own, as a library stays loaded.  Prints for each number of
 * failures in a row how many attempts found no memory, and how many got over it. */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "opswire/gss_dynload.h"

/* Whatever asks for memory comes here: the executable's own functions go before the C library's. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned long calls;
static unsigned long first;
static unsigned long many;

static bool fails(void)
{
    calls++;
    return first != 0 && calls >= first && calls - first < many;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

enum outcome { NO_MEMORY, LOADED, NOTHING_FAILED, MISSING, ANOTHER, FINAL };

static bool is_mits(const struct opswire_gss *gss)
{
    Dl_info found;

    return dladdr((void *) gss->wrap, &found) != 0
           && strstr(found.dli_fname, "gssapi_krb5") != NULL;
}

static enum outcome attempt(unsigned long number, unsigned long count)
{
    const char *why = "";
    const struct opswire_gss *gss;
    unsigned long made;

    calls = 0;
    first = number;
    many = count;
    gss = opswire_gss_load(&why);
    made = calls;
    first = 0;
    if (gss == NULL && why != NULL)
        return MISSING;
    if (gss == NULL)
        return (gss = opswire_gss_load(&why)) != NULL && is_mits(gss) ? NO_MEMORY : FINAL;
    if (!is_mits(gss))
        return ANOTHER;
    return made < number ? NOTHING_FAILED : LOADED;
}

int main(void)
{
    static const unsigned long ROWS[] = {1, 2, 3, 5, 20, 1000000};
    static const char *const WRONG[] = {[MISSING] = "says that none is installed",
                                        [ANOTHER] = "takes another library",
                                        [FINAL] = "does not load it afterwards"};

    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        unsigned long counts[FINAL + 1] = {0};

        for (unsigned long number = 1; counts[NOTHING_FAILED] == 0; number++) {
            const pid_t child = fork();
            int status;

            if (child == 0)
                _exit(attempt(number, ROWS[i]));
            if (waitpid(child, &status, 0) != child)
                return 1;
            if (!WIFEXITED(status) || WEXITSTATUS(status) > ANOTHER) {
                printf("%lu from allocation %lu on: %s\n", ROWS[i], number,
                       WIFEXITED(status) ? WRONG[FINAL] : "crashes");
                return 1;
            }
            if (WEXITSTATUS(status) > NOTHING_FAILED) {
                printf("%lu from allocation %lu on: %s\n", ROWS[i], number,
                       WRONG[WEXITSTATUS(status)]);
                return 1;
            }
            counts[WEXITSTATUS(status)]++;
        }
        printf("%lu %lu\n", counts[NO_MEMORY], counts[LOADED]);
    }
    return 0;
}
