#include "opswire/cimxml.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* The caller goes on with the loop of next(): nothing to tell yet. */
#define ON OPSWIRE_PAUSED

/* ---- life ---- */

struct opswire_cim_reader *opswire_cim_reader_new(const struct opswire_cim_settings *settings)
{
    static const struct opswire_cim_settings SETTINGS = OPSWIRE_CIM_SETTINGS;
    struct opswire_cim_reader *const reader = calloc(1, sizeof(*reader));

    if (reader == NULL)
        return NULL;
    reader->settings = settings != NULL ? *settings : SETTINGS;
    if (reader->settings.max_object > OPSWIRE_CIM_MAX_OBJECT)
        reader->settings.max_object = OPSWIRE_CIM_MAX_OBJECT;
    if (reader->settings.max_object < sizeof(struct opswire_cim_block))
        reader->settings.max_object = sizeof(struct opswire_cim_block);
    reader->frame_capacity = 32;
    reader->frames = calloc(reader->frame_capacity, sizeof(*reader->frames));
    reader->levels[0].scanner = opswire_xml_scanner_new(&reader->settings.xml);
    reader->table = cim_table_new(NULL, reader->settings.drop_memo);
    if (reader->frames == NULL || reader->levels[0].scanner == NULL || reader->table == NULL) {
        opswire_cim_reader_free(reader);
        return NULL;
    }
    return reader;
}

static void disown(struct opswire_cim_reader *reader, struct cim_digest *digest)
{
    if (digest->owned == 0)
        return;
    reader->owned -= digest->owned;
    free(digest);
}

static void pop(struct opswire_cim_reader *reader)
{
    const struct cim_frame *const frame = &reader->frames[--reader->depth];
    struct cim_digest *const digest = frame->digest;

    reader->references -= frame->element == OPSWIRE_CIM_E_VALUE_REFERENCE;
    disown(reader, digest);
}

void opswire_cim_reader_reset(struct opswire_cim_reader *reader)
{
    while (reader->depth > 0)
        pop(reader);
    opswire_cim_block_free(reader->block);
    reader->block = NULL;
    reader->broken = OPSWIRE_DONE;
    reader->error = OPSWIRE_CIM_SOUND;
    reader->xml_error = OPSWIRE_XML_SOUND;
    reader->subject[0] = reader->unopened[0] = 0;
    reader->level = 0;
    reader->entry_count = 0;
    reader->in_object = false;
    reader->besides = reader->fed = 0;
    for (size_t i = 0; i <= OPSWIRE_CIM_MAX_EMBEDDING; i++)
        if (reader->levels[i].scanner != NULL)
            opswire_xml_reset(reader->levels[i].scanner);
    cim_trim(reader);
}

void opswire_cim_reader_free(struct opswire_cim_reader *reader)
{
    if (reader == NULL)
        return;
    while (reader->depth > 0)
        pop(reader);
    for (size_t i = 0; i <= OPSWIRE_CIM_MAX_EMBEDDING; i++) {
        opswire_xml_scanner_free(reader->levels[i].scanner);
        opswire_buffer_free(&reader->levels[i].text);
        cim_arena_free(&reader->levels[i].digests);
    }
    opswire_cim_block_free(reader->block);
    opswire_cim_table_free(reader->table);
    opswire_buffer_free(&reader->work);
    free(reader->frames);
    free(reader->entries);
    free(reader->ids);
    free(reader);
}

enum opswire_status opswire_cim_feed(struct opswire_cim_reader *reader, struct opswire_view octets)
{
    enum opswire_status status;

    if (reader->broken != OPSWIRE_DONE)
        return reader->broken;
    status = opswire_xml_feed(reader->levels[0].scanner, octets);
    if (status == OPSWIRE_DONE)
        reader->fed += octets.size;
    else if (status != OPSWIRE_FORBIDDEN) /* of which nothing has changed */
        return cim_xml_failure(reader, status);
    return status;
}

void opswire_cim_feed_end(struct opswire_cim_reader *reader)
{
    opswire_xml_end(reader->levels[0].scanner);
}

struct opswire_cim_block *opswire_cim_take(struct opswire_cim_reader *reader)
{
    struct opswire_cim_block *const block = reader->block;

    reader->block = NULL;
    return block;
}

struct opswire_cim_table *opswire_cim_reader_table(const struct opswire_cim_reader *reader)
{
    return reader->table;
}

/* ---- elements ---- */

bool cim_admit(struct cim_frame *parent, uint8_t element, uint8_t *slot,
               enum opswire_cim_error *error)
{
    const struct cim_rule *const rule = parent->rule;
    const uint8_t place = rule->places[element];
    const uint8_t found = place > parent->slot ? (uint8_t) (place - 1) : CIM_SLOTS;

    *error = OPSWIRE_CIM_UNEXPECTED_ELEMENT;
    if (rule->alike && parent->first != OPSWIRE_CIM_ELEMENT_COUNT && parent->first != element)
        return false;
    for (uint8_t i = parent->slot; i < found && !rule->any_order; i++) {
        if (parent->counts[i] < rule->slots[i].least) {
            *error = OPSWIRE_CIM_MISSING_ELEMENT;
            return false;
        }
    }
    if (found == CIM_SLOTS
        || (rule->slots[found].most != 0 && parent->counts[found] >= rule->slots[found].most))
        return false;
    parent->counts[found]++;
    parent->first = element;
    if (!rule->any_order)
        parent->slot = found;
    *slot = found;
    /* DTD: VALUE.ARRAY? and VALUE.REFERENCE? among the others' stars. */
    return parent->element != OPSWIRE_CIM_E_IRETURNVALUE || parent->counts[found] == 1
           || (element != OPSWIRE_CIM_E_VALUE_ARRAY && element != OPSWIRE_CIM_E_VALUE_REFERENCE);
}

static bool is_complete(const struct cim_frame *frame)
{
    for (uint8_t i = frame->slot; i < CIM_SLOTS; i++)
        if (frame->counts[i] < frame->rule->slots[i].least)
            return false;
    return true;
}

static bool grow_frames(struct opswire_cim_reader *reader)
{
    struct cim_frame *const grown =
        realloc(reader->frames, 2 * reader->frame_capacity * sizeof(*grown));

    if (grown == NULL)
        return false;
    reader->frames = grown;
    reader->frame_capacity *= 2;
    return true;
}

static enum opswire_status unopened(struct opswire_cim_reader *reader, enum opswire_cim_error error,
                                    struct opswire_view name)
{
    cim_cut(reader->unopened, sizeof(reader->unopened), name);
    return cim_fail(reader, error, name);
}

/* Whether an element may be where no element is around it. */
static bool may_be_root(const struct opswire_cim_reader *reader, const struct cim_digest *digest,
                        enum opswire_cim_error *error)
{
    *error = OPSWIRE_CIM_UNEXPECTED_ELEMENT;
    if (reader->level > 0) {
        *error = OPSWIRE_CIM_BAD_EMBEDDED;
        return digest->element == OPSWIRE_CIM_E_INSTANCE || digest->element == OPSWIRE_CIM_E_CLASS;
    }
    return digest->element == OPSWIRE_CIM_E_CIM
           || ((reader->settings.options & OPSWIRE_CIM_FRAGMENT) != 0
               && !CIM_RULES[digest->element].no_root);
}

static enum opswire_status count_besides(struct opswire_cim_reader *reader, size_t size)
{
    reader->besides += size;
    if (reader->besides > reader->settings.max_object)
        return cim_fail(reader, OPSWIRE_CIM_MESSAGE_TOO_LARGE, (struct opswire_view){NULL, 0});
    return OPSWIRE_DONE;
}

static enum opswire_status begin_object(struct opswire_cim_reader *reader)
{
    reader->in_object = true;
    reader->object_root = reader->depth;
    reader->block_flags = 0;
    reader->entry_count = 0;
    reader->work.size = 0;
    reader->beside = 0;
    if (opswire_buffer_reserve(&reader->work, sizeof(struct opswire_cim_block)) != OPSWIRE_DONE)
        return cim_no_memory(reader);
    memset(reader->work.data, 0, sizeof(struct opswire_cim_block));
    reader->work.size = sizeof(struct opswire_cim_block);
    if (cim_table_full(reader->table)) {
        struct opswire_cim_table *const next =
            cim_table_new(reader->table, reader->settings.drop_memo);

        if (next == NULL)
            return cim_no_memory(reader);
        opswire_cim_table_free(reader->table);
        reader->table = next;
    }
    return OPSWIRE_DONE;
}

static enum opswire_status start(struct opswire_cim_reader *reader, struct opswire_xml_tag *tag,
                                 struct opswire_cim_event *event)
{
    const bool is_root = reader->depth == reader->levels[reader->level].root;
    struct cim_frame *parent;
    struct cim_frame *frame;
    struct cim_digest *digest = (struct cim_digest *) (uintptr_t) tag->memo;
    enum opswire_cim_error error;
    uint8_t slot = 0;

    if (digest == NULL) {
        const enum opswire_status status = cim_digest_of(reader, tag, &digest);

        if (status != OPSWIRE_DONE) {
            cim_cut(reader->unopened, sizeof(reader->unopened), tag->name);
            return status;
        }
    }
    if (reader->depth == reader->frame_capacity && !grow_frames(reader)) {
        disown(reader, digest);
        return cim_no_memory(reader);
    }
    parent = reader->depth > 0 ? &reader->frames[reader->depth - 1] : NULL;
    if (is_root ? !may_be_root(reader, digest, &error)
                : !cim_admit(parent, digest->element, &slot, &error)) {
        disown(reader, digest);
        return unopened(reader, error, tag->name);
    }
    frame = &reader->frames[reader->depth];
    frame->rule = &CIM_RULES[digest->element];
    frame->digest = digest;
    frame->element = digest->element;
    frame->slot = 0;
    frame->own_slot = slot;
    frame->first = OPSWIRE_CIM_ELEMENT_COUNT;
    frame->type = 0;
    frame->embedded = frame->not_ascii = false;
    frame->flags = frame->scopes = 0;
    frame->counts[0] = frame->counts[1] = frame->counts[2] = 0;
    frame->number = is_root || parent->rule->slots[slot].most != 0 ? 0 : parent->counts[slot];
    if (!reader->in_object && !frame->rule->envelope && begin_object(reader) != OPSWIRE_DONE) {
        disown(reader, digest);
        return reader->broken;
    }
    reader->block_flags |= digest->block_flags;
    frame->text = (uint32_t) reader->work.size;
    frame->entries = reader->entry_count;
    if (frame->element == OPSWIRE_CIM_E_KEYVALUE) {
        frame->type = cim_key_type(digest);
    } else if (!is_root
               && (frame->element == OPSWIRE_CIM_E_VALUE
                   || frame->element == OPSWIRE_CIM_E_VALUE_ARRAY)) { /* told around them */
        frame->type = parent->type;
        frame->embedded = parent->embedded;
        if (parent->element != OPSWIRE_CIM_E_VALUE_ARRAY)
            frame->type = cim_type_within(parent->digest, &frame->embedded);
    }
    reader->depth++;
    /* A WBEM URI of such a path has twice the backslashes with every level. */
    reader->references += frame->element == OPSWIRE_CIM_E_VALUE_REFERENCE;
    if (reader->references > OPSWIRE_CIM_MAX_EMBEDDING)
        return cim_fail(reader, OPSWIRE_CIM_EMBEDDED_TOO_DEEP, (struct opswire_view){NULL, 0});
    if (!frame->rule->envelope)
        return ON;
    if (count_besides(reader, OPSWIRE_CIM_ENVELOPE) != OPSWIRE_DONE)
        return reader->broken;
    event->type = OPSWIRE_CIM_ENTER;
    event->element = (enum opswire_cim_element) frame->element;
    event->first = digest->name;
    event->second = digest->second;
    event->code = digest->code;
    event->block = NULL;
    return OPSWIRE_DONE;
}

static enum opswire_status end(struct opswire_cim_reader *reader, struct opswire_cim_event *event)
{
    const size_t index = reader->depth - 1;
    struct cim_frame *const frame = &reader->frames[index];
    const uint8_t element = frame->element;
    const bool envelope = frame->rule->envelope;

    if (!is_complete(frame))
        return cim_fail(reader, OPSWIRE_CIM_MISSING_ELEMENT, (struct opswire_view){NULL, 0});
    if (!envelope) {
        const enum opswire_status status = cim_reduce(reader, frame);

        if (status != OPSWIRE_DONE)
            return status;
    }
    event->element = (enum opswire_cim_element) element;
    if (envelope) {
        event->type = OPSWIRE_CIM_LEAVE;
        event->block = NULL;
    } else if (index == reader->object_root) {
        if (index > 0 && reader->frames[index - 1].element != OPSWIRE_CIM_E_IRETURNVALUE
            && count_besides(reader, reader->work.size) != OPSWIRE_DONE)
            return reader->broken;
        if (cim_finish_block(reader, element) != OPSWIRE_DONE)
            return reader->broken;
        reader->in_object = false;
        event->type = OPSWIRE_CIM_OBJECT;
        event->block = reader->block;
    }
    pop(reader);
    return envelope || index == reader->object_root ? OPSWIRE_DONE : ON;
}

static enum opswire_status step(struct opswire_cim_reader *reader, struct opswire_cim_event *event)
{
    struct cim_frame *const frame = reader->depth > 0 ? &reader->frames[reader->depth - 1] : NULL;
    struct opswire_xml_scanner *const scanner = reader->levels[reader->level].scanner;
    struct opswire_xml_token token;
    enum opswire_status status;

    if (reader->in_object && frame->rule->swift != CIM_NOTHING) {
        status =
            frame->rule->swift == CIM_LEAVES ? cim_leaf(reader, frame) : cim_wrapped(reader, frame);
        if (status != OPSWIRE_MORE)
            return status;
    }
    status = frame != NULL && frame->rule->content == CIM_TEXT
                 ? opswire_xml_next(scanner, &token)
                 : opswire_xml_next_markup(scanner, &token);
    if (status == OPSWIRE_MORE)
        return status;
    if (status != OPSWIRE_DONE)
        return cim_xml_failure(reader, status);
    switch (token.type) {
    case OPSWIRE_XML_START:
        return start(reader, token.tag, event);
    case OPSWIRE_XML_END:
        return end(reader, event);
    case OPSWIRE_XML_TEXT:
        if (frame->rule->content != CIM_TEXT)
            return cim_fail(reader, OPSWIRE_CIM_UNEXPECTED_TEXT, token.text);
        frame->not_ascii = frame->not_ascii || !token.ascii;
        return cim_append(reader, token.text) == OPSWIRE_DONE ? ON : reader->broken;
    default:
        event->type = OPSWIRE_CIM_END;
        event->block = NULL;
        return OPSWIRE_DONE;
    }
}

enum opswire_status cim_embedded(struct opswire_cim_reader *reader, uint32_t text)
{
    const struct opswire_view octets = {reader->work.data + text, reader->work.size - text};
    struct opswire_cim_event event;
    struct cim_level *level;
    enum opswire_status status;

    if (reader->level == OPSWIRE_CIM_MAX_EMBEDDING)
        return cim_fail(reader, OPSWIRE_CIM_EMBEDDED_TOO_DEEP, (struct opswire_view){NULL, 0});
    level = &reader->levels[reader->level + 1];
    if (level->scanner == NULL)
        level->scanner = opswire_xml_scanner_new(&reader->settings.xml);
    level->text.size = 0;
    if (level->scanner == NULL || opswire_buffer_append(&level->text, octets) != OPSWIRE_DONE)
        return cim_no_memory(reader);
    /* The object takes the place of its text, which is beside it now. */
    reader->work.size = text;
    if (!cim_holds_beside(reader, level->text.size))
        return reader->broken;
    opswire_xml_reset_within(level->scanner);
    level->root = reader->depth;
    reader->level++;
    status = opswire_xml_feed(level->scanner, opswire_buffer_view(&level->text));
    if (status != OPSWIRE_DONE)
        return cim_xml_failure(reader, status);
    opswire_xml_end(level->scanner);
    do
        status = step(reader, &event);
    while (status == ON);
    if (status == OPSWIRE_DONE) {
        reader->level--;
        reader->beside -= level->text.size;
    }
    return status;
}

enum opswire_status opswire_cim_next(struct opswire_cim_reader *reader,
                                     struct opswire_cim_event *event)
{
    enum opswire_status status;

    if (reader->broken != OPSWIRE_DONE)
        return reader->broken;
    if (reader->block != NULL) {
        opswire_cim_block_free(reader->block);
        reader->block = NULL;
    }
    do
        status = step(reader, event);
    while (status == ON);
    return status;
}
