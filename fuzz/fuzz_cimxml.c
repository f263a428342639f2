/* The reader and the writer.  The first octet says whether fragments are read.
 *
 * A document whole and octet by octet is the same events, blocks, faults and places; blocks stay
 * inside themselves; a block that is written is read again as the same block. */
#include <stdlib.h>
#include <string.h>

#include "opswire/cimxml.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

static uint64_t add(uint64_t sum, const void *octets, size_t size)
{
    const uint8_t *data = octets;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ data[i]) * 1099511628211u;
    return sum * 31 + size;
}

/* A block as its element, and that is read as the same again. */
static void write_and_read(const struct opswire_cim_block *block)
{
    struct opswire_cim_settings settings = OPSWIRE_CIM_SETTINGS;
    struct opswire_cim_writer writer = {.xml = {.status = OPSWIRE_DONE}};
    struct opswire_cim_writer again = {.xml = {.status = OPSWIRE_DONE}};
    struct opswire_cim_event event;
    struct opswire_cim_reader *reader;
    enum opswire_status status;

    settings.options = OPSWIRE_CIM_FRAGMENT;
    settings.xml.depth = 2 * OPSWIRE_XML_MAX_DEPTH;
    if (opswire_cim_write_block(&writer, block) != OPSWIRE_DONE) {
        HOLD(writer.xml.status == OPSWIRE_FORBIDDEN); /* embedded, and nested too deeply in all */
        opswire_buffer_free(&writer.xml.out);
        return;
    }
    reader = opswire_cim_reader_new(&settings);
    HOLD(reader != NULL);
    HOLD(opswire_cim_feed(reader, opswire_buffer_view(&writer.xml.out)) == OPSWIRE_DONE);
    opswire_cim_feed_end(reader);
    status = opswire_cim_next(reader, &event);
    HOLD(status == OPSWIRE_DONE && event.type == OPSWIRE_CIM_OBJECT);
    HOLD(event.block->tag == block->tag && event.block->element == block->element);
    HOLD(opswire_cim_write_block(&again, event.block) == OPSWIRE_DONE);
    HOLD(again.xml.out.size == writer.xml.out.size
         && memcmp(again.xml.out.data, writer.xml.out.data, again.xml.out.size) == 0);
    HOLD(opswire_cim_next(reader, &event) == OPSWIRE_DONE && event.type == OPSWIRE_CIM_END);
    opswire_cim_reader_free(reader);
    opswire_buffer_free(&writer.xml.out);
    opswire_buffer_free(&again.xml.out);
}

static uint64_t note(uint64_t sum, struct opswire_cim_reader *reader,
                     const struct opswire_cim_event *event, bool write)
{
    struct opswire_cim_block *block;

    sum = sum * 131 + (unsigned) event->type * 64 + (unsigned) event->element;
    if (event->type == OPSWIRE_CIM_ENTER) {
        sum = add(sum, event->first.data, event->first.size);
        sum = add(sum, event->second.data, event->second.size);
    }
    if (event->type != OPSWIRE_CIM_OBJECT)
        return sum;
    HOLD(event->block->references == 1);
    sum = add(sum, (const uint8_t *) event->block + 16, event->block->size - 16);
    block = opswire_cim_take(reader);
    HOLD(block == event->block);
    if (write)
        write_and_read(block);
    opswire_cim_block_free(block);
    return sum;
}

static enum opswire_status read(struct opswire_cim_reader *reader, const uint8_t *data, size_t size,
                                size_t piece, uint64_t *sum)
{
    struct opswire_cim_event event;
    enum opswire_status status;
    uint8_t *copy = NULL; /* of the exact size, and gone before the next piece */
    size_t fed = 0;

    for (;;) {
        status = opswire_cim_next(reader, &event);
        if (status == OPSWIRE_DONE) {
            *sum = note(*sum, reader, &event, piece > 1);
            if (event.type == OPSWIRE_CIM_END)
                break;
        } else if (status == OPSWIRE_MORE) {
            const size_t next = size - fed < piece ? size - fed : piece;

            free(copy);
            copy = NULL;
            if (next == 0) {
                opswire_cim_feed_end(reader);
                continue;
            }
            copy = malloc(next);
            HOLD(copy != NULL);
            memcpy(copy, data + fed, next);
            fed += next;
            HOLD(opswire_cim_feed(reader, (struct opswire_view){copy, next}) == OPSWIRE_DONE);
        } else {
            break;
        }
    }
    free(copy);
    return status;
}

static void hold_same(const struct opswire_cim_fault *one, const struct opswire_cim_fault *other)
{
    HOLD(one->xml == other->xml && one->cim == other->cim);
    HOLD(strcmp(one->path, other->path) == 0 && strlen(one->path) == one->path_size);
    HOLD(strcmp(one->subject, other->subject) == 0);
    HOLD(one->position.offset == other->position.offset
         && one->position.line == other->position.line
         && one->position.column == other->position.column);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct opswire_cim_settings settings = OPSWIRE_CIM_SETTINGS;
    struct opswire_cim_reader *readers[2];
    struct opswire_cim_fault faults[2];
    uint64_t sums[2] = {0, 0};
    enum opswire_status statuses[2];

    if (size == 0)
        return 0;
    settings.options = data[0] & 3u;
    for (int i = 0; i < 2; i++) {
        readers[i] = opswire_cim_reader_new(&settings);
        HOLD(readers[i] != NULL);
        statuses[i] = read(readers[i], data + 1, size - 1, i == 0 ? size : 1, &sums[i]);
        opswire_cim_reader_fault(readers[i], &faults[i]);
    }
    HOLD(statuses[0] == statuses[1]);
    HOLD(statuses[0] != OPSWIRE_NO_MEMORY);
    HOLD(sums[0] == sums[1]);
    hold_same(&faults[0], &faults[1]);
    /* And again with what is known now: whole it takes the short ways, in pieces it hardly can. */
    for (int i = 0; i < 2; i++) {
        const uint64_t first = sums[i];

        opswire_cim_reader_reset(readers[i]);
        sums[i] = 0;
        HOLD(read(readers[i], data + 1, size - 1, i == 0 ? size : 7, &sums[i]) == statuses[0]);
        HOLD(sums[i] == first);
        opswire_cim_reader_fault(readers[i], &faults[i]);
    }
    hold_same(&faults[0], &faults[1]);
    opswire_cim_reader_free(readers[0]);
    opswire_cim_reader_free(readers[1]);
    return 0;
}
