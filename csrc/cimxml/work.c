#include <stdlib.h>
#include <string.h>

#include "machine.h"

enum opswire_status cim_append(struct opswire_cim_reader *reader, struct opswire_view octets)
{
    if (!cim_has_room(reader, octets.size))
        return reader->broken;
    if (octets.size > 0)
        memcpy(reader->work.data + reader->work.size, octets.data, octets.size);
    reader->work.size += octets.size;
    return OPSWIRE_DONE;
}

uint32_t cim_record(struct opswire_cim_reader *reader, size_t size)
{
    const size_t padding = (0 - reader->work.size) & 7;
    uint32_t offset;

    if (!cim_has_room(reader, padding + size))
        return 0;
    memset(reader->work.data + reader->work.size, 0, padding + size);
    offset = (uint32_t) (reader->work.size + padding);
    reader->work.size += padding + size;
    return offset;
}

bool cim_put_text(struct opswire_cim_reader *reader, struct opswire_view text, bool ascii,
                  struct opswire_cim_text *put)
{
    *put = (struct opswire_cim_text){0, 0};
    if (text.data == NULL)
        return true;
    put->offset = (uint32_t) reader->work.size;
    put->size = (uint32_t) text.size | (ascii ? 0 : OPSWIRE_CIM_NOT_ASCII);
    return cim_append(reader, text) == OPSWIRE_DONE;
}

void cim_leave_one(struct opswire_cim_reader *reader, size_t first, uint8_t tag, uint32_t offset)
{
    reader->entry_count = first + 1;
    reader->entries[first] = (struct cim_entry){.tag = tag, .cell.offset = offset};
}

uint32_t cim_values_of(struct opswire_cim_reader *reader, size_t first, uint32_t count)
{
    const uint32_t offset =
        cim_record(reader, sizeof(struct opswire_cim_values)
                               + count * (sizeof(union opswire_cim_cell) + (size_t) 1));
    struct opswire_cim_values *values;
    uint8_t *tags;

    if (offset == 0)
        return 0;
    values = cim_at(reader, offset);
    values->count = count;
    tags = (uint8_t *) &values->cells[count];
    for (uint32_t i = 0; i < count; i++) {
        values->cells[i] = reader->entries[first + i].cell;
        tags[i] = reader->entries[first + i].tag;
    }
    return offset;
}

enum opswire_status cim_finish_block(struct opswire_cim_reader *reader, uint8_t element)
{
    const struct cim_entry *const entry = &reader->entries[--reader->entry_count];
    struct opswire_cim_block *const block = malloc(reader->work.size);

    if (block == NULL)
        return cim_no_memory(reader);
    memcpy(block, reader->work.data, reader->work.size);
    block->table = opswire_cim_table_share(reader->table);
    block->size = (uint32_t) reader->work.size;
    block->references = 1;
    block->cell = entry->cell;
    block->tag = entry->tag;
    block->flags = reader->block_flags;
    block->element = element;
    block->unused = 0;
    block->unused_too = 0;
    reader->block = block;
    return OPSWIRE_DONE;
}
