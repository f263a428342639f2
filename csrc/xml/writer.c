#include "opswire/xml_writer.h"

#include <string.h>

#include "characters.h"

enum opswire_status opswire_xml_write_fail(struct opswire_xml_writer *writer,
                                           enum opswire_status status)
{
    if (writer->status == OPSWIRE_DONE)
        writer->status = status;
    return writer->status;
}

/* Where that many octets may be written; NULL: no memory.  They count when taken(). */
static inline uint8_t *room(struct opswire_xml_writer *writer, size_t size)
{
    if (opswire_buffer_reserve(&writer->out, size) != OPSWIRE_DONE) {
        opswire_xml_write_fail(writer, OPSWIRE_NO_MEMORY);
        return NULL;
    }
    return writer->out.data + writer->out.size;
}

static inline void taken(struct opswire_xml_writer *writer, const uint8_t *to)
{
    writer->out.size = (size_t) (to - writer->out.data);
}

/* memcpy(), in place for what is short, as most names and values are.  Returns the end. */
static inline uint8_t *copy(uint8_t *to, const uint8_t *from, size_t size)
{
    if (size > 16) {
        memcpy(to, from, size);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8); /* some of them once more */
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else {
        for (size_t i = 0; i < size; i++)
            to[i] = from[i];
    }
    return to + size;
}

static inline uint8_t *copy_view(uint8_t *to, struct opswire_view octets)
{
    return copy(to, octets.data, octets.size);
}

/* The reference for what xml_plain() has stopped at; size 0: it may stand as it is. */
static struct opswire_view reference_for(uint8_t octet, bool attribute)
{
    static const struct opswire_view NONE = {NULL, 0};
    static const struct opswire_view LESS = OPSWIRE_VIEW("&lt;");
    static const struct opswire_view GREATER = OPSWIRE_VIEW("&gt;");
    static const struct opswire_view AMPERSAND = OPSWIRE_VIEW("&amp;");
    static const struct opswire_view QUOTE = OPSWIRE_VIEW("&quot;");
    static const struct opswire_view RETURN = OPSWIRE_VIEW("&#13;");
    static const struct opswire_view LINE_FEED = OPSWIRE_VIEW("&#10;");
    static const struct opswire_view TABULATOR = OPSWIRE_VIEW("&#9;");

    switch (octet) {
    case '<':
        return LESS;
    case '>':
        return GREATER;
    case '&':
        return AMPERSAND;
    case '"':
        return QUOTE;
    case '\r':
        return RETURN;
    case '\n':
        return attribute ? LINE_FEED : NONE;
    case '\t':
        return attribute ? TABULATOR : NONE;
    default:
        return NONE;
    }
}

/* Text in which something was found at `at` that may need more than copying. */
static enum opswire_status escape(struct opswire_xml_writer *writer, struct opswire_view text,
                                  const uint8_t *at, bool attribute)
{
    const uint8_t *const end = text.data + text.size;
    const uint8_t *from = text.data;
    uint8_t *to;

    while (at < end) {
        struct opswire_view reference;

        if (*at >= 0x80 || (*at < ' ' && !xml_is_space(*at))) {
            uint32_t c;
            const int size = *at >= 0x80 ? xml_decode(at, end, &c) : 0;

            if (size <= 0) {
                writer->offset = (size_t) (at - text.data);
                return opswire_xml_write_fail(writer, OPSWIRE_OUT_OF_RANGE);
            }
            at += size;
        } else {
            reference = reference_for(*at, attribute);
            if (reference.size > 0) {
                to = room(writer, (size_t) (at - from) + reference.size);
                if (to == NULL)
                    return writer->status;
                to = copy(to, from, (size_t) (at - from));
                taken(writer, copy_view(to, reference));
                from = at + 1;
            }
            at++;
        }
        at = xml_plain(at, end, '<', '&', attribute ? '"' : '>');
    }
    to = room(writer, (size_t) (end - from));
    if (to != NULL)
        taken(writer, copy(to, from, (size_t) (end - from)));
    return writer->status;
}

/* Room for the > of a start tag and as much again; false: nothing more is written. */
static inline uint8_t *begin_content(struct opswire_xml_writer *writer, size_t size)
{
    uint8_t *to;

    if (writer->status != OPSWIRE_DONE)
        return NULL;
    to = room(writer, size + 1);
    if (to != NULL && writer->tag_open) {
        writer->tag_open = false;
        *to++ = '>';
    }
    return to;
}

enum opswire_status opswire_xml_write_declaration(struct opswire_xml_writer *writer)
{
    static const struct opswire_view DECLARATION =
        OPSWIRE_VIEW("<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n");

    uint8_t *const to = begin_content(writer, DECLARATION.size);

    if (to != NULL)
        taken(writer, copy_view(to, DECLARATION));
    return writer->status;
}

enum opswire_status opswire_xml_write_start(struct opswire_xml_writer *writer,
                                            struct opswire_view name)
{
    uint8_t *to;

    if (writer->depth == OPSWIRE_XML_MAX_WRITE_DEPTH)
        return opswire_xml_write_fail(writer, OPSWIRE_FORBIDDEN);
    to = begin_content(writer, name.size + 1);
    if (to == NULL)
        return writer->status;
    *to++ = '<';
    taken(writer, copy_view(to, name));
    writer->depth++;
    writer->tag_open = true;
    return OPSWIRE_DONE;
}

enum opswire_status opswire_xml_write_attribute(struct opswire_xml_writer *writer,
                                                struct opswire_view name, struct opswire_view value)
{
    const uint8_t *const end = value.size > 0 ? value.data + value.size : value.data;
    const uint8_t *const found = xml_plain(value.data, end, '<', '&', '"');
    uint8_t *to;

    if (writer->status != OPSWIRE_DONE)
        return writer->status;
    if (!writer->tag_open)
        return opswire_xml_write_fail(writer, OPSWIRE_FORBIDDEN);
    to = room(writer, name.size + value.size + 4);
    if (to == NULL)
        return writer->status;
    *to++ = ' ';
    to = copy_view(to, name);
    *to++ = '=';
    *to++ = '"';
    if (found == end) {
        to = copy_view(to, value);
    } else {
        taken(writer, to);
        if (escape(writer, value, found, true) != OPSWIRE_DONE)
            return writer->status;
        to = room(writer, 1);
        if (to == NULL)
            return writer->status;
    }
    *to++ = '"';
    taken(writer, to);
    return OPSWIRE_DONE;
}

enum opswire_status opswire_xml_write_text(struct opswire_xml_writer *writer,
                                           struct opswire_view text)
{
    const uint8_t *const end = text.size > 0 ? text.data + text.size : text.data;
    const uint8_t *const found = xml_plain(text.data, end, '<', '&', '>');
    uint8_t *to = begin_content(writer, text.size);

    if (to == NULL)
        return writer->status;
    if (found == end) {
        taken(writer, copy_view(to, text));
        return OPSWIRE_DONE;
    }
    taken(writer, to);
    return escape(writer, text, found, false);
}

enum opswire_status opswire_xml_write_end(struct opswire_xml_writer *writer,
                                          struct opswire_view name)
{
    uint8_t *to;

    if (writer->status != OPSWIRE_DONE)
        return writer->status;
    if (writer->depth == 0)
        return opswire_xml_write_fail(writer, OPSWIRE_FORBIDDEN);
    to = room(writer, name.size + 4);
    if (to == NULL)
        return writer->status;
    writer->depth--;
    if (writer->tag_open && writer->pairs)
        *to++ = '>';
    if (writer->tag_open && !writer->pairs) {
        *to++ = '/';
    } else {
        *to++ = '<';
        *to++ = '/';
        to = copy_view(to, name);
    }
    writer->tag_open = false;
    *to++ = '>';
    taken(writer, to);
    return OPSWIRE_DONE;
}

enum opswire_status opswire_xml_write_element(struct opswire_xml_writer *writer,
                                              struct opswire_view name, struct opswire_view text)
{
    opswire_xml_write_start(writer, name);
    opswire_xml_write_text(writer, text);
    return opswire_xml_write_end(writer, name);
}

size_t opswire_xml_write_embedded_begin(struct opswire_xml_writer *writer)
{
    uint8_t *const to = begin_content(writer, 0);

    if (to != NULL)
        taken(writer, to);
    return writer->out.size;
}

enum opswire_status opswire_xml_write_embedded_end(struct opswire_xml_writer *writer, size_t mark)
{
    uint8_t *to = begin_content(writer, 0);
    size_t more = 0;
    uint8_t *from;
    uint8_t *begin;

    if (to == NULL)
        return writer->status;
    taken(writer, to);
    if (mark > writer->out.size)
        return opswire_xml_write_fail(writer, OPSWIRE_FORBIDDEN);
    if (mark == writer->out.size)
        return OPSWIRE_DONE;
    begin = writer->out.data + mark;
    from = writer->out.data + writer->out.size;
    for (const uint8_t *at = begin; at < from; at++)
        more += *at == '&' ? 4 : *at == '<' || *at == '>' ? 3 : 0;
    if (room(writer, more) == NULL)
        return writer->status;
    begin = writer->out.data + mark;
    from = writer->out.data + writer->out.size;
    writer->out.size += more;
    to = writer->out.data + writer->out.size;
    /* From the end, so that nothing is overwritten before it is moved; done when both meet. */
    while (from > begin && to != from) {
        const uint8_t octet = *--from;

        switch (octet) {
        case '&':
            to -= 5;
            memcpy(to, "&amp;", 5);
            break;
        case '<':
            to -= 4;
            memcpy(to, "&lt;", 4);
            break;
        case '>':
            to -= 4;
            memcpy(to, "&gt;", 4);
            break;
        default:
            *--to = octet;
            break;
        }
    }
    return OPSWIRE_DONE;
}
