/* What the .c files of CIM-XML share among themselves.  Nobody else includes this.
 *
 *     reader.c      the reader: life, the loop, events
 *     faults.c      what is wrong, and where
 *     vocabulary.c  the DTD as data, and what start tags mean
 *     values.c      the text of values, checked and decoded
 *     datetime.c    timestamps and intervals
 *     leaf.c        values that come as expected, in one step
 *     work.c        the block as it grows
 *     objects.c     what becomes of an element when it ends: records of the block
 *     paths.c       the same, of paths
 *     budget.c      how much memory a message may take
 *     tables.c      tables, shapes, blocks
 *     writer.c      elements, attributes and text to octets
 *     blocks.c      blocks to octets
 *
 * The reader is a shift-reduce parser.  Each open element is a frame.  A value that is read waits
 * as an entry for the end of its parent, which makes a record of its entries and waits itself. */
#ifndef OPSWIRE_CIMXML_MACHINE_H
#define OPSWIRE_CIMXML_MACHINE_H

#include <string.h>

#include "opswire/cimxml.h"

#define CIM_BIT(attribute) (1u << (OPSWIRE_CIM_A_##attribute))

enum { CIM_SLOTS = 3, CIM_SHAPE_CHUNK = 1024, CIM_SHAPE_CHUNKS = 1024 };

_Static_assert(OPSWIRE_CIM_ATTRIBUTE_COUNT <= 32, "a set of attributes is a uint32_t");
_Static_assert(OPSWIRE_CIM_ELEMENT_COUNT <= UINT8_MAX, "an element, or none, is a uint8_t");
_Static_assert((OPSWIRE_CIM_ARRAY & OPSWIRE_CIM_TYPE_MASK) == 0
                   && OPSWIRE_CIM_TYPE_COUNT <= OPSWIRE_CIM_TYPE_MASK,
               "a type, the one of numeric keys too, leaves the bit for arrays alone");
_Static_assert((OPSWIRE_CIM_EMPTY_BOOLEAN | OPSWIRE_CIM_KEYLESS) <= UINT8_MAX,
               "the flags of a block are an octet");
_Static_assert(OPSWIRE_CIM_MAX_OBJECT < OPSWIRE_CIM_NOT_ASCII,
               "offsets and sizes leave a bit of 32 free");
_Static_assert(OPSWIRE_CIM_SINT8 == OPSWIRE_CIM_UINT8 + 1
                   && (OPSWIRE_CIM_REAL32 - OPSWIRE_CIM_UINT8) % 2 == 0,
               "integers come in pairs, unsigned before signed, and before the reals");
_Static_assert((uint32_t) OPSWIRE_CIM_SCOPE_INDICATION
                   == (uint32_t) OPSWIRE_CIM_SCOPE_CLASS
                          << (OPSWIRE_CIM_A_INDICATION - OPSWIRE_CIM_A_CLASS),
               "flags of scopes are in the order of their attributes");
_Static_assert(4 * (uint64_t) CIM_SHAPE_CHUNK * CIM_SHAPE_CHUNKS <= UINT32_MAX,
               "the buckets of shapes double");
_Static_assert(sizeof(struct opswire_cim_block) % 8 == 0
                   && sizeof(struct opswire_cim_values) % 8 == 0,
               "records are at multiples of eight");

/* ---- vocabulary ---- */

enum cim_content { CIM_EMPTY, CIM_ELEMENTS, CIM_TEXT };

/* What of its content may be read in one step (leaf.c): values, or what has nothing but one. */
enum cim_swift { CIM_NOTHING, CIM_LEAVES, CIM_WRAPPED };

/* How many children may stand in the same place.  most 0: as many as one likes. */
struct cim_slot {
    uint8_t least;
    uint8_t most;
};

struct cim_frame;
typedef enum opswire_status cim_end(struct opswire_cim_reader *reader,
                                    const struct cim_frame *frame);

struct cim_rule {
    struct opswire_view name;
    uint32_t required;
    uint32_t optional;
    uint8_t content; /* enum cim_content */
    uint8_t swift;   /* enum cim_swift */
    cim_end *end;    /* what becomes of it; NULL: it is what is in it */
    bool any_order;  /* of the slots */
    bool alike;      /* all children are the same element */
    bool envelope;   /* told as ENTER and LEAVE */
    bool no_root;    /* means nothing without its parent */
    struct cim_slot slots[CIM_SLOTS];
    uint8_t places[OPSWIRE_CIM_ELEMENT_COUNT]; /* of children: the slot, from 1; 0: not here */
};

extern const struct cim_rule CIM_RULES[OPSWIRE_CIM_ELEMENT_COUNT];

/* What a start tag means.  Its views are the tag's, or behind it if it is owned. */
struct cim_digest {
    uint8_t element;
    uint8_t type;
    uint8_t key_type; /* KEYVALUE: enum cim_key_type, when there is no type */
    size_t owned;     /* octets, by its frame; 0: kept with its tag */
    bool ascii;
    uint8_t block_flags; /* enum opswire_cim_block_flag: of an object that it is in */
    uint32_t flags;
    uint32_t array_size;
    uint32_t code;
    uint32_t scopes;          /* of SCOPE; as in struct opswire_cim_member */
    struct opswire_view name; /* NAME, CLASSNAME, or the first of an element of the envelope */
    struct opswire_view second;
    struct opswire_view class_origin;
    struct opswire_view reference_class;
    struct opswire_view lang;
    /* Of the table with that generation: */
    uint64_t generation;
    uint32_t descriptor;
    uint32_t shape; /* the last one of this class, and 1; 0: none */
};

enum cim_key_type { CIM_KEY_STRING, CIM_KEY_BOOLEAN, CIM_KEY_NUMERIC };

/* ---- the reader ---- */

/* Pieces of memory that are given back together. */
struct cim_arena {
    struct cim_chunk *chunks;
    size_t size; /* of all */
    size_t used; /* of it */
};

struct cim_frame {
    const struct cim_rule *rule;
    struct cim_digest *digest;
    uint8_t element;
    uint8_t slot;     /* of its children, so far */
    uint8_t own_slot; /* in its parent */
    uint8_t first;    /* child; OPSWIRE_CIM_ELEMENT_COUNT: none yet */
    uint8_t type;     /* of the VALUE within */
    bool embedded;    /* the VALUE within is an object */
    bool not_ascii;   /* text so far */
    uint32_t flags;   /* these two: from SCOPE */
    uint32_t scopes;
    uint32_t counts[CIM_SLOTS];
    uint32_t number; /* in its slot */
    uint32_t text;   /* where in work it begins */
    size_t entries;  /* below its own */
};

struct cim_entry {
    union opswire_cim_cell cell;
    uint32_t descriptor;
    uint32_t qualifiers;
    uint8_t tag;
    uint8_t element;
};

struct cim_level { /* of embedding; 0 is the document */
    struct opswire_xml_scanner *scanner;
    struct opswire_buffer text;
    struct cim_arena digests; /* of the scanner's kept tags */
    size_t root;              /* its first frame */
};

struct opswire_cim_reader {
    struct opswire_cim_settings settings;
    enum opswire_status broken;
    enum opswire_cim_error error;
    enum opswire_xml_error xml_error;
    char subject[64];
    char unopened[64]; /* the element whose start tag has failed; or empty */
    struct opswire_xml_position position;
    uint8_t excerpt[OPSWIRE_XML_EXCERPT_SIZE];
    size_t excerpt_size;
    size_t excerpt_mark;

    struct cim_level levels[OPSWIRE_CIM_MAX_EMBEDDING + 1];
    uint32_t level;

    struct cim_frame *frames;
    size_t depth;
    uint32_t references; /* of the frames */
    size_t frame_capacity;
    struct cim_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint32_t *ids; /* room for the descriptors of one object */
    size_t id_capacity;

    uint64_t besides;    /* octets of what is not in IRETURNVALUE: callers keep it to the end */
    uint64_t fed;        /* octets */
    size_t owned;        /* octets of digests that frames own */
    size_t known_before; /* octets of what was known when the document began */
    size_t beside;       /* octets that the object takes besides work and entries */
    bool in_object;
    size_t object_root;         /* its frame */
    struct opswire_buffer work; /* the block as it grows */
    uint8_t block_flags;

    struct opswire_cim_block *block; /* told, not taken */
    bool ended;
    struct opswire_cim_table *table;
};

/* faults.c: notes the error, and where; always gives OPSWIRE_CIM_INVALID.  subject may have
 * data NULL. */
enum opswire_status cim_fail(struct opswire_cim_reader *reader, enum opswire_cim_error error,
                             struct opswire_view subject);
enum opswire_status cim_no_memory(struct opswire_cim_reader *reader);
/* The scanner in use has failed with that. */
enum opswire_status cim_xml_failure(struct opswire_cim_reader *reader, enum opswire_status status);
/* As much of the text as there is room for, in whole characters, with a NUL. */
void cim_cut(char *out, size_t room, struct opswire_view text);

/* reader.c: whether the element may come now in the frame; if so, slot and number are counted. */
bool cim_admit(struct cim_frame *parent, uint8_t element, uint8_t *slot,
               enum opswire_cim_error *error);

/* The same: read the work's text from there to its end as an object; an entry is pushed. */
enum opswire_status cim_embedded(struct opswire_cim_reader *reader, uint32_t text);

/* vocabulary.c */
enum opswire_status cim_digest_of(struct opswire_cim_reader *reader, struct opswire_xml_tag *tag,
                                  struct cim_digest **digest);

/* values.c */

/* The whole text is at offset, at the end of the work: what of it stays there, and the entry. */
enum opswire_status cim_put_value(struct opswire_cim_reader *reader, uint32_t offset,
                                  struct opswire_view whole,
                                  const struct opswire_cim_scalar *decoded, bool ascii,
                                  struct cim_entry *entry);

/* The type that an element tells of the VALUE or VALUE.ARRAY in it, and that of a KEYVALUE. */
uint8_t cim_type_within(const struct cim_digest *around, bool *embedded);
uint8_t cim_key_type(const struct cim_digest *key_value);

/* Whether the text is a word of letters; in any case, given in lower case. */
static inline bool cim_is_word(struct opswire_view text, const char *word)
{
    if (text.size != strlen(word))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] | 0x20) != word[i])
            return false;
    return true;
}

static inline bool cim_is_integer(uint8_t type)
{
    return type >= OPSWIRE_CIM_UINT8 && type < OPSWIRE_CIM_REAL32;
}

static inline bool cim_is_signed(uint8_t integer_type)
{
    return ((integer_type - OPSWIRE_CIM_UINT8) & 1) != 0;
}

/* What no type is told of, and what should be a reference, is text. */
static inline uint8_t cim_text_type(uint8_t type)
{
    return type == 0 || type == OPSWIRE_CIM_REFERENCE ? (uint8_t) OPSWIRE_CIM_STRING : type;
}

/* leaf.c: VALUEs and KEYVALUEs in a step each, and all properties or keys that have nothing
 * else in them, as long as nothing about them is new; an entry for each is pushed.  OPSWIRE_MORE:
 * what comes now takes the long way. */
enum opswire_status cim_wrapped(struct opswire_cim_reader *reader, struct cim_frame *parent);
enum opswire_status cim_leaf(struct opswire_cim_reader *reader, struct cim_frame *parent);

/* The frame's element ends; its entries become one (or none). */
enum opswire_status cim_reduce(struct opswire_cim_reader *reader, const struct cim_frame *frame);

/* What becomes of an element, as its rule says: `end` of struct cim_rule.  values.c: */
cim_end cim_value; /* the text from frame->text on */
/* objects.c: */
cim_end cim_null_value;
cim_end cim_array;
cim_end cim_key_binding;
cim_end cim_property; /* of an instance; or a member */
cim_end cim_member;   /* whatever has a name and perhaps a value */
cim_end cim_scope;
cim_end cim_instance;
cim_end cim_class;
/* paths.c: paths, and objects with one. */
cim_end cim_namespace_part;
cim_end cim_namespace_path;
cim_end cim_instance_name;
cim_end cim_class_name;
cim_end cim_join_paths;
cim_end cim_with_path;

/* budget.c: what may be allocated.  false: it may not, or there is no memory; noted. */
bool cim_has_room(struct opswire_cim_reader *reader, size_t size);
bool cim_grow_entries(struct opswire_cim_reader *reader);
bool cim_has_ids(struct opswire_cim_reader *reader, size_t count);
bool cim_holds_beside(struct opswire_cim_reader *reader, size_t size);
bool cim_may_know_more(struct opswire_cim_reader *reader);
/* Give back what has grown beyond what an idle reader keeps; the reader is being reset. */
void cim_trim(struct opswire_cim_reader *reader);

/* work.c: the block as it grows.  0 and false: broken, and noted. */

enum opswire_status cim_append(struct opswire_cim_reader *reader, struct opswire_view octets);
/* All of it, with the only entry, as the block that is told. */
enum opswire_status cim_finish_block(struct opswire_cim_reader *reader, uint8_t element);

/* Room for a record, all zero, and where it is. */
uint32_t cim_record(struct opswire_cim_reader *reader, size_t size);
bool cim_put_text(struct opswire_cim_reader *reader, struct opswire_view text, bool ascii,
                  struct opswire_cim_text *put);
/* The record of the values of entries [first, first + count). */
uint32_t cim_values_of(struct opswire_cim_reader *reader, size_t first, uint32_t count);
/* What the table in use has it as.  UINT32_MAX: broken, and noted. */
uint32_t cim_known_descriptor(struct opswire_cim_reader *reader,
                              const struct opswire_cim_descriptor *wanted);
/* The shape of the entries, whose number may become less.  UINT32_MAX: broken, and noted. */
uint32_t cim_entries_shape(struct opswire_cim_reader *reader, struct cim_digest *digest,
                           size_t first, uint32_t *count, bool path);
/* The only entry of the frame, or the only one left. */
void cim_leave_one(struct opswire_cim_reader *reader, size_t first, uint8_t tag, uint32_t offset);

static inline void *cim_at(const struct opswire_cim_reader *reader, uint32_t offset)
{
    return reader->work.data + offset;
}

/* NULL: broken, and noted. */
static inline struct cim_entry *cim_push(struct opswire_cim_reader *reader)
{
    if (reader->entry_count == reader->entry_capacity && !cim_grow_entries(reader))
        return NULL;
    return &reader->entries[reader->entry_count++];
}

/* ---- tables ---- */

struct cim_shape {
    struct opswire_cim_shape shape;
    uint32_t class_id;
    const uint32_t *ids;
};

struct opswire_cim_table {
    uint32_t references; /* atomic */
    uint32_t count;
    uint64_t generation;
    void (*drop_memo)(void *memo);
    struct cim_arena arena;
    uint32_t *descriptor_buckets; /* index and 1 */
    struct opswire_cim_descriptor **descriptors;
    uint32_t descriptor_count;
    uint32_t descriptor_capacity; /* of buckets twice as many */
    uint32_t *shape_buckets;
    uint32_t shape_bucket_count;
    struct cim_shape **chunks[CIM_SHAPE_CHUNKS]; /* never moved: others may look while we add */
};

void *cim_arena_take(struct cim_arena *arena, size_t size);
void cim_arena_free(struct cim_arena *arena);
struct opswire_cim_table *cim_table_new(const struct opswire_cim_table *last,
                                        void (*drop_memo)(void *memo));
bool cim_table_full(const struct opswire_cim_table *table);
/* Octets of memory in all, and those that what is in it needs: a table grows by leaps. */
size_t cim_table_size(const struct opswire_cim_table *table);
size_t cim_table_used(const struct opswire_cim_table *table);

/* UINT32_MAX: no memory. */
uint32_t cim_descriptor(struct opswire_cim_table *table,
                        const struct opswire_cim_descriptor *wanted);
uint32_t cim_shape_of(struct opswire_cim_table *table, uint32_t class_id, const uint32_t *ids,
                      uint32_t count, bool path);
bool cim_same_name(struct opswire_view one, struct opswire_view other);

static inline struct cim_shape *cim_table_at(const struct opswire_cim_table *table, uint32_t index)
{
    return table->chunks[index / CIM_SHAPE_CHUNK][index % CIM_SHAPE_CHUNK];
}

#endif
