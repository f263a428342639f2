/* Counts the basic blocks that reading, and writing what was read, passes through: time without a
 * clock.  Compiled together with the C under test, which -fsanitize-coverage=trace-pc makes call
 * the counter; this file is compiled without.  argv: the rules.  Input on stdin, count on stdout.
 */
#include <stdio.h>
#include <stdlib.h>

#include "opswire/performance_data.h"

#define MOST (8u << 20)

void __sanitizer_cov_trace_pc(void);

static unsigned long long steps;

void __sanitizer_cov_trace_pc(void)
{
    steps++;
}

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
    printf("%llu %zu\n", steps, items);
    return 0;
}
