/* What our scanner accepts expat accepts too, and tells the same elements, attributes and text.
 *
 * But: expat knows the names of the fourth edition of XML 1.0, we those of the fifth, so names
 * beyond ASCII are not compared.
 *
 * Links with: expat */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "opswire/xml_scanner.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

struct events {
    uint64_t sum;
    bool in_text;
};

static void add(struct events *events, const void *octets, size_t size)
{
    const uint8_t *data = octets;

    for (size_t i = 0; i < size; i++)
        events->sum = (events->sum ^ data[i]) * 1099511628211u;
}

static void mark(struct events *events, uint8_t kind)
{
    events->sum = events->sum * 131 + kind + (events->in_text ? 7 : 0);
    events->in_text = false;
}

static void start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    mark(context, OPSWIRE_XML_START);
    add(context, name, strlen(name) + 1);
    for (; *attributes != NULL; attributes++)
        add(context, *attributes, strlen(*attributes) + 1);
}

static void end(void *context, const XML_Char *name)
{
    mark(context, OPSWIRE_XML_END);
    add(context, name, strlen(name) + 1);
}

static void text(void *context, const XML_Char *data, int size)
{
    add(context, data, (size_t) size);
    ((struct events *) context)->in_text = true;
}

static void add_view(struct events *events, struct opswire_view view)
{
    add(events, view.data, view.size);
    add(events, "", 1);
}

static bool is_ascii(struct opswire_view view)
{
    for (size_t i = 0; i < view.size; i++)
        if (view.data[i] >= 0x80)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);
    struct opswire_xml_token token;
    struct events ours = {0, false};
    struct events theirs = {0, false};
    enum opswire_status status;
    bool names_are_ascii = true;
    XML_Parser parser;

    HOLD(scanner != NULL);
    HOLD(opswire_xml_feed(scanner, (struct opswire_view){data, size}) == OPSWIRE_DONE);
    opswire_xml_end(scanner);
    while ((status = opswire_xml_next(scanner, &token)) == OPSWIRE_DONE
           && token.type != OPSWIRE_XML_DOCUMENT_END) {
        if (token.type == OPSWIRE_XML_TEXT) {
            add(&ours, token.text.data, token.text.size);
            ours.in_text = true;
            continue;
        }
        mark(&ours, (uint8_t) token.type);
        add_view(&ours, token.name);
        names_are_ascii = names_are_ascii && is_ascii(token.name);
        for (uint32_t i = 0; token.type == OPSWIRE_XML_START && i < token.tag->attribute_count;
             i++) {
            add_view(&ours, token.tag->attributes[i].name);
            add_view(&ours, token.tag->attributes[i].value);
            names_are_ascii = names_are_ascii && is_ascii(token.tag->attributes[i].name);
        }
    }
    opswire_xml_scanner_free(scanner);
    if (status != OPSWIRE_DONE || !names_are_ascii)
        return 0;
    parser = XML_ParserCreate(NULL);
    HOLD(parser != NULL);
    XML_SetUserData(parser, &theirs);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, text);
    if (XML_Parse(parser, (const char *) data, (int) size, 1) == XML_STATUS_OK)
        HOLD(ours.sum == theirs.sum);
    else
        /* A name beyond ASCII in a DOCTYPE or a processing instruction is no event. */
        HOLD(!is_ascii((struct opswire_view){data, size})
             && XML_GetErrorCode(parser) == XML_ERROR_INVALID_TOKEN);
    XML_ParserFree(parser);
    return 0;
}
