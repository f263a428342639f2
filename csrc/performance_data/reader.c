#include "opswire/performance_data.h"

#include <math.h>
#include <string.h>

#include "octets.h"

/* ---- what both rule books share ---- */

static struct opswire_view between(struct opswire_view text, size_t start, size_t end)
{
    struct opswire_view part = {NULL, end - start};

    if (part.size > 0)
        part.data = text.data + start;
    return part;
}

static bool starts_with(struct opswire_view text, uint8_t octet)
{
    return text.size > 0 && text.data[0] == octet;
}

/* Split off what stands before the next semicolon, and that; false when nothing is left. */
static bool take_field(struct opswire_view *rest, struct opswire_view *field)
{
    const size_t end = find(*rest, 0, ';');

    if (rest->size == 0)
        return false;
    *field = between(*rest, 0, end);
    *rest = between(*rest, end < rest->size ? end + 1 : end, rest->size);
    return true;
}

/* ---- reading as recorded ---- */

static bool is_number_octet(uint8_t octet)
{
    return (octet >= '0' && octet <= '9') || octet == ',' || octet == '.' || octet == '-';
}

/* The number that the octets of one make at the start of text; 0 for a malformed or too large one.
 * *size is how many there are. */
static double recorded_number(struct opswire_view text, size_t *size)
{
    double number = 0;
    size_t end = 0;

    while (end < text.size && is_number_octet(text.data[end]))
        end++;
    *size = end;
    if (opswire_performance_number_read(between(text, 0, end), OPSWIRE_PERFORMANCE_RECORDED,
                                        &number)
            != end
        || !isfinite(number))
        return 0;
    return number;
}

static void recorded_level(struct opswire_view text, struct opswire_performance_level *level)
{
    const bool marked = starts_with(text, '@') || starts_with(text, '~');
    size_t size;

    if (text.size == 0)
        return;
    level->present = true;
    level->number = recorded_number(between(text, starts_with(text, '@'), text.size), &size);
    if (marked || find(text, 0, ':') < text.size)
        level->range = text;
}

static void recorded_bound(struct opswire_view text, bool *present, double *number)
{
    size_t size;

    *present = text.size > 0;
    *number = recorded_number(text, &size);
}

static bool recorded_unknown(struct opswire_view value)
{
    return (starts_with(value, 'U') || starts_with(value, 'u'))
           && (value.size == 1 || (value.size == 2 && value.data[1] == '%'));
}

static void recorded_value(struct opswire_view value, struct opswire_performance_item *item)
{
    size_t start = 0;
    size_t size;

    while (start < value.size && !is_number_octet(value.data[start]))
        start++;
    if (start == value.size)
        return;
    value = between(value, start, value.size);
    item->value = recorded_number(value, &size);
    item->unit = between(value, size, value.size);
}

static struct opswire_view without_quotes(struct opswire_view label)
{
    if (label.size >= 2 && starts_with(label, '\'') && label.data[label.size - 1] == '\'')
        return between(label, 1, label.size - 1);
    return label;
}

static void recorded_item(struct opswire_view chunk, struct opswire_performance_item *item)
{
    struct opswire_view field = {NULL, 0};
    size_t equals;

    (void) take_field(&chunk, &field);
    equals = find(field, 0, '=');
    item->label = without_quotes(between(field, 0, equals));
    if (equals == field.size) /* no value: no thresholds either */
        return;
    field = between(field, equals + 1, field.size);
    if (recorded_unknown(field)) {
        item->unknown = true;
        return;
    }
    recorded_value(field, item);
    if (take_field(&chunk, &field))
        recorded_level(field, &item->warning);
    if (take_field(&chunk, &field))
        recorded_level(field, &item->critical);
    if (take_field(&chunk, &field))
        recorded_bound(field, &item->has_minimum, &item->minimum);
    if (take_field(&chunk, &field))
        recorded_bound(field, &item->has_maximum, &item->maximum);
}

/* A chunk ends at a space; when it begins with a quote and there is another, at one after that. */
static struct opswire_view recorded_chunk(struct opswire_performance_reader *reader)
{
    const size_t start = reader->offset;
    size_t end = start;

    if (reader->input.data[start] == '\'') {
        const size_t quote = find(reader->input, start + 1, '\'');

        if (quote < reader->input.size)
            end = quote;
    }
    end = find(reader->input, end, ' ');
    reader->offset = end < reader->input.size ? end + 1 : end;
    return between(reader->input, start, end);
}

static enum opswire_status next_recorded(struct opswire_performance_reader *reader,
                                         struct opswire_performance_item *item)
{
    while (reader->offset < reader->input.size) {
        *item = (struct opswire_performance_item){0};
        recorded_item(recorded_chunk(reader), item);
        if (item->label.size > 0)
            return OPSWIRE_DONE;
    }
    return OPSWIRE_MORE;
}

/* ---- reading by the guidelines ---- */

#define LABEL_OPEN "the closing quote of a label is missing"
#define NO_EQUALS "'=' is missing after a label"
#define NO_VALUE "a value is neither a number (-0-9.) nor U"
#define NO_BOUND "a minimum or maximum is not a number (-0-9.)"
#define TOO_LARGE "a number is too large for a double"
#define TOO_MANY_FIELDS "an item has more than a value and four fields"
#define NO_RANGE "a threshold is no range [@][start:][end]"
#define RANGE_ORDER "a range has its start above its end"

static bool is_separator(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static enum opswire_status fail(struct opswire_performance_reader *reader, size_t offset,
                                const char *error)
{
    reader->offset = offset;
    reader->error = error;
    return OPSWIRE_PERFORMANCE_INVALID;
}

/* The text behind the opening quote, up to the closing one; *end is behind that. */
static enum opswire_status quoted_label(struct opswire_performance_reader *reader,
                                        struct opswire_performance_item *item, size_t *end)
{
    const struct opswire_view input = reader->input;
    const size_t start = reader->offset + 1;
    size_t i = start;

    for (; i < input.size; i++) {
        if (input.data[i] != '\'') {
            if (!is_label_octet(input.data[i]))
                return fail(reader, i, LABEL_OCTET);
        } else if (i + 1 < input.size && input.data[i + 1] == '\'') {
            item->escaped = true;
            i++;
        } else {
            break;
        }
    }
    if (i == input.size)
        return fail(reader, reader->offset, LABEL_OPEN);
    item->label = between(input, start, i);
    *end = i + 1;
    return OPSWIRE_DONE;
}

static enum opswire_status plain_label(struct opswire_performance_reader *reader,
                                       struct opswire_performance_item *item, size_t *end)
{
    const struct opswire_view input = reader->input;
    size_t i = reader->offset;

    for (; i < input.size && input.data[i] != '=' && !is_separator(input.data[i]); i++) {
        if (input.data[i] == '\'')
            return fail(reader, i, LABEL_QUOTE);
        if (!is_label_octet(input.data[i]))
            return fail(reader, i, LABEL_OCTET);
    }
    item->label = between(input, reader->offset, i);
    *end = i;
    return OPSWIRE_DONE;
}

static enum opswire_status strict_label(struct opswire_performance_reader *reader,
                                        struct opswire_performance_item *item)
{
    const size_t start = reader->offset;
    size_t end = start;
    const enum opswire_status status = reader->input.data[start] == '\''
                                           ? quoted_label(reader, item, &end)
                                           : plain_label(reader, item, &end);

    if (status != OPSWIRE_DONE)
        return status;
    if (item->label.size == 0)
        return fail(reader, start, LABEL_EMPTY);
    if (end == reader->input.size || reader->input.data[end] != '=')
        return fail(reader, end, NO_EQUALS);
    reader->offset = end + 1;
    return OPSWIRE_DONE;
}

/* A number at the start of text: its size; 0 and *error when there is none. */
static size_t strict_number(struct opswire_view text, double *number, const char **error)
{
    const size_t size = opswire_performance_number_read(text, OPSWIRE_PERFORMANCE_STRICT, number);

    if (size == 0 || isfinite(*number))
        return size;
    *error = TOO_LARGE;
    return 0;
}

/* Field is what stands between '=' and the first semicolon. */
static enum opswire_status strict_value(struct opswire_performance_reader *reader,
                                        struct opswire_view field,
                                        struct opswire_performance_item *item)
{
    const char *error = NO_VALUE;
    size_t size;

    if (field.size == 1 && field.data[0] == 'U') {
        item->unknown = true;
        return OPSWIRE_DONE;
    }
    size = strict_number(field, &item->value, &error);
    if (size == 0)
        return fail(reader, reader->offset, error);
    item->unit = between(field, size, field.size);
    for (size_t i = 0; i < item->unit.size; i++)
        if (!is_unit_octet(item->unit.data[i]))
            return fail(reader, reader->offset + size + i, UNIT_OCTET);
    return OPSWIRE_DONE;
}

enum opswire_status opswire_performance_range_read(struct opswire_view text,
                                                   struct opswire_performance_range *range,
                                                   size_t *offset, const char **error)
{
    size_t i = starts_with(text, '@');
    size_t size;
    bool colon = false;
    const size_t start = i;

    *range = (struct opswire_performance_range){0, INFINITY, i > 0};
    *error = NO_RANGE;
    *offset = start;
    if (i + 1 < text.size && text.data[i] == '~' && text.data[i + 1] == ':') {
        range->start = -INFINITY;
        colon = true;
        i += 2;
    } else {
        size = strict_number(between(text, i, text.size), &range->end, error);
        if (size == 0)
            return OPSWIRE_PERFORMANCE_INVALID;
        i += size;
        if (i < text.size && text.data[i] == ':') {
            range->start = range->end;
            range->end = INFINITY;
            colon = true;
            i++;
        }
    }
    *offset = i;
    if (colon && i < text.size) {
        size = strict_number(between(text, i, text.size), &range->end, error);
        if (size == 0)
            return OPSWIRE_PERFORMANCE_INVALID;
        i += size;
    }
    if (i < text.size) {
        *offset = i;
        return OPSWIRE_PERFORMANCE_INVALID;
    }
    if (range->start > range->end) {
        *offset = start;
        *error = RANGE_ORDER;
        return OPSWIRE_PERFORMANCE_INVALID;
    }
    return OPSWIRE_DONE;
}

static enum opswire_status strict_level(struct opswire_performance_reader *reader,
                                        struct opswire_view field,
                                        struct opswire_performance_level *level)
{
    struct opswire_performance_range range;
    const char *error;
    size_t offset;

    if (field.size == 0)
        return OPSWIRE_DONE;
    if (opswire_performance_range_read(field, &range, &offset, &error) != OPSWIRE_DONE)
        return fail(reader, reader->offset + offset, error);
    level->present = true;
    if (range.inside || find(field, 0, ':') < field.size) {
        level->range = field;
        level->number = isfinite(range.start) ? range.start : 0;
    } else {
        level->number = range.end;
    }
    return OPSWIRE_DONE;
}

static enum opswire_status strict_bound(struct opswire_performance_reader *reader,
                                        struct opswire_view field, bool *present, double *number)
{
    const char *error = NO_BOUND;
    size_t size;

    if (field.size == 0)
        return OPSWIRE_DONE;
    size = strict_number(field, number, &error);
    if (size == 0)
        return fail(reader, reader->offset, error);
    if (size < field.size)
        return fail(reader, reader->offset + size, NO_BOUND);
    *present = true;
    return OPSWIRE_DONE;
}

static enum opswire_status strict_field(struct opswire_performance_reader *reader,
                                        struct opswire_view field, unsigned int number,
                                        struct opswire_performance_item *item)
{
    switch (number) {
    case 0:
        return strict_value(reader, field, item);
    case 1:
        return strict_level(reader, field, &item->warning);
    case 2:
        return strict_level(reader, field, &item->critical);
    case 3:
        return strict_bound(reader, field, &item->has_minimum, &item->minimum);
    case 4:
        return strict_bound(reader, field, &item->has_maximum, &item->maximum);
    default:
        return fail(reader, reader->offset, TOO_MANY_FIELDS);
    }
}

static enum opswire_status next_strict(struct opswire_performance_reader *reader,
                                       struct opswire_performance_item *item)
{
    const struct opswire_view input = reader->input;
    enum opswire_status status;
    size_t end;

    if (reader->error != NULL)
        return OPSWIRE_PERFORMANCE_INVALID;
    while (reader->offset < input.size && is_separator(input.data[reader->offset]))
        reader->offset++;
    if (reader->offset == input.size)
        return OPSWIRE_MORE;
    *item = (struct opswire_performance_item){0};
    status = strict_label(reader, item);
    for (unsigned int number = 0; status == OPSWIRE_DONE; number++) {
        for (end = reader->offset; end < input.size; end++)
            if (input.data[end] == ';' || is_separator(input.data[end]))
                break;
        status = strict_field(reader, between(input, reader->offset, end), number, item);
        if (status != OPSWIRE_DONE)
            break;
        reader->offset = end;
        if (end == input.size || input.data[end] != ';')
            break;
        reader->offset++;
    }
    return status;
}

enum opswire_status opswire_performance_next(struct opswire_performance_reader *reader,
                                             struct opswire_performance_item *item)
{
    return reader->rules == OPSWIRE_PERFORMANCE_STRICT ? next_strict(reader, item)
                                                       : next_recorded(reader, item);
}

size_t opswire_performance_label_unescape(struct opswire_view label, uint8_t *out)
{
    size_t size = 0;

    for (size_t i = 0; i < label.size; i++) {
        out[size++] = label.data[i];
        if (label.data[i] == '\'' && i + 1 < label.size && label.data[i + 1] == '\'')
            i++;
    }
    return size;
}
