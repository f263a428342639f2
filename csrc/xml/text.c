#include <string.h>

#include "characters.h"
#include "machine.h"

static bool is_reference_octet(uint8_t octet)
{
    return xml_name_class(octet) != 0 || octet == '#';
}

/* The size of a reference from & to ; or 0 when it is not complete. */
static size_t reference_size(const uint8_t *at, const uint8_t *end, enum opswire_xml_error *error)
{
    const uint8_t *here = at + 1;

    while (here < end && *here != ';') {
        if (!is_reference_octet(*here)) {
            *error = OPSWIRE_XML_BAD_REFERENCE;
            return 0;
        }
        here++;
        if (here - at >= (ptrdiff_t) OPSWIRE_XML_MAX_REFERENCE) {
            *error = OPSWIRE_XML_REFERENCE_TOO_LONG;
            return 0;
        }
    }
    return here < end ? (size_t) (here + 1 - at) : 0;
}

enum opswire_xml_error xml_reference(const uint8_t *data, size_t size, uint8_t out[4],
                                     uint32_t *out_size)
{
    static const struct {
        const char name[8];
        size_t size;
        char value;
    } FIVE[] = {{"&lt;", 4, '<'},
                {"&gt;", 4, '>'},
                {"&amp;", 5, '&'},
                {"&quot;", 6, '"'},
                {"&apos;", 6, '\''}};
    uint32_t c = 0;

    if (size > 1 && data[1] == '#') {
        const bool hexadecimal = size > 2 && data[2] == 'x';
        const uint8_t *digit = data + (hexadecimal ? 3 : 2);
        const uint8_t *const last = data + size - 1;

        if (digit >= last)
            return OPSWIRE_XML_BAD_REFERENCE;
        for (; digit < last; digit++) {
            uint32_t value = *digit;

            if (value >= '0' && value <= '9')
                value -= '0';
            else if (hexadecimal && (value | 0x20) >= 'a' && (value | 0x20) <= 'f')
                value = (value | 0x20) - 'a' + 10;
            else
                return OPSWIRE_XML_BAD_REFERENCE;
            c = c * (hexadecimal ? 16 : 10) + value;
            if (c > 0x10ffff)
                return OPSWIRE_XML_BAD_CHARACTER;
        }
        if (!xml_is_character(c))
            return OPSWIRE_XML_BAD_CHARACTER;
        *out_size = xml_encode(c, out);
        return OPSWIRE_XML_SOUND;
    }
    for (size_t i = 0; i < sizeof(FIVE) / sizeof(FIVE[0]); i++) {
        if (size == FIVE[i].size && memcmp(data, FIVE[i].name, size) == 0) {
            out[0] = (uint8_t) FIVE[i].value;
            *out_size = 1;
            return OPSWIRE_XML_SOUND;
        }
    }
    return size > 2 && (xml_name_class(data[1]) & XML_NAME_START) != 0 ? OPSWIRE_XML_UNKNOWN_ENTITY
                                                                       : OPSWIRE_XML_BAD_REFERENCE;
}

static enum opswire_status tell_text(struct opswire_xml_scanner *scanner,
                                     struct opswire_xml_token *token, const uint8_t *data,
                                     size_t size, bool ascii)
{
    scanner->text_size += size;
    if (scanner->text_size > scanner->limits.text)
        return xml_fail(scanner, OPSWIRE_XML_TEXT_TOO_LONG, scanner->told);
    token->type = OPSWIRE_XML_TEXT;
    token->text.data = data;
    token->text.size = size;
    token->ascii = ascii;
    return OPSWIRE_DONE;
}

/* Count the ] that end at *at; false: ]]> is there. */
static bool brackets(struct opswire_xml_scanner *scanner, const uint8_t **at, bool joined)
{
    const uint8_t *here = *at;
    size_t count = joined ? scanner->brackets : 0;

    while (here < scanner->end && *here == ']') {
        here++;
        count++;
    }
    *at = here;
    scanner->brackets = (uint8_t) (count > 2 ? 2 : count);
    return here == scanner->end || *here != '>' || count < 2;
}

/* Text with references or carriage returns, from its piece [from, here) on: into scratch. */
static enum opswire_status unescaped_text(struct opswire_xml_scanner *scanner,
                                          struct opswire_xml_token *token, const uint8_t *from,
                                          bool ascii)
{
    struct opswire_buffer *const out = &scanner->scratch;
    const uint8_t *const end = scanner->end;
    const uint8_t *here = scanner->here;

    out->size = 0;
    for (;;) {
        const struct opswire_view plain = {from, (size_t) (here - from)};
        enum opswire_xml_error error = OPSWIRE_XML_SOUND;
        uint32_t c;
        int size;

        /* Four for what follows, so that only this can fail. */
        if (opswire_buffer_reserve(out, plain.size + 4) != OPSWIRE_DONE)
            return xml_no_memory(scanner);
        opswire_buffer_append(out, plain);
        scanner->here = from = here;
        if (here == end || out->size >= XML_SCRATCH || *here == '<')
            break;
        if (*here == '&') {
            const size_t reference = reference_size(here, end, &error);
            uint32_t made = 0;

            scanner->brackets = 0;
            if (reference != 0)
                error = xml_reference(here, reference, out->data + out->size, &made);
            if (error != OPSWIRE_XML_SOUND)
                return xml_fail(scanner, error, here);
            if (reference == 0) {
                const enum opswire_status status = xml_carry_rest(scanner, XML_REFERENCE);

                if (status != XML_ON)
                    return status;
                break;
            }
            ascii = ascii && out->data[out->size] < 0x80;
            out->size += made;
            from = here = here + reference;
        } else if (*here == '\r') {
            scanner->brackets = 0;
            out->data[out->size++] = '\n';
            here++;
            if (here == end)
                scanner->skip_line_feed = true;
            else if (*here == '\n')
                here++;
            from = here;
        }
        /* On to the next thing that is not plain; as in xml_text(). */
        while (here < end) {
            const uint8_t *const piece = here;

            here = xml_plain(here, end, '<', '&', ']');
            if (here != piece)
                scanner->brackets = 0;
            if (here == end || *here == '<' || *here == '&' || *here == '\r')
                break;
            if (*here == '\n' || *here == '\t') {
                scanner->brackets = 0;
                here++;
            } else if (*here == ']') {
                if (!brackets(scanner, &here, true))
                    return xml_fail(scanner, OPSWIRE_XML_CDATA_END_IN_TEXT, here);
            } else {
                size = xml_decode(here, end, &c);
                if (size == 0)
                    return xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, here);
                if (size < 0)
                    break;
                scanner->brackets = 0;
                ascii = false;
                here += size;
            }
        }
        if (here < end && *here >= 0x80) { /* a character that is cut */
            const struct opswire_view rest = {from, (size_t) (here - from)};
            enum opswire_status status;

            if (opswire_buffer_append(out, rest) != OPSWIRE_DONE)
                return xml_no_memory(scanner);
            scanner->here = here;
            scanner->brackets = 0;
            status = xml_carry_rest(scanner, XML_CHARACTER);
            if (status != XML_ON)
                return status;
            break;
        }
    }
    if (out->size == 0)
        return XML_ON;
    return tell_text(scanner, token, out->data, out->size, ascii);
}

enum opswire_status xml_text(struct opswire_xml_scanner *scanner, struct opswire_xml_token *token)
{
    const uint8_t *const from = scanner->here;
    const uint8_t *const end = scanner->end;
    const uint8_t *here = from;
    bool ascii = true;

    scanner->told = from;
    for (;;) {
        const uint8_t *const piece = here;
        uint32_t c;
        int size;

        here = xml_plain(here, end, '<', '&', ']');
        if (here != piece) {
            /* > is plain, so a ]]> that was cut before it is found here. */
            if (scanner->brackets == 2 && piece == from && *piece == '>')
                return xml_fail(scanner, OPSWIRE_XML_CDATA_END_IN_TEXT, piece);
            scanner->brackets = 0;
        }
        if (here == end || *here == '<')
            break;
        if (*here == '\n' || *here == '\t') {
            scanner->brackets = 0;
            here++;
        } else if (*here == ']') {
            if (!brackets(scanner, &here, here == from))
                return xml_fail(scanner, OPSWIRE_XML_CDATA_END_IN_TEXT, here);
        } else if (*here == '&' || *here == '\r') {
            scanner->here = here;
            return unescaped_text(scanner, token, from, ascii);
        } else {
            size = xml_decode(here, end, &c);
            if (size == 0)
                return xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, here);
            scanner->brackets = 0;
            if (size < 0) {
                enum opswire_status status;

                scanner->here = here;
                status = xml_carry_rest(scanner, XML_CHARACTER);
                if (status != XML_ON || here == from)
                    return status;
                return tell_text(scanner, token, from, (size_t) (here - from), ascii);
            }
            ascii = false;
            here += size;
        }
    }
    scanner->here = here;
    return tell_text(scanner, token, from, (size_t) (here - from), ascii);
}

/* One character of text.  Where no text should be the caller is told at the first, so that what
 * comes after it matters as little as when it has not arrived yet. */
enum opswire_status xml_one_character(struct opswire_xml_scanner *scanner,
                                      struct opswire_xml_token *token)
{
    const uint8_t *const here = scanner->here;
    uint32_t size = 1;

    scanner->told = here;
    if (*here == '&') {
        enum opswire_xml_error error = OPSWIRE_XML_SOUND;
        const size_t reference = reference_size(here, scanner->end, &error);

        scanner->brackets = 0;
        /* The scratch is never smaller than this once it is there. */
        if (opswire_buffer_reserve(&scanner->scratch, 4) != OPSWIRE_DONE)
            return xml_no_memory(scanner);
        if (error == OPSWIRE_XML_SOUND && reference == 0)
            return xml_carry_rest(scanner, XML_REFERENCE);
        if (error == OPSWIRE_XML_SOUND)
            error = xml_reference(here, reference, scanner->scratch.data, &size);
        if (error != OPSWIRE_XML_SOUND)
            return xml_fail(scanner, error, here);
        scanner->here += reference;
        return tell_text(scanner, token, scanner->scratch.data, size,
                         scanner->scratch.data[0] < 0x80);
    }
    if (*here >= 0x80) {
        uint32_t c;
        const int decoded = xml_decode(here, scanner->end, &c);

        scanner->brackets = 0;
        if (decoded < 0)
            return xml_carry_rest(scanner, XML_CHARACTER);
        if (decoded == 0)
            return xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, here);
        size = (uint32_t) decoded;
    } else if (*here < ' ') {
        return xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, here);
    } else if (*here == '>' && scanner->brackets == 2) {
        return xml_fail(scanner, OPSWIRE_XML_CDATA_END_IN_TEXT, here);
    } else if (*here != ']') {
        scanner->brackets = 0;
    } else if (scanner->brackets < 2) {
        scanner->brackets++;
    }
    scanner->here += size;
    return tell_text(scanner, token, here, size, *here < 0x80);
}

/* A reference that was cut, or a character: an octet more. */
enum opswire_status xml_carry_piece(struct opswire_xml_scanner *scanner,
                                    struct opswire_xml_token *token)
{
    enum opswire_xml_error error = OPSWIRE_XML_SOUND;
    enum opswire_status status = xml_keep(scanner, scanner->here + 1);
    const uint8_t *const data = scanner->carry.data;
    const uint8_t *const end = data + scanner->carry.size;
    uint32_t size = 0;
    uint32_t c;

    if (status != XML_ON)
        return status;
    if (scanner->carrying == XML_REFERENCE) {
        uint8_t out[4];
        const size_t reference = reference_size(data, end, &error);

        if (error == OPSWIRE_XML_SOUND && reference == 0)
            return XML_ON;
        if (error == OPSWIRE_XML_SOUND)
            error = xml_reference(data, reference, out, &size);
        if (error == OPSWIRE_XML_SOUND)
            memcpy(scanner->carry.data, out, size);
    } else {
        const int decoded = xml_decode(data, end, &c);

        if (decoded < 0)
            return XML_ON;
        if (decoded == 0)
            error = OPSWIRE_XML_BAD_CHARACTER;
        size = (uint32_t) decoded;
    }
    scanner->told = data;
    if (error != OPSWIRE_XML_SOUND)
        return xml_fail(scanner, error, data);
    scanner->carrying = XML_NOTHING;
    scanner->carry_told = true;
    if (scanner->mode == XML_COMMENT)
        return XML_ON;
    return tell_text(scanner, token, data, size, data[0] < 0x80);
}

/* ---- comments and CDATA ---- */

/* Advance over one octet that xml_plain() stopped at and that is neither - nor ]; false: carry or
 * failure, as *status says. */
static bool special(struct opswire_xml_scanner *scanner, bool *ascii, enum opswire_status *status)
{
    const uint8_t octet = *scanner->here;
    uint32_t c;
    int size;

    if (octet == '\n' || octet == '\t' || octet == '\r') {
        scanner->here++;
        return true;
    }
    size = octet < 0x80 ? 0 : xml_decode(scanner->here, scanner->end, &c);
    if (size > 0) {
        *ascii = false;
        scanner->here += size;
        return true;
    }
    *status = size == 0 ? xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, scanner->here)
                        : xml_carry_rest(scanner, XML_CHARACTER);
    return false;
}

enum opswire_status xml_comment(struct opswire_xml_scanner *scanner)
{
    enum opswire_status status;
    bool ascii;

    while (scanner->here < scanner->end) {
        const uint8_t octet = *scanner->here;

        if (scanner->brackets == 2) {
            if (octet != '>')
                return xml_fail(scanner, OPSWIRE_XML_BAD_COMMENT, scanner->here);
            scanner->here++;
            scanner->brackets = 0;
            scanner->mode = XML_CONTENT;
            return XML_ON;
        }
        if (octet == '-') {
            scanner->brackets++;
            scanner->here++;
            continue;
        }
        scanner->brackets = 0;
        scanner->here = xml_plain(scanner->here, scanner->end, '-', '-', '-');
        if (scanner->here < scanner->end && *scanner->here != '-'
            && !special(scanner, &ascii, &status))
            return status;
    }
    return XML_ON;
}

enum opswire_status xml_cdata(struct opswire_xml_scanner *scanner, struct opswire_xml_token *token,
                              bool only_markup)
{
    static const uint8_t TWO[] = "]]";
    const uint8_t *from = scanner->here;
    enum opswire_status status = XML_ON;
    bool ascii = true;

    scanner->told = from;
    if (scanner->skip_line_feed) {
        scanner->skip_line_feed = false;
        if (*from == '\n') {
            scanner->here++;
            return XML_ON;
        }
    }
    while (scanner->here < scanner->end && *scanner->here == ']') {
        scanner->here++;
        if (scanner->brackets == 2) /* more than two: the first is content */
            return tell_text(scanner, token, TWO, 1, true);
        scanner->brackets++;
    }
    if (scanner->here == scanner->end)
        return XML_ON;
    if (scanner->brackets > 0) {
        const size_t size = scanner->brackets;

        scanner->brackets = 0;
        if (size == 2 && *scanner->here == '>') {
            scanner->here++;
            scanner->mode = XML_CONTENT;
            return XML_ON;
        }
        return tell_text(scanner, token, TWO, size, true);
    }
    from = scanner->here;
    if (*from == '\r') { /* as a line feed; alone, so that all other pieces are views */
        static const uint8_t LINE_FEED = '\n';

        scanner->here++;
        scanner->skip_line_feed = true;
        return tell_text(scanner, token, &LINE_FEED, 1, true);
    }
    do {
        /* One character only, for the same reason as above. */
        const uint8_t *const end = only_markup ? scanner->here + 1 : scanner->end;

        scanner->here = xml_plain(scanner->here, end, ']', ']', ']');
        if (scanner->here == end || *scanner->here == ']' || *scanner->here == '\r')
            break;
        if (*scanner->here >= 0x80 || *scanner->here < ' ') {
            const uint8_t *const here = scanner->here;

            if (!special(scanner, &ascii, &status)) {
                if (status != XML_ON || here == from)
                    return status;
                return tell_text(scanner, token, from, (size_t) (here - from), ascii);
            }
        }
    } while (scanner->here < scanner->end && !only_markup);
    return tell_text(scanner, token, from, (size_t) (scanner->here - from), ascii);
}
