/* A format of its own on the XML library and nothing else: <a><b>text</b>...</a>, octets to a list
 * of texts and back.  It shows all that another XML format needs; what comes in is written out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opswire/xml_scanner.h"
#include "opswire/xml_writer.h"

enum { MOST_TEXTS = 16 };

static const struct opswire_view LIST = OPSWIRE_VIEW("a");
static const struct opswire_view ITEM = OPSWIRE_VIEW("b");

static struct opswire_buffer texts[MOST_TEXTS];
static size_t count;

static bool is(struct opswire_view name, struct opswire_view wanted)
{
    return name.size == wanted.size && memcmp(name.data, wanted.data, name.size) == 0;
}

/* Whether it is such a document; its texts are kept. */
static bool read_list(struct opswire_xml_scanner *scanner)
{
    struct opswire_xml_token token;

    while (opswire_xml_next(scanner, &token) == OPSWIRE_DONE) {
        const uint32_t depth = opswire_xml_depth(scanner);

        if (token.type == OPSWIRE_XML_DOCUMENT_END)
            return true;
        if (token.type == OPSWIRE_XML_START
            && (depth > 2 || !is(token.name, depth == 1 ? LIST : ITEM)))
            return false;
        if (token.type == OPSWIRE_XML_START && depth == 2 && ++count > MOST_TEXTS)
            return false;
        if (token.type == OPSWIRE_XML_TEXT
            && (depth != 2 || opswire_buffer_append(&texts[count - 1], token.text) != OPSWIRE_DONE))
            return false;
    }
    return false;
}

static enum opswire_status write_list(struct opswire_xml_writer *writer)
{
    opswire_xml_write_start(writer, LIST);
    for (size_t i = 0; i < count; i++)
        opswire_xml_write_element(writer, ITEM, opswire_buffer_view(&texts[i]));
    return opswire_xml_write_end(writer, LIST);
}

int main(void)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);
    struct opswire_xml_writer writer = {.status = OPSWIRE_DONE};
    static uint8_t input[4096];
    const struct opswire_view document = {input, fread(input, 1, sizeof(input), stdin)};
    bool done = scanner != NULL && opswire_xml_feed(scanner, document) == OPSWIRE_DONE;

    if (done)
        opswire_xml_end(scanner);
    done = done && read_list(scanner) && write_list(&writer) == OPSWIRE_DONE
           && fwrite(writer.out.data, 1, writer.out.size, stdout) == writer.out.size;
    for (size_t i = 0; i < MOST_TEXTS; i++)
        opswire_buffer_free(&texts[i]);
    opswire_buffer_free(&writer.out);
    opswire_xml_scanner_free(scanner);
    return done ? 0 : 1;
}
