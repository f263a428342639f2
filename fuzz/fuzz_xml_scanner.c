/* The scanner: a document whole, and the same octet by octet, are the same tokens, the same fault
 * and the same place.  The first octet says whether white space is left out and how often the
 * document is scanned: tags that are kept must not change what it means. */
#include <stdlib.h>
#include <string.h>

#include "opswire/xml_scanner.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

struct side {
    struct opswire_xml_scanner *scanner;
    uint64_t tokens; /* a sum over all of them */
    enum opswire_status status;
};

static uint64_t add(uint64_t sum, struct opswire_view view)
{
    for (size_t i = 0; i < view.size; i++)
        sum = (sum ^ view.data[i]) * 1099511628211u;
    return sum * 31 + view.size;
}

static void note(struct side *side, const struct opswire_xml_token *token, bool *in_text)
{
    /* Texts that follow each other are one, whatever their number. */
    if (token->type == OPSWIRE_XML_TEXT) {
        HOLD(token->text.size > 0);
        for (size_t i = 0; i < token->text.size; i++) {
            HOLD(!token->ascii || token->text.data[i] < 0x80);
            side->tokens = (side->tokens ^ token->text.data[i]) * 1099511628211u;
        }
        *in_text = true;
        return;
    }
    side->tokens = side->tokens * 131 + (unsigned) token->type + (*in_text ? 100 : 0);
    *in_text = false;
    if (token->type == OPSWIRE_XML_DOCUMENT_END)
        return;
    side->tokens = add(side->tokens, token->name);
    if (token->type == OPSWIRE_XML_START) {
        for (uint32_t i = 0; i < token->tag->attribute_count; i++) {
            side->tokens = add(side->tokens, token->tag->attributes[i].name);
            side->tokens = add(side->tokens, token->tag->attributes[i].value);
        }
        side->tokens += token->tag->ascii;
    }
}

static void scan(struct side *side, const uint8_t *data, size_t size, size_t piece, bool markup)
{
    struct opswire_xml_token token;
    bool in_text = false;
    uint8_t *copy = NULL; /* of the exact size, and gone before the next piece */
    size_t fed = 0;

    opswire_xml_reset(side->scanner);
    side->tokens = 0;
    for (;;) {
        side->status = markup ? opswire_xml_next_markup(side->scanner, &token)
                              : opswire_xml_next(side->scanner, &token);
        if (side->status == OPSWIRE_DONE) {
            note(side, &token, &in_text);
            if (token.type == OPSWIRE_XML_DOCUMENT_END)
                break;
        } else if (side->status == OPSWIRE_MORE) {
            const size_t next = size - fed < piece ? size - fed : piece;

            free(copy);
            copy = NULL;
            if (next == 0) {
                opswire_xml_end(side->scanner);
                continue;
            }
            copy = malloc(next);
            HOLD(copy != NULL);
            memcpy(copy, data + fed, next);
            fed += next;
            HOLD(opswire_xml_feed(side->scanner, (struct opswire_view){copy, next})
                 == OPSWIRE_DONE);
        } else {
            break;
        }
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct side sides[3] = {{0}};
    const bool markup = size > 0 && (data[0] & 1) != 0;

    if (size == 0)
        return 0;
    for (int i = 0; i < 3; i++) {
        sides[i].scanner = opswire_xml_scanner_new(NULL);
        HOLD(sides[i].scanner != NULL);
    }
    scan(&sides[0], data + 1, size - 1, size, markup);
    scan(&sides[1], data + 1, size - 1, 1, markup);
    scan(&sides[2], data + 1, size - 1, 7, markup);
    if ((data[0] & 2) != 0) /* again, with the tags that are known now */
        scan(&sides[2], data + 1, size - 1, size, markup);
    for (int i = 1; i < 3; i++) {
        const struct opswire_xml_position one = opswire_xml_where(sides[0].scanner);
        const struct opswire_xml_position other = opswire_xml_where(sides[i].scanner);

        HOLD(sides[i].status == sides[0].status);
        HOLD(opswire_xml_error_code(sides[i].scanner) == opswire_xml_error_code(sides[0].scanner));
        HOLD(sides[i].tokens == sides[0].tokens || sides[0].status != OPSWIRE_DONE);
        if (sides[0].status != OPSWIRE_DONE)
            HOLD(one.line == other.line && one.column == other.column
                 && one.offset == other.offset);
    }
    for (int i = 0; i < 3; i++)
        opswire_xml_scanner_free(sides[i].scanner);
    return 0;
}
