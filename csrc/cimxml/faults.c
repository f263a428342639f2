#include <stdio.h>
#include <string.h>

#include "machine.h"

void cim_cut(char *out, size_t room, struct opswire_view text)
{
    size_t size = text.size < room ? text.size : room - 1;

    if (size < text.size)
        while (size > 0 && (text.data[size] & 0xc0) == 0x80)
            size--;
    if (size > 0)
        memcpy(out, text.data, size);
    out[size] = 0;
}

static void note_place(struct opswire_cim_reader *reader)
{
    struct opswire_xml_scanner *const scanner = reader->levels[0].scanner;

    /* Now, as the octets may be gone when somebody asks. */
    reader->position = opswire_xml_where(scanner);
    reader->excerpt_size = opswire_xml_excerpt(scanner, reader->excerpt, &reader->excerpt_mark);
}

enum opswire_status cim_fail(struct opswire_cim_reader *reader, enum opswire_cim_error error,
                             struct opswire_view subject)
{
    reader->error = error;
    cim_cut(reader->subject, sizeof(reader->subject), subject);
    note_place(reader);
    return reader->broken = OPSWIRE_CIM_INVALID;
}

enum opswire_status cim_no_memory(struct opswire_cim_reader *reader)
{
    note_place(reader); /* or the last document's fault would tell its own */
    return reader->broken = OPSWIRE_NO_MEMORY;
}

enum opswire_status cim_xml_failure(struct opswire_cim_reader *reader, enum opswire_status status)
{
    reader->xml_error = opswire_xml_error_code(reader->levels[reader->level].scanner);
    note_place(reader);
    return reader->broken = status;
}

/* From the innermost element outwards, until there is no more room. */
static void write_path(const struct opswire_cim_reader *reader, struct opswire_cim_fault *fault)
{
    char reversed[OPSWIRE_CIM_MAX_PATH];
    size_t begin = sizeof(reversed);
    char part[80];
    bool all = true;

    for (size_t i = reader->depth + 1; i-- > 0;) {
        const struct cim_frame *const frame = i < reader->depth ? &reader->frames[i] : NULL;
        int size;

        if (frame == NULL && reader->unopened[0] == 0)
            continue;
        if (frame == NULL)
            size = snprintf(part, sizeof(part), "/%s", reader->unopened);
        else if (frame->number > 0)
            size = snprintf(part, sizeof(part), "/%.*s[%u]", (int) frame->rule->name.size,
                            (const char *) frame->rule->name.data, frame->number);
        else
            size = snprintf(part, sizeof(part), "/%.*s", (int) frame->rule->name.size,
                            (const char *) frame->rule->name.data);
        if ((size_t) size + 4 > begin) {
            all = false;
            break;
        }
        begin -= (size_t) size;
        memcpy(reversed + begin, part, (size_t) size);
    }
    fault->path_size = 0;
    if (!all) {
        memcpy(fault->path, "...", 3);
        fault->path_size = 3;
    }
    memcpy(fault->path + fault->path_size, reversed + begin, sizeof(reversed) - begin);
    fault->path_size += sizeof(reversed) - begin;
    fault->path[fault->path_size] = 0;
}

void opswire_cim_reader_fault(const struct opswire_cim_reader *reader,
                              struct opswire_cim_fault *fault)
{
    *fault = (struct opswire_cim_fault){.status = reader->broken,
                                        .xml = reader->xml_error,
                                        .cim = reader->error,
                                        .position = reader->position,
                                        .excerpt_size = reader->excerpt_size,
                                        .mark = reader->excerpt_mark};
    memcpy(fault->excerpt, reader->excerpt, reader->excerpt_size);
    memcpy(fault->subject, reader->subject, sizeof(fault->subject));
    write_path(reader, fault);
}

const char *opswire_cim_error_message(enum opswire_cim_error error)
{
    static const char *const MESSAGES[OPSWIRE_CIM_ERROR_COUNT] = {
        [OPSWIRE_CIM_SOUND] = "nothing is wrong",
        [OPSWIRE_CIM_UNKNOWN_ELEMENT] = "an element is not of CIM-XML",
        [OPSWIRE_CIM_UNEXPECTED_ELEMENT] = "an element must not be here",
        [OPSWIRE_CIM_MISSING_ELEMENT] = "an element has not all the elements that it must have",
        [OPSWIRE_CIM_UNEXPECTED_TEXT] = "there is text in an element that has none",
        [OPSWIRE_CIM_UNKNOWN_ATTRIBUTE] = "an element has an attribute that is not its own",
        [OPSWIRE_CIM_MISSING_ATTRIBUTE] = "an element has not all the attributes that it must have",
        [OPSWIRE_CIM_BAD_ATTRIBUTE] = "an attribute has a value that it cannot have",
        [OPSWIRE_CIM_BAD_BOOLEAN] = "a boolean is neither true nor false",
        [OPSWIRE_CIM_BAD_INTEGER] = "an integer is neither decimal nor hexadecimal",
        [OPSWIRE_CIM_INTEGER_RANGE] = "an integer is not in the range of its type",
        [OPSWIRE_CIM_BAD_REAL] = "a real is no decimal number, INF or NaN",
        [OPSWIRE_CIM_BAD_DATETIME] = "a datetime is no valid timestamp or interval",
        [OPSWIRE_CIM_BAD_CHAR16] = "a char16 is not one character of the Basic Multilingual Plane",
        [OPSWIRE_CIM_BAD_NUMBER] = "a numeric key is no number",
        [OPSWIRE_CIM_BAD_EMBEDDED] = "an embedded object is neither an instance nor a class",
        [OPSWIRE_CIM_EMBEDDED_TOO_DEEP] =
            "objects or references are nested more deeply than the limit",
        [OPSWIRE_CIM_OBJECT_TOO_LARGE] = "an object is larger than the limit",
        [OPSWIRE_CIM_MESSAGE_TOO_LARGE] = "a message has more besides its objects than the limit",
    };

    if ((unsigned) error >= OPSWIRE_CIM_ERROR_COUNT)
        return "unknown error";
    return MESSAGES[error];
}
