/* CIM-XML (DSP0201 2.4), read and written: the whole DTD, requests, responses and exports.
 *
 * Reading: octets in, as they arrive; events out.  The elements of the envelope (CIM, MESSAGE, ...,
 * IRETURNVALUE, ERROR) are ENTER and LEAVE events.  What they carry, an instance, a class, a path,
 * a parameter, is one OBJECT event each, with a block: one allocation that holds the whole object,
 * checked and decoded, and that points at no input.
 *
 *     CIM > MESSAGE > SIMPLERSP > IMETHODRESPONSE "EnumerateInstances" > IRETURNVALUE     ENTER
 *         VALUE.NAMEDINSTANCE                              OBJECT, block, one per instance
 *     < ... <                                                                             LEAVE
 *
 * What is an OBJECT: every child of IRETURNVALUE and ERROR; PARAMVALUE, IPARAMVALUE, EXPPARAMVALUE,
 * RETURNVALUE and CORRELATOR themselves (as members); LOCALNAMESPACEPATH, LOCALCLASSPATH and
 * LOCALINSTANCEPATH of a call; NAMESPACEPATH, LOCALNAMESPACEPATH, QUALIFIER.DECLARATION and the
 * VALUE.... of declaration groups.  With fragments allowed, a root that is not CIM is one too.
 *
 * Blocks.  A value is a tag (one octet: a type, perhaps OPSWIRE_CIM_ARRAY) and a cell (eight
 * octets: a number, or where in the block the rest is).  Offsets count from the start of the block;
 * none is 0, so that 0 says "absent".  All records lie at multiples of eight.  Blocks never change
 * once they are made: any number of threads may read one.
 *
 * Shapes.  The class name and the properties' names, types and flags are the same for most
 * instances of a response; they are a shape, made once, in a table that the blocks share.
 *
 * Embedded objects are read in the same pass, into the same block (a value INSTANCE or CLASS).
 *
 * Threads: a reader and a writer belong to one thread at a time.  Blocks and tables count their
 * references atomically, so they may be shared and given back by any thread. */
#ifndef OPSWIRE_CIMXML_H
#define OPSWIRE_CIMXML_H

#include "opswire/buffer.h"
#include "opswire/xml_scanner.h"
#include "opswire/xml_writer.h"

#define OPSWIRE_CIM_MAX_EMBEDDING 8u       /* objects, and references, in each other */
#define OPSWIRE_CIM_MAX_OBJECT 0x40000000u /* octets of one block; below 2^31, as offsets need */
#define OPSWIRE_CIM_ENVELOPE 256u          /* what an element around objects counts as */
#define OPSWIRE_CIM_FACTOR 32u             /* octets of memory for each octet fed, objects aside */
#define OPSWIRE_CIM_FLOOR (1u << 19)       /* octets of memory that are always allowed */
#define OPSWIRE_CIM_MAX_IDLE (1u << 22)    /* octets that a reader keeps when it is reset */
#define OPSWIRE_CIM_MAX_SHAPES 1024u       /* in a table; then the next table is begun */
#define OPSWIRE_CIM_MAX_TABLE (1u << 20)   /* octets of a table; the same */
#define OPSWIRE_CIM_MAX_PATH 512u          /* octets of an element path told */

/* ---- the vocabulary of the DTD ---- */

enum opswire_cim_element {
    OPSWIRE_CIM_E_CIM,
    OPSWIRE_CIM_E_DECLARATION,
    OPSWIRE_CIM_E_DECLGROUP,
    OPSWIRE_CIM_E_DECLGROUP_WITHNAME,
    OPSWIRE_CIM_E_DECLGROUP_WITHPATH,
    OPSWIRE_CIM_E_QUALIFIER_DECLARATION,
    OPSWIRE_CIM_E_SCOPE,
    OPSWIRE_CIM_E_VALUE,
    OPSWIRE_CIM_E_VALUE_ARRAY,
    OPSWIRE_CIM_E_VALUE_REFERENCE,
    OPSWIRE_CIM_E_VALUE_REFARRAY,
    OPSWIRE_CIM_E_VALUE_OBJECT,
    OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE,
    OPSWIRE_CIM_E_VALUE_NAMEDOBJECT,
    OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH,
    OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH,
    OPSWIRE_CIM_E_VALUE_NULL,
    OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH,
    OPSWIRE_CIM_E_NAMESPACEPATH,
    OPSWIRE_CIM_E_LOCALNAMESPACEPATH,
    OPSWIRE_CIM_E_HOST,
    OPSWIRE_CIM_E_NAMESPACE,
    OPSWIRE_CIM_E_CLASSPATH,
    OPSWIRE_CIM_E_LOCALCLASSPATH,
    OPSWIRE_CIM_E_CLASSNAME,
    OPSWIRE_CIM_E_INSTANCEPATH,
    OPSWIRE_CIM_E_LOCALINSTANCEPATH,
    OPSWIRE_CIM_E_INSTANCENAME,
    OPSWIRE_CIM_E_OBJECTPATH,
    OPSWIRE_CIM_E_KEYBINDING,
    OPSWIRE_CIM_E_KEYVALUE,
    OPSWIRE_CIM_E_CLASS,
    OPSWIRE_CIM_E_INSTANCE,
    OPSWIRE_CIM_E_QUALIFIER,
    OPSWIRE_CIM_E_PROPERTY,
    OPSWIRE_CIM_E_PROPERTY_ARRAY,
    OPSWIRE_CIM_E_PROPERTY_REFERENCE,
    OPSWIRE_CIM_E_METHOD,
    OPSWIRE_CIM_E_PARAMETER,
    OPSWIRE_CIM_E_PARAMETER_REFERENCE,
    OPSWIRE_CIM_E_PARAMETER_ARRAY,
    OPSWIRE_CIM_E_PARAMETER_REFARRAY,
    OPSWIRE_CIM_E_MESSAGE,
    OPSWIRE_CIM_E_MULTIREQ,
    OPSWIRE_CIM_E_SIMPLEREQ,
    OPSWIRE_CIM_E_METHODCALL,
    OPSWIRE_CIM_E_PARAMVALUE,
    OPSWIRE_CIM_E_IMETHODCALL,
    OPSWIRE_CIM_E_IPARAMVALUE,
    OPSWIRE_CIM_E_MULTIRSP,
    OPSWIRE_CIM_E_SIMPLERSP,
    OPSWIRE_CIM_E_METHODRESPONSE,
    OPSWIRE_CIM_E_IMETHODRESPONSE,
    OPSWIRE_CIM_E_ERROR,
    OPSWIRE_CIM_E_RETURNVALUE,
    OPSWIRE_CIM_E_IRETURNVALUE,
    OPSWIRE_CIM_E_MULTIEXPREQ,
    OPSWIRE_CIM_E_SIMPLEEXPREQ,
    OPSWIRE_CIM_E_EXPMETHODCALL,
    OPSWIRE_CIM_E_MULTIEXPRSP,
    OPSWIRE_CIM_E_SIMPLEEXPRSP,
    OPSWIRE_CIM_E_EXPMETHODRESPONSE,
    OPSWIRE_CIM_E_EXPPARAMVALUE,
    OPSWIRE_CIM_E_CORRELATOR,
    OPSWIRE_CIM_ELEMENT_COUNT /* 64: a set of elements is one uint64_t */
};

enum opswire_cim_attribute {
    OPSWIRE_CIM_A_NAME,
    OPSWIRE_CIM_A_TYPE,
    OPSWIRE_CIM_A_CLASSORIGIN,
    OPSWIRE_CIM_A_PROPAGATED,
    OPSWIRE_CIM_A_EMBEDDEDOBJECT, /* EmbeddedObject; EMBEDDEDOBJECT is read as well */
    OPSWIRE_CIM_A_ARRAYSIZE,
    OPSWIRE_CIM_A_REFERENCECLASS,
    OPSWIRE_CIM_A_PARAMTYPE,
    OPSWIRE_CIM_A_CLASSNAME,
    OPSWIRE_CIM_A_VALUETYPE,
    OPSWIRE_CIM_A_LANG, /* xml:lang */
    OPSWIRE_CIM_A_SUPERCLASS,
    OPSWIRE_CIM_A_OVERRIDABLE,
    OPSWIRE_CIM_A_TOSUBCLASS,
    OPSWIRE_CIM_A_TOINSTANCE,
    OPSWIRE_CIM_A_TRANSLATABLE,
    OPSWIRE_CIM_A_ISARRAY,
    OPSWIRE_CIM_A_CIMVERSION,
    OPSWIRE_CIM_A_DTDVERSION,
    OPSWIRE_CIM_A_ID,
    OPSWIRE_CIM_A_PROTOCOLVERSION,
    OPSWIRE_CIM_A_CODE,
    OPSWIRE_CIM_A_DESCRIPTION,
    OPSWIRE_CIM_A_CLASS, /* these seven: SCOPE */
    OPSWIRE_CIM_A_ASSOCIATION,
    OPSWIRE_CIM_A_REFERENCE,
    OPSWIRE_CIM_A_PROPERTY,
    OPSWIRE_CIM_A_METHOD,
    OPSWIRE_CIM_A_PARAMETER,
    OPSWIRE_CIM_A_INDICATION,
    OPSWIRE_CIM_ATTRIBUTE_COUNT
};

/* As they stand in the DTD; never NULL. */
struct opswire_view opswire_cim_element_name(enum opswire_cim_element element);
struct opswire_view opswire_cim_attribute_name(enum opswire_cim_attribute attribute);

/* ---- values ---- */

/* A tag is one of these, and OPSWIRE_CIM_ARRAY perhaps.  What the cell holds: */
enum opswire_cim_type {
    OPSWIRE_CIM_NULL = 0,    /* nothing: no VALUE, or VALUE.NULL in an array */
    OPSWIRE_CIM_BOOLEAN = 1, /* u: 0 or 1 */
    OPSWIRE_CIM_STRING,      /* text */
    OPSWIRE_CIM_CHAR16,      /* text of one character of the BMP */
    OPSWIRE_CIM_DATETIME,    /* text, 25 octets, a valid timestamp or interval */
    OPSWIRE_CIM_UINT8,       /* u */
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
#define OPSWIRE_CIM_TEXT_SIZE(text) ((text).size & ~OPSWIRE_CIM_NOT_ASCII)

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
struct opswire_cim_shape *opswire_cim_shape(const struct opswire_cim_block *block, uint32_t index);

static inline const void *opswire_cim_at(const struct opswire_cim_block *block, uint32_t offset)
{
    return (const uint8_t *) block + offset;
}

static inline struct opswire_view opswire_cim_text_view(const struct opswire_cim_block *block,
                                                        struct opswire_cim_text text)
{
    struct opswire_view view = {NULL, OPSWIRE_CIM_TEXT_SIZE(text)};

    if (text.offset != 0)
        view.data = (const uint8_t *) block + text.offset;
    return view;
}

/* A table lives as long as any block with shapes from it, or anyone else who shares it. */
struct opswire_cim_table *opswire_cim_table_share(struct opswire_cim_table *table);
void opswire_cim_table_free(struct opswire_cim_table *table);

/* ---- the reader ---- */

enum opswire_cim_option {
    OPSWIRE_CIM_ANY_RANGE = 1, /* integers may be out of their type's range, but fit 64 bits */
    OPSWIRE_CIM_FRAGMENT = 2   /* the root may be any element */
};

struct opswire_cim_settings {
    struct opswire_xml_limits xml;
    uint32_t options;              /* enum opswire_cim_option */
    uint32_t max_object;           /* octets of memory for an object while it is read, more than its
                                      block has; and of all that is not in IRETURNVALUE */
    uint32_t factor;               /* octets of memory for each octet fed, besides objects; see
                                      OPSWIRE_CIM_FLOOR */
    void (*drop_memo)(void *memo); /* called for each shape's memo when its table goes, if set;
                                      from whatever thread frees the last block, the reader's too */
};

#define OPSWIRE_CIM_SETTINGS                                                                       \
    {                                                                                              \
        OPSWIRE_XML_LIMITS, 0, OPSWIRE_CIM_MAX_OBJECT, OPSWIRE_CIM_FACTOR, NULL                    \
    }

enum opswire_cim_event_type {
    OPSWIRE_CIM_ENTER = 1,
    OPSWIRE_CIM_LEAVE,
    OPSWIRE_CIM_OBJECT,
    OPSWIRE_CIM_END /* of the document; nothing comes after it */
};

/* Views are valid until the next call for that reader; they are UTF-8. */
struct opswire_cim_event {
    enum opswire_cim_event_type type;
    enum opswire_cim_element element;
    struct opswire_view first;       /* ENTER: NAME, CIMVERSION, ID or CODE */
    struct opswire_view second;      /* ENTER: DTDVERSION, PROTOCOLVERSION or DESCRIPTION */
    uint32_t code;                   /* ENTER of ERROR */
    struct opswire_cim_block *block; /* OBJECT: the reader's, unless taken */
};

/* What is wrong, when a function says OPSWIRE_CIM_INVALID; with OPSWIRE_XML_... see the scanner. */
enum opswire_cim_error {
    OPSWIRE_CIM_SOUND = 0,
    OPSWIRE_CIM_UNKNOWN_ELEMENT,
    OPSWIRE_CIM_UNEXPECTED_ELEMENT, /* not within this parent, not here, or not again */
    OPSWIRE_CIM_MISSING_ELEMENT,    /* a child that must be there is not */
    OPSWIRE_CIM_UNEXPECTED_TEXT,
    OPSWIRE_CIM_UNKNOWN_ATTRIBUTE, /* not of this element */
    OPSWIRE_CIM_MISSING_ATTRIBUTE,
    OPSWIRE_CIM_BAD_ATTRIBUTE, /* none of the values that it may have */
    OPSWIRE_CIM_BAD_BOOLEAN,
    OPSWIRE_CIM_BAD_INTEGER,
    OPSWIRE_CIM_INTEGER_RANGE,
    OPSWIRE_CIM_BAD_REAL,
    OPSWIRE_CIM_BAD_DATETIME,
    OPSWIRE_CIM_BAD_CHAR16,
    OPSWIRE_CIM_BAD_NUMBER,   /* a numeric key */
    OPSWIRE_CIM_BAD_EMBEDDED, /* an embedded object that is neither INSTANCE nor CLASS */
    OPSWIRE_CIM_EMBEDDED_TOO_DEEP,
    OPSWIRE_CIM_OBJECT_TOO_LARGE,
    OPSWIRE_CIM_MESSAGE_TOO_LARGE,
    OPSWIRE_CIM_ERROR_COUNT
};

/* A constant sentence without final stop; never NULL, also for a number that is no error. */
const char *opswire_cim_error_message(enum opswire_cim_error error);

/* What the text of one value says: what is in a VALUE or a KEYVALUE. */
struct opswire_cim_scalar {
    union opswire_cim_cell cell;
    struct opswire_view kept; /* of strings, datetimes and reals: the part that is the value; else
                                 data is NULL, and the cell has it */
    struct opswire_view text; /* what was looked at, for messages */
    uint8_t tag;              /* OPSWIRE_CIM_NULL: an empty boolean */
};

#define OPSWIRE_CIM_NUMERIC_KEY OPSWIRE_CIM_TYPE_COUNT /* the type of such a key without TYPE */

/* Checks and decodes by a CIM type but REFERENCE, or OPSWIRE_CIM_NUMERIC_KEY.  options: enum
 * opswire_cim_option.  text is well-formed UTF-8 and borrowed, kept points into it. */
enum opswire_cim_error opswire_cim_scalar_read(uint32_t options, uint8_t type,
                                               struct opswire_view text,
                                               struct opswire_cim_scalar *scalar);

/* What and where.  In an embedded object: the path leads into it, the rest is where the VALUE that
 * holds it ends. */
struct opswire_cim_fault {
    enum opswire_status status; /* XML_MALFORMED, XML_LIMIT, CIM_INVALID, NO_MEMORY */
    enum opswire_xml_error xml; /* also for a fault in an embedded object */
    enum opswire_cim_error cim;
    struct opswire_xml_position position;
    char path[OPSWIRE_CIM_MAX_PATH]; /* "/CIM/MESSAGE/.../VALUE.NAMEDINSTANCE[517]/INSTANCE/...":
                                        numbers count what stands in the same place of the DTD,
                                        from 1; a long path begins with "..." */
    size_t path_size;                /* without the NUL */
    uint8_t excerpt[OPSWIRE_XML_EXCERPT_SIZE];
    size_t excerpt_size;
    size_t mark;      /* where in the excerpt the fault is */
    char subject[64]; /* the element, attribute or value, cut; "" if there is none */
};

struct opswire_cim_reader;

/* NULL when there is no memory.  settings may be NULL; they are copied. */
struct opswire_cim_reader *opswire_cim_reader_new(const struct opswire_cim_settings *settings);
void opswire_cim_reader_free(struct opswire_cim_reader *reader); /* NULL is fine */

/* Begin another document, after the end or a failure too.  Shapes and tags that are known stay. */
void opswire_cim_reader_reset(struct opswire_cim_reader *reader);

/* Octets of memory that it holds.  After a reset OPSWIRE_CIM_MAX_IDLE at most. */
size_t opswire_cim_reader_memory(const struct opswire_cim_reader *reader);

/* As in xml_scanner.h: borrowed until next() says MORE or fails. */
enum opswire_status opswire_cim_feed(struct opswire_cim_reader *reader, struct opswire_view octets);
void opswire_cim_feed_end(struct opswire_cim_reader *reader);

/* DONE: event is filled.  MORE: feed, or tell the end.  XML_MALFORMED, XML_LIMIT, CIM_INVALID,
 * NO_MEMORY: final until reset. */
enum opswire_status opswire_cim_next(struct opswire_cim_reader *reader,
                                     struct opswire_cim_event *event);

/* Take the block of the event that was told last over, to be given to opswire_cim_block_free();
 * NULL when there is none.  Blocks that are not taken are freed by the next call. */
struct opswire_cim_block *opswire_cim_take(struct opswire_cim_reader *reader);

/* The table in use: shapes in it are numbered from 0 in the order in which they are found.
 * Borrowed; another one may be in use after any next(). */
struct opswire_cim_table *opswire_cim_reader_table(const struct opswire_cim_reader *reader);
uint32_t opswire_cim_table_count(const struct opswire_cim_table *table);
struct opswire_cim_shape *opswire_cim_table_shape(const struct opswire_cim_table *table,
                                                  uint32_t index);

/* After a failure. */
void opswire_cim_reader_fault(const struct opswire_cim_reader *reader,
                              struct opswire_cim_fault *fault);

/* ---- the writer ---- */

/* The elements of CIM-XML by their numbers, over the writer of XML, which holds octets and status:
 * declaration, text and embedded objects are written through it.  All zero is a valid empty writer.
 * Free with opswire_buffer_free(&writer->xml.out). */
struct opswire_cim_writer {
    struct opswire_xml_writer xml;
    uint8_t elements[OPSWIRE_XML_MAX_WRITE_DEPTH]; /* those that are open */
};

enum opswire_status opswire_cim_write_start(struct opswire_cim_writer *writer,
                                            enum opswire_cim_element element);
enum opswire_status opswire_cim_write_attribute(struct opswire_cim_writer *writer,
                                                enum opswire_cim_attribute attribute,
                                                struct opswire_view value);
enum opswire_status opswire_cim_write_end(struct opswire_cim_writer *writer);

/* <element>text</element>, for VALUE mostly. */
enum opswire_status opswire_cim_write_element(struct opswire_cim_writer *writer,
                                              enum opswire_cim_element element,
                                              struct opswire_view text);

/* <PROPERTY NAME= TYPE=><VALUE>text</VALUE></PROPERTY>; a NULL value has data NULL. */
enum opswire_status opswire_cim_write_property(struct opswire_cim_writer *writer,
                                               struct opswire_view name, enum opswire_cim_type type,
                                               struct opswire_view text);

/* A block as the element that it was read from. */
enum opswire_status opswire_cim_write_block(struct opswire_cim_writer *writer,
                                            const struct opswire_cim_block *block);

#endif
