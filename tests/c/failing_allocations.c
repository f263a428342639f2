#include "failing_allocations.h"

#include <stdlib.h>

static unsigned long calls;
static unsigned long first_failing;
static unsigned long failing;
static bool has_failed;
static size_t live;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

void fail_allocations(unsigned long first, unsigned long many)
{
    calls = 0;
    first_failing = first;
    failing = many;
    has_failed = false;
}

bool allocations_failed(void)
{
    return has_failed;
}

size_t live_allocations(void)
{
    return live;
}

static bool fails(void)
{
    calls++;
    if (first_failing == 0 || calls < first_failing || calls - first_failing >= failing)
        return false;
    return has_failed = true;
}

static void *counted(void *made)
{
    live += made != NULL;
    return made;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    void *made;

    if (fails())
        return NULL;
    made = __real_realloc(old, size);
    live += old == NULL && made != NULL;
    return made;
}

void __wrap_free(void *old)
{
    live -= old != NULL;
    __real_free(old);
}
