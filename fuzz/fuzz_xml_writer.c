/* The writer: what it takes as a value, a text and a text one level deeper, the scanner reads as
 * the same octets; what it does not take has a place.  The first octet says where the value ends.
 */
#include <stdlib.h>
#include <string.h>

#include "opswire/xml_scanner.h"
#include "opswire/xml_writer.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

static const struct opswire_view OUTER = OPSWIRE_VIEW("outer");
static const struct opswire_view INNER = OPSWIRE_VIEW("inner");
static const struct opswire_view NAME = OPSWIRE_VIEW("name");

static bool same(struct opswire_view one, struct opswire_view other)
{
    return one.size == other.size && (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* <name name="value">text</name>, where the text was escaped that many times. */
static void expect(struct opswire_view document, struct opswire_view name,
                   struct opswire_view value, struct opswire_view text, int level)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);
    struct opswire_buffer found = {NULL, 0, 0};
    struct opswire_xml_token token;

    HOLD(scanner != NULL && opswire_xml_feed(scanner, document) == OPSWIRE_DONE);
    opswire_xml_end(scanner);
    HOLD(opswire_xml_next(scanner, &token) == OPSWIRE_DONE && token.type == OPSWIRE_XML_START);
    HOLD(same(token.name, name) && token.tag->attribute_count == 1);
    HOLD(same(token.tag->attributes[0].name, NAME) && same(token.tag->attributes[0].value, value));
    while (opswire_xml_next(scanner, &token) == OPSWIRE_DONE && token.type == OPSWIRE_XML_TEXT)
        HOLD(opswire_buffer_append(&found, token.text) == OPSWIRE_DONE);
    HOLD(token.type == OPSWIRE_XML_END);
    HOLD(opswire_xml_next(scanner, &token) == OPSWIRE_DONE
         && token.type == OPSWIRE_XML_DOCUMENT_END);
    if (level > 0)
        expect(opswire_buffer_view(&found), INNER, value, text, level - 1);
    else
        HOLD(same(opswire_buffer_view(&found), text));
    opswire_buffer_free(&found);
    opswire_xml_scanner_free(scanner);
}

static void begin(struct opswire_xml_writer *writer, struct opswire_view name,
                  struct opswire_view value)
{
    opswire_xml_write_start(writer, name);
    opswire_xml_write_attribute(writer, NAME, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct opswire_xml_writer writer = {.status = OPSWIRE_DONE};
    struct opswire_view text = {data, size};
    struct opswire_view value;
    size_t mark;

    if (size == 0)
        return 0;
    opswire_view_take(&text, 1, &value);
    opswire_view_take(&text, data[0] < text.size ? data[0] : text.size, &value);
    begin(&writer, OUTER, value);
    mark = opswire_xml_write_embedded_begin(&writer);
    begin(&writer, INNER, value);
    opswire_xml_write_text(&writer, text);
    opswire_xml_write_end(&writer, INNER);
    opswire_xml_write_embedded_end(&writer, mark);
    if (opswire_xml_write_end(&writer, OUTER) == OPSWIRE_DONE) {
        HOLD(writer.depth == 0);
        expect(opswire_buffer_view(&writer.out), OUTER, value, text, 1);
    } else {
        HOLD(writer.status == OPSWIRE_OUT_OF_RANGE && writer.offset < size);
    }
    opswire_buffer_free(&writer.out);
    return 0;
}
