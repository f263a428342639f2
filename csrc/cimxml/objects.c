#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "opswire/keyed_hash.h"

enum opswire_status cim_array(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    const size_t count = reader->entry_count - first;
    uint8_t type = frame->type == 0 ? (uint8_t) OPSWIRE_CIM_STRING : frame->type;
    uint32_t offset;

    if (frame->element == OPSWIRE_CIM_E_VALUE_REFARRAY)
        type = OPSWIRE_CIM_REFERENCE;
    else if (frame->embedded)
        type = OPSWIRE_CIM_INSTANCE;
    offset = cim_values_of(reader, first, (uint32_t) count);
    if (offset == 0)
        return reader->broken;
    if (count == 0 && cim_push(reader) == NULL)
        return reader->broken;
    cim_leave_one(reader, first, (uint8_t) (type | OPSWIRE_CIM_ARRAY), offset);
    return OPSWIRE_DONE;
}

/* ---- shapes ---- */

/* Whatever the table has grown by since then is the object's. */
static uint32_t counted(struct opswire_cim_reader *reader, uint32_t index, size_t before)
{
    if (index == UINT32_MAX)
        cim_no_memory(reader);
    else if (!cim_holds_beside(reader, cim_table_used(reader->table) - before))
        return UINT32_MAX;
    return index;
}

uint32_t cim_known_descriptor(struct opswire_cim_reader *reader,
                              const struct opswire_cim_descriptor *wanted)
{
    const size_t before = cim_table_used(reader->table);

    return counted(reader, cim_descriptor(reader->table, wanted), before);
}

static uint32_t new_descriptor(struct opswire_cim_reader *reader, struct cim_digest *digest)
{
    struct opswire_cim_descriptor wanted = {.name = digest->name,
                                            .lang = digest->lang,
                                            .flags = OPSWIRE_CIM_NAME_GIVEN,
                                            .ascii = digest->ascii};
    uint32_t descriptor;

    switch (digest->element) {
    case OPSWIRE_CIM_E_INSTANCE:
    case OPSWIRE_CIM_E_INSTANCENAME:
        break;
    case OPSWIRE_CIM_E_KEYBINDING:
        wanted.key = true;
        break;
    default:
        wanted.class_origin = digest->class_origin;
        wanted.reference_class = digest->reference_class;
        wanted.flags = digest->flags;
        wanted.array_size = digest->array_size;
        wanted.type = digest->type;
        break;
    }
    descriptor = cim_known_descriptor(reader, &wanted);
    if (descriptor != UINT32_MAX) {
        digest->descriptor = descriptor;
        digest->generation = reader->table->generation;
        digest->shape = 0;
    }
    return descriptor;
}

/* Of the element in the table in use; UINT32_MAX: broken, and noted. */
static inline uint32_t descriptor_of(struct opswire_cim_reader *reader, struct cim_digest *digest)
{
    return digest->generation == reader->table->generation ? digest->descriptor
                                                           : new_descriptor(reader, digest);
}

static bool all_are_ascii(const struct opswire_cim_reader *reader, size_t first, uint32_t count)
{
    for (size_t i = first; i < first + count; i++)
        if (!reader->table->descriptors[reader->entries[i].descriptor]->ascii)
            return false;
    return true;
}

/* When two entries have the same name, the later one takes the place of the earlier.  The number of
 * those that are left; UINT32_MAX: no memory. */
static uint32_t drop_doubles(struct opswire_cim_reader *reader, size_t first, uint32_t count)
{
    struct cim_entry *const entries = reader->entries + first;
    uint32_t size = 8;
    uint32_t kept = 0;
    uint32_t *set;

    while (size < 2 * count)
        size *= 2;
    set = calloc(size, sizeof(*set));
    if (set == NULL)
        return UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const struct opswire_view name = reader->table->descriptors[entries[i].descriptor]->name;
        uint32_t place = (uint32_t) opswire_hash_folded(name) & (size - 1);

        while (set[place] != 0
               && !cim_same_name(
                   name, reader->table->descriptors[entries[set[place] - 1].descriptor]->name))
            place = (place + 1) & (size - 1);
        if (set[place] != 0) {
            entries[set[place] - 1] = entries[i];
        } else {
            entries[kept] = entries[i];
            set[place] = ++kept;
        }
    }
    free(set);
    return kept;
}

uint32_t cim_entries_shape(struct opswire_cim_reader *reader, struct cim_digest *digest,
                           size_t first, uint32_t *count, bool path)
{
    struct opswire_cim_table *const table = reader->table;
    const uint32_t class_id = descriptor_of(reader, digest);
    size_t before;
    uint32_t shape;

    if (class_id == UINT32_MAX || !cim_has_ids(reader, *count))
        return UINT32_MAX;
    for (uint32_t i = 0; i < *count; i++)
        reader->ids[i] = reader->entries[first + i].descriptor;
    if (digest->shape != 0) {
        const struct cim_shape *const last = cim_table_at(table, digest->shape - 1);

        if (last->shape.count == *count && last->shape.path == path
            && (*count == 0 || memcmp(last->ids, reader->ids, *count * sizeof(*last->ids)) == 0))
            return digest->shape - 1;
    }
    /* Which names beyond ASCII are one is not decided here: with such names all are left. */
    if (*count > 1 && all_are_ascii(reader, first, *count)) {
        *count = drop_doubles(reader, first, *count);
        if (*count == UINT32_MAX) {
            cim_no_memory(reader);
            return UINT32_MAX;
        }
        for (uint32_t i = 0; i < *count; i++)
            reader->ids[i] = reader->entries[first + i].descriptor;
    }
    before = cim_table_used(table);
    shape = counted(reader, cim_shape_of(table, class_id, reader->ids, *count, path), before);
    if (shape != UINT32_MAX)
        digest->shape = shape + 1;
    return shape;
}

/* ---- members ---- */

static bool is_qualifier(const struct cim_entry *entry)
{
    return entry->tag == OPSWIRE_CIM_MEMBER && entry->element == OPSWIRE_CIM_E_QUALIFIER;
}

static bool is_parameter(const struct cim_entry *entry)
{
    return entry->tag == OPSWIRE_CIM_MEMBER
           && (entry->element == OPSWIRE_CIM_E_PARAMETER
               || entry->element == OPSWIRE_CIM_E_PARAMETER_REFERENCE
               || entry->element == OPSWIRE_CIM_E_PARAMETER_ARRAY
               || entry->element == OPSWIRE_CIM_E_PARAMETER_REFARRAY);
}

static bool is_method(const struct cim_entry *entry)
{
    return entry->element == OPSWIRE_CIM_E_METHOD;
}

static bool is_property(const struct cim_entry *entry)
{
    return !is_qualifier(entry) && !is_method(entry);
}

/* The list of those entries from first on that are wanted; *list is 0 if there are none. */
static bool list_of(struct opswire_cim_reader *reader, size_t first,
                    bool (*wanted)(const struct cim_entry *entry), uint32_t *list)
{
    struct opswire_cim_list *written;
    uint32_t count = 0;

    *list = 0;
    for (size_t i = first; i < reader->entry_count; i++)
        count += wanted(&reader->entries[i]);
    if (count == 0)
        return true;
    *list = cim_record(reader, sizeof(*written) + count * sizeof(uint32_t));
    if (*list == 0)
        return false;
    written = cim_at(reader, *list);
    for (size_t i = first; i < reader->entry_count; i++)
        if (wanted(&reader->entries[i]))
            written->offsets[written->count++] = reader->entries[i].cell.offset;
    return true;
}

enum opswire_status cim_member(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const struct cim_digest *const digest = frame->digest;
    const size_t first = frame->entries;
    struct opswire_cim_member made = {.flags = digest->flags | frame->flags,
                                      .array_size = digest->array_size,
                                      .scopes = frame->scopes,
                                      .type = digest->type,
                                      .element = frame->element,
                                      .value_element = OPSWIRE_CIM_ELEMENT_COUNT};
    uint32_t offset;

    for (size_t i = first; i < reader->entry_count; i++) {
        const struct cim_entry *const entry = &reader->entries[i];

        if (is_qualifier(entry) || is_parameter(entry))
            continue;
        made.tag = entry->tag;
        made.cell = entry->cell;
        made.value_element = entry->element;
    }
    if (!list_of(reader, first, is_qualifier, &made.qualifiers)
        || !list_of(reader, first, is_parameter, &made.parameters)
        || !cim_put_text(reader, digest->name, digest->ascii, &made.name)
        || !cim_put_text(reader, digest->class_origin, digest->ascii, &made.class_origin)
        || !cim_put_text(reader, digest->reference_class, digest->ascii, &made.reference_class)
        || !cim_put_text(reader, digest->lang, digest->ascii, &made.lang))
        return reader->broken;
    offset = cim_record(reader, sizeof(made));
    if (offset == 0)
        return reader->broken;
    memcpy(cim_at(reader, offset), &made, sizeof(made));
    if (reader->entry_count == first && cim_push(reader) == NULL)
        return reader->broken;
    cim_leave_one(reader, first, OPSWIRE_CIM_MEMBER, offset);
    return OPSWIRE_DONE;
}

/* ---- instances and classes ---- */

enum opswire_status cim_property(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    struct cim_entry result = {0};
    bool qualified = false;

    if (reader->depth == 1 || frame[-1].element != OPSWIRE_CIM_E_INSTANCE)
        return cim_member(reader, frame);
    result.descriptor = descriptor_of(reader, frame->digest);
    if (result.descriptor == UINT32_MAX)
        return reader->broken;
    for (size_t i = first; i < reader->entry_count; i++) {
        const struct cim_entry *const entry = &reader->entries[i];

        if (is_qualifier(entry)) {
            qualified = true;
        } else {
            result.tag = entry->tag;
            result.cell = entry->cell;
        }
    }
    if (qualified && !list_of(reader, first, is_qualifier, &result.qualifiers))
        return reader->broken;
    reader->entry_count = first;
    if (cim_push(reader) == NULL)
        return reader->broken;
    reader->entries[first] = result;
    return OPSWIRE_DONE;
}

/* The qualifiers of an instance's properties; 0 if there are none. */
static bool put_qualified(struct opswire_cim_reader *reader, size_t first, uint32_t count,
                          uint32_t *qualified)
{
    struct opswire_cim_qualified *written;
    uint32_t number = 0;

    *qualified = 0;
    for (uint32_t i = 0; i < count; i++)
        number += reader->entries[first + i].qualifiers != 0;
    if (number == 0)
        return true;
    *qualified = cim_record(reader, sizeof(*written) + number * sizeof(written->items[0]));
    if (*qualified == 0)
        return false;
    written = cim_at(reader, *qualified);
    for (uint32_t i = 0; i < count; i++) {
        if (reader->entries[first + i].qualifiers == 0)
            continue;
        written->items[written->count].member = i;
        written->items[written->count++].qualifiers = reader->entries[first + i].qualifiers;
    }
    return true;
}

enum opswire_status cim_instance(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    struct opswire_cim_instance made = {0};
    uint32_t count = 0;
    uint32_t offset;

    if (!list_of(reader, first, is_qualifier, &made.qualifiers))
        return reader->broken;
    for (size_t i = first; i < reader->entry_count; i++)
        if (made.qualifiers == 0)
            count++;
        else if (!is_qualifier(&reader->entries[i]))
            reader->entries[first + count++] = reader->entries[i];
    reader->entry_count = first + count;
    made.shape = cim_entries_shape(reader, frame->digest, first, &count, false);
    if (made.shape == UINT32_MAX)
        return reader->broken;
    made.values = cim_values_of(reader, first, count);
    if (made.values == 0 || !put_qualified(reader, first, count, &made.qualified))
        return reader->broken;
    offset = cim_record(reader, sizeof(made));
    if (offset == 0)
        return reader->broken;
    memcpy(cim_at(reader, offset), &made, sizeof(made));
    if (reader->entry_count == first && cim_push(reader) == NULL)
        return reader->broken;
    cim_leave_one(reader, first, OPSWIRE_CIM_INSTANCE, offset);
    return OPSWIRE_DONE;
}

enum opswire_status cim_class(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const struct cim_digest *const digest = frame->digest;
    const size_t first = frame->entries;
    struct opswire_cim_class made = {{0, 0}, {0, 0}, 0, 0, 0, 0};
    uint32_t offset;

    if (!list_of(reader, first, is_qualifier, &made.qualifiers)
        || !list_of(reader, first, is_property, &made.properties)
        || !list_of(reader, first, is_method, &made.methods)
        || !cim_put_text(reader, digest->name, digest->ascii, &made.name)
        || !cim_put_text(reader, digest->second, digest->ascii, &made.superclass))
        return reader->broken;
    offset = cim_record(reader, sizeof(made));
    if (offset == 0)
        return reader->broken;
    memcpy(cim_at(reader, offset), &made, sizeof(made));
    if (reader->entry_count == first && cim_push(reader) == NULL)
        return reader->broken;
    cim_leave_one(reader, first, OPSWIRE_CIM_CLASS, offset);
    return OPSWIRE_DONE;
}

/* ---- all ---- */

enum opswire_status cim_key_binding(struct opswire_cim_reader *reader,
                                    const struct cim_frame *frame)
{
    struct cim_entry *const entry = &reader->entries[frame->entries];

    entry->descriptor = descriptor_of(reader, frame->digest);
    return entry->descriptor == UINT32_MAX ? reader->broken : OPSWIRE_DONE;
}

enum opswire_status cim_null_value(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    struct cim_entry *const entry = cim_push(reader);

    (void) frame;
    if (entry == NULL)
        return reader->broken;
    *entry = (struct cim_entry){.tag = OPSWIRE_CIM_NULL};
    return OPSWIRE_DONE;
}

enum opswire_status cim_scope(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    struct cim_frame *const parent = &reader->frames[reader->depth - 2];

    parent->flags |= frame->digest->flags;
    parent->scopes = frame->digest->scopes;
    return OPSWIRE_DONE;
}

enum opswire_status cim_reduce(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    const uint8_t element = frame->element;
    /* The frame may be elsewhere after this: an embedded object needs frames too. */
    const enum opswire_status status =
        frame->rule->end != NULL ? frame->rule->end(reader, frame) : OPSWIRE_DONE;

    if (status == OPSWIRE_DONE && reader->entry_count == first + 1)
        reader->entries[first].element = element;
    return status;
}
