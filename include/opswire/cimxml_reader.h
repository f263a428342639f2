/* CIM-XML (DSP0201 2.4), read: the whole DTD, requests, responses and exports.
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
 * Embedded objects are read in the same pass, into the same block (a value INSTANCE or CLASS).
 *
 * Threads: a reader belongs to one thread at a time. */
#ifndef OPSWIRE_CIMXML_READER_H
#define OPSWIRE_CIMXML_READER_H

#include "opswire/cimxml_block.h"
#include "opswire/status.h"
#include "opswire/xml_scanner.h"

#define OPSWIRE_CIM_ENVELOPE 256u       /* what an element around objects counts as */
#define OPSWIRE_CIM_FACTOR 32u          /* octets of memory for each octet fed, objects aside */
#define OPSWIRE_CIM_FLOOR (1u << 19)    /* octets of memory that are always allowed */
#define OPSWIRE_CIM_MAX_IDLE (1u << 22) /* octets that a reader keeps when it is reset */
#define OPSWIRE_CIM_MAX_PATH 512u       /* octets of an element path told */

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

#endif
