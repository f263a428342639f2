#include "opswire/xml_scanner.h"

#include <stdlib.h>
#include <string.h>

#include "characters.h"
#include "machine.h"

static const char COMMENT_START[] = "<!--";
static const char CDATA_START[] = "<![CDATA[";
static const char DOCTYPE_START[] = "<!DOCTYPE";

struct opswire_xml_scanner *opswire_xml_scanner_new(const struct opswire_xml_limits *limits)
{
    static const struct opswire_xml_limits LIMITS = OPSWIRE_XML_LIMITS;
    struct opswire_xml_scanner *scanner = calloc(1, sizeof(*scanner));

    if (scanner == NULL)
        return NULL;
    scanner->limits = limits != NULL ? *limits : LIMITS;
    if (scanner->limits.depth > OPSWIRE_XML_MOST_DEPTH)
        scanner->limits.depth = OPSWIRE_XML_MOST_DEPTH;
    if (scanner->limits.attributes > OPSWIRE_XML_MOST_ATTRIBUTES)
        scanner->limits.attributes = OPSWIRE_XML_MOST_ATTRIBUTES;
    scanner->open_capacity = 32;
    scanner->open = calloc(scanner->open_capacity, sizeof(*scanner->open));
    scanner->attributes = calloc(scanner->limits.attributes + 1u, sizeof(*scanner->attributes));
    scanner->buckets = calloc(XML_KEPT_BUCKETS, sizeof(struct xml_kept *));
    if (scanner->open == NULL || scanner->attributes == NULL || scanner->buckets == NULL) {
        opswire_xml_scanner_free(scanner);
        return NULL;
    }
    opswire_xml_reset(scanner);
    return scanner;
}

void opswire_xml_scanner_free(struct opswire_xml_scanner *scanner)
{
    if (scanner == NULL)
        return;
    if (scanner->buckets != NULL)
        xml_free_kept(scanner);
    free(scanner->buckets);
    free(scanner->open);
    free(scanner->attributes);
    free(scanner->converted);
    opswire_buffer_free(&scanner->carry);
    opswire_buffer_free(&scanner->scratch);
    opswire_buffer_free(&scanner->names);
    free(scanner);
}

void opswire_xml_reset(struct opswire_xml_scanner *scanner)
{
    struct xml_open *document = &scanner->open[0];

    scanner->broken = OPSWIRE_DONE;
    scanner->error = OPSWIRE_XML_SOUND;
    scanner->begin = scanner->here = scanner->end = scanner->told = NULL;
    scanner->mode = XML_CONTENT;
    scanner->carrying = XML_NOTHING;
    scanner->carry_told = scanner->ended = scanner->root_seen = scanner->doctype_seen = false;
    scanner->skip_line_feed = scanner->end_pending = scanner->unconvertible = false;
    scanner->marked = scanner->within = false;
    scanner->at_start = true;
    scanner->brackets = 0;
    scanner->text_size = 0;
    scanner->carry.size = scanner->names.size = 0;
    scanner->depth = 0;
    scanner->encoding = XML_UNKNOWN;
    scanner->unconverted = (struct opswire_view){NULL, 0};
    scanner->cut_size = 0;
    scanner->fed = 0;
    scanner->mark = scanner->carry_mark = (struct opswire_xml_position){1, 1, 0};
    scanner->excerpt_size = scanner->excerpt_mark = 0;
    if (document->latest
        != NULL) /* the last document's root: the next one's may well be the same */
        document->expected = document->latest;
    document->latest = NULL;
}

void opswire_xml_reset_within(struct opswire_xml_scanner *scanner)
{
    opswire_xml_reset(scanner);
    scanner->within = true;
}

enum opswire_status opswire_xml_feed(struct opswire_xml_scanner *scanner,
                                     struct opswire_view octets)
{
    if (scanner->broken != OPSWIRE_DONE)
        return scanner->broken;
    if (scanner->ended || scanner->unconverted.size > 0 || scanner->here != scanner->end)
        return OPSWIRE_FORBIDDEN;
    if (octets.size == 0)
        return OPSWIRE_DONE;
    if (octets.size > scanner->limits.total - scanner->fed)
        return xml_fail(scanner, OPSWIRE_XML_DOCUMENT_TOO_LONG, scanner->end);
    scanner->fed += octets.size;
    scanner->unconverted = octets;
    return OPSWIRE_DONE;
}

void opswire_xml_end(struct opswire_xml_scanner *scanner)
{
    scanner->ended = true;
}

size_t opswire_xml_memory(const struct opswire_xml_scanner *scanner)
{
    return sizeof(*scanner) + scanner->open_capacity * sizeof(*scanner->open)
           + (scanner->limits.attributes + (size_t) 1) * sizeof(*scanner->attributes)
           + XML_KEPT_BUCKETS * sizeof(*scanner->buckets) + scanner->kept_size
           + scanner->carry.capacity + scanner->scratch.capacity + scanner->names.capacity
           + (scanner->converted != NULL ? (size_t) XML_CONVERTED : 0);
}

void opswire_xml_forget(struct opswire_xml_scanner *scanner)
{
    xml_free_kept(scanner);
    scanner->open[0] = (struct xml_open){NULL, 0, 0, NULL, NULL, NULL};
    opswire_buffer_trim(&scanner->carry, 0);
    opswire_buffer_trim(&scanner->scratch, 0);
    opswire_buffer_trim(&scanner->names, 0);
    free(scanner->converted);
    scanner->converted = NULL;
}

uint32_t opswire_xml_depth(const struct opswire_xml_scanner *scanner)
{
    return scanner->depth;
}

/* ---- tokens that are not complete ---- */

/* The prefix of a <! is that of which known one; 0: none, 1: perhaps. */
static int bang(const uint8_t *at, size_t size)
{
    static const char *const STARTS[] = {COMMENT_START, CDATA_START, DOCTYPE_START};
    int perhaps = 0;

    for (int i = 0; i < 3; i++) {
        const size_t whole = strlen(STARTS[i]);

        if (memcmp(at, STARTS[i], size < whole ? size : whole) == 0) {
            if (size >= whole)
                return i + 2;
            perhaps = 1;
        }
    }
    return perhaps;
}

/* What opening, tag, doctype or instruction the octets are; XML_NOTHING: none that is known. */
static enum xml_carry opening_of(const uint8_t *at, size_t size)
{
    if (size < 2)
        return XML_OPENING;
    if (at[1] == '?')
        return XML_INSTRUCTION;
    if (at[1] != '!')
        return XML_TAG;
    switch (bang(at, size)) {
    case 0:
        return XML_NOTHING;
    case 1:
        return XML_OPENING;
    case 4:
        return XML_DOCTYPE;
    default:
        return XML_CHARACTER; /* stands for a comment or CDATA, which are read as they come */
    }
}

static enum opswire_status begin_section(struct opswire_xml_scanner *scanner, const uint8_t *at)
{
    scanner->at_start = false;
    scanner->brackets = 0;
    if (at[2] == '-') {
        scanner->mode = XML_COMMENT;
        return XML_ON;
    }
    if (scanner->depth == 0)
        return xml_fail(scanner, OPSWIRE_XML_JUNK_OUTSIDE, at);
    scanner->mode = XML_CDATA;
    return XML_ON;
}

/* A whole tag, instruction or DOCTYPE, at hand or carried. */
static enum opswire_status whole(struct opswire_xml_scanner *scanner, enum xml_carry kind,
                                 const uint8_t *at, const uint8_t *end,
                                 struct opswire_xml_token *token)
{
    const struct opswire_view octets = {at, (size_t) (end - at)};
    const uint8_t *where = at;
    enum opswire_xml_error error;
    size_t size;

    if (octets.size > scanner->limits.tag)
        return xml_fail(scanner, OPSWIRE_XML_TAG_TOO_LONG, at);
    if (kind == XML_TAG) {
        enum xml_outcome outcome;

        scanner->told = at;
        outcome = at[1] == '/' ? xml_end_tag(scanner, at, end, token, &size, &where)
                               : xml_start_tag(scanner, at, end, token, &size, &where);
        if (scanner->broken != OPSWIRE_DONE)
            return scanner->broken;
        if (outcome == XML_READ)
            return OPSWIRE_DONE;
        /* The quotes were paired by the search for the end in a way that no attributes are. */
        return xml_fail(scanner, outcome == XML_FAILED ? scanner->error : OPSWIRE_XML_BAD_ATTRIBUTE,
                        where);
    }
    error = kind == XML_INSTRUCTION ? xml_instruction(scanner, octets, &where)
                                    : xml_doctype(scanner, octets, &where);
    scanner->at_start = false;
    return error == OPSWIRE_XML_SOUND ? XML_ON : xml_fail(scanner, error, where);
}

static enum opswire_status carry_token(struct opswire_xml_scanner *scanner,
                                       struct opswire_xml_token *token)
{
    const enum xml_carry kind = scanner->carrying;
    const uint8_t *const found = xml_find_end(scanner, kind, scanner->here, scanner->end);
    enum opswire_status status;

    if (found != NULL && *found == '[' && kind == XML_DOCTYPE)
        return xml_fail(scanner, OPSWIRE_XML_DECLARATIONS_REFUSED, found);
    status = xml_keep(scanner, found != NULL ? found + 1 : scanner->end);
    if (status != XML_ON)
        return status;
    if (scanner->carry.size > scanner->limits.tag)
        return xml_fail(scanner, OPSWIRE_XML_TAG_TOO_LONG, scanner->carry.data);
    if (found == NULL)
        return XML_ON;
    scanner->carrying = XML_NOTHING;
    scanner->carry_told = true;
    return whole(scanner, kind, scanner->carry.data, scanner->carry.data + scanner->carry.size,
                 token);
}

/* After <, <!, ...: another octet. */
static enum opswire_status carry_opening(struct opswire_xml_scanner *scanner)
{
    const uint8_t *data;
    enum xml_carry kind;
    enum opswire_status status = xml_keep(scanner, scanner->here + 1);

    if (status != XML_ON)
        return status;
    data = scanner->carry.data;
    kind = opening_of(data, scanner->carry.size);
    if (kind == XML_NOTHING)
        return xml_fail(scanner, OPSWIRE_XML_BAD_MARKUP, data);
    scanner->carrying = kind;
    if (kind == XML_CHARACTER) {
        scanner->carrying = XML_NOTHING;
        scanner->carry_told = true; /* it is read */
        return begin_section(scanner, data);
    }
    if (kind != XML_OPENING) {
        scanner->search = (struct xml_search){0, 0, 0};
        if (xml_find_end(scanner, kind,
                         data + (kind == XML_DOCTYPE ? sizeof(DOCTYPE_START) - 1 : 0),
                         data + scanner->carry.size)
            != NULL) { /* only <> is complete with its second octet */
            scanner->carrying = XML_NOTHING;
            if (scanner->depth == 0 && scanner->root_seen) /* as xml_start_tag */
                return xml_fail(scanner, OPSWIRE_XML_SECOND_ROOT, data);
            return xml_fail(scanner, OPSWIRE_XML_BAD_NAME, data + 1);
        }
    }
    return XML_ON;
}

/* ---- the loop ---- */

static enum opswire_status markup(struct opswire_xml_scanner *scanner,
                                  struct opswire_xml_token *token)
{
    const uint8_t *const at = scanner->here;
    const uint8_t *const end = scanner->end;
    const enum xml_carry kind = opening_of(at, (size_t) (end - at));
    const uint8_t *where;
    const uint8_t *found;
    enum xml_outcome outcome;
    size_t size;

    scanner->told = at;
    scanner->brackets = 0;
    switch (kind) {
    case XML_NOTHING:
        return xml_fail(scanner, OPSWIRE_XML_BAD_MARKUP, at);
    case XML_OPENING:
        return xml_carry_rest(scanner, kind);
    case XML_CHARACTER:
        scanner->here += at[2] == '-' ? sizeof(COMMENT_START) - 1 : sizeof(CDATA_START) - 1;
        return begin_section(scanner, at);
    case XML_TAG:
        outcome = at[1] == '/' ? xml_end_tag(scanner, at, end, token, &size, &where)
                               : xml_start_tag(scanner, at, end, token, &size, &where);
        if (outcome == XML_READ) {
            if (size > scanner->limits.tag)
                return xml_fail(scanner, OPSWIRE_XML_TAG_TOO_LONG, at);
            scanner->here = at + size;
            return OPSWIRE_DONE;
        }
        if (scanner->broken != OPSWIRE_DONE)
            return scanner->broken;
        break;
    default:
        break;
    }
    /* Whatever is wrong with it counts only when it is whole: so it is the same however the input
     * is cut. */
    scanner->search = (struct xml_search){0, 0, 0};
    found = xml_find_end(scanner, kind, at + (kind == XML_DOCTYPE ? sizeof(DOCTYPE_START) - 1 : 0),
                         end);
    if (found != NULL && *found == '[' && kind == XML_DOCTYPE)
        return xml_fail(scanner, OPSWIRE_XML_DECLARATIONS_REFUSED, found);
    if ((size_t) ((found != NULL ? found + 1 : end) - at) > scanner->limits.tag)
        return xml_fail(scanner, OPSWIRE_XML_TAG_TOO_LONG, at);
    if (found == NULL)
        return xml_carry_rest(scanner, kind);
    /* The declaration may change the encoding of what follows it. */
    scanner->here = found + 1;
    return whole(scanner, kind, at, found + 1, token);
}

static enum opswire_status at_end(struct opswire_xml_scanner *scanner,
                                  struct opswire_xml_token *token)
{
    scanner->told = scanner->end;
    if (scanner->unconvertible)
        return xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, scanner->end);
    if (!scanner->ended) {
        /* Now, as the octets may be gone after this. */
        xml_advance(scanner, &scanner->mark, scanner->begin, scanner->end);
        scanner->begin = scanner->here = scanner->end = scanner->told = NULL;
        return OPSWIRE_MORE;
    }
    if (scanner->cut_size > 0)
        return xml_fail(scanner, OPSWIRE_XML_BAD_CHARACTER, scanner->end);
    if (scanner->depth > 0 || scanner->carrying != XML_NOTHING || scanner->mode != XML_CONTENT)
        return xml_fail(scanner, OPSWIRE_XML_UNCLOSED, scanner->end);
    if (!scanner->root_seen)
        return xml_fail(scanner, OPSWIRE_XML_NO_ELEMENT, scanner->end);
    token->type = OPSWIRE_XML_DOCUMENT_END;
    return OPSWIRE_DONE;
}

static inline const uint8_t *skip_space(const uint8_t *at, const uint8_t *end)
{
    while (at < end && xml_is_space(*at))
        at++;
    return at;
}

/* The start tag that came here the last time, again, octet for octet. */
static inline bool expected_tag(struct opswire_xml_scanner *scanner,
                                struct opswire_xml_token *token)
{
    struct xml_open *const parent = &scanner->open[scanner->depth];
    struct xml_kept *const kept = parent->expected;

    if (kept == NULL || (size_t) (scanner->end - scanner->here) < kept->raw_size
        || !xml_same(scanner->here, kept->raw, kept->raw_size))
        return false;
    scanner->told = scanner->here;
    if (!xml_push(scanner, kept, kept->tag.name))
        return false;
    /* Not parent: the stack may have moved. */
    scanner->open[scanner->depth - 1].latest = kept;
    scanner->open[scanner->depth - 1].expected = scanner->depth == 1 ? NULL : kept->sibling;
    scanner->here += kept->raw_size;
    scanner->end_pending = kept->empty;
    token->type = OPSWIRE_XML_START;
    token->tag = &kept->tag;
    token->name = kept->tag.name;
    return true;
}

/* </name> exactly. */
static inline bool expected_end(struct opswire_xml_scanner *scanner,
                                struct opswire_xml_token *token)
{
    const struct xml_open *const open = &scanner->open[scanner->depth];
    const uint8_t *const here = scanner->here;
    const size_t size = open->size;

    if (open->name == NULL || (size_t) (scanner->end - here) < size + 3
        || size + 3 > scanner->limits.tag || here[1] != '/' || here[2 + size] != '>'
        || !xml_same(here + 2, open->name, size))
        return false;
    scanner->told = here;
    scanner->here = here + size + 3;
    scanner->brackets = 0;
    scanner->depth--;
    scanner->text_size = 0;
    token->type = OPSWIRE_XML_END;
    token->name.data = open->name;
    token->name.size = size;
    return true;
}

static enum opswire_status pending_end(struct opswire_xml_scanner *scanner,
                                       struct opswire_xml_token *token)
{
    const struct xml_open *const open = &scanner->open[scanner->depth];

    scanner->end_pending = false;
    token->type = OPSWIRE_XML_END;
    token->name = xml_open_name(scanner, open);
    if (open->name == NULL) /* the name stays readable until another is put there */
        scanner->names.size = open->offset;
    scanner->depth--;
    return OPSWIRE_DONE;
}

/* What is rare: nothing at hand, tokens that were cut, sections, the octets outside the root. */
static enum opswire_status rare(struct opswire_xml_scanner *scanner,
                                struct opswire_xml_token *token, bool only_markup)
{
    if (scanner->here == scanner->end)
        return xml_refill(scanner)               ? XML_ON
               : scanner->broken != OPSWIRE_DONE ? scanner->broken
                                                 : at_end(scanner, token);
    switch (scanner->carrying) {
    case XML_NOTHING:
        break;
    case XML_OPENING:
        return carry_opening(scanner);
    case XML_REFERENCE:
    case XML_CHARACTER:
        return xml_carry_piece(scanner, token);
    default:
        return carry_token(scanner, token);
    }
    if (scanner->mode == XML_COMMENT)
        return xml_comment(scanner);
    if (scanner->mode == XML_CDATA)
        return xml_cdata(scanner, token, only_markup);
    if (*scanner->here == '<')
        return markup(scanner, token);
    if (scanner->skip_line_feed) {
        scanner->skip_line_feed = false;
        if (*scanner->here == '\n') {
            scanner->here++;
            return XML_ON;
        }
    }
    if (scanner->depth == 0) {
        scanner->at_start = false;
        scanner->here = skip_space(scanner->here, scanner->end);
        if (scanner->here < scanner->end && *scanner->here != '<')
            return xml_fail(scanner, OPSWIRE_XML_JUNK_OUTSIDE, scanner->here);
        return XML_ON;
    }
    return only_markup ? xml_one_character(scanner, token) : xml_text(scanner, token);
}

static inline enum opswire_status next(struct opswire_xml_scanner *scanner,
                                       struct opswire_xml_token *token, bool only_markup)
{
    enum opswire_status status;

    if (scanner->broken != OPSWIRE_DONE)
        return scanner->broken;
    if (scanner->end_pending) /* the place that is told is still that of its tag, carried perhaps */
        return pending_end(scanner, token);
    if (scanner->carry_told) {
        scanner->carry.size = 0;
        scanner->carry_told = false;
    }
    do {
        if (only_markup && scanner->mode == XML_CONTENT && scanner->carrying == XML_NOTHING) {
            const uint8_t *const from = scanner->here;

            scanner->here = skip_space(from, scanner->end);
            if (scanner->here != from)
                scanner->brackets = 0;
            if (scanner->here != scanner->end)
                scanner->skip_line_feed = false;
        }
        if (scanner->here < scanner->end && scanner->mode == XML_CONTENT
            && scanner->carrying == XML_NOTHING) {
            if (*scanner->here == '<') {
                scanner->skip_line_feed = false;
                if (expected_end(scanner, token) || expected_tag(scanner, token))
                    return OPSWIRE_DONE;
                if (scanner->broken != OPSWIRE_DONE)
                    return scanner->broken;
            } else if (scanner->depth > 0 && !scanner->skip_line_feed && !only_markup) {
                status = xml_text(scanner, token);
                continue;
            }
        }
        status = rare(scanner, token, only_markup);
    } while (status == XML_ON);
    return status;
}

enum opswire_status opswire_xml_next(struct opswire_xml_scanner *scanner,
                                     struct opswire_xml_token *token)
{
    return next(scanner, token, false);
}

enum opswire_status opswire_xml_next_markup(struct opswire_xml_scanner *scanner,
                                            struct opswire_xml_token *token)
{
    return next(scanner, token, true);
}

enum opswire_xml_error opswire_xml_error_code(const struct opswire_xml_scanner *scanner)
{
    return scanner->broken != OPSWIRE_DONE ? scanner->error : OPSWIRE_XML_SOUND;
}
