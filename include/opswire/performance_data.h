/* Nagios performance data: label=value[unit];[warn];[crit];[min];[max] and the next after a space.
 *
 * Two rule books.  RECORDED is what NSClient++ was seen to do: it accepts everything, cuts numbers
 * after five decimals and has no escapes.  STRICT is section 2.6 of the Nagios plugin development
 * guidelines: a doubled single quote in a quoted label, '=' in one, ranges, checked units; beyond
 * it an exponent is read (never written), and numbers are the shortest that are read back equal.
 *
 * Nothing here allocates; time is linear in the input.  No result depends on the locale. */
#ifndef OPSWIRE_PERFORMANCE_DATA_H
#define OPSWIRE_PERFORMANCE_DATA_H

#include "opswire/performance_number.h"
#include "opswire/status.h"
#include "opswire/view.h"

/* A threshold.  Of a range, number is its lower bound (0 where it has none) and range its text;
 * range is empty for a plain number. */
struct opswire_performance_level {
    bool present;
    double number;
    struct opswire_view range;
};

/* All views are borrowed from the input of the reader, or from whoever made the item to be written.
 * escaped: single quotes in the label are doubled (STRICT only; see label_unescape). */
struct opswire_performance_item {
    struct opswire_view label;
    struct opswire_view unit;
    struct opswire_performance_level warning;
    struct opswire_performance_level critical;
    double value;
    double minimum;
    double maximum;
    bool escaped;
    bool unknown; /* the value is the letter U; value is 0 then */
    bool has_minimum;
    bool has_maximum;
};

/* [@][start:][end]: an alert outside of start..end, or inside with '@'.  Bounds may be infinite. */
struct opswire_performance_range {
    double start;
    double end;
    bool inside;
};

/* Set input and rules, the rest zero.  After a failure, offset is where in the input it is, and
 * error a constant sentence that says what. */
struct opswire_performance_reader {
    struct opswire_view input;
    enum opswire_performance_rules rules;
    size_t offset;
    const char *error;
};

/* Read the next item; it borrows the input.  DONE: *item is filled.  MORE: the input is at its end.
 * PERFORMANCE_INVALID (STRICT only): final for this reader. */
enum opswire_status opswire_performance_next(struct opswire_performance_reader *reader,
                                             struct opswire_performance_item *item);

/* Read the whole text as a range of the guidelines, a plain number included (start is 0 then).
 * PERFORMANCE_INVALID: *offset is where, *error a constant sentence. */
enum opswire_status opswire_performance_range_read(struct opswire_view text,
                                                   struct opswire_performance_range *range,
                                                   size_t *offset, const char **error);

/* Write label with its doubled quotes made single; out has room for label.size octets.  The size
 * of what was written. */
size_t opswire_performance_label_unescape(struct opswire_view label, uint8_t *out);

/* Write the items into the caller's room, one space between.
 *
 * An item with which the text would be longer than most is left out whole; shorter ones after it
 * are still written.  Under RECORDED the space belongs to every item but the first of the list, so
 * that a text whose first item was left out begins with one.
 *
 * DONE: *size octets were written.  MORE: room is too small and its contents are undefined; *size
 * is what is needed.  OUT_OF_RANGE: items[*index] cannot be written, *error says why: a number is
 * not finite, or (STRICT) a label, unit or range is none of the guidelines. */
enum opswire_status opswire_performance_write(const struct opswire_performance_item *items,
                                              size_t count, enum opswire_performance_rules rules,
                                              size_t most, uint8_t *out, size_t room, size_t *size,
                                              size_t *index, const char **error);

#endif
