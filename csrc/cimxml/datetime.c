#include <string.h>

#include "opswire/cimxml.h"

enum { SIZE = 25, POINT = 14, SIGN = 21 };

/* Where the fields begin: year, month and day, or days; hour, minute, second; microseconds. */
static const uint8_t TIMESTAMP[] = {0, 4, 6, 8, 10, 12, POINT};
static const uint8_t INTERVAL[] = {0, 8, 8, 8, 10, 12, POINT};

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

static int32_t number(const uint8_t *at, int size)
{
    int32_t result = 0;

    for (int i = 0; i < size; i++)
        result = result * 10 + (at[i] - '0');
    return result;
}

/* Digits up to where the asterisks begin, which go on to the sign; before the point whole fields
 * are asterisks. */
static const char *shape(const uint8_t *at, const uint8_t *fields, int8_t *digits)
{
    *digits = -1;
    for (int i = 0; i < SIGN; i++) {
        if (i == POINT)
            continue;
        if (at[i] == '*' && *digits < 0) {
            *digits = (int8_t) i;
            if (i < POINT && memchr(fields, i, 7) == NULL)
                return "a field has digits and asterisks";
        } else if (at[i] != '*' && !is_digit(at[i])) {
            return "there is something else than digits";
        } else if (at[i] != '*' && *digits >= 0) {
            return "digits follow asterisks";
        }
    }
    return NULL;
}

static int32_t days_of(int32_t year, int32_t month)
{
    static const uint8_t DAYS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
}

static const char *timestamp(struct opswire_cim_datetime *made)
{
    if (made->digits >= 0 && made->digits < 8) {
        /* The first month and day stand for those that are not known. */
        made->days = 1;
        if (made->digits <= 4)
            made->month = 1;
    }
    if (made->year == 0)
        return "there is no year 0";
    if (made->month < 1 || made->month > 12)
        return "the month is not in 01..12";
    if (made->days < 1 || made->days > days_of(made->year, made->month))
        return "the month has no such day";
    if (made->hour > 23 || made->minute > 59 || made->second > 59)
        return "there is no such time of the day";
    return NULL;
}

/* Hours, minutes and seconds may be more than there are in a day, an hour and a minute. */
static const char *interval(const struct opswire_cim_datetime *made)
{
    const int64_t seconds =
        made->days * INT64_C(86400) + made->hour * 3600 + made->minute * 60 + made->second;

    if (made->offset != 0)
        return "an interval ends with :000";
    return seconds < INT64_C(100000000) * 86400 ? NULL : "an interval is below 100000000 days";
}

const char *opswire_cim_datetime_read(struct opswire_view text, struct opswire_cim_datetime *made)
{
    const uint8_t *const at = text.data;
    const uint8_t *fields;
    int32_t *const into[] = {&made->year, &made->month,  &made->days,
                             &made->hour, &made->minute, &made->second};
    const char *fault;
    int known;

    if (text.size != SIZE || at[POINT] != '.')
        return "it is not YYYYMMDDHHMMSS.MMMMMM+UUU, ...-UUU or DDDDDDDDHHMMSS.MMMMMM:000";
    made->interval = at[SIGN] == ':';
    if (!made->interval && at[SIGN] != '+' && at[SIGN] != '-')
        return "neither +, - nor : is before the last three digits";
    fields = made->interval ? INTERVAL : TIMESTAMP;
    fault = shape(at, fields, &made->digits);
    if (fault != NULL)
        return fault;
    for (int i = SIGN + 1; i < SIZE; i++)
        if (!is_digit(at[i]))
            return "the distance from UTC is no number";
    known = made->digits < 0 ? SIGN : made->digits;
    for (int i = 0; i < 6; i++)
        *into[i] = fields[i] < known ? number(at + fields[i], fields[i + 1] - fields[i]) : 0;
    if (made->interval) {
        made->days = made->year;
        made->year = 0;
    }
    made->microsecond = known <= POINT ? 0 : number(at + POINT + 1, known - POINT - 1);
    for (int i = known <= POINT ? SIGN : known; i < SIGN; i++)
        made->microsecond *= 10;
    made->offset = number(at + SIGN + 1, 3);
    fault = made->interval ? interval(made) : timestamp(made);
    if (at[SIGN] == '-')
        made->offset = -made->offset;
    return fault;
}
