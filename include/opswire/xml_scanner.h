/* A strict pull scanner for XML 1.0 (fifth edition): start tags, text, end tags, octets as they
 * come.
 *
 * It accepts less than the standard allows: no declarations, so no entities but the five and
 * character references; names are taken as they are (no namespaces).  A DOCTYPE without an internal
 * subset is passed over, one with an internal subset is refused.  Comments and processing
 * instructions are checked and passed over.  Encodings: UTF-8, UTF-16 with a byte order mark,
 * ISO-8859-1, Windows-1252 and US-ASCII; tokens are UTF-8 always.  Characters that XML forbids,
 * surrogates, and U+FFFE and U+FFFF are refused in every encoding.
 *
 * Time is linear in the input, however it is cut: a token that is not complete is kept, and the
 * search for its end goes on where it stopped.
 *
 *     while ((status = opswire_xml_next(scanner, &token)) == OPSWIRE_DONE)
 *         ...                       look at token; the last one is OPSWIRE_XML_DOCUMENT_END
 *     OPSWIRE_MORE                  opswire_xml_feed() the next octets or opswire_xml_end(), again
 *     otherwise                     opswire_xml_error_code() and opswire_xml_where() say what,
 * where
 *
 * A scanner is used by one thread at a time. */
#ifndef OPSWIRE_XML_SCANNER_H
#define OPSWIRE_XML_SCANNER_H

#include "opswire/status.h"
#include "opswire/view.h"

/* What a document may have unless struct opswire_xml_limits says otherwise. */
#define OPSWIRE_XML_MAX_DEPTH 256u          /* elements in each other; CIM-XML needs about 20 */
#define OPSWIRE_XML_MAX_ATTRIBUTES 64u      /* of one element; CIM-XML has 9 at most */
#define OPSWIRE_XML_MAX_NAME 1024u          /* octets of an element's or attribute's name */
#define OPSWIRE_XML_MAX_TAG (1024u * 1024u) /* octets from < to >, both included */
#define OPSWIRE_XML_MAX_TEXT (1024u * 1024u * 256u)           /* octets of text between two tags */
#define OPSWIRE_XML_MAX_TOTAL (1024ull * 1024u * 1024u * 64u) /* octets fed */

/* Fixed. */
#define OPSWIRE_XML_MOST_DEPTH 65536u    /* a larger limit counts as this */
#define OPSWIRE_XML_MOST_ATTRIBUTES 256u /* each is compared with all others */
#define OPSWIRE_XML_MAX_REFERENCE                                                                  \
    32u /* octets from & to ; leading zeros are legal, without end                                 \
         */
#define OPSWIRE_XML_MAX_DECLARATION 512u /* octets of <?xml ... ?> */
#define OPSWIRE_XML_EXCERPT_SIZE 64u     /* octets shown around a fault */

struct opswire_xml_limits {
    uint32_t depth;
    uint32_t attributes;
    uint32_t name;
    uint32_t tag;
    uint32_t text;
    uint64_t total;
};

#define OPSWIRE_XML_LIMITS                                                                         \
    {                                                                                              \
        OPSWIRE_XML_MAX_DEPTH, OPSWIRE_XML_MAX_ATTRIBUTES, OPSWIRE_XML_MAX_NAME,                   \
            OPSWIRE_XML_MAX_TAG, OPSWIRE_XML_MAX_TEXT, OPSWIRE_XML_MAX_TOTAL                       \
    }

/* What exactly is wrong, when a function says OPSWIRE_XML_MALFORMED or OPSWIRE_XML_LIMIT. */
enum opswire_xml_error {
    OPSWIRE_XML_SOUND = 0,
    OPSWIRE_XML_NO_ELEMENT,   /* the document has no element */
    OPSWIRE_XML_UNCLOSED,     /* it ended within an element or a token */
    OPSWIRE_XML_JUNK_OUTSIDE, /* text before or behind the root element */
    OPSWIRE_XML_SECOND_ROOT,
    OPSWIRE_XML_BAD_CHARACTER, /* not well-formed UTF-8 or UTF-16, or not allowed in XML */
    OPSWIRE_XML_BAD_NAME,
    OPSWIRE_XML_BAD_TAG,       /* what is not a name, attribute or end of the tag */
    OPSWIRE_XML_BAD_ATTRIBUTE, /* no =, no quotes, no space before, or < in the value */
    OPSWIRE_XML_DUPLICATE_ATTRIBUTE,
    OPSWIRE_XML_MISMATCHED_END,
    OPSWIRE_XML_BAD_REFERENCE, /* not & # digits ; or one of the five, or no such character */
    OPSWIRE_XML_UNKNOWN_ENTITY,
    OPSWIRE_XML_BAD_COMMENT,       /* -- within it */
    OPSWIRE_XML_BAD_INSTRUCTION,   /* no name, or a name that is xml in any case */
    OPSWIRE_XML_BAD_MARKUP,        /* <! and nothing known */
    OPSWIRE_XML_CDATA_END_IN_TEXT, /* ]]> */
    OPSWIRE_XML_BAD_DECLARATION,   /* <?xml ... ?> is not as it must be */
    OPSWIRE_XML_UNKNOWN_ENCODING,
    OPSWIRE_XML_WRONG_ENCODING,       /* the declaration and the octets disagree */
    OPSWIRE_XML_BAD_DOCTYPE,          /* misplaced, or not as it must be */
    OPSWIRE_XML_DECLARATIONS_REFUSED, /* a DOCTYPE with an internal subset */
    OPSWIRE_XML_TOO_DEEP,
    OPSWIRE_XML_TOO_MANY_ATTRIBUTES,
    OPSWIRE_XML_NAME_TOO_LONG,
    OPSWIRE_XML_TAG_TOO_LONG,
    OPSWIRE_XML_TEXT_TOO_LONG,
    OPSWIRE_XML_REFERENCE_TOO_LONG,
    OPSWIRE_XML_DOCUMENT_TOO_LONG,
    OPSWIRE_XML_ERROR_COUNT
};

/* A constant sentence without final stop; never NULL, also for a number that is no error. */
const char *opswire_xml_error_message(enum opswire_xml_error error);

struct opswire_xml_attribute {
    struct opswire_view name;
    struct opswire_view value; /* references resolved, white space normalised to spaces */
};

/* A start tag.  Tags that repeat octet for octet are kept by the scanner and found again by one
 * comparison; their memo is the caller's to keep what it has concluded from name and attributes.
 * It is 0 in a tag that was not seen before, or that was not kept. */
struct opswire_xml_tag {
    struct opswire_view name;
    const struct opswire_xml_attribute *attributes;
    uint32_t attribute_count;
    bool kept;  /* the tag stays in place as long as the scanner; else until the next call */
    bool ascii; /* name and attributes are */
    uint64_t memo;
};

enum opswire_xml_token_type {
    OPSWIRE_XML_START = 1,
    OPSWIRE_XML_TEXT,        /* texts that follow each other are one: they end where input did */
    OPSWIRE_XML_END,         /* also after the start of an empty-element tag */
    OPSWIRE_XML_DOCUMENT_END /* nothing comes after it */
};

/* Everything that a token shows is valid until the next call for that scanner; a text that was not
 * copied points into what was fed. */
struct opswire_xml_token {
    enum opswire_xml_token_type type;
    bool ascii;                  /* TEXT: it is */
    struct opswire_xml_tag *tag; /* START */
    struct opswire_view name;    /* START and END */
    struct opswire_view text;    /* TEXT, never empty */
};

struct opswire_xml_position {
    uint64_t line;   /* from 1 */
    uint64_t column; /* from 1, in characters */
    uint64_t offset; /* octets of the input, as it was fed, before it */
};

struct opswire_xml_scanner;

/* NULL when there is no memory.  limits may be NULL; it is copied. */
struct opswire_xml_scanner *opswire_xml_scanner_new(const struct opswire_xml_limits *limits);
void opswire_xml_scanner_free(struct opswire_xml_scanner *scanner); /* NULL is fine */

/* Begin another document.  Kept tags stay, with their memos. */
void opswire_xml_reset(struct opswire_xml_scanner *scanner);

/* The same for one that was text in another document: it is UTF-8, whatever its declaration says
 * (XML 1.0, 4.3.3: what is known from outside comes first). */
void opswire_xml_reset_within(struct opswire_xml_scanner *scanner);

/* Give the next octets, when next() has said MORE, or at first.  They are borrowed until next()
 * says MORE again or fails.  FORBIDDEN: some are still not read, or the end was told. */
enum opswire_status opswire_xml_feed(struct opswire_xml_scanner *scanner,
                                     struct opswire_view octets);

/* No more octets will come. */
void opswire_xml_end(struct opswire_xml_scanner *scanner);

/* DONE: token is filled.  MORE: feed.  XML_MALFORMED, XML_LIMIT, NO_MEMORY: final. */
enum opswire_status opswire_xml_next(struct opswire_xml_scanner *scanner,
                                     struct opswire_xml_token *token);

/* The same without white space, for the content of elements that only have elements in them.  Other
 * text, and all that is in CDATA, is told character by character. */
enum opswire_status opswire_xml_next_markup(struct opswire_xml_scanner *scanner,
                                            struct opswire_xml_token *token);

/* An element that has nothing but text in it: start tag, text and end tag as one. */
struct opswire_xml_leaf {
    struct opswire_xml_tag *tag; /* kept; NULL: not there */
    struct opswire_view text;    /* may be empty */
    bool ascii;
    const uint8_t *behind; /* the scanner's own */
};

/* An element that has nothing but one such element in it, or nothing. */
struct opswire_xml_wrapped {
    struct opswire_xml_tag *tag; /* kept */
    struct opswire_xml_leaf leaf;
};

/* Whether such an element comes next, after white space perhaps.  Only tags that came in this place
 * the last time are known, all of it must be at hand, and the text be plain: no references, no
 * carriage return, no ].  Otherwise false, which says nothing of what comes.  Nothing changes in
 * any case, and what is shown is valid until the next call but take_…(). */
bool opswire_xml_peek_leaf(const struct opswire_xml_scanner *scanner,
                           struct opswire_xml_leaf *leaf);
bool opswire_xml_peek_wrapped(const struct opswire_xml_scanner *scanner,
                              struct opswire_xml_wrapped *wrapped);

/* Pass over what was just shown: as if next() had told all its tokens. */
void opswire_xml_take_leaf(struct opswire_xml_scanner *scanner,
                           const struct opswire_xml_leaf *leaf);
void opswire_xml_take_wrapped(struct opswire_xml_scanner *scanner,
                              const struct opswire_xml_wrapped *wrapped);

enum opswire_xml_error opswire_xml_error_code(const struct opswire_xml_scanner *scanner);

/* Where the fault is, after a failure; else where the token that was told last begins.  Looks
 * through the octets at hand, so not for the loop. */
struct opswire_xml_position opswire_xml_where(const struct opswire_xml_scanner *scanner);

/* Copies whole characters around that place, OPSWIRE_XML_EXCERPT_SIZE octets at most, and tells how
 * many; *mark is where in them the place is.  May be fewer than there are when input was cut. */
size_t opswire_xml_excerpt(struct opswire_xml_scanner *scanner,
                           uint8_t out[OPSWIRE_XML_EXCERPT_SIZE], size_t *mark);

/* How many elements are open. */
uint32_t opswire_xml_depth(const struct opswire_xml_scanner *scanner);

/* Octets of memory that it holds: for kept tags, open elements, what was cut or converted. */
size_t opswire_xml_memory(const struct opswire_xml_scanner *scanner);

/* Give back what is only kept to be faster: all kept tags, with their memos, and the room of
 * buffers that have grown.  Only before the first octet of a document. */
void opswire_xml_forget(struct opswire_xml_scanner *scanner);

#endif
