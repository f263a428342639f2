/* What the .c files of the XML scanner share among themselves.  Nobody else includes this.
 *
 *     scanner.c   life, octets in, tokens out
 *     carry.c     tokens that are cut: what is kept of them, and where they end
 *     leaf.c      elements that have nothing but text in them, in one step
 *     text.c      text, references, CDATA, comments
 *     tags.c      start and end tags, and the tags that are kept
 *     prolog.c    the XML declaration, DOCTYPE, processing instructions
 *     encoding.c  octets of other encodings to UTF-8
 *     position.c  line, column, offset and excerpt; the sentences */
#ifndef OPSWIRE_XML_MACHINE_H
#define OPSWIRE_XML_MACHINE_H

#include "opswire/buffer.h"
#include "opswire/xml_scanner.h"

enum {
    XML_MAX_KEPT = 4096,         /* tags; more are told, but not kept */
    XML_MAX_KEPT_SIZE = 1 << 20, /* octets of them */
    XML_MAX_KEPT_TAG = 1024,     /* octets of one; longer ones are hardly told twice */
    XML_KEPT_BUCKETS = 4096,
    XML_MAX_KEPT_ATTRIBUTES = 16,
    XML_SCRATCH = 1 << 16,  /* octets of text that are unescaped at a time */
    XML_CONVERTED = 1 << 14 /* octets of other encodings that are converted at a time */
};

_Static_assert((XML_KEPT_BUCKETS & (XML_KEPT_BUCKETS - 1)) == 0,
               "a sum's low bits choose a bucket");
_Static_assert(OPSWIRE_XML_MOST_DEPTH < UINT32_MAX / 4, "the capacity for open elements doubles");
_Static_assert(OPSWIRE_XML_MOST_ATTRIBUTES < UINT32_MAX, "there is room for one more");
_Static_assert(XML_MAX_KEPT_TAG <= XML_MAX_KEPT_SIZE, "a tag's size is 32 bits");
_Static_assert(XML_CONVERTED >= 4, "a character fits");

/* A start tag as it was, what it means, and which tags came after it the last time. */
struct xml_kept {
    struct opswire_xml_tag tag;
    const uint8_t *raw;
    uint32_t raw_size;
    uint32_t hash;
    bool empty;
    struct xml_kept *chain;
    struct xml_kept *child;   /* first one within */
    struct xml_kept *sibling; /* next one behind */
};

struct xml_open {
    const uint8_t *name; /* in a kept tag; NULL: at offset in names */
    size_t offset;
    uint32_t size;
    struct xml_kept *kept;   /* or NULL */
    struct xml_kept *latest; /* child, or NULL */
    struct xml_kept *expected;
};

enum xml_mode { XML_CONTENT, XML_COMMENT, XML_CDATA };

/* What an incomplete token is, as far as its octets tell. */
enum xml_carry {
    XML_NOTHING,
    XML_OPENING, /* < and not enough more */
    XML_TAG,
    XML_DOCTYPE,
    XML_INSTRUCTION,
    XML_REFERENCE,
    XML_CHARACTER
};

enum xml_encoding {
    XML_UNKNOWN,
    XML_UTF8,
    XML_UTF16_BE,
    XML_UTF16_LE,
    XML_LATIN1,
    XML_WINDOWS, /* code page 1252 */
    XML_ASCII
};

/* A search for the end of a token, to be continued. */
struct xml_search {
    uint8_t quote;
    uint8_t last;
    uint32_t seen;
};

struct opswire_xml_scanner {
    struct opswire_xml_limits limits;
    enum opswire_status broken;
    enum opswire_xml_error error;

    const uint8_t *begin; /* of the octets at hand, UTF-8 */
    const uint8_t *here;
    const uint8_t *end;
    const uint8_t *told; /* where the last token begins */

    enum xml_mode mode;
    enum xml_carry carrying;
    bool carry_told; /* the last token's views point into carry */
    bool within;     /* another document, whose text it is */
    bool ended;
    bool at_start; /* nothing but a byte order mark was read */
    bool root_seen;
    bool doctype_seen;
    bool skip_line_feed; /* a carriage return was the last octet at hand */
    bool end_pending;    /* of an empty-element tag */
    uint8_t brackets;    /* ] at the end of what was read, or - in a comment */
    uint64_t text_size;  /* since the last tag */
    struct xml_search search;
    struct opswire_buffer carry;
    struct opswire_buffer scratch;

    struct xml_open *open;
    uint32_t depth;
    uint32_t open_capacity;
    struct opswire_buffer names;

    struct xml_kept **buckets;
    uint32_t kept_count;
    size_t kept_size;
    struct opswire_xml_tag tag; /* one that is not kept */
    struct opswire_xml_attribute *attributes;

    enum xml_encoding encoding;
    struct opswire_view unconverted;
    uint8_t cut[4]; /* a character of another encoding, or a byte order mark, not complete */
    uint8_t cut_size;
    bool marked;        /* with a byte order mark */
    bool unconvertible; /* after what is at hand */
    uint8_t *converted;

    uint64_t fed;
    struct opswire_xml_position mark;       /* of begin */
    struct opswire_xml_position carry_mark; /* of carry.data */
    struct opswire_xml_position fault;
    uint8_t excerpt[OPSWIRE_XML_EXCERPT_SIZE];
    size_t excerpt_size;
    size_t excerpt_mark;
};

/* The caller goes on with the loop of opswire_xml_next(): nothing to tell yet. */
#define XML_ON OPSWIRE_PAUSED

/* Outcomes of reading a token that may not be complete. */
enum xml_outcome { XML_READ, XML_INCOMPLETE, XML_FAILED };

/* position.c: note the fault and where it is, and tell the status. */
enum opswire_status xml_fail(struct opswire_xml_scanner *scanner, enum opswire_xml_error error,
                             const uint8_t *at);
enum opswire_status xml_no_memory(struct opswire_xml_scanner *scanner);
void xml_advance(const struct opswire_xml_scanner *scanner, struct opswire_xml_position *position,
                 const uint8_t *from, const uint8_t *to);
struct opswire_xml_position xml_position(const struct opswire_xml_scanner *scanner,
                                         const uint8_t *at);

/* encoding.c: octets at hand, if there are any; false: none.  Must not be called before the
 * last ones are read. */
bool xml_refill(struct opswire_xml_scanner *scanner);
enum opswire_xml_error xml_declared_encoding(struct opswire_xml_scanner *scanner,
                                             struct opswire_view name);

/* tags.c: at is at the <.  *size is the whole tag's.  A failure is noted in scanner->error, its
 * place in *where, and is one only if the tag is complete. */
enum xml_outcome xml_start_tag(struct opswire_xml_scanner *scanner, const uint8_t *at,
                               const uint8_t *end, struct opswire_xml_token *token, size_t *size,
                               const uint8_t **where);
enum xml_outcome xml_end_tag(struct opswire_xml_scanner *scanner, const uint8_t *at,
                             const uint8_t *end, struct opswire_xml_token *token, size_t *size,
                             const uint8_t **where);
bool xml_push(struct opswire_xml_scanner *scanner, struct xml_kept *kept, struct opswire_view name);
void xml_free_kept(struct opswire_xml_scanner *scanner);

/* prolog.c: whole tokens. */
enum opswire_xml_error xml_instruction(struct opswire_xml_scanner *scanner,
                                       struct opswire_view token, const uint8_t **where);
enum opswire_xml_error xml_doctype(struct opswire_xml_scanner *scanner, struct opswire_view token,
                                   const uint8_t **where);

/* carry.c: keep what is at hand up to end, behind what was kept; or all of it, as the beginning of
 * a token. */
enum opswire_status xml_keep(struct opswire_xml_scanner *scanner, const uint8_t *end);
enum opswire_status xml_carry_rest(struct opswire_xml_scanner *scanner, enum xml_carry kind);
/* The last octet of a tag, instruction or DOCTYPE, or the [ of a DOCTYPE, from where the search has
 * come to; NULL: not yet. */
const uint8_t *xml_find_end(struct opswire_xml_scanner *scanner, enum xml_carry kind,
                            const uint8_t *from, const uint8_t *end);

/* text.c: the octets of a reference from & to ; as UTF-8. */
enum opswire_xml_error xml_reference(const uint8_t *data, size_t size, uint8_t out[4],
                                     uint32_t *out_size);
/* Text up to what ends it; one character of it; the next octet of one, or of a reference, that was
 * cut; what is in a comment or in a CDATA section. */
enum opswire_status xml_text(struct opswire_xml_scanner *scanner, struct opswire_xml_token *token);
enum opswire_status xml_one_character(struct opswire_xml_scanner *scanner,
                                      struct opswire_xml_token *token);
enum opswire_status xml_carry_piece(struct opswire_xml_scanner *scanner,
                                    struct opswire_xml_token *token);
enum opswire_status xml_comment(struct opswire_xml_scanner *scanner);
enum opswire_status xml_cdata(struct opswire_xml_scanner *scanner, struct opswire_xml_token *token,
                              bool only_markup);

static inline struct opswire_view xml_open_name(const struct opswire_xml_scanner *scanner,
                                                const struct xml_open *open)
{
    struct opswire_view name = {open->name, open->size};

    if (name.data == NULL)
        name.data = scanner->names.data + open->offset;
    return name;
}

/* Find the > that ends a tag, not one in quotes; from search->seen on. */
static inline const uint8_t *xml_find_tag_end(struct xml_search *search, const uint8_t *from,
                                              const uint8_t *end)
{
    while (from < end) {
        if (search->quote != 0) {
            from = (const uint8_t *) memchr(from, search->quote, (size_t) (end - from));
            if (from == NULL)
                return NULL;
            search->quote = 0;
        } else if (*from == '>') {
            return from;
        } else if (*from == '"' || *from == '\'') {
            search->quote = *from;
        }
        from++;
    }
    return NULL;
}

#endif
