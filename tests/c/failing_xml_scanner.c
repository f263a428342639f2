/* A document through a scanner that runs out of memory: what it has told until then is what any
 * scanner tells, it says NO_MEMORY and nothing else, and begun again it reads the document. */
#include <string.h>

#include "failing_allocations.h"
#include "opswire/xml_scanner.h"

enum { MOST_TOKENS = 1 << 16 };

struct scanning {
    struct opswire_view document;
    struct opswire_xml_limits limits;
    size_t piece;
    bool markup;
};

/* What a scanner with all the memory tells. */
static struct {
    uint64_t sums[MOST_TOKENS]; /* after each token */
    size_t count;
    enum opswire_status status;
    enum opswire_xml_error error;
    struct opswire_xml_position where;
} reference;

/* Of the document, for the scanner that scans at the moment. */
static size_t fed;    /* octets */
static uint64_t told; /* where the last token begins */

static uint64_t add_token(uint64_t sum, const struct opswire_xml_token *token)
{
    sum = sum * 31 + (unsigned) token->type;
    if (token->type == OPSWIRE_XML_TEXT)
        return add(sum * 2 + token->ascii, token->text);
    if (token->type == OPSWIRE_XML_DOCUMENT_END)
        return sum;
    sum = add(sum, token->name);
    if (token->type == OPSWIRE_XML_START) {
        sum = add(sum * 2 + token->tag->ascii, token->tag->name);
        for (uint32_t i = 0; i < token->tag->attribute_count; i++) {
            sum = add(sum, token->tag->attributes[i].name);
            sum = add(sum, token->tag->attributes[i].value);
        }
    }
    return sum;
}

/* Until the end or a failure; the tokens are the reference's, as far as they go. */
static enum opswire_status scan(struct opswire_xml_scanner *scanner,
                                const struct scanning *scanning, bool refer)
{
    struct opswire_view rest = scanning->document;
    struct opswire_xml_token token = {0};
    enum opswire_status status;
    uint8_t *copy = NULL;
    uint64_t sum = 0;
    size_t count = 0;
    uint32_t depth = 0;

    fed = told = 0;
    for (;;) {
        status = scanning->markup ? opswire_xml_next_markup(scanner, &token)
                                  : opswire_xml_next(scanner, &token);
        if (status == OPSWIRE_DONE) {
            sum = add_token(sum, &token);
            HOLD(count < MOST_TOKENS);
            if (refer)
                reference.sums[count] = sum;
            HOLD(reference.sums[count] == sum);
            count++;
            told = opswire_xml_where(scanner).offset;
            depth += token.type == OPSWIRE_XML_START;
            depth -= token.type == OPSWIRE_XML_END;
            if (token.type == OPSWIRE_XML_DOCUMENT_END)
                break;
        } else if (status == OPSWIRE_MORE) {
            struct opswire_view piece;

            memory_free_copy(copy);
            copy = NULL;
            if (rest.size == 0) {
                opswire_xml_end(scanner);
                continue;
            }
            opswire_view_take(&rest, rest.size < scanning->piece ? rest.size : scanning->piece,
                              &piece);
            copy = memory_copy(piece);
            piece.data = copy;
            fed += piece.size;
            HOLD(opswire_xml_feed(scanner, piece) == OPSWIRE_DONE);
        } else {
            break;
        }
    }
    memory_free_copy(copy);
    HOLD(opswire_xml_depth(scanner) == depth);
    if (refer)
        reference.count = count;
    HOLD(status == OPSWIRE_NO_MEMORY || count == reference.count);
    return status;
}

static bool same_position(struct opswire_xml_position one, struct opswire_xml_position other)
{
    return one.line == other.line && one.column == other.column && one.offset == other.offset;
}

static void is_as_the_reference(struct opswire_xml_scanner *scanner,
                                const struct scanning *scanning)
{
    HOLD(scan(scanner, scanning, false) == reference.status);
    HOLD(opswire_xml_error_code(scanner) == reference.error);
    HOLD(same_position(opswire_xml_where(scanner), reference.where));
}

/* Broken, and it says so whatever it is asked. */
static void is_out_of_memory(struct opswire_xml_scanner *scanner, const struct scanning *scanning)
{
    struct opswire_xml_token token;
    uint8_t excerpt[OPSWIRE_XML_EXCERPT_SIZE];
    size_t mark;

    HOLD(opswire_xml_next(scanner, &token) == OPSWIRE_NO_MEMORY);
    HOLD(opswire_xml_next_markup(scanner, &token) == OPSWIRE_NO_MEMORY);
    HOLD(opswire_xml_feed(scanner, scanning->document) == OPSWIRE_NO_MEMORY);
    HOLD(opswire_xml_error_code(scanner) == OPSWIRE_XML_SOUND);
    HOLD(opswire_xml_where(scanner).offset >= told && opswire_xml_where(scanner).offset <= fed);
    HOLD(opswire_xml_excerpt(scanner, excerpt, &mark) <= sizeof(excerpt));
    HOLD(mark <= sizeof(excerpt));
}

static void attempt(void *context)
{
    const struct scanning *const scanning = context;
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(&scanning->limits);

    if (scanner == NULL) {
        HOLD(memory_has_failed());
        return;
    }
    /* Twice, as tags that are kept make the second time another one; at most three times, as what
     * fails for ever is told until memory is back. */
    for (int round = 0; round < 3; round++) {
        const enum opswire_status status = scan(scanner, scanning, false);

        if (status != OPSWIRE_NO_MEMORY) { /* a tag that cannot be kept is told all the same */
            HOLD(status == reference.status);
            HOLD(opswire_xml_error_code(scanner) == reference.error);
        } else {
            HOLD(memory_has_failed());
            is_out_of_memory(scanner, scanning);
            if (round == 1)
                memory_heals();
        }
        opswire_xml_reset(scanner);
    }
    memory_heals();
    is_as_the_reference(scanner, scanning);
    opswire_xml_scanner_free(scanner);
}

static void fail_each(struct scanning *scanning)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(&scanning->limits);

    HOLD(scanner != NULL);
    reference.status = scan(scanner, scanning, true);
    reference.error = opswire_xml_error_code(scanner);
    reference.where = opswire_xml_where(scanner);
    opswire_xml_scanner_free(scanner);
    memory_fail_each(attempt, scanning, false);
}

void failing_xml_scanner(struct opswire_view document)
{
    const size_t pieces[] = {SIZE_MAX, 7, 1};
    struct scanning scanning = {.document = document, .limits = OPSWIRE_XML_LIMITS};

    for (size_t i = 0; i < 3; i++) {
        scanning.piece = pieces[i];
        scanning.markup = false;
        fail_each(&scanning);
        scanning.markup = true;
        fail_each(&scanning);
    }
}
