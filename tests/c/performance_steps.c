/* What it takes to read performance data and to write what was read: time without a clock.
 *
 * argv: the rules.  Input on stdin; on stdout the steps and the number of items. */
#include <stdio.h>
#include <stdlib.h>

#include "counting.h"
#include "opswire/performance_data.h"

#define MOST (8u << 20)

int main(int argc, char **argv)
{
    static uint8_t input[MOST];
    static uint8_t out[MOST];
    const enum opswire_performance_rules rules =
        argc > 1 && argv[1][0] == 's' ? OPSWIRE_PERFORMANCE_STRICT : OPSWIRE_PERFORMANCE_RECORDED;
    struct opswire_performance_reader reader = {
        {input, fread(input, 1, MOST, stdin)}, rules, 0, NULL};
    struct opswire_performance_item item;
    size_t items = 0;
    size_t size;
    size_t index;
    const char *error;

    while (opswire_performance_next(&reader, &item) == OPSWIRE_DONE) {
        if (opswire_performance_write(&item, 1, rules, SIZE_MAX, out, MOST, &size, &index, &error)
            == OPSWIRE_MORE)
            return 1;
        items++;
    }
    printf("%llu %zu\n", counted_steps, items);
    return 0;
}
