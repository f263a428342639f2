#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memrchr() */
#endif
#include <string.h>

#include "characters.h"
#include "machine.h"

/* The octets that characters had before they were converted. */
static uint64_t input_size(const struct opswire_xml_scanner *scanner, const uint8_t *from,
                           const uint8_t *to)
{
    uint64_t size = 0;

    switch (scanner->encoding) {
    case XML_UTF16_BE:
    case XML_UTF16_LE:
        for (; from < to; from++)
            size += *from >= 0xf0 ? 4 : (*from & 0xc0) != 0x80 ? 2 : 0;
        return size;
    case XML_LATIN1:
    case XML_WINDOWS:
    case XML_ASCII:
        return xml_count_characters(from, to);
    default:
        return (uint64_t) (to - from);
    }
}

void xml_advance(const struct opswire_xml_scanner *scanner, struct opswire_xml_position *position,
                 const uint8_t *from, const uint8_t *to)
{
    const uint8_t *last;

    if (from == to)
        return;
    position->offset += input_size(scanner, from, to);
    last = memrchr(from, '\n', (size_t) (to - from));
    if (last == NULL) {
        position->column += xml_count_characters(from, to);
        return;
    }
    position->line += xml_line_feeds(from, last + 1);
    position->column = 1 + xml_count_characters(last + 1, to);
}

/* No place that is told is at the end of what is carried: that may be where other octets begin. */
static bool is_carried(const struct opswire_xml_scanner *scanner, const uint8_t *at)
{
    return scanner->carry.data != NULL && at >= scanner->carry.data
           && at < scanner->carry.data + scanner->carry.size;
}

struct opswire_xml_position xml_position(const struct opswire_xml_scanner *scanner,
                                         const uint8_t *at)
{
    const bool carried = is_carried(scanner, at);
    struct opswire_xml_position position = carried ? scanner->carry_mark : scanner->mark;

    if (at != NULL)
        xml_advance(scanner, &position, carried ? scanner->carry.data : scanner->begin, at);
    return position;
}

static void copy_excerpt(struct opswire_xml_scanner *scanner, const uint8_t *at)
{
    const bool carried = is_carried(scanner, at);
    const uint8_t *const begin = carried ? scanner->carry.data : scanner->begin;
    const uint8_t *const end = carried ? scanner->carry.data + scanner->carry.size : scanner->end;
    const uint8_t *from = at;
    const uint8_t *to = at;

    if (at == NULL)
        return;
    from -= at - begin > OPSWIRE_XML_EXCERPT_SIZE / 2 ? OPSWIRE_XML_EXCERPT_SIZE / 2 : at - begin;
    while (from < at && (*from & 0xc0) == 0x80)
        from++;
    to = from + (end - from > OPSWIRE_XML_EXCERPT_SIZE ? OPSWIRE_XML_EXCERPT_SIZE : end - from);
    while (to > at && to < end && (*to & 0xc0) == 0x80)
        to--;
    scanner->excerpt_size = (size_t) (to - from);
    scanner->excerpt_mark = (size_t) (at - from);
    memcpy(scanner->excerpt, from, scanner->excerpt_size);
}

enum opswire_status xml_fail(struct opswire_xml_scanner *scanner, enum opswire_xml_error error,
                             const uint8_t *at)
{
    scanner->error = error;
    /* Now, as the octets may be gone when somebody asks. */
    scanner->fault = xml_position(scanner, at);
    copy_excerpt(scanner, at);
    scanner->broken = error >= OPSWIRE_XML_TOO_DEEP && error < OPSWIRE_XML_ERROR_COUNT
                          ? OPSWIRE_XML_LIMIT
                          : OPSWIRE_XML_MALFORMED;
    return scanner->broken;
}

/* Nothing is wrong with the document: neither a fault of a tag that was looked at before all of it
 * was there, nor one of the last document, is left to be told. */
enum opswire_status xml_no_memory(struct opswire_xml_scanner *scanner)
{
    scanner->error = OPSWIRE_XML_SOUND;
    scanner->fault = xml_position(scanner, scanner->here);
    scanner->excerpt_size = scanner->excerpt_mark = 0;
    return scanner->broken = OPSWIRE_NO_MEMORY;
}

struct opswire_xml_position opswire_xml_where(const struct opswire_xml_scanner *scanner)
{
    return scanner->broken != OPSWIRE_DONE ? scanner->fault : xml_position(scanner, scanner->told);
}

size_t opswire_xml_excerpt(struct opswire_xml_scanner *scanner,
                           uint8_t out[OPSWIRE_XML_EXCERPT_SIZE], size_t *mark)
{
    if (scanner->broken == OPSWIRE_DONE)
        copy_excerpt(scanner, scanner->told);
    memcpy(out, scanner->excerpt, scanner->excerpt_size);
    *mark = scanner->excerpt_mark;
    return scanner->excerpt_size;
}

const char *opswire_xml_error_message(enum opswire_xml_error error)
{
    static const char *const MESSAGES[OPSWIRE_XML_ERROR_COUNT] = {
        [OPSWIRE_XML_SOUND] = "nothing is wrong",
        [OPSWIRE_XML_NO_ELEMENT] = "the document has no element",
        [OPSWIRE_XML_UNCLOSED] = "the document ends within an element or a token",
        [OPSWIRE_XML_JUNK_OUTSIDE] = "there is text outside the root element",
        [OPSWIRE_XML_SECOND_ROOT] = "there is a second root element",
        [OPSWIRE_XML_BAD_CHARACTER] = "a character is not allowed, or not encoded as it must be",
        [OPSWIRE_XML_BAD_NAME] = "a name is missing or has a character that no name has",
        [OPSWIRE_XML_BAD_TAG] = "a tag has something that is neither an attribute nor its end",
        [OPSWIRE_XML_BAD_ATTRIBUTE] = "an attribute is not name=\"value\", or its value has a <",
        [OPSWIRE_XML_DUPLICATE_ATTRIBUTE] = "an attribute is given twice",
        [OPSWIRE_XML_MISMATCHED_END] = "an end tag is not that of the open element",
        [OPSWIRE_XML_BAD_REFERENCE] = "an & begins no reference",
        [OPSWIRE_XML_UNKNOWN_ENTITY] = "a reference is to an entity that is not one of the five",
        [OPSWIRE_XML_BAD_COMMENT] = "a comment has -- within it",
        [OPSWIRE_XML_BAD_INSTRUCTION] = "a processing instruction has no name or a reserved one",
        [OPSWIRE_XML_BAD_MARKUP] = "<! begins nothing that is known",
        [OPSWIRE_XML_CDATA_END_IN_TEXT] = "]]> is in text",
        [OPSWIRE_XML_BAD_DECLARATION] = "the XML declaration is not as it must be",
        [OPSWIRE_XML_UNKNOWN_ENCODING] =
            "the encoding is none of UTF-8, UTF-16, ISO-8859-1, Windows-1252 and US-ASCII",
        [OPSWIRE_XML_WRONG_ENCODING] = "the encoding declared is not the one used",
        [OPSWIRE_XML_BAD_DOCTYPE] = "a DOCTYPE is misplaced or not as it must be",
        [OPSWIRE_XML_DECLARATIONS_REFUSED] = "declarations in a DOCTYPE are refused",
        [OPSWIRE_XML_TOO_DEEP] = "elements are nested more deeply than the limit",
        [OPSWIRE_XML_TOO_MANY_ATTRIBUTES] = "an element has more attributes than the limit",
        [OPSWIRE_XML_NAME_TOO_LONG] = "a name is longer than the limit",
        [OPSWIRE_XML_TAG_TOO_LONG] = "a tag is longer than the limit",
        [OPSWIRE_XML_TEXT_TOO_LONG] = "a text is longer than the limit",
        [OPSWIRE_XML_REFERENCE_TOO_LONG] = "a reference is longer than the limit",
        [OPSWIRE_XML_DOCUMENT_TOO_LONG] = "the document is longer than the limit",
    };

    if ((unsigned) error >= OPSWIRE_XML_ERROR_COUNT)
        return "unknown error";
    return MESSAGES[error];
}
