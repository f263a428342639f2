#include <stdlib.h>

#include "machine.h"

/* What an entry costs in all: itself, its place in the list of ids, which grows twice at a time,
 * and its places in the set of names that finds doubles. */
enum { ENTRY_COST = sizeof(struct cim_entry) + 2 * sizeof(uint32_t) + 4 * sizeof(uint32_t) };

_Static_assert(OPSWIRE_CIM_MAX_OBJECT / ENTRY_COST < UINT32_MAX / 16,
               "the number of an object's entries, and of places in a set of them, is 32 bits");

/* What an idle reader keeps of each buffer, and for the tags of each level. */
enum { IDLE_BUFFER = 1 << 16, IDLE_LEVEL = 1 << 18 };

static bool too_large(struct opswire_cim_reader *reader)
{
    cim_fail(reader, OPSWIRE_CIM_OBJECT_TOO_LARGE, (struct opswire_view){NULL, 0});
    return false;
}

static bool no_memory(struct opswire_cim_reader *reader)
{
    cim_no_memory(reader);
    return false;
}

/* What the object may still take. */
static size_t room_of(const struct opswire_cim_reader *reader)
{
    const size_t held = reader->work.size + reader->entry_count * ENTRY_COST + reader->beside;

    return held < reader->settings.max_object ? reader->settings.max_object - held : 0;
}

bool cim_has_room(struct opswire_cim_reader *reader, size_t size)
{
    if (size > room_of(reader))
        return too_large(reader);
    return opswire_buffer_reserve(&reader->work, size) == OPSWIRE_DONE || no_memory(reader);
}

bool cim_holds_beside(struct opswire_cim_reader *reader, size_t size)
{
    if (size > room_of(reader))
        return too_large(reader);
    reader->beside += size;
    return true;
}

bool cim_grow_entries(struct opswire_cim_reader *reader)
{
    const size_t more = reader->entry_capacity == 0 ? 64 : reader->entry_capacity;
    const size_t allowed = room_of(reader) / ENTRY_COST;
    const size_t capacity = reader->entry_capacity + (more < allowed ? more : allowed);
    struct cim_entry *grown;

    if (capacity == reader->entry_capacity)
        return too_large(reader);
    grown = realloc(reader->entries, capacity * sizeof(*grown));
    if (grown == NULL)
        return no_memory(reader);
    reader->entries = grown;
    reader->entry_capacity = capacity;
    return true;
}

bool cim_has_ids(struct opswire_cim_reader *reader, size_t count)
{
    uint32_t *grown;

    if (count <= reader->id_capacity)
        return true;
    grown = realloc(reader->ids, 2 * count * sizeof(*grown));
    if (grown == NULL)
        return no_memory(reader);
    reader->ids = grown;
    reader->id_capacity = 2 * count;
    return true;
}

size_t opswire_cim_reader_memory(const struct opswire_cim_reader *reader)
{
    size_t size = sizeof(*reader) + reader->frame_capacity * sizeof(*reader->frames)
                  + reader->entry_capacity * sizeof(*reader->entries)
                  + reader->id_capacity * sizeof(*reader->ids) + reader->work.capacity
                  + reader->owned + cim_table_size(reader->table);

    for (size_t i = 0; i <= OPSWIRE_CIM_MAX_EMBEDDING; i++) {
        const struct cim_level *const level = &reader->levels[i];

        size += level->text.capacity + level->digests.size;
        if (level->scanner != NULL)
            size += opswire_xml_memory(level->scanner);
    }
    return size;
}

/* What a message has made the reader know, however little of it an object will keep. */
static size_t known(const struct opswire_cim_reader *reader)
{
    size_t size = reader->owned;

    for (size_t i = 0; i <= OPSWIRE_CIM_MAX_EMBEDDING && reader->levels[i].scanner != NULL; i++)
        size += opswire_xml_memory(reader->levels[i].scanner) + reader->levels[i].digests.size;
    return size;
}

bool cim_may_know_more(struct opswire_cim_reader *reader)
{
    /* No overflow: the scanner takes less than 2^36 octets. */
    if (known(reader)
        <= reader->known_before + OPSWIRE_CIM_FLOOR + reader->fed * reader->settings.factor)
        return true;
    cim_fail(reader, OPSWIRE_CIM_MESSAGE_TOO_LARGE, (struct opswire_view){NULL, 0});
    return false;
}

void cim_trim(struct opswire_cim_reader *reader)
{
    opswire_buffer_trim(&reader->work, IDLE_BUFFER);
    if (reader->entry_capacity * sizeof(*reader->entries) > IDLE_BUFFER) {
        free(reader->entries);
        reader->entries = NULL;
        reader->entry_capacity = 0;
    }
    if (reader->id_capacity * sizeof(*reader->ids) > IDLE_BUFFER) {
        free(reader->ids);
        reader->ids = NULL;
        reader->id_capacity = 0;
    }
    for (size_t i = 0; i <= OPSWIRE_CIM_MAX_EMBEDDING; i++) {
        struct cim_level *const level = &reader->levels[i];

        opswire_buffer_trim(&level->text, IDLE_BUFFER);
        if (level->scanner != NULL
            && opswire_xml_memory(level->scanner) + level->digests.size > IDLE_LEVEL) {
            opswire_xml_forget(level->scanner);
            cim_arena_free(&level->digests);
        }
    }
    if (cim_table_full(reader->table)) {
        struct opswire_cim_table *const next =
            cim_table_new(reader->table, reader->settings.drop_memo);

        /* Without memory the old one serves; the next object tries again. */
        if (next != NULL) {
            opswire_cim_table_free(reader->table);
            reader->table = next;
        }
    }
    reader->known_before = known(reader);
}
