#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "opswire/keyed_hash.h"

enum { ARENA_CHUNK = 1 << 13, FIRST_BUCKETS = 256 };

_Static_assert((FIRST_BUCKETS & (FIRST_BUCKETS - 1)) == 0, "a sum's low bits choose a bucket");

struct cim_chunk {
    struct cim_chunk *next;
    size_t used;
    size_t size;
    uint64_t octets[];
};

_Static_assert(sizeof(struct cim_chunk) % 8 == 0, "what is taken is at multiples of eight");

void *cim_arena_take(struct cim_arena *arena, size_t size)
{
    struct cim_chunk *chunk = arena->chunks;
    void *result;

    size = (size + 7) & ~(size_t) 7;
    if (chunk == NULL || size > chunk->size - chunk->used) {
        const size_t room = size > ARENA_CHUNK ? size : ARENA_CHUNK;

        chunk = malloc(sizeof(*chunk) + room);
        if (chunk == NULL)
            return NULL;
        chunk->size = room;
        chunk->used = 0;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
        arena->size += room;
    }
    result = (uint8_t *) chunk->octets + chunk->used;
    chunk->used += size;
    arena->used += size;
    return result;
}

void cim_arena_free(struct cim_arena *arena)
{
    while (arena->chunks != NULL) {
        struct cim_chunk *const next = arena->chunks->next;

        free(arena->chunks);
        arena->chunks = next;
    }
    arena->size = arena->used = 0;
}

static uint8_t fold(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t) (octet | 0x20) : octet;
}

bool cim_same_name(struct opswire_view one, struct opswire_view other)
{
    if (one.size != other.size)
        return false;
    for (size_t i = 0; i < one.size; i++)
        if (fold(one.data[i]) != fold(other.data[i]))
            return false;
    return true;
}

static bool same_octets(struct opswire_view one, struct opswire_view other)
{
    return one.size == other.size && (one.data == NULL) == (other.data == NULL)
           && (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* ---- tables ---- */

struct opswire_cim_table *cim_table_new(const struct opswire_cim_table *last,
                                        void (*drop_memo)(void *memo))
{
    struct opswire_cim_table *const table = calloc(1, sizeof(*table));

    if (table == NULL)
        return NULL;
    table->references = 1;
    table->generation = last != NULL ? last->generation + 1 : 1;
    table->drop_memo = drop_memo;
    table->descriptor_capacity = FIRST_BUCKETS / 2;
    table->descriptors = calloc(FIRST_BUCKETS / 2, sizeof(struct opswire_cim_descriptor *));
    table->descriptor_buckets = calloc(FIRST_BUCKETS, sizeof(uint32_t));
    table->shape_bucket_count = FIRST_BUCKETS;
    table->shape_buckets = calloc(FIRST_BUCKETS, sizeof(uint32_t));
    if (table->descriptors == NULL || table->descriptor_buckets == NULL
        || table->shape_buckets == NULL) {
        opswire_cim_table_free(table);
        return NULL;
    }
    return table;
}

struct opswire_cim_table *opswire_cim_table_share(struct opswire_cim_table *table)
{
    __atomic_fetch_add(&table->references, 1, __ATOMIC_RELAXED);
    return table;
}

void opswire_cim_table_free(struct opswire_cim_table *table)
{
    if (table == NULL || __atomic_sub_fetch(&table->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    for (uint32_t i = 0; i < table->count; i++) {
        void *const memo = cim_table_at(table, i)->shape.memo;

        if (memo != NULL && table->drop_memo != NULL)
            table->drop_memo(memo);
    }
    for (uint32_t i = 0; i < CIM_SHAPE_CHUNKS && table->chunks[i] != NULL; i++)
        free(table->chunks[i]);
    cim_arena_free(&table->arena);
    free(table->descriptors);
    free(table->descriptor_buckets);
    free(table->shape_buckets);
    free(table);
}

uint32_t opswire_cim_table_count(const struct opswire_cim_table *table)
{
    return table->count;
}

struct opswire_cim_shape *opswire_cim_table_shape(const struct opswire_cim_table *table,
                                                  uint32_t index)
{
    return &cim_table_at(table, index)->shape;
}

size_t cim_table_size(const struct opswire_cim_table *table)
{
    const size_t chunks = (table->count + CIM_SHAPE_CHUNK - 1) / CIM_SHAPE_CHUNK;

    return sizeof(*table) + table->arena.size
           + table->descriptor_capacity
                 * (sizeof(*table->descriptors) + 2 * sizeof(*table->descriptor_buckets))
           + table->shape_bucket_count * sizeof(*table->shape_buckets)
           + chunks * CIM_SHAPE_CHUNK * sizeof(**table->chunks);
}

size_t cim_table_used(const struct opswire_cim_table *table)
{
    return table->arena.used
           + table->descriptor_count
                 * (sizeof(*table->descriptors) + 2 * sizeof(*table->descriptor_buckets))
           + table->count * (sizeof(**table->chunks) + 2 * sizeof(*table->shape_buckets));
}

bool cim_table_full(const struct opswire_cim_table *table)
{
    return table->count >= OPSWIRE_CIM_MAX_SHAPES || table->arena.size >= OPSWIRE_CIM_MAX_TABLE;
}

/* ---- descriptors ---- */

static uint32_t descriptor_hash(const struct opswire_cim_descriptor *descriptor)
{
    /* The sum of sums, so that no text may go over into the next. */
    const uint64_t parts[] = {opswire_hash(descriptor->name),
                              opswire_hash(descriptor->class_origin),
                              opswire_hash(descriptor->reference_class),
                              opswire_hash(descriptor->lang),
                              (uint64_t) descriptor->flags << 32 | descriptor->array_size,
                              (uint64_t) descriptor->type << 1 | descriptor->key};

    return (uint32_t) opswire_hash((struct opswire_view){(const uint8_t *) parts, sizeof(parts)});
}

static bool same_descriptor(const struct opswire_cim_descriptor *one,
                            const struct opswire_cim_descriptor *other)
{
    return one->flags == other->flags && one->array_size == other->array_size
           && one->type == other->type && one->key == other->key
           && same_octets(one->name, other->name)
           && same_octets(one->class_origin, other->class_origin)
           && same_octets(one->reference_class, other->reference_class)
           && same_octets(one->lang, other->lang);
}

static bool grow_descriptors(struct opswire_cim_table *table)
{
    const uint32_t capacity = table->descriptor_capacity * 2;
    struct opswire_cim_descriptor **descriptors;
    uint32_t *buckets;

    if (capacity > UINT32_MAX / 4)
        return false;
    descriptors = realloc(table->descriptors, capacity * sizeof(*descriptors));
    if (descriptors == NULL)
        return false;
    table->descriptors = descriptors;
    buckets = calloc(2u * (size_t) capacity, sizeof(*buckets));
    if (buckets == NULL)
        return false;
    for (uint32_t i = 0; i < table->descriptor_count; i++) {
        uint32_t at = descriptor_hash(descriptors[i]) & (2 * capacity - 1);

        while (buckets[at] != 0)
            at = (at + 1) & (2 * capacity - 1);
        buckets[at] = i + 1;
    }
    free(table->descriptor_buckets);
    table->descriptor_buckets = buckets;
    table->descriptor_capacity = capacity;
    return true;
}

static void copy(struct opswire_view *view, uint8_t **room)
{
    if (view->data == NULL)
        return;
    if (view->size > 0)
        memcpy(*room, view->data, view->size);
    view->data = *room;
    *room += view->size;
}

uint32_t cim_descriptor(struct opswire_cim_table *table,
                        const struct opswire_cim_descriptor *wanted)
{
    struct opswire_cim_descriptor *descriptor;
    uint8_t *room;
    uint32_t at;

    if (table->descriptor_count == table->descriptor_capacity && !grow_descriptors(table))
        return UINT32_MAX;
    at = descriptor_hash(wanted) & (2 * table->descriptor_capacity - 1);
    while (table->descriptor_buckets[at] != 0) {
        const uint32_t index = table->descriptor_buckets[at] - 1;

        if (same_descriptor(table->descriptors[index], wanted))
            return index;
        at = (at + 1) & (2 * table->descriptor_capacity - 1);
    }
    descriptor = cim_arena_take(
        &table->arena, sizeof(*descriptor) + 1 + wanted->name.size + wanted->class_origin.size
                           + wanted->reference_class.size + wanted->lang.size);
    if (descriptor == NULL)
        return UINT32_MAX;
    *descriptor = *wanted;
    room = (uint8_t *) (descriptor + 1);
    copy(&descriptor->name, &room);
    copy(&descriptor->class_origin, &room);
    copy(&descriptor->reference_class, &room);
    copy(&descriptor->lang, &room);
    table->descriptors[table->descriptor_count] = descriptor;
    table->descriptor_buckets[at] = ++table->descriptor_count;
    return table->descriptor_count - 1;
}

/* ---- shapes ---- */

static uint32_t shape_hash(uint32_t class_id, const uint32_t *ids, uint32_t count, bool path)
{
    const uint64_t parts[] = {
        opswire_hash((struct opswire_view){(const uint8_t *) ids, count * sizeof(*ids)}),
        (uint64_t) class_id << 1 | path};

    return (uint32_t) opswire_hash((struct opswire_view){(const uint8_t *) parts, sizeof(parts)});
}

static bool grow_shapes(struct opswire_cim_table *table)
{
    const uint32_t count = table->shape_bucket_count * 2;
    uint32_t *const buckets = calloc(count, sizeof(*buckets));

    if (buckets == NULL)
        return false;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct cim_shape *const shape = cim_table_at(table, i);
        uint32_t at = shape_hash(shape->class_id, shape->ids, shape->shape.count, shape->shape.path)
                      & (count - 1);

        while (buckets[at] != 0)
            at = (at + 1) & (count - 1);
        buckets[at] = i + 1;
    }
    free(table->shape_buckets);
    table->shape_buckets = buckets;
    table->shape_bucket_count = count;
    return true;
}

static struct cim_shape *new_shape(struct opswire_cim_table *table, uint32_t class_id,
                                   const uint32_t *ids, uint32_t count, bool path)
{
    const struct opswire_cim_descriptor *const class_name = table->descriptors[class_id];
    const struct opswire_cim_descriptor **members;
    struct cim_shape *shape;
    struct cim_shape ***const chunk = &table->chunks[table->count / CIM_SHAPE_CHUNK];
    uint32_t *own_ids;

    if (*chunk == NULL)
        *chunk = calloc(CIM_SHAPE_CHUNK, sizeof(**chunk));
    shape = cim_arena_take(&table->arena,
                           sizeof(*shape) + count * sizeof(*members) + count * sizeof(*own_ids));
    if (*chunk == NULL || shape == NULL)
        return NULL;
    members = (const struct opswire_cim_descriptor **) (shape + 1);
    own_ids = (uint32_t *) (members + count);
    *shape = (struct cim_shape){{class_name->name, class_name->lang, members, count, table->count,
                                 path, class_name->ascii, NULL},
                                class_id,
                                own_ids};
    for (uint32_t i = 0; i < count; i++) {
        own_ids[i] = ids[i];
        members[i] = table->descriptors[ids[i]];
        shape->shape.ascii = shape->shape.ascii && members[i]->ascii;
    }
    return shape;
}

uint32_t cim_shape_of(struct opswire_cim_table *table, uint32_t class_id, const uint32_t *ids,
                      uint32_t count, bool path)
{
    struct cim_shape *shape;
    uint32_t at;

    if (table->count == CIM_SHAPE_CHUNK * CIM_SHAPE_CHUNKS
        || (table->count * 2 >= table->shape_bucket_count && !grow_shapes(table)))
        return UINT32_MAX;
    at = shape_hash(class_id, ids, count, path) & (table->shape_bucket_count - 1);
    while (table->shape_buckets[at] != 0) {
        shape = cim_table_at(table, table->shape_buckets[at] - 1);
        if (shape->class_id == class_id && shape->shape.path == path && shape->shape.count == count
            && (count == 0 || memcmp(shape->ids, ids, count * sizeof(*ids)) == 0))
            return shape->shape.index;
        at = (at + 1) & (table->shape_bucket_count - 1);
    }
    shape = new_shape(table, class_id, ids, count, path);
    if (shape == NULL)
        return UINT32_MAX;
    table->chunks[table->count / CIM_SHAPE_CHUNK][table->count % CIM_SHAPE_CHUNK] = shape;
    table->shape_buckets[at] = ++table->count;
    return shape->shape.index;
}

/* ---- blocks ---- */

struct opswire_cim_block *opswire_cim_block_share(struct opswire_cim_block *block)
{
    __atomic_fetch_add(&block->references, 1, __ATOMIC_RELAXED);
    return block;
}

void opswire_cim_block_free(struct opswire_cim_block *block)
{
    if (block == NULL || __atomic_sub_fetch(&block->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    opswire_cim_table_free(block->table);
    free(block);
}

struct opswire_cim_shape *opswire_cim_shape_at(const struct opswire_cim_block *block,
                                               uint32_t index)
{
    return opswire_cim_table_shape(block->table, index);
}
