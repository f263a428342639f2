#include <string.h>

#include "characters.h"
#include "machine.h"

static bool skip_space(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *const from = *at;

    while (*at < end && xml_is_space(**at))
        ++*at;
    return *at != from;
}

/* Every character is one that XML allows; false: *where is the first that is not. */
static bool all_characters(const uint8_t *at, const uint8_t *end, const uint8_t **where)
{
    uint32_t c;

    while (at < end) {
        int size = 1;

        if (*at >= 0x80)
            size = xml_decode(at, end, &c);
        else if (!xml_is_character(*at))
            size = 0;
        if (size <= 0) {
            *where = at;
            return false;
        }
        at += size;
    }
    return true;
}

static bool read_name(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *here = *at;
    uint32_t c;

    while (here < end) {
        const bool first = here == *at;
        int size = 1;

        if (*here >= 0x80) {
            size = xml_decode(here, end, &c);
            if (size <= 0 || !(first ? xml_name_start_beyond(c) : xml_name_beyond(c)))
                break;
        } else if ((xml_name_class(*here) & (first ? XML_NAME_START : XML_NAME)) == 0) {
            break;
        }
        here += size;
    }
    if (here == *at)
        return false;
    *at = here;
    return true;
}

/* name = "value", after white space; false: not there, and *at is where it was. */
static bool read_pair(const uint8_t **at, const uint8_t *end, const char *name,
                      struct opswire_view *value)
{
    const size_t size = strlen(name);
    const uint8_t *here = *at;
    const uint8_t *stop;

    if (!skip_space(&here, end) || (size_t) (end - here) < size || memcmp(here, name, size) != 0)
        return false;
    here += size;
    skip_space(&here, end);
    if (here == end || *here != '=')
        return false;
    here++;
    skip_space(&here, end);
    if (here == end || (*here != '"' && *here != '\''))
        return false;
    stop = memchr(here + 1, *here, (size_t) (end - here - 1));
    if (stop == NULL)
        return false;
    value->data = here + 1;
    value->size = (size_t) (stop - here - 1);
    *at = stop + 1;
    return true;
}

static bool is_version(struct opswire_view value)
{
    if (value.size < 3 || memcmp(value.data, "1.", 2) != 0)
        return false;
    for (size_t i = 2; i < value.size; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return true;
}

static bool is_text(struct opswire_view value, const char *text)
{
    return value.size == strlen(text) && memcmp(value.data, text, value.size) == 0;
}

/* Production 23.  at is behind <?xml, end at the ?>. */
static enum opswire_xml_error declaration(struct opswire_xml_scanner *scanner, const uint8_t *at,
                                          const uint8_t *end, const uint8_t **where)
{
    struct opswire_view value;
    struct opswire_view encoding = {NULL, 0};

    *where = at;
    if (!read_pair(&at, end, "version", &value) || !is_version(value))
        return OPSWIRE_XML_BAD_DECLARATION;
    *where = at;
    read_pair(&at, end, "encoding", &encoding);
    if (read_pair(&at, end, "standalone", &value) && !is_text(value, "yes")
        && !is_text(value, "no"))
        return OPSWIRE_XML_BAD_DECLARATION;
    skip_space(&at, end);
    if (at != end) {
        *where = at;
        return OPSWIRE_XML_BAD_DECLARATION;
    }
    if (encoding.data == NULL)
        return OPSWIRE_XML_SOUND;
    *where = encoding.data;
    return xml_declared_encoding(scanner, encoding);
}

enum opswire_xml_error xml_instruction(struct opswire_xml_scanner *scanner,
                                       struct opswire_view token, const uint8_t **where)
{
    const uint8_t *const from = token.data + 2;
    const uint8_t *const end = token.data + token.size - 2;
    const uint8_t *at = from;

    if (!read_name(&at, end) || (at != end && !xml_is_space(*at))) {
        *where = at;
        return OPSWIRE_XML_BAD_INSTRUCTION;
    }
    if (at - from == 3 && (from[0] | 0x20) == 'x' && (from[1] | 0x20) == 'm'
        && (from[2] | 0x20) == 'l') {
        *where = token.data;
        if (!scanner->at_start || memcmp(from, "xml", 3) != 0)
            return OPSWIRE_XML_BAD_INSTRUCTION;
        if (token.size > OPSWIRE_XML_MAX_DECLARATION)
            return OPSWIRE_XML_BAD_DECLARATION;
        return declaration(scanner, at, end, where);
    }
    return all_characters(at, end, where) ? OPSWIRE_XML_SOUND : OPSWIRE_XML_BAD_CHARACTER;
}

static bool read_literal(const uint8_t **at, const uint8_t *end, struct opswire_view *value)
{
    const uint8_t *stop;

    if (!skip_space(at, end) || *at == end || (**at != '"' && **at != '\''))
        return false;
    stop = memchr(*at + 1, **at, (size_t) (end - *at - 1));
    if (stop == NULL)
        return false;
    value->data = *at + 1;
    value->size = (size_t) (stop - *at - 1);
    *at = stop + 1;
    return true;
}

/* Production 13. */
static bool is_public_identifier(struct opswire_view value)
{
    for (size_t i = 0; i < value.size; i++) {
        const uint8_t octet = value.data[i];
        const bool alphanumeric =
            (octet >= '0' && octet <= '9') || ((octet | 0x20) >= 'a' && (octet | 0x20) <= 'z');

        if (!alphanumeric
            && (octet == 0 || strchr(" \r\n-'()+,./:=?;!*#@$_%", (char) octet) == NULL))
            return false;
    }
    return true;
}

/* Production 28 without an internal subset. */
enum opswire_xml_error xml_doctype(struct opswire_xml_scanner *scanner, struct opswire_view token,
                                   const uint8_t **where)
{
    const uint8_t *const end = token.data + token.size - 1;
    const uint8_t *at = token.data + 9;
    struct opswire_view value = {NULL, 0};

    *where = token.data;
    if (scanner->root_seen || scanner->doctype_seen)
        return OPSWIRE_XML_BAD_DOCTYPE;
    scanner->doctype_seen = true;
    if (!all_characters(at, end, where))
        return OPSWIRE_XML_BAD_CHARACTER;
    if (skip_space(&at, end) && read_name(&at, end)) {
        const uint8_t *const named = at;

        if (skip_space(&at, end) && end - at >= 6) {
            const bool is_public = memcmp(at, "PUBLIC", 6) == 0;

            if (!is_public && memcmp(at, "SYSTEM", 6) != 0) {
                *where = at;
                return OPSWIRE_XML_BAD_DOCTYPE;
            }
            at += 6;
            if ((is_public && !(read_literal(&at, end, &value) && is_public_identifier(value)))
                || !read_literal(&at, end, &value)) {
                *where = at;
                return OPSWIRE_XML_BAD_DOCTYPE;
            }
        } else {
            at = named;
        }
        skip_space(&at, end);
        if (at == end)
            return OPSWIRE_XML_SOUND;
    }
    *where = at;
    return OPSWIRE_XML_BAD_DOCTYPE;
}
