#include <string.h>

#include "opswire/cimxml.h"
#include "xml_characters.h"

static enum opswire_status fail(struct opswire_cim_writer *writer, enum opswire_status status)
{
    if (writer->status == OPSWIRE_DONE)
        writer->status = status;
    return writer->status;
}

static bool put(struct opswire_cim_writer *writer, const void *octets, size_t size)
{
    const struct opswire_view view = {octets, size};
    const enum opswire_status status = opswire_buffer_append(&writer->out, view);

    if (status != OPSWIRE_DONE)
        fail(writer, status);
    return status == OPSWIRE_DONE;
}

static bool put_name(struct opswire_cim_writer *writer, const char *name)
{
    return put(writer, name, strlen(name));
}

/* The reference for what xml_plain() has stopped at; NULL: it may stand as it is. */
static const char *reference_for(uint8_t octet, bool attribute)
{
    switch (octet) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    case '\n':
        return attribute ? "&#10;" : NULL;
    case '\t':
        return attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

static enum opswire_status put_escaped(struct opswire_cim_writer *writer, struct opswire_view text,
                                       bool attribute)
{
    const uint8_t *at = text.data;
    const uint8_t *const end = text.size > 0 ? text.data + text.size : text.data;
    const uint8_t *from = at;

    while (at < end) {
        const char *reference;

        at = xml_plain(at, end, '<', '&', attribute ? '"' : '>');
        if (at == end)
            break;
        if (*at >= 0x80 || (*at < ' ' && !xml_is_space(*at))) {
            uint32_t c;
            const int size = *at >= 0x80 ? xml_decode(at, end, &c) : 0;

            if (size <= 0) {
                writer->offset = (size_t) (at - text.data);
                return fail(writer, OPSWIRE_OUT_OF_RANGE);
            }
            at += size;
            continue;
        }
        reference = reference_for(*at, attribute);
        if (reference != NULL
            && (!put(writer, from, (size_t) (at - from)) || !put_name(writer, reference)))
            return writer->status;
        at++;
        if (reference != NULL)
            from = at;
    }
    if (end > from)
        put(writer, from, (size_t) (end - from));
    return writer->status;
}

static bool close_tag(struct opswire_cim_writer *writer)
{
    if (writer->status != OPSWIRE_DONE)
        return false;
    if (!writer->tag_open)
        return true;
    writer->tag_open = false;
    return put(writer, ">", 1);
}

enum opswire_status opswire_cim_write_declaration(struct opswire_cim_writer *writer)
{
    static const char DECLARATION[] = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n";

    if (writer->status == OPSWIRE_DONE)
        put_name(writer, DECLARATION);
    return writer->status;
}

enum opswire_status opswire_cim_write_start(struct opswire_cim_writer *writer,
                                            enum opswire_cim_element element)
{
    if (!close_tag(writer))
        return writer->status;
    if (writer->depth == OPSWIRE_CIM_MAX_WRITE_DEPTH
        || (unsigned) element >= OPSWIRE_CIM_ELEMENT_COUNT)
        return fail(writer, OPSWIRE_FORBIDDEN);
    writer->elements[writer->depth++] = (uint8_t) element;
    writer->tag_open = true;
    if (put(writer, "<", 1))
        put_name(writer, opswire_cim_element_name(element));
    return writer->status;
}

enum opswire_status opswire_cim_write_attribute(struct opswire_cim_writer *writer,
                                                enum opswire_cim_attribute attribute,
                                                struct opswire_view value)
{
    if (writer->status != OPSWIRE_DONE)
        return writer->status;
    if (!writer->tag_open || (unsigned) attribute >= OPSWIRE_CIM_ATTRIBUTE_COUNT)
        return fail(writer, OPSWIRE_FORBIDDEN);
    if (put(writer, " ", 1) && put_name(writer, opswire_cim_attribute_name(attribute))
        && put(writer, "=\"", 2) && put_escaped(writer, value, true) == OPSWIRE_DONE)
        put(writer, "\"", 1);
    return writer->status;
}

enum opswire_status opswire_cim_write_text(struct opswire_cim_writer *writer,
                                           struct opswire_view text)
{
    return close_tag(writer) ? put_escaped(writer, text, false) : writer->status;
}

enum opswire_status opswire_cim_write_end(struct opswire_cim_writer *writer)
{
    const char *name;

    if (writer->status != OPSWIRE_DONE)
        return writer->status;
    if (writer->depth == 0)
        return fail(writer, OPSWIRE_FORBIDDEN);
    name = opswire_cim_element_name((enum opswire_cim_element) writer->elements[--writer->depth]);
    if (writer->tag_open) {
        writer->tag_open = false;
        put(writer, "/>", 2);
    } else if (put(writer, "</", 2) && put_name(writer, name)) {
        put(writer, ">", 1);
    }
    return writer->status;
}

enum opswire_status opswire_cim_write_element(struct opswire_cim_writer *writer,
                                              enum opswire_cim_element element,
                                              struct opswire_view text)
{
    opswire_cim_write_start(writer, element);
    /* An empty VALUE is an empty string; <VALUE/> is the same, but not to all servers. */
    opswire_cim_write_text(writer, text);
    return opswire_cim_write_end(writer);
}

enum opswire_status opswire_cim_write_property(struct opswire_cim_writer *writer,
                                               struct opswire_view name, enum opswire_cim_type type,
                                               struct opswire_view text)
{
    const char *const type_name = opswire_cim_type_name(type);
    const struct opswire_view type_view = {(const uint8_t *) type_name, strlen(type_name)};

    opswire_cim_write_start(writer, OPSWIRE_CIM_E_PROPERTY);
    opswire_cim_write_attribute(writer, OPSWIRE_CIM_A_NAME, name);
    opswire_cim_write_attribute(writer, OPSWIRE_CIM_A_TYPE, type_view);
    if (text.data != NULL)
        opswire_cim_write_element(writer, OPSWIRE_CIM_E_VALUE, text);
    return opswire_cim_write_end(writer);
}

size_t opswire_cim_write_embedded_begin(struct opswire_cim_writer *writer)
{
    close_tag(writer);
    return writer->out.size;
}

enum opswire_status opswire_cim_write_embedded_end(struct opswire_cim_writer *writer, size_t mark)
{
    size_t more = 0;
    uint8_t *from;
    uint8_t *to;
    uint8_t *begin;

    if (!close_tag(writer))
        return writer->status;
    if (mark > writer->out.size)
        return fail(writer, OPSWIRE_FORBIDDEN);
    if (mark == writer->out.size)
        return writer->status;
    begin = writer->out.data + mark;
    from = writer->out.data + writer->out.size;
    for (const uint8_t *at = begin; at < from; at++)
        more += *at == '&' ? 4 : *at == '<' || *at == '>' ? 3 : 0;
    if (opswire_buffer_reserve(&writer->out, more) != OPSWIRE_DONE)
        return fail(writer, OPSWIRE_NO_MEMORY);
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
    return writer->status;
}
