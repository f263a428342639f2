#include "opswire/performance_number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtod and printf are exact in glibc and musl.  What the locale changes is the point alone, so
 * that strtod is given none ("15e-1") and printf's is skipped, whatever octets it has. */

#define DECIMALS_SHOWN 5u   /* recorded */
#define MOST_DIGITS 17      /* DBL_DECIMAL_DIG: always read back as the same double */
#define SURE_DIGITS DBL_DIG /* so many digits survive text -> double -> text */
#define LARGEST_POWER 22    /* of ten that is a double without rounding */
#define EXACT_INTEGER 9007199254740992.0
/* Beyond these a number of at most MAX_DIGITS digits is infinite or 0 for certain. */
#define LARGEST_EXPONENT 2000
#define SATURATED (INT64_MAX / 16)

/* A decimal number: digits * 10^exponent. */
struct decimal {
    char digits[OPSWIRE_PERFORMANCE_MAX_DIGITS + 1];
    size_t count;
    int64_t exponent;
    bool dropped; /* a digit other than 0 did not fit */
};

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

static void add_digit(struct decimal *decimal, uint8_t digit, bool fraction)
{
    if (decimal->count == 0 && digit == '0') { /* leading zeros */
        decimal->exponent -= fraction;
        return;
    }
    if (decimal->count < OPSWIRE_PERFORMANCE_MAX_DIGITS) {
        decimal->digits[decimal->count++] = (char) digit;
        decimal->exponent -= fraction;
        return;
    }
    decimal->dropped |= digit != '0';
    decimal->exponent += !fraction;
}

/* The exact quotient or product of two exact doubles is rounded once: the nearest double. */
static bool quick_value(const struct decimal *decimal, double *number)
{
    static const double powers[LARGEST_POWER + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    int64_t digits = 0;

    if (FLT_EVAL_METHOD != 0 || decimal->count > SURE_DIGITS)
        return false;
    if (decimal->exponent < -LARGEST_POWER || decimal->exponent > LARGEST_POWER)
        return false;
    for (size_t i = 0; i < decimal->count; i++)
        digits = digits * 10 + (decimal->digits[i] - '0');
    if (decimal->exponent < 0)
        *number = (double) digits / powers[-decimal->exponent];
    else
        *number = (double) digits * powers[decimal->exponent];
    return true;
}

static double value_of(struct decimal *decimal)
{
    char text[sizeof(decimal->digits) + 16];
    int64_t exponent = decimal->exponent;
    double number;

    if (decimal->count == 0)
        return 0;
    if (quick_value(decimal, &number))
        return number;
    if (decimal
            ->dropped) { /* one digit stands for all of them: above what is kept, below the next */
        decimal->digits[decimal->count++] = '1';
        exponent--;
    }
    if (exponent > LARGEST_EXPONENT)
        exponent = LARGEST_EXPONENT;
    if (exponent < -LARGEST_EXPONENT)
        exponent = -LARGEST_EXPONENT;
    snprintf(text, sizeof(text), "%.*se%d", (int) decimal->count, decimal->digits, (int) exponent);
    return strtod(text, NULL);
}

/* Where an exponent ends that begins at i; i itself when there is none. */
static size_t read_exponent(struct opswire_view text, size_t i, int64_t *exponent)
{
    size_t j = i;
    int64_t value = 0;
    bool negative = false;

    if (j >= text.size || (text.data[j] != 'e' && text.data[j] != 'E'))
        return i;
    j++;
    if (j < text.size && (text.data[j] == '+' || text.data[j] == '-'))
        negative = text.data[j++] == '-';
    if (j >= text.size || !is_digit(text.data[j])) /* the unit begins with an e */
        return i;
    for (; j < text.size && is_digit(text.data[j]); j++)
        if (value < SATURATED / 10 - 9)
            value = value * 10 + (text.data[j] - '0');
    *exponent += negative ? -value : value;
    return j;
}

size_t opswire_performance_number_read(struct opswire_view text,
                                       enum opswire_performance_rules rules, double *number)
{
    struct decimal decimal;
    bool negative;
    bool found = false;
    bool fraction = false;
    double value;
    size_t i = 0;

    decimal.count = 0;
    decimal.exponent = 0;
    decimal.dropped = false;
    negative = text.size > 0 && text.data[0] == '-';
    for (i = negative; i < text.size; i++) {
        const uint8_t octet = text.data[i];

        if (is_digit(octet)) {
            found = true;
            add_digit(&decimal, octet, fraction);
        } else if (!fraction
                   && (octet == '.' || (octet == ',' && rules == OPSWIRE_PERFORMANCE_RECORDED))) {
            fraction = true;
        } else {
            break;
        }
    }
    if (!found)
        return 0;
    if (rules == OPSWIRE_PERFORMANCE_STRICT)
        i = read_exponent(text, i, &decimal.exponent);
    value = value_of(&decimal);
    *number = negative ? -value : value;
    return i;
}

static size_t write_recorded(double number, uint8_t *out)
{
    char text[OPSWIRE_PERFORMANCE_MAX_NUMBER];
    const char *from = text;
    size_t size = 0;
    size_t point;

    snprintf(text, sizeof(text), "%.*f", number < 10 ? 20 : 6, number);
    if (*from == '-')
        out[size++] = (uint8_t) *from++;
    while (is_digit((uint8_t) *from))
        out[size++] = (uint8_t) *from++;
    while (!is_digit((uint8_t) *from))
        from++;
    point = size;
    out[size++] = '.';
    for (size_t i = 0; i < DECIMALS_SHOWN; i++)
        out[size++] = (uint8_t) from[i];
    while (out[size - 1] == '0')
        size--;
    return size - 1 == point ? point : size;
}

/* The double nearest to a positive number rounded to that many digits. */
static double rounded(double number, int count, struct decimal *decimal)
{
    char text[64];
    const char *from = text;

    snprintf(text, sizeof(text), "%.*e", count - 1, number);
    decimal->count = 0;
    decimal->dropped = false;
    for (; *from != 'e'; from++)
        if (is_digit((uint8_t) *from))
            decimal->digits[decimal->count++] = *from;
    decimal->exponent = strtol(from + 1, NULL, 10) - (count - 1);
    return value_of(decimal);
}

/* Add one to the last digit. */
static void step_up(struct decimal *decimal)
{
    size_t i = decimal->count;

    while (i > 0 && decimal->digits[i - 1] == '9')
        decimal->digits[--i] = '0';
    if (i > 0) {
        decimal->digits[i - 1]++;
    } else { /* 99 became 00: the new first digit pushes a 0 out */
        decimal->digits[0] = '1';
        decimal->exponent++;
    }
}

/* Without frexp(), which not every libc has without libm. */
static bool is_power_of_two(double number)
{
    const uint64_t fraction = (UINT64_C(1) << (DBL_MANT_DIG - 1)) - 1;
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    return number >= DBL_MIN && (bits & fraction) == 0;
}

static void find_shortest(double number, struct decimal *decimal)
{
    const bool power_of_two = is_power_of_two(number);
    /* With that many digits or fewer there is one answer, and more digits only append zeros to it.
     * Not so below the normal numbers, which have fewer digits themselves. */
    int count = number >= DBL_MIN ? SURE_DIGITS : 1;

    for (; count <= MOST_DIGITS; count++) {
        if (rounded(number, count, decimal) == number)
            break;
        /* The doubles above a power of two are twice as far apart as those below: what lies above
         * may be read back though it is not the nearest. */
        if (power_of_two) {
            step_up(decimal);
            if (value_of(decimal) == number)
                break;
        }
    }
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0') {
        decimal->count--;
        decimal->exponent++;
    }
}

static size_t write_digits(const struct decimal *decimal, uint8_t *out)
{
    const int64_t point = (int64_t) decimal->count + decimal->exponent;
    size_t size = 0;

    if (point <= 0) {
        out[size++] = '0';
        out[size++] = '.';
        for (int64_t i = point; i < 0; i++)
            out[size++] = '0';
    }
    for (size_t i = 0; i < decimal->count; i++) {
        if (i > 0 && (int64_t) i == point)
            out[size++] = '.';
        out[size++] = (uint8_t) decimal->digits[i];
    }
    for (int64_t i = (int64_t) decimal->count; i < point; i++)
        out[size++] = '0';
    return size;
}

size_t opswire_performance_number_write(double number, enum opswire_performance_rules rules,
                                        uint8_t out[OPSWIRE_PERFORMANCE_MAX_NUMBER])
{
    struct decimal decimal;
    const double absolute = number < 0 ? -number : number;
    size_t size = 0;

    if (!isfinite(number))
        return 0;
    if (rules == OPSWIRE_PERFORMANCE_RECORDED)
        return write_recorded(number, out);
    if (signbit(number))
        out[size++] = '-';
    if (absolute < EXACT_INTEGER && absolute == (double) (int64_t) absolute)
        return size
               + (size_t) snprintf((char *) out + size, 24, "%lld", (long long) (int64_t) absolute);
    find_shortest(absolute, &decimal);
    return size + write_digits(&decimal, out + size);
}
