#include <math.h>
#include <string.h>

#include "opswire/performance_data.h"

#include "octets.h"

/* Octets of the caller's; what does not fit is only counted.  Views may overlap, so that even a sum
 * of sizes in one memory can wrap: it stays at SIZE_MAX, for which there is never room. */
struct output {
    uint8_t *data;
    size_t room;
    size_t size;
    enum opswire_performance_rules rules;
    const char *error;
};

static void put(struct output *out, struct opswire_view octets)
{
    if (octets.size > SIZE_MAX - out->size) {
        out->size = SIZE_MAX;
        return;
    }
    if (octets.size > 0 && out->size <= out->room && octets.size <= out->room - out->size)
        memcpy(out->data + out->size, octets.data, octets.size);
    out->size += octets.size;
}

static void put_octet(struct output *out, uint8_t octet)
{
    put(out, (struct opswire_view){&octet, 1});
}

static void put_number(struct output *out, double number)
{
    uint8_t text[OPSWIRE_PERFORMANCE_MAX_NUMBER];
    const size_t size = opswire_performance_number_write(number, out->rules, text);

    if (size == 0)
        out->error = NOT_FINITE;
    put(out, (struct opswire_view){text, size});
}

/* What needs no quotes in anybody's reader. */
static bool is_plain_octet(uint8_t octet)
{
    return !is_control(octet) && strchr(" '\"=;,|", octet) == NULL;
}

static void put_strict_label(struct output *out, struct opswire_view label, bool escaped)
{
    bool plain = true;

    if (label.size == 0)
        out->error = LABEL_EMPTY;
    for (size_t i = 0; i < label.size; i++) {
        plain = plain && is_plain_octet(label.data[i]);
        if (!is_label_octet(label.data[i]))
            out->error = LABEL_OCTET;
    }
    if (plain) {
        put(out, label);
        return;
    }
    put_octet(out, '\'');
    for (size_t i = 0; i < label.size; i++) {
        put_octet(out, label.data[i]);
        if (label.data[i] != '\'')
            continue;
        put_octet(out, '\'');
        if (escaped && (++i == label.size || label.data[i] != '\'')) {
            out->error = LABEL_QUOTE;
            break;
        }
    }
    put_octet(out, '\'');
}

static void put_label(struct output *out, const struct opswire_performance_item *item)
{
    if (out->rules == OPSWIRE_PERFORMANCE_STRICT) {
        put_strict_label(out, item->label, item->escaped);
    } else {
        put_octet(out, '\'');
        put(out, item->label);
        put_octet(out, '\'');
    }
    put_octet(out, '=');
}

/* Not as it was read: an exponent is allowed there. */
static void put_range(struct output *out, struct opswire_view text)
{
    struct opswire_performance_range range;
    size_t offset;
    const char *error;

    if (opswire_performance_range_read(text, &range, &offset, &error) != OPSWIRE_DONE) {
        out->error = error;
        return;
    }
    if (range.inside)
        put_octet(out, '@');
    if (find(text, 0, ':') < text.size) {
        if (isfinite(range.start))
            put_number(out, range.start);
        else
            put_octet(out, '~');
        put_octet(out, ':');
    }
    if (isfinite(range.end))
        put_number(out, range.end);
}

static void put_level(struct output *out, const struct opswire_performance_level *level)
{
    if (!level->present)
        return;
    if (level->range.size == 0)
        put_number(out, level->number);
    else if (out->rules == OPSWIRE_PERFORMANCE_STRICT)
        put_range(out, level->range);
    else
        put(out, level->range);
}

static void put_value(struct output *out, const struct opswire_performance_item *item)
{
    if (item->unknown) {
        put_octet(out, 'U');
        return;
    }
    put_number(out, item->value);
    put(out, item->unit);
    if (out->rules == OPSWIRE_PERFORMANCE_STRICT)
        for (size_t i = 0; i < item->unit.size; i++)
            if (!is_unit_octet(item->unit.data[i]))
                out->error = UNIT_OCTET;
}

/* Stops after the last field that is present. */
static void put_item(struct output *out, const struct opswire_performance_item *item)
{
    const bool present[4] = {item->warning.present, item->critical.present, item->has_minimum,
                             item->has_maximum};
    unsigned int fields = 4;

    while (fields > 0 && !present[fields - 1])
        fields--;
    put_label(out, item);
    put_value(out, item);
    for (unsigned int i = 0; i < fields; i++) {
        put_octet(out, ';');
        if (i == 0)
            put_level(out, &item->warning);
        else if (i == 1)
            put_level(out, &item->critical);
        else if (present[i])
            put_number(out, i == 2 ? item->minimum : item->maximum);
    }
}

enum opswire_status opswire_performance_write(const struct opswire_performance_item *items,
                                              size_t count, enum opswire_performance_rules rules,
                                              size_t most, uint8_t *out, size_t room, size_t *size,
                                              size_t *index, const char **error)
{
    struct output output = {out, room, 0, rules, NULL};

    for (size_t i = 0; i < count; i++) {
        const size_t before = output.size;

        if (rules == OPSWIRE_PERFORMANCE_RECORDED ? i > 0 : before > 0)
            put_octet(&output, ' ');
        put_item(&output, &items[i]);
        if (output.error != NULL) {
            *index = i;
            *error = output.error;
            return OPSWIRE_OUT_OF_RANGE;
        }
        if (output.size > most)
            output.size = before;
    }
    *size = output.size;
    return output.size <= room ? OPSWIRE_DONE : OPSWIRE_MORE;
}
