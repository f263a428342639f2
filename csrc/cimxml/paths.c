#include <string.h>

#include "machine.h"

static enum opswire_status path(struct opswire_cim_reader *reader, size_t first,
                                const struct opswire_cim_path *made)
{
    const uint32_t offset = cim_record(reader, sizeof(*made));

    if (offset == 0)
        return reader->broken;
    memcpy(cim_at(reader, offset), made, sizeof(*made));
    if (reader->entry_count == first && cim_push(reader) == NULL)
        return reader->broken;
    cim_leave_one(reader, first, OPSWIRE_CIM_REFERENCE, offset);
    return OPSWIRE_DONE;
}

/* <NAMESPACE NAME="root"/><NAMESPACE NAME="cimv2"/>, as text at the end of the block: root/cimv2.
 * Slashes around a part, and parts without anything else, mean nothing. */
enum opswire_status cim_namespace_part(struct opswire_cim_reader *reader,
                                       const struct cim_frame *frame)
{
    struct cim_frame *const parent = (struct cim_frame *) &reader->frames[reader->depth - 2];
    struct opswire_view name = frame->digest->name;

    while (name.size > 0 && name.data[0] == '/') {
        name.data++;
        name.size--;
    }
    while (name.size > 0 && name.data[name.size - 1] == '/')
        name.size--;
    if (name.size == 0)
        return OPSWIRE_DONE;
    if (reader->work.size > parent->text
        && cim_append(reader, (struct opswire_view){(const uint8_t *) "/", 1}) != OPSWIRE_DONE)
        return reader->broken;
    parent->not_ascii = parent->not_ascii || !frame->digest->ascii;
    return cim_append(reader, name);
}

enum opswire_status cim_namespace_path(struct opswire_cim_reader *reader,
                                       const struct cim_frame *frame)
{
    struct opswire_cim_path made = {0};

    made.namespace_name.offset = frame->text;
    made.namespace_name.size = (uint32_t) (reader->work.size - frame->text)
                               | (frame->not_ascii ? OPSWIRE_CIM_NOT_ASCII : 0);
    return path(reader, frame->entries, &made);
}

enum opswire_status cim_instance_name(struct opswire_cim_reader *reader,
                                      const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    uint32_t count = (uint32_t) (reader->entry_count - first);
    struct opswire_cim_path made = {0};

    if (count > 0 && reader->entries[first].element != OPSWIRE_CIM_E_KEYBINDING) {
        const struct opswire_cim_descriptor unnamed = {.key = true, .ascii = true};

        if (count > 1)
            return cim_fail(reader, OPSWIRE_CIM_UNEXPECTED_ELEMENT, (struct opswire_view){NULL, 0});
        reader->entries[first].descriptor = cim_known_descriptor(reader, &unnamed);
        if (reader->entries[first].descriptor == UINT32_MAX)
            return reader->broken;
    }
    if (count == 0)
        reader->block_flags |= OPSWIRE_CIM_KEYLESS;
    made.shape = cim_entries_shape(reader, frame->digest, first, &count, true);
    if (made.shape == UINT32_MAX)
        return reader->broken;
    made.values = cim_values_of(reader, first, count);
    return made.values == 0 ? reader->broken : path(reader, first, &made);
}

enum opswire_status cim_class_name(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    struct opswire_cim_path made = {0};

    if (!cim_put_text(reader, frame->digest->name, frame->digest->ascii, &made.class_name))
        return reader->broken;
    return path(reader, frame->entries, &made);
}

/* HOST and LOCALNAMESPACEPATH, or one of the namespace paths and a name: the first goes into the
 * second. */
enum opswire_status cim_join_paths(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    const struct cim_entry *const left = &reader->entries[first];
    struct opswire_cim_path *const right = cim_at(reader, reader->entries[first + 1].cell.offset);

    if (frame->element == OPSWIRE_CIM_E_NAMESPACEPATH) {
        right->host = left->cell.text;
    } else {
        const struct opswire_cim_path *const outer = cim_at(reader, left->cell.offset);

        right->host = outer->host;
        right->namespace_name = outer->namespace_name;
    }
    cim_leave_one(reader, first, OPSWIRE_CIM_REFERENCE, reader->entries[first + 1].cell.offset);
    return OPSWIRE_DONE;
}

/* VALUE.NAMEDINSTANCE and the like: the path goes into the object. */
enum opswire_status cim_with_path(struct opswire_cim_reader *reader, const struct cim_frame *frame)
{
    const size_t first = frame->entries;
    const struct cim_entry last = reader->entries[reader->entry_count - 1];
    const bool is_instance = last.tag == OPSWIRE_CIM_INSTANCE;

    if (reader->entry_count == first + 1) { /* VALUE.NAMEDOBJECT without INSTANCENAME */
        if (is_instance)
            return cim_fail(reader, OPSWIRE_CIM_MISSING_ELEMENT, (struct opswire_view){NULL, 0});
        return OPSWIRE_DONE;
    } else {
        const uint32_t offset = reader->entries[first].cell.offset;
        const struct opswire_cim_path *const outer = cim_at(reader, offset);

        if ((outer->values != 0) != is_instance)
            return cim_fail(reader, OPSWIRE_CIM_UNEXPECTED_ELEMENT, (struct opswire_view){NULL, 0});
        if (is_instance)
            ((struct opswire_cim_instance *) cim_at(reader, last.cell.offset))->path = offset;
        else
            ((struct opswire_cim_class *) cim_at(reader, last.cell.offset))->path = offset;
    }
    cim_leave_one(reader, first, last.tag, last.cell.offset);
    return OPSWIRE_DONE;
}
