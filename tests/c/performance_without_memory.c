/* Performance data is read and written without any allocation, the C library's own for numbers
 * included: no lack of memory can change it.
 *
 * AddressSanitizer tells of each.  On stdout: how many octets were written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opswire/performance_data.h"

#define HOLD(condition) ((condition) ? (void) 0 : broken(#condition, __LINE__))

/* Of the run time of AddressSanitizer, whose header gcc does not bring. */
int __sanitizer_install_malloc_and_free_hooks(void (*made)(const volatile void *, size_t),
                                              void (*freed)(const volatile void *));

enum { MOST_ITEMS = 16, ROOM = 1 << 14, DIGITS = 2000 };

static unsigned long allocations;

static void broken(const char *condition, int line)
{
    fprintf(stderr, "line %d: %s does not hold\n", line, condition);
    exit(1);
}

static void allocated(const volatile void *made, size_t size)
{
    (void) made;
    (void) size;
    allocations++;
}

static void freed(const volatile void *made)
{
    (void) made;
}

static size_t read_and_write(const char *text, enum opswire_performance_rules rules)
{
    static struct opswire_performance_item items[MOST_ITEMS];
    static uint8_t out[ROOM];
    struct opswire_performance_reader reader = {
        {(const uint8_t *) text, strlen(text)}, rules, 0, NULL};
    const char *error = NULL;
    size_t count = 0;
    size_t size;
    size_t index;

    while (opswire_performance_next(&reader, &items[count]) == OPSWIRE_DONE) {
        opswire_performance_label_unescape(items[count].label, out);
        HOLD(++count < MOST_ITEMS);
    }
    HOLD(count == 4 && reader.error == NULL);
    HOLD(opswire_performance_write(items, count, rules, SIZE_MAX, out, sizeof(out), &size, &index,
                                   &error)
         == OPSWIRE_DONE);
    return size;
}

int main(void)
{
    static char text[2 * DIGITS];
    static char digits[DIGITS + 1];
    void *volatile proof;
    size_t written;

    memset(digits, '7', DIGITS);
    snprintf(text, sizeof(text),
             "'it''s'=0.1s;@1:2.5;~:3;0;1 b=0.%s;1;2 c=1%.*s.5 d=-0.000%.300s1KB;;;-1.7;2", digits,
             300, digits, digits);
    HOLD(__sanitizer_install_malloc_and_free_hooks(allocated, freed) > 0);
    written = read_and_write(text, OPSWIRE_PERFORMANCE_STRICT);
    written += read_and_write(text, OPSWIRE_PERFORMANCE_RECORDED);
    HOLD(allocations == 0);
    proof = malloc(1);
    free(proof);
    HOLD(allocations == 1);
    printf("%zu\n", written);
    return 0;
}
