#include "machine.h"

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

/* Without white space at both ends, which numbers, booleans and dates may have. */
static struct opswire_view stripped(struct opswire_view text)
{
    while (text.size > 0 && text.data[0] <= ' ') {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && text.data[text.size - 1] <= ' ')
        text.size--;
    return text;
}

/* ---- integers ---- */

struct integer {
    uint64_t magnitude;
    bool negative;
    bool too_large;
};

/* Decimal or 0x and hexadecimal, with a sign; no octal, no binary, nothing that only Python reads.
 */
static bool read_integer(struct opswire_view text, struct integer *result)
{
    const uint8_t *at = text.data;
    const uint8_t *const end = text.data + text.size;
    uint64_t number = 0;

    *result = (struct integer){0, false, false};
    if (at < end && (*at == '-' || *at == '+'))
        result->negative = *at++ == '-';
    if (at == end)
        return false;
    if (end - at > 2 && at[0] == '0' && (at[1] | 0x20) == 'x') {
        for (at += 2; at < end; at++) {
            uint8_t digit = *at;

            if (is_digit(digit))
                digit = (uint8_t) (digit - '0');
            else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
                digit = (uint8_t) ((digit | 0x20) - 'a' + 10);
            else
                return false;
            if (number >> 60 != 0)
                result->too_large = true;
            number = number << 4 | digit;
        }
    } else {
        for (; at < end; at++) {
            const uint8_t digit = (uint8_t) (*at - '0');

            if (digit > 9)
                return false;
            if (number > (UINT64_MAX - digit) / 10)
                result->too_large = true;
            number = number * 10 + digit;
        }
    }
    result->magnitude = number;
    return true;
}

/* As a signed or unsigned cell; false: it is not within these. */
static bool to_cell(const struct integer *integer, bool is_signed, uint64_t most,
                    union opswire_cim_cell *cell)
{
    if (integer->too_large)
        return false;
    if (!integer->negative || integer->magnitude == 0) {
        cell->u = integer->magnitude;
        return integer->magnitude <= most;
    }
    if (!is_signed || integer->magnitude > most + 1)
        return false;
    cell->u = 0 - integer->magnitude;
    return true;
}

static enum opswire_cim_error integer_value(uint32_t options, struct opswire_view text,
                                            uint8_t type, union opswire_cim_cell *cell)
{
    static const uint64_t MOST[] = {UINT8_MAX,  INT8_MAX,  UINT16_MAX, INT16_MAX,
                                    UINT32_MAX, INT32_MAX, UINT64_MAX, INT64_MAX};
    const bool is_signed = cim_is_signed(type);
    uint64_t most = MOST[type - OPSWIRE_CIM_UINT8];
    struct integer integer;

    _Static_assert(sizeof(MOST) / sizeof(MOST[0]) == OPSWIRE_CIM_REAL32 - OPSWIRE_CIM_UINT8,
                   "each type of integers has its most");
    if (!read_integer(text, &integer))
        return OPSWIRE_CIM_BAD_INTEGER;
    if ((options & OPSWIRE_CIM_ANY_RANGE) != 0)
        most = is_signed ? INT64_MAX : UINT64_MAX;
    return to_cell(&integer, is_signed, most, cell) ? OPSWIRE_CIM_SOUND : OPSWIRE_CIM_INTEGER_RANGE;
}

/* ---- the others ---- */

static size_t digits(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *const from = at;

    while (at < end && is_digit(*at))
        at++;
    return (size_t) (at - from);
}

/* Whether a decimal number rounds to infinity: it is 2^1024 - 2^970 or more, half a unit above the
 * largest double.  exponent: of ten, of the point's place. */
static bool is_too_large(const uint8_t *at, const uint8_t *end, int64_t exponent)
{
    static const char LEAST[] =
        "17976931348623158079372897140530341507993413271003782693617377898044496829276475"
        "09466490179775872070963302864166928879109465555478519404026306574886715058206819"
        "08902000708383676273854845817711531764475730270069855571366959622842914819860834"
        "936475292719074168444365510704342711559699508093042880177904174497792";
    bool leading = true;
    size_t place = 0;

    for (const uint8_t *digit = at; digit < end && *digit != '.'; digit++)
        exponent++;
    for (; at < end; at++) {
        if (*at == '.')
            continue;
        if (leading && *at == '0') {
            exponent--;
            continue;
        }
        leading = false;
        if (exponent != 309)
            return exponent > 309;
        if (place == sizeof(LEAST) - 1)
            return true;
        if (*at != (uint8_t) LEAST[place])
            return *at > (uint8_t) LEAST[place];
        place++;
    }
    while (!leading && LEAST[place] == '0')
        place++;
    return place == sizeof(LEAST) - 1;
}

static bool is_real(struct opswire_view text)
{
    const uint8_t *at = text.data;
    const uint8_t *const end = text.data + text.size;
    const uint8_t *mantissa;
    const uint8_t *mantissa_end;
    int64_t exponent = 0;
    size_t count;

    if (at < end && (*at == '+' || *at == '-'))
        at++;
    mantissa = at;
    if (cim_is_word((struct opswire_view){at, (size_t) (end - at)}, "inf")
        || cim_is_word(text, "nan"))
        return true;
    count = digits(at, end);
    at += count;
    if (at < end && *at == '.') {
        const size_t behind = digits(at + 1, end);

        count += behind;
        at += 1 + behind;
    }
    if (count == 0)
        return false;
    mantissa_end = at;
    if (at < end && (*at | 0x20) == 'e') {
        bool negative = false;

        at++;
        if (at < end && (*at == '+' || *at == '-'))
            negative = *at++ == '-';
        count = digits(at, end);
        for (size_t i = 0; i < count; i++)
            if (exponent < INT64_C(1) << 50) /* more octets than any text has */
                exponent = exponent * 10 + (at[i] - '0');
        at += count;
        exponent = negative ? -exponent : exponent;
    }
    return count > 0 && at == end && !is_too_large(mantissa, mantissa_end, exponent);
}

static bool is_char16(struct opswire_view text)
{
    const uint8_t first = text.size > 0 ? text.data[0] : 0;
    const size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : 3;

    return text.size == size && first < 0xf0; /* well-formed UTF-8 already */
}

/* ---- all ---- */

/* A numeric key without TYPE. */
static enum opswire_cim_error numeric(struct opswire_view text, struct opswire_cim_scalar *decoded)
{
    struct integer integer;

    if (!read_integer(text, &integer)) {
        decoded->tag = OPSWIRE_CIM_REAL;
        decoded->kept = text;
        return is_real(text) ? OPSWIRE_CIM_SOUND : OPSWIRE_CIM_BAD_NUMBER;
    }
    decoded->tag = OPSWIRE_CIM_INTEGER;
    if (to_cell(&integer, true, INT64_MAX, &decoded->cell))
        return OPSWIRE_CIM_SOUND;
    decoded->tag = OPSWIRE_CIM_NATURAL;
    return to_cell(&integer, false, UINT64_MAX, &decoded->cell) ? OPSWIRE_CIM_SOUND
                                                                : OPSWIRE_CIM_INTEGER_RANGE;
}

enum opswire_cim_error opswire_cim_scalar_read(uint32_t options, uint8_t type,
                                               struct opswire_view whole,
                                               struct opswire_cim_scalar *decoded)
{
    struct opswire_cim_datetime datetime;
    struct opswire_view text = whole;

    decoded->tag = type;
    decoded->kept = (struct opswire_view){NULL, 0};
    if (type != OPSWIRE_CIM_STRING && type != OPSWIRE_CIM_CHAR16)
        text = stripped(whole);
    decoded->text = text;
    switch (type) {
    case OPSWIRE_CIM_STRING:
        decoded->kept = text;
        return OPSWIRE_CIM_SOUND;
    case OPSWIRE_CIM_CHAR16:
        decoded->kept = text;
        return is_char16(text) ? OPSWIRE_CIM_SOUND : OPSWIRE_CIM_BAD_CHAR16;
    case OPSWIRE_CIM_DATETIME:
        decoded->kept = text;
        return opswire_cim_datetime_read(text, &datetime) == NULL ? OPSWIRE_CIM_SOUND
                                                                  : OPSWIRE_CIM_BAD_DATETIME;
    case OPSWIRE_CIM_REAL32:
    case OPSWIRE_CIM_REAL64:
        decoded->kept = text;
        return is_real(text) ? OPSWIRE_CIM_SOUND : OPSWIRE_CIM_BAD_REAL;
    case OPSWIRE_CIM_BOOLEAN:
        decoded->cell.u = cim_is_word(text, "true");
        if (text.size == 0)
            decoded->tag = OPSWIRE_CIM_NULL;
        else if (decoded->cell.u == 0 && !cim_is_word(text, "false"))
            return OPSWIRE_CIM_BAD_BOOLEAN;
        return OPSWIRE_CIM_SOUND;
    case OPSWIRE_CIM_NUMERIC_KEY:
        return numeric(text, decoded);
    default:
        return integer_value(options, text, type, &decoded->cell);
    }
}

static bool ends_with_nul(uint8_t tag)
{
    return tag == OPSWIRE_CIM_REAL32 || tag == OPSWIRE_CIM_REAL64 || tag == OPSWIRE_CIM_REAL;
}

enum opswire_status cim_put_value(struct opswire_cim_reader *reader, uint32_t offset,
                                  struct opswire_view whole,
                                  const struct opswire_cim_scalar *decoded, bool ascii,
                                  struct cim_entry *entry)
{
    static const uint8_t NUL = 0;

    entry->tag = decoded->tag;
    if (decoded->tag == OPSWIRE_CIM_NULL)
        reader->block_flags |= OPSWIRE_CIM_EMPTY_BOOLEAN;
    if (decoded->kept.data == NULL) {
        entry->cell = decoded->cell;
        reader->work.size = offset;
        return OPSWIRE_DONE;
    }
    entry->cell.text.offset = offset + (uint32_t) (decoded->kept.data - whole.data);
    entry->cell.text.size =
        (uint32_t) decoded->kept.size | (ascii ? 0 : (uint32_t) OPSWIRE_CIM_NOT_ASCII);
    reader->work.size = entry->cell.text.offset + decoded->kept.size;
    if (ends_with_nul(decoded->tag))
        return cim_append(reader, (struct opswire_view){&NUL, 1});
    return OPSWIRE_DONE;
}

uint8_t cim_type_within(const struct cim_digest *around, bool *embedded)
{
    const uint32_t embedding = OPSWIRE_CIM_EMBEDDED_INSTANCE | OPSWIRE_CIM_EMBEDDED_OBJECT;

    *embedded = (around->flags & embedding) != 0
                && (around->type == OPSWIRE_CIM_STRING || around->type == 0);
    return around->type;
}

uint8_t cim_key_type(const struct cim_digest *key_value)
{
    if (key_value->type != 0)
        return key_value->type;
    return key_value->key_type == CIM_KEY_NUMERIC   ? (uint8_t) OPSWIRE_CIM_NUMERIC_KEY
           : key_value->key_type == CIM_KEY_BOOLEAN ? (uint8_t) OPSWIRE_CIM_BOOLEAN
                                                    : (uint8_t) OPSWIRE_CIM_STRING;
}

enum opswire_status cim_value(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const struct opswire_view whole = {reader->work.data + frame->text,
                                       reader->work.size - frame->text};
    struct opswire_cim_scalar decoded;
    struct cim_entry *entry;
    enum opswire_cim_error error;

    if (frame->embedded && stripped(whole).size > 0)
        return cim_embedded(reader, frame->text);
    entry = cim_push(reader);
    if (entry == NULL)
        return reader->broken;
    *entry = (struct cim_entry){.element = frame->element};
    if (frame->embedded) { /* an object that is not there */
        reader->work.size = frame->text;
        return OPSWIRE_DONE;
    }
    error = opswire_cim_scalar_read(reader->settings.options, cim_text_type(frame->type), whole,
                                    &decoded);
    if (error != OPSWIRE_CIM_SOUND)
        return cim_fail(reader, error, decoded.text);
    return cim_put_value(reader, frame->text, whole, &decoded, !frame->not_ascii, entry);
}
