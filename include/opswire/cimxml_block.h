/* Blocks: what the reader of CIM-XML makes of objects, values checked and decoded.
 *
 * Blocks.  A value is a tag (one octet: a type, perhaps OPSWIRE_CIM_ARRAY) and a cell (eight
 * octets: a number, or where in the block the rest is).  Offsets count from the start of the block;
 * none is 0, so that 0 says "absent".  All records lie at multiples of eight.  Blocks never change
 * once they are made: any number of threads may read one.
 *
 * Shapes.  The class name and the properties' names, types and flags are the same for most
 * instances of a response; they are a shape, made once, in a table that the blocks share.
 *
 * Blocks and tables count their references atomically, so they may be shared and given back by any
 * thread. */
#ifndef OPSWIRE_CIMXML_BLOCK_H
#define OPSWIRE_CIMXML_BLOCK_H

#include "opswire/cimxml_vocabulary.h"

#define OPSWIRE_CIM_MAX_EMBEDDING 8u       /* objects, and references, in each other */
#define OPSWIRE_CIM_MAX_OBJECT 0x40000000u /* octets of one block; below 2^31, as offsets need */
#define OPSWIRE_CIM_MAX_SHAPES 1024u       /* in a table; then the next table is begun */
#define OPSWIRE_CIM_MAX_TABLE (1u << 20)   /* octets of a table; the same */

/* A tag is one of these, and OPSWIRE_CIM_ARRAY perhaps.  What the cell holds: */
enum opswire_cim_type {
    OPSWIRE_CIM_NULL = 0,    /* nothing: no VALUE, or VALUE.NULL in an array */
    OPSWIRE_CIM_BOOLEAN = 1, /* u: 0 or 1 */
    OPSWIRE_CIM_STRING,      /* text */
    OPSWIRE_CIM_CHAR16,      /* text of one character of the BMP */
    OPSWIRE_CIM_DATETIME,    /* text, 25 octets, a valid timestamp or interval */
    OPSWIRE_CIM_UINT8,       /* u; all from here to REFERENCE are numbers */
    OPSWIRE_CIM_SINT8,       /* s */
    OPSWIRE_CIM_UINT16,
    OPSWIRE_CIM_SINT16,
    OPSWIRE_CIM_UINT32,
    OPSWIRE_CIM_SINT32,
    OPSWIRE_CIM_UINT64,
    OPSWIRE_CIM_SINT64,
    OPSWIRE_CIM_REAL32, /* text: what strtod() in the C locale takes, INF, -INF or NaN; then a NUL
                         */
    OPSWIRE_CIM_REAL64,
    OPSWIRE_CIM_REFERENCE, /* offset of a struct opswire_cim_path */

    /* No CIM types. */
    OPSWIRE_CIM_INSTANCE, /* offset of a struct opswire_cim_instance */
    OPSWIRE_CIM_CLASS,    /* offset of a struct opswire_cim_class */
    OPSWIRE_CIM_MEMBER,   /* offset of a struct opswire_cim_member */
    OPSWIRE_CIM_INTEGER,  /* s: a numeric key without TYPE, decimal or hexadecimal */
    OPSWIRE_CIM_NATURAL,  /* u: the same, above INT64_MAX */
    OPSWIRE_CIM_REAL,     /* text: the same, with a fraction or an exponent; then a NUL */
    OPSWIRE_CIM_TYPE_COUNT
};

#define OPSWIRE_CIM_ARRAY 0x20u     /* cell: offset of a struct opswire_cim_values */
#define OPSWIRE_CIM_TYPE_MASK 0x1fu /* a tag without the above */

/* As TYPE= names it; "" for what is no CIM type. */
struct opswire_view opswire_cim_type_name(enum opswire_cim_type type);

/* A timestamp or an interval (DSP0004 2.8, 5.2.4).  What is not known, the asterisks, is 0; the
 * first day and month of a timestamp are 1 then. */
struct opswire_cim_datetime {
    int32_t year; /* these two: 0 in an interval */
    int32_t month;
    int32_t days; /* of the month; or all of an interval */
    int32_t hour;
    int32_t minute;
    int32_t second;
    int32_t microsecond;
    int32_t offset; /* minutes east of UTC; 0 in an interval */
    int8_t digits;  /* where in the text the asterisks begin; -1: nowhere */
    bool interval;
};

/* NULL, or a constant sentence without final stop that says why the text is none. */
const char *opswire_cim_datetime_read(struct opswire_view text, struct opswire_cim_datetime *made);

/* UTF-8 in the block.  offset 0: absent; an empty one has an offset. */
struct opswire_cim_text {
    uint32_t offset;
    uint32_t size; /* and OPSWIRE_CIM_NOT_ASCII */
};
#define OPSWIRE_CIM_NOT_ASCII 0x80000000u
static inline uint32_t opswire_cim_text_size(struct opswire_cim_text text)
{
    return text.size & ~OPSWIRE_CIM_NOT_ASCII;
}

union opswire_cim_cell {
    uint64_t u;
    int64_t s;
    uint32_t offset;
    struct opswire_cim_text text;
};

/* count cells, and behind them count tags of one octet each. */
struct opswire_cim_values {
    uint32_t count;
    uint32_t unused;
    union opswire_cim_cell cells[];
};

static inline const uint8_t *opswire_cim_tags(const struct opswire_cim_values *values)
{
    return (const uint8_t *) &values->cells[values->count];
}

/* ---- shapes ---- */

/* Flags of descriptors and members.  GIVEN: the attribute is there; the other: it says true.  The
 * DTD's defaults: overridable and tosubclass true, all others false. */
enum opswire_cim_flag {
    OPSWIRE_CIM_PROPAGATED_GIVEN = 1 << 0,
    OPSWIRE_CIM_PROPAGATED = 1 << 1,
    OPSWIRE_CIM_OVERRIDABLE_GIVEN = 1 << 2,
    OPSWIRE_CIM_OVERRIDABLE = 1 << 3,
    OPSWIRE_CIM_TOSUBCLASS_GIVEN = 1 << 4,
    OPSWIRE_CIM_TOSUBCLASS = 1 << 5,
    OPSWIRE_CIM_TOINSTANCE_GIVEN = 1 << 6,
    OPSWIRE_CIM_TOINSTANCE = 1 << 7,
    OPSWIRE_CIM_TRANSLATABLE_GIVEN = 1 << 8,
    OPSWIRE_CIM_TRANSLATABLE = 1 << 9,
    OPSWIRE_CIM_IS_ARRAY = 1 << 10, /* PROPERTY.ARRAY, PARAMETER.ARRAY, .REFARRAY, ISARRAY="true" */
    OPSWIRE_CIM_IS_ARRAY_GIVEN = 1 << 11,
    OPSWIRE_CIM_EMBEDDED_INSTANCE = 1 << 12, /* EmbeddedObject="instance" */
    OPSWIRE_CIM_EMBEDDED_OBJECT = 1 << 13,   /* EmbeddedObject="object" */
    OPSWIRE_CIM_ARRAY_SIZE_GIVEN = 1 << 14,
    OPSWIRE_CIM_NAME_GIVEN = 1 << 15, /* not in an unnamed key, nor in RETURNVALUE */
    OPSWIRE_CIM_SCOPE_GIVEN = 1 << 16,
    OPSWIRE_CIM_SCOPE_CLASS = 1 << 17, /* in the order of the attributes of SCOPE */
    OPSWIRE_CIM_SCOPE_ASSOCIATION = 1 << 18,
    OPSWIRE_CIM_SCOPE_REFERENCE = 1 << 19,
    OPSWIRE_CIM_SCOPE_PROPERTY = 1 << 20,
    OPSWIRE_CIM_SCOPE_METHOD = 1 << 21,
    OPSWIRE_CIM_SCOPE_PARAMETER = 1 << 22,
    OPSWIRE_CIM_SCOPE_INDICATION = 1 << 23
};

/* A property of instances, or a key of paths, without its value.  Absent texts have data NULL. */
struct opswire_cim_descriptor {
    struct opswire_view name;
    struct opswire_view class_origin;
    struct opswire_view reference_class;
    struct opswire_view lang;
    uint32_t flags;
    uint32_t array_size;
    uint8_t type; /* of the items, if an array; 0 for keys: their values' tags tell */
    bool ascii;   /* all texts are */
    bool key;
};

struct opswire_cim_shape {
    struct opswire_view class_name;
    struct opswire_view lang;
    const struct opswire_cim_descriptor *const
        *members; /* if all are ASCII, no two have the same name, case aside */
    uint32_t count;
    uint32_t index; /* in its table */
    bool path;      /* of a path, whose members are keys */
    bool ascii;     /* all texts are */
    void *memo;     /* NULL at first, then whatever the block's user keeps there; see the table */
};

struct opswire_cim_table;

/* ---- records ---- */

/* A path of any kind, and a namespace alone: what is absent tells. */
struct opswire_cim_path {
    struct opswire_cim_text host;
    struct opswire_cim_text namespace_name; /* "root/cimv2" */
    struct opswire_cim_text class_name;     /* of a class; an instance's is in the shape */
    uint32_t values;                        /* the keys' values; 0: no path of an instance */
    uint32_t shape;                         /* of an instance's path: class name and key names */
};

struct opswire_cim_instance {
    uint32_t shape;
    uint32_t values;     /* of the shape's members */
    uint32_t path;       /* from the VALUE.... around it; or 0 */
    uint32_t qualifiers; /* list, or 0 */
    uint32_t qualified;  /* struct opswire_cim_qualified, or 0: properties that have qualifiers */
    uint32_t unused;
};

struct opswire_cim_list { /* offsets of struct opswire_cim_member */
    uint32_t count;
    uint32_t offsets[];
};

struct opswire_cim_qualified_item {
    uint32_t member;     /* number in the shape */
    uint32_t qualifiers; /* list */
};

struct opswire_cim_qualified { /* by the numbers of the members */
    uint32_t count;
    struct opswire_cim_qualified_item items[];
};

struct opswire_cim_class {
    struct opswire_cim_text name;
    struct opswire_cim_text superclass;
    uint32_t qualifiers; /* these three: lists, or 0 */
    uint32_t properties;
    uint32_t methods;
    uint32_t path; /* from the VALUE.... around it; or 0 */
};

/* Whatever has a name and perhaps a value: property of a class, method, parameter, qualifier,
 * qualifier declaration, parameter or return value of a call, correlator. */
struct opswire_cim_member {
    struct opswire_cim_text name;
    struct opswire_cim_text class_origin;
    struct opswire_cim_text reference_class;
    struct opswire_cim_text lang;
    union opswire_cim_cell cell; /* the value */
    uint32_t flags;
    uint32_t array_size;
    uint32_t qualifiers;   /* list, or 0 */
    uint32_t parameters;   /* of a method: list, or 0 */
    uint8_t tag;           /* of the value */
    uint8_t type;          /* as TYPE or PARAMTYPE says; 0: neither is there */
    uint8_t element;       /* enum opswire_cim_element: what it is */
    uint8_t value_element; /* which element the value was (VALUE, INSTANCENAME, ...), if any; in
                              parameters and return values this tells CLASSNAME from VALUE;
                              OPSWIRE_CIM_ELEMENT_COUNT: none */
    uint32_t scopes;       /* of a qualifier declaration: those that SCOPE names, in its order, four
                              bits each from the lowest on: 1 CLASS to 7 INDICATION, and 8 if true */
};

/* ---- blocks ---- */

enum opswire_cim_block_flag {
    OPSWIRE_CIM_EMPTY_BOOLEAN = 1, /* an empty boolean was read as NULL */
    OPSWIRE_CIM_KEYLESS = 2,       /* a path of an instance has no keys */
    OPSWIRE_CIM_EMPTY_FLAG = 4     /* an empty boolean attribute was read as if it were not there */
};

struct opswire_cim_block {
    struct opswire_cim_table *table; /* counted */
    uint32_t size;                   /* of all, this struct included */
    uint32_t references;             /* atomic */
    union opswire_cim_cell cell;     /* the object */
    uint8_t tag;
    uint8_t flags;   /* enum opswire_cim_block_flag */
    uint8_t element; /* enum opswire_cim_element: what it was read from */
    uint8_t unused;
    uint32_t unused_too;
};

/* Another reference; and give one back, NULL is fine. */
struct opswire_cim_block *opswire_cim_block_share(struct opswire_cim_block *block);
void opswire_cim_block_free(struct opswire_cim_block *block);

/* Valid as long as the block, or another reference to the table. */
struct opswire_cim_shape *opswire_cim_shape_at(const struct opswire_cim_block *block,
                                               uint32_t index);

static inline const void *opswire_cim_at(const struct opswire_cim_block *block, uint32_t offset)
{
    return (const uint8_t *) block + offset;
}

static inline struct opswire_view opswire_cim_text_view(const struct opswire_cim_block *block,
                                                        struct opswire_cim_text text)
{
    struct opswire_view view = {NULL, opswire_cim_text_size(text)};

    if (text.offset != 0)
        view.data = (const uint8_t *) block + text.offset;
    return view;
}

/* A table lives as long as any block with shapes from it, or anyone else who shares it. */
struct opswire_cim_table *opswire_cim_table_share(struct opswire_cim_table *table);
void opswire_cim_table_free(struct opswire_cim_table *table);

#endif
