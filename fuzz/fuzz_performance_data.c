/* Performance data: a reader stays inside its input and ends; what it has read is written into a
 * room of the very size, and by the strict rules read back as the same.  The first octet of the
 * input chooses the rules and, with the second, the greatest length. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opswire/performance_data.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())
#define MOST_ITEMS 4096

static bool inside(struct opswire_view part, struct opswire_view whole)
{
    return part.size == 0
           || (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

static size_t read_all(struct opswire_view input, enum opswire_performance_rules rules,
                       struct opswire_performance_item *items)
{
    struct opswire_performance_reader reader = {input, rules, 0, NULL};
    enum opswire_status status = OPSWIRE_DONE;
    size_t count = 0;

    while (count < MOST_ITEMS) {
        const size_t before = reader.offset;
        struct opswire_performance_item *item = &items[count];

        status = opswire_performance_next(&reader, item);
        HOLD(reader.offset >= before && reader.offset <= input.size);
        if (status != OPSWIRE_DONE)
            break;
        HOLD(reader.offset > before && item->label.size > 0);
        HOLD(inside(item->label, input) && inside(item->unit, input));
        HOLD(inside(item->warning.range, input) && inside(item->critical.range, input));
        HOLD(isfinite(item->value) && isfinite(item->minimum) && isfinite(item->maximum));
        HOLD(isfinite(item->warning.number) && isfinite(item->critical.number));
        count++;
    }
    if (count < MOST_ITEMS) {
        HOLD(status == OPSWIRE_MORE
             || (status == OPSWIRE_PERFORMANCE_INVALID && rules == OPSWIRE_PERFORMANCE_STRICT));
        HOLD((status == OPSWIRE_MORE) == (reader.error == NULL));
        HOLD(opswire_performance_next(&reader, &items[count]) == status);
    }
    return count;
}

static bool same_octets(struct opswire_view a, struct opswire_view b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static bool same_level(struct opswire_performance_level a, struct opswire_performance_level b)
{
    return a.present == b.present && memcmp(&a.number, &b.number, sizeof(a.number)) == 0
           && (a.range.size > 0) == (b.range.size > 0);
}

static bool same_label(const struct opswire_performance_item *a,
                       const struct opswire_performance_item *b)
{
    uint8_t *one = malloc(a->label.size);
    uint8_t *two = malloc(b->label.size);
    struct opswire_view first = a->label;
    struct opswire_view second = b->label;
    bool same;

    HOLD(one != NULL && two != NULL);
    if (a->escaped)
        first = (struct opswire_view){one, opswire_performance_label_unescape(first, one)};
    if (b->escaped)
        second = (struct opswire_view){two, opswire_performance_label_unescape(second, two)};
    same = same_octets(first, second);
    free(one);
    free(two);
    return same;
}

static void read_back(struct opswire_view text, const struct opswire_performance_item *items,
                      size_t count)
{
    static struct opswire_performance_item again[MOST_ITEMS + 1];

    HOLD(read_all(text, OPSWIRE_PERFORMANCE_STRICT, again) == count);
    for (size_t i = 0; i < count; i++) {
        const struct opswire_performance_item *a = &items[i];
        const struct opswire_performance_item *b = &again[i];

        HOLD(same_label(a, b) && same_octets(a->unit, b->unit) && a->unknown == b->unknown);
        HOLD(memcmp(&a->value, &b->value, sizeof(a->value)) == 0);
        HOLD(a->has_minimum == b->has_minimum && a->has_maximum == b->has_maximum);
        HOLD(memcmp(&a->minimum, &b->minimum, sizeof(a->minimum)) == 0);
        HOLD(memcmp(&a->maximum, &b->maximum, sizeof(a->maximum)) == 0);
        HOLD(same_level(a->warning, b->warning) && same_level(a->critical, b->critical));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct opswire_performance_item items[MOST_ITEMS + 1];
    struct opswire_view input = {data, size};
    enum opswire_performance_rules rules;
    uint8_t choice;
    uint8_t limit;
    uint8_t *out;
    size_t count;
    size_t needed;
    size_t most;
    size_t index;
    const char *error;

    if (!opswire_view_take_u8(&input, &choice) || !opswire_view_take_u8(&input, &limit))
        return 0;
    rules = choice & 1 ? OPSWIRE_PERFORMANCE_STRICT : OPSWIRE_PERFORMANCE_RECORDED;
    most = choice & 2 ? limit : SIZE_MAX;
    count = read_all(input, rules, items);
    if (opswire_performance_write(items, count, rules, most, NULL, 0, &needed, &index, &error)
        == OPSWIRE_DONE) {
        HOLD(needed == 0);
        return 0;
    }
    HOLD(needed > 0 && needed <= most);
    out = malloc(needed);
    HOLD(out != NULL);
    HOLD(
        opswire_performance_write(items, count, rules, most, out, needed - 1, &size, &index, &error)
        == OPSWIRE_MORE);
    HOLD(opswire_performance_write(items, count, rules, most, out, needed, &size, &index, &error)
             == OPSWIRE_DONE
         && size == needed);
    if (rules == OPSWIRE_PERFORMANCE_STRICT && most == SIZE_MAX)
        read_back((struct opswire_view){out, size}, items, count);
    free(out);
    return 0;
}
