/* Counts what C under test does: steps instead of time, and memory.
 *
 * To be compiled without what the C under test is compiled with: -fsanitize-coverage=trace-pc,
 * which calls the counter in each basic block.  What the C library moves or looks through is
 * counted by its size, eight octets a step, and what is allocated by malloc_usable_size(): the
 * linker puts the functions of this file in their places (--wrap). */
#include "counting.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PER_STEP = 8 };

unsigned long long counted_steps;
size_t counted_held;
size_t counted_most_held;

void __sanitizer_cov_trace_pc(void);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int octet, size_t size);
void *__real_memchr(const void *from, int octet, size_t size);
void *__real_memrchr(const void *from, int octet, size_t size);
int __real_memcmp(const void *one, const void *other, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memset(void *to, int octet, size_t size);
void *__wrap_memchr(const void *from, int octet, size_t size);
void *__wrap_memrchr(const void *from, int octet, size_t size);
int __wrap_memcmp(const void *one, const void *other, size_t size);

void __sanitizer_cov_trace_pc(void)
{
    counted_steps++;
}

static void *taken(void *new)
{
    counted_held += malloc_usable_size(new);
    if (counted_held > counted_most_held)
        counted_most_held = counted_held;
    return new;
}

void *__wrap_malloc(size_t size)
{
    return taken(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    counted_steps += count * size / PER_STEP;
    return taken(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    /* The old and the new may be there at once, and the contents are copied. */
    const size_t before = malloc_usable_size(old);
    void *const new = __real_realloc(old, size);

    counted_steps += before / PER_STEP;
    taken(new);
    counted_held -= before;
    return new;
}

void __wrap_free(void *old)
{
    counted_held -= malloc_usable_size(old);
    __real_free(old);
}

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
    counted_steps += size / PER_STEP;
    return __real_memcpy(to, from, size);
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
    counted_steps += size / PER_STEP;
    return __real_memmove(to, from, size);
}

void *__wrap_memset(void *to, int octet, size_t size)
{
    counted_steps += size / PER_STEP;
    return __real_memset(to, octet, size);
}

static size_t looked_through(const void *from, const void *found, size_t size)
{
    return found == NULL ? size : (size_t) ((const uint8_t *) found - (const uint8_t *) from);
}

void *__wrap_memchr(const void *from, int octet, size_t size)
{
    void *const found = __real_memchr(from, octet, size);

    counted_steps += looked_through(from, found, size) / PER_STEP;
    return found;
}

void *__wrap_memrchr(const void *from, int octet, size_t size)
{
    void *const found = __real_memrchr(from, octet, size);

    counted_steps += (found == NULL ? size : size - looked_through(from, found, size)) / PER_STEP;
    return found;
}

int __wrap_memcmp(const void *one, const void *other, size_t size)
{
    const uint8_t *const a = one;
    const uint8_t *const b = other;
    size_t same = 0;

    while (same < size && a[same] == b[same])
        same++;
    counted_steps += same / PER_STEP;
    return __real_memcmp(one, other, size);
}
