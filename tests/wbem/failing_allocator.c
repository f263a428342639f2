/* Python's allocators, of which calls fail.
 *
 * Loaded with ctypes.PyDLL; install() once, then fail_at(n, many): from the n-th call on, counted
 * from 1, so many fail.  seen() tells how many calls there were since, and lets none fail. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

enum { DOMAINS = 2 }; /* that of the interpreter itself is left alone */

static PyMemAllocatorEx real[DOMAINS];
static unsigned long calls;
static unsigned long first;
static unsigned long many;

static int fails(void)
{
    calls++;
    return first != 0 && calls >= first && calls - first < many;
}

static void *failing_malloc(void *context, size_t size)
{
    const PyMemAllocatorEx *const to = context;

    return fails() ? NULL : to->malloc(to->ctx, size);
}

static void *failing_calloc(void *context, size_t count, size_t size)
{
    const PyMemAllocatorEx *const to = context;

    return fails() ? NULL : to->calloc(to->ctx, count, size);
}

static void *failing_realloc(void *context, void *old, size_t size)
{
    const PyMemAllocatorEx *const to = context;

    return fails() ? NULL : to->realloc(to->ctx, old, size);
}

static void real_free(void *context, void *old)
{
    const PyMemAllocatorEx *const to = context;

    to->free(to->ctx, old);
}

void install(void)
{
    static const PyMemAllocatorDomain NUMBERS[DOMAINS] = {PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};

    for (int i = 0; i < DOMAINS; i++) {
        PyMemAllocatorEx failing = {&real[i], failing_malloc, failing_calloc, failing_realloc,
                                    real_free};

        PyMem_GetAllocator(NUMBERS[i], &real[i]);
        PyMem_SetAllocator(NUMBERS[i], &failing);
    }
}

void fail_at(unsigned long number, unsigned long count)
{
    calls = 0;
    first = number;
    many = count;
}

unsigned long seen(void)
{
    const unsigned long result = calls;

    first = 0;
    return result;
}
