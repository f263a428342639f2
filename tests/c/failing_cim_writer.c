/* What a message has in it, written by a writer that runs out of memory: it says so at the end,
 * whatever was written behind the failure, and emptied it writes all of it. */
#include <string.h>

#include "failing_allocations.h"
#include "opswire/cimxml.h"

enum { MOST_BLOCKS = 1 << 10 };

static struct opswire_cim_block *blocks[MOST_BLOCKS];
static size_t block_count;
static struct opswire_cim_writer reference;

static void read_blocks(struct opswire_view document)
{
    struct opswire_cim_settings settings = OPSWIRE_CIM_SETTINGS;
    struct opswire_cim_reader *reader;
    struct opswire_cim_event event;

    settings.options = OPSWIRE_CIM_FRAGMENT;
    reader = opswire_cim_reader_new(&settings);
    HOLD(reader != NULL && opswire_cim_feed(reader, document) == OPSWIRE_DONE);
    opswire_cim_feed_end(reader);
    while (opswire_cim_next(reader, &event) == OPSWIRE_DONE && event.type != OPSWIRE_CIM_END)
        if (event.type == OPSWIRE_CIM_OBJECT && block_count < MOST_BLOCKS)
            blocks[block_count++] = opswire_cim_take(reader);
    opswire_cim_reader_free(reader);
}

static struct opswire_view text(const char *octets)
{
    return (struct opswire_view){(const uint8_t *) octets, strlen(octets)};
}

/* Every function of the writer, and the blocks in an embedded object of an embedded object. */
static enum opswire_status write_all(struct opswire_cim_writer *writer)
{
    size_t outer;
    size_t inner;

    opswire_xml_write_declaration(&writer->xml);
    opswire_cim_write_start(writer, OPSWIRE_CIM_E_INSTANCE);
    opswire_cim_write_attribute(writer, OPSWIRE_CIM_A_CLASSNAME, text("\"C\" & D\n"));
    opswire_cim_write_property(writer, text("P"), OPSWIRE_CIM_STRING, text("a < b > c & d\r"));
    opswire_cim_write_start(writer, OPSWIRE_CIM_E_VALUE);
    outer = opswire_xml_write_embedded_begin(&writer->xml);
    for (size_t i = 0; i < block_count; i++) {
        opswire_cim_write_block(writer, blocks[i]);
        opswire_cim_write_start(writer, OPSWIRE_CIM_E_VALUE);
        inner = opswire_xml_write_embedded_begin(&writer->xml);
        opswire_cim_write_block(writer, blocks[i]);
        opswire_xml_write_embedded_end(&writer->xml, inner);
        opswire_cim_write_end(writer);
    }
    opswire_cim_write_element(writer, OPSWIRE_CIM_E_HOST, text("host"));
    opswire_xml_write_embedded_end(&writer->xml, outer);
    opswire_cim_write_end(writer);
    opswire_xml_write_text(&writer->xml, text(">"));
    return opswire_cim_write_end(writer);
}

static bool is_as_the_reference(const struct opswire_cim_writer *writer)
{
    return writer->xml.status == OPSWIRE_DONE && writer->xml.depth == 0
           && writer->xml.out.size == reference.xml.out.size
           && memcmp(writer->xml.out.data, reference.xml.out.data, writer->xml.out.size) == 0;
}

static void attempt(void *context)
{
    struct opswire_cim_writer writer = {.xml = {.status = OPSWIRE_DONE}};
    struct opswire_buffer out;

    (void) context;
    if (write_all(&writer) != OPSWIRE_DONE) {
        HOLD(memory_has_failed() && writer.xml.status == OPSWIRE_NO_MEMORY);
        /* Nothing goes on where something is missing. */
        memory_heals();
        out = writer.xml.out;
        HOLD(write_all(&writer) == OPSWIRE_NO_MEMORY);
        HOLD(writer.xml.out.size == out.size);
        out = writer.xml.out;
        out.size = 0;
        writer = (struct opswire_cim_writer){.xml = {.out = out}};
        write_all(&writer);
    }
    HOLD(is_as_the_reference(&writer));
    opswire_buffer_free(&writer.xml.out);
}

void failing_cim_writer(struct opswire_view document)
{
    block_count = 0;
    read_blocks(document);
    reference = (struct opswire_cim_writer){.xml = {.status = OPSWIRE_DONE}};
    HOLD(write_all(&reference) == OPSWIRE_DONE);
    memory_fail_each(attempt, NULL, false);
    opswire_buffer_free(&reference.xml.out);
    for (size_t i = 0; i < block_count; i++)
        opswire_cim_block_free(blocks[i]);
}
