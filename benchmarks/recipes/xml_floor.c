/* Octets through our scanner, our reader, and expat, which do nothing with what they find. */
#include <expat.h>

#include "opswire/cimxml.h"

/* 0: no; else the number of tokens. */
unsigned long scan(const unsigned char *data, unsigned long size)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);
    const struct opswire_view octets = {data, size};
    struct opswire_xml_token token = {.type = OPSWIRE_XML_START};
    unsigned long count = 0;

    if (scanner == NULL || opswire_xml_feed(scanner, octets) != OPSWIRE_DONE)
        return 0;
    for (;;) {
        const enum opswire_status status = opswire_xml_next(scanner, &token);

        if (status == OPSWIRE_MORE)
            opswire_xml_end(scanner);
        else if (status != OPSWIRE_DONE || token.type == OPSWIRE_XML_DOCUMENT_END)
            break;
        else
            count++;
    }
    opswire_xml_scanner_free(scanner);
    return token.type == OPSWIRE_XML_DOCUMENT_END ? count : 0;
}

/* 0: no CIM-XML; else the number of objects, whose blocks are made and given back. */
unsigned long read_objects(const unsigned char *data, unsigned long size)
{
    struct opswire_cim_reader *const reader = opswire_cim_reader_new(NULL);
    const struct opswire_view octets = {data, size};
    struct opswire_cim_event event = {.type = OPSWIRE_CIM_ENTER};
    unsigned long count = 0;

    if (reader == NULL || opswire_cim_feed(reader, octets) != OPSWIRE_DONE)
        return 0;
    for (;;) {
        const enum opswire_status status = opswire_cim_next(reader, &event);

        if (status == OPSWIRE_MORE)
            opswire_cim_feed_end(reader);
        else if (status != OPSWIRE_DONE || event.type == OPSWIRE_CIM_END)
            break;
        else
            count += event.type == OPSWIRE_CIM_OBJECT;
    }
    opswire_cim_reader_free(reader);
    return event.type == OPSWIRE_CIM_END ? count : 0;
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    (void) data;
    (void) name;
    (void) attributes;
}

static void on_end(void *data, const XML_Char *name)
{
    (void) data;
    (void) name;
}

static void on_text(void *data, const XML_Char *text, int size)
{
    (void) data;
    (void) text;
    (void) size;
}

/* 0: refused. */
unsigned long expat(const char *data, unsigned long size)
{
    const XML_Parser parser = XML_ParserCreate(NULL);
    unsigned long sound;

    if (parser == NULL)
        return 0;
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    sound = XML_Parse(parser, data, (int) size, 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return sound;
}
