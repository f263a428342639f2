#include <stdio.h>
#include <string.h>

#include "opswire/cimxml_writer.h"

#include "machine.h"

/* What is written, and where to. */
struct job {
    struct opswire_cim_writer *writer;
    const struct opswire_cim_block *block;
};

static void instance(struct job job, uint32_t offset);
static void class_(struct job job, uint32_t offset);
static void member(struct job job, uint32_t offset);
static void path(struct job job, uint32_t offset);

static const struct opswire_view NOTHING = {NULL, 0};

static struct opswire_view text_of(struct job job, struct opswire_cim_text text)
{
    return opswire_cim_text_view(job.block, text);
}

static struct opswire_view constant(const char *text)
{
    return (struct opswire_view){(const uint8_t *) text, strlen(text)};
}

static void start(struct job job, enum opswire_cim_element element)
{
    opswire_cim_write_start(job.writer, element);
}

static void end(struct job job)
{
    opswire_cim_write_end(job.writer);
}

/* Unless it is absent. */
static void attribute(struct job job, enum opswire_cim_attribute name, struct opswire_view value)
{
    if (value.data != NULL)
        opswire_cim_write_attribute(job.writer, name, value);
}

static void number_attribute(struct job job, enum opswire_cim_attribute name, uint32_t number)
{
    char digits[16];

    snprintf(digits, sizeof(digits), "%u", number);
    opswire_cim_write_attribute(job.writer, name, constant(digits));
}

static void flag(struct job job, enum opswire_cim_attribute name, uint32_t flags, uint32_t given,
                 uint32_t set)
{
    if ((flags & given) != 0)
        opswire_cim_write_attribute(job.writer, name,
                                    constant((flags & set) != 0 ? "true" : "false"));
}

static void flavors(struct job job, uint32_t flags)
{
    flag(job, OPSWIRE_CIM_A_OVERRIDABLE, flags, OPSWIRE_CIM_OVERRIDABLE_GIVEN,
         OPSWIRE_CIM_OVERRIDABLE);
    flag(job, OPSWIRE_CIM_A_TOSUBCLASS, flags, OPSWIRE_CIM_TOSUBCLASS_GIVEN,
         OPSWIRE_CIM_TOSUBCLASS);
    flag(job, OPSWIRE_CIM_A_TOINSTANCE, flags, OPSWIRE_CIM_TOINSTANCE_GIVEN,
         OPSWIRE_CIM_TOINSTANCE);
    flag(job, OPSWIRE_CIM_A_TRANSLATABLE, flags, OPSWIRE_CIM_TRANSLATABLE_GIVEN,
         OPSWIRE_CIM_TRANSLATABLE);
}

static void embedded_attribute(struct job job, uint32_t flags)
{
    if ((flags & OPSWIRE_CIM_EMBEDDED_INSTANCE) != 0)
        opswire_cim_write_attribute(job.writer, OPSWIRE_CIM_A_EMBEDDEDOBJECT, constant("instance"));
    else if ((flags & OPSWIRE_CIM_EMBEDDED_OBJECT) != 0)
        opswire_cim_write_attribute(job.writer, OPSWIRE_CIM_A_EMBEDDEDOBJECT, constant("object"));
}

/* ---- values ---- */

static void simple_text(struct job job, uint8_t tag, union opswire_cim_cell cell)
{
    char digits[24];

    if (tag == OPSWIRE_CIM_BOOLEAN) {
        opswire_xml_write_text(&job.writer->xml, constant(cell.u != 0 ? "TRUE" : "FALSE"));
    } else if (tag == OPSWIRE_CIM_INTEGER || (cim_is_integer(tag) && cim_is_signed(tag))) {
        snprintf(digits, sizeof(digits), "%lld", (long long) cell.s);
        opswire_xml_write_text(&job.writer->xml, constant(digits));
    } else if (tag == OPSWIRE_CIM_NATURAL || cim_is_integer(tag)) {
        snprintf(digits, sizeof(digits), "%llu", (unsigned long long) cell.u);
        opswire_xml_write_text(&job.writer->xml, constant(digits));
    } else {
        opswire_xml_write_text(&job.writer->xml, text_of(job, cell.text));
    }
}

static void value(struct job job, uint8_t tag, union opswire_cim_cell cell)
{
    size_t mark;

    if ((tag & OPSWIRE_CIM_ARRAY) != 0) {
        const struct opswire_cim_values *const values = opswire_cim_at(job.block, cell.offset);
        const uint8_t *const tags = opswire_cim_tags(values);

        start(job, (tag & OPSWIRE_CIM_TYPE_MASK) == OPSWIRE_CIM_REFERENCE
                       ? OPSWIRE_CIM_E_VALUE_REFARRAY
                       : OPSWIRE_CIM_E_VALUE_ARRAY);
        for (uint32_t i = 0; i < values->count; i++)
            if (tags[i] != OPSWIRE_CIM_NULL) {
                value(job, tags[i], values->cells[i]);
            } else {
                start(job, OPSWIRE_CIM_E_VALUE_NULL);
                end(job);
            }
        end(job);
        return;
    }
    switch (tag) {
    case OPSWIRE_CIM_NULL:
        return;
    case OPSWIRE_CIM_REFERENCE:
        start(job, OPSWIRE_CIM_E_VALUE_REFERENCE);
        path(job, cell.offset);
        break;
    case OPSWIRE_CIM_INSTANCE:
    case OPSWIRE_CIM_CLASS:
        start(job, OPSWIRE_CIM_E_VALUE);
        mark = opswire_xml_write_embedded_begin(&job.writer->xml);
        if (tag == OPSWIRE_CIM_INSTANCE)
            instance(job, cell.offset);
        else
            class_(job, cell.offset);
        opswire_xml_write_embedded_end(&job.writer->xml, mark);
        break;
    default:
        start(job, OPSWIRE_CIM_E_VALUE);
        simple_text(job, tag, cell);
        break;
    }
    end(job);
}

/* ---- paths ---- */

static void key(struct job job, uint8_t tag, union opswire_cim_cell cell)
{
    const char *value_type = "numeric";

    if (tag == OPSWIRE_CIM_REFERENCE) {
        value(job, tag, cell);
        return;
    }
    if (tag == OPSWIRE_CIM_BOOLEAN)
        value_type = "boolean";
    else if (tag <= OPSWIRE_CIM_DATETIME)
        value_type = "string";
    start(job, OPSWIRE_CIM_E_KEYVALUE);
    opswire_cim_write_attribute(job.writer, OPSWIRE_CIM_A_VALUETYPE, constant(value_type));
    if (tag < OPSWIRE_CIM_REFERENCE)
        opswire_cim_write_attribute(job.writer, OPSWIRE_CIM_A_TYPE,
                                    opswire_cim_type_name((enum opswire_cim_type) tag));
    simple_text(job, tag, cell);
    end(job);
}

static void instance_name(struct job job, const struct opswire_cim_path *record)
{
    const struct opswire_cim_shape *const shape = opswire_cim_shape_at(job.block, record->shape);
    const struct opswire_cim_values *const values = opswire_cim_at(job.block, record->values);
    const uint8_t *const tags = opswire_cim_tags(values);

    start(job, OPSWIRE_CIM_E_INSTANCENAME);
    attribute(job, OPSWIRE_CIM_A_CLASSNAME, shape->class_name);
    for (uint32_t i = 0; i < values->count; i++) {
        const struct opswire_cim_descriptor *const descriptor = shape->members[i];
        const bool named = (descriptor->flags & OPSWIRE_CIM_NAME_GIVEN) != 0;

        if (named) {
            start(job, OPSWIRE_CIM_E_KEYBINDING);
            attribute(job, OPSWIRE_CIM_A_NAME, descriptor->name);
        }
        key(job, tags[i], values->cells[i]);
        if (named)
            end(job);
    }
    end(job);
}

static void local_namespace(struct job job, const struct opswire_cim_path *record)
{
    struct opswire_view rest = text_of(job, record->namespace_name);
    bool first = true;

    start(job, OPSWIRE_CIM_E_LOCALNAMESPACEPATH);
    for (;;) {
        const uint8_t *const slash = memchr(rest.data, '/', rest.size);
        const struct opswire_view part = {rest.data,
                                          slash != NULL ? (size_t) (slash - rest.data) : rest.size};

        if (part.size > 0 || (first && slash == NULL)) { /* one there is always */
            start(job, OPSWIRE_CIM_E_NAMESPACE);
            attribute(job, OPSWIRE_CIM_A_NAME, part);
            end(job);
            first = false;
        }
        if (slash == NULL)
            break;
        rest.size -= part.size + 1;
        rest.data = slash + 1;
    }
    end(job);
}

static void namespace_path(struct job job, const struct opswire_cim_path *record)
{
    if (record->host.offset == 0) {
        local_namespace(job, record);
        return;
    }
    start(job, OPSWIRE_CIM_E_NAMESPACEPATH);
    opswire_cim_write_element(job.writer, OPSWIRE_CIM_E_HOST, text_of(job, record->host));
    local_namespace(job, record);
    end(job);
}

static void path(struct job job, uint32_t offset)
{
    const struct opswire_cim_path *const record = opswire_cim_at(job.block, offset);
    const bool is_instance = record->values != 0;
    const bool full = record->host.offset != 0;

    if (!is_instance && record->class_name.offset == 0) {
        namespace_path(job, record);
        return;
    }
    if (record->namespace_name.offset != 0) {
        if (is_instance)
            start(job, full ? OPSWIRE_CIM_E_INSTANCEPATH : OPSWIRE_CIM_E_LOCALINSTANCEPATH);
        else
            start(job, full ? OPSWIRE_CIM_E_CLASSPATH : OPSWIRE_CIM_E_LOCALCLASSPATH);
        namespace_path(job, record);
    }
    if (is_instance) {
        instance_name(job, record);
    } else {
        start(job, OPSWIRE_CIM_E_CLASSNAME);
        attribute(job, OPSWIRE_CIM_A_NAME, text_of(job, record->class_name));
        end(job);
    }
    if (record->namespace_name.offset != 0)
        end(job);
}

/* ---- objects ---- */

static void members(struct job job, uint32_t list)
{
    const struct opswire_cim_list *const read = opswire_cim_at(job.block, list);

    for (uint32_t i = 0; list != 0 && i < read->count; i++)
        member(job, read->offsets[i]);
}

static void type_attribute(struct job job, enum opswire_cim_attribute name, uint8_t type)
{
    if (type != 0)
        opswire_cim_write_attribute(job.writer, name,
                                    opswire_cim_type_name((enum opswire_cim_type) type));
}

static void property(struct job job, const struct opswire_cim_descriptor *descriptor, uint8_t tag,
                     union opswire_cim_cell cell, uint32_t qualifiers)
{
    const bool reference = descriptor->type == OPSWIRE_CIM_REFERENCE;
    const bool is_array = (descriptor->flags & OPSWIRE_CIM_IS_ARRAY) != 0;

    start(job, reference  ? OPSWIRE_CIM_E_PROPERTY_REFERENCE
               : is_array ? OPSWIRE_CIM_E_PROPERTY_ARRAY
                          : OPSWIRE_CIM_E_PROPERTY);
    attribute(job, OPSWIRE_CIM_A_NAME, descriptor->name);
    if (!reference)
        type_attribute(job, OPSWIRE_CIM_A_TYPE, descriptor->type);
    attribute(job, OPSWIRE_CIM_A_REFERENCECLASS, descriptor->reference_class);
    if ((descriptor->flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN) != 0)
        number_attribute(job, OPSWIRE_CIM_A_ARRAYSIZE, descriptor->array_size);
    attribute(job, OPSWIRE_CIM_A_CLASSORIGIN, descriptor->class_origin);
    flag(job, OPSWIRE_CIM_A_PROPAGATED, descriptor->flags, OPSWIRE_CIM_PROPAGATED_GIVEN,
         OPSWIRE_CIM_PROPAGATED);
    embedded_attribute(job, descriptor->flags);
    attribute(job, OPSWIRE_CIM_A_LANG, descriptor->lang);
    members(job, qualifiers);
    value(job, tag, cell);
    end(job);
}

static void instance(struct job job, uint32_t offset)
{
    const struct opswire_cim_instance *const record = opswire_cim_at(job.block, offset);
    const struct opswire_cim_shape *const shape = opswire_cim_shape_at(job.block, record->shape);
    const struct opswire_cim_values *const values = opswire_cim_at(job.block, record->values);
    const struct opswire_cim_qualified *const qualified =
        opswire_cim_at(job.block, record->qualified);
    const uint8_t *const tags = opswire_cim_tags(values);
    uint32_t next = 0;

    start(job, OPSWIRE_CIM_E_INSTANCE);
    attribute(job, OPSWIRE_CIM_A_CLASSNAME, shape->class_name);
    attribute(job, OPSWIRE_CIM_A_LANG, shape->lang);
    members(job, record->qualifiers);
    for (uint32_t i = 0; i < values->count; i++) {
        uint32_t qualifiers = 0;

        if (record->qualified != 0 && next < qualified->count && qualified->items[next].member == i)
            qualifiers = qualified->items[next++].qualifiers;
        property(job, shape->members[i], tags[i], values->cells[i], qualifiers);
    }
    end(job);
}

static void class_(struct job job, uint32_t offset)
{
    const struct opswire_cim_class *const record = opswire_cim_at(job.block, offset);

    start(job, OPSWIRE_CIM_E_CLASS);
    attribute(job, OPSWIRE_CIM_A_NAME, text_of(job, record->name));
    attribute(job, OPSWIRE_CIM_A_SUPERCLASS, text_of(job, record->superclass));
    members(job, record->qualifiers);
    members(job, record->properties);
    members(job, record->methods);
    end(job);
}

/* The element that a parameter or a return value has in it. */
static void content(struct job job, uint8_t element, uint8_t tag, union opswire_cim_cell cell)
{
    switch (element) {
    case OPSWIRE_CIM_E_CLASSNAME:
    case OPSWIRE_CIM_E_INSTANCENAME:
        path(job, cell.offset);
        break;
    case OPSWIRE_CIM_E_INSTANCE:
        instance(job, cell.offset);
        break;
    case OPSWIRE_CIM_E_CLASS:
        class_(job, cell.offset);
        break;
    case OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE: {
        const struct opswire_cim_instance *const record = opswire_cim_at(job.block, cell.offset);

        start(job, OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE);
        path(job, record->path);
        instance(job, cell.offset);
        end(job);
        break;
    }
    case OPSWIRE_CIM_E_QUALIFIER_DECLARATION:
        member(job, cell.offset);
        break;
    default:
        value(job, tag, cell);
        break;
    }
}

static void scope(struct job job, uint32_t flags, uint32_t scopes)
{
    if ((flags & OPSWIRE_CIM_SCOPE_GIVEN) == 0)
        return;
    start(job, OPSWIRE_CIM_E_SCOPE);
    for (; scopes != 0; scopes >>= 4)
        opswire_cim_write_attribute(
            job.writer, (enum opswire_cim_attribute)(OPSWIRE_CIM_A_CLASS + (int) (scopes & 7) - 1),
            constant((scopes & 8) != 0 ? "true" : "false"));
    end(job);
}

static void member(struct job job, uint32_t offset)
{
    const struct opswire_cim_member *const record = opswire_cim_at(job.block, offset);
    const enum opswire_cim_element element = (enum opswire_cim_element) record->element;

    start(job, element);
    attribute(job, OPSWIRE_CIM_A_NAME, text_of(job, record->name));
    if (element == OPSWIRE_CIM_E_PARAMVALUE || element == OPSWIRE_CIM_E_RETURNVALUE)
        type_attribute(job, OPSWIRE_CIM_A_PARAMTYPE, record->type);
    else if (record->type != OPSWIRE_CIM_REFERENCE)
        type_attribute(job, OPSWIRE_CIM_A_TYPE, record->type);
    attribute(job, OPSWIRE_CIM_A_REFERENCECLASS, text_of(job, record->reference_class));
    flag(job, OPSWIRE_CIM_A_ISARRAY, record->flags, OPSWIRE_CIM_IS_ARRAY_GIVEN,
         OPSWIRE_CIM_IS_ARRAY);
    if ((record->flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN) != 0)
        number_attribute(job, OPSWIRE_CIM_A_ARRAYSIZE, record->array_size);
    attribute(job, OPSWIRE_CIM_A_CLASSORIGIN, text_of(job, record->class_origin));
    flag(job, OPSWIRE_CIM_A_PROPAGATED, record->flags, OPSWIRE_CIM_PROPAGATED_GIVEN,
         OPSWIRE_CIM_PROPAGATED);
    embedded_attribute(job, record->flags);
    flavors(job, record->flags);
    attribute(job, OPSWIRE_CIM_A_LANG, text_of(job, record->lang));
    scope(job, record->flags, record->scopes);
    members(job, record->qualifiers);
    members(job, record->parameters);
    content(job, record->value_element, record->tag, record->cell);
    end(job);
}

/* ---- whole blocks ---- */

static void object(struct job job, uint8_t tag, uint32_t offset)
{
    if (tag == OPSWIRE_CIM_INSTANCE)
        instance(job, offset);
    else
        class_(job, offset);
}

static uint32_t path_of(struct job job)
{
    const uint32_t offset = job.block->cell.offset;

    return job.block->tag == OPSWIRE_CIM_INSTANCE
               ? ((const struct opswire_cim_instance *) opswire_cim_at(job.block, offset))->path
               : ((const struct opswire_cim_class *) opswire_cim_at(job.block, offset))->path;
}

enum opswire_status opswire_cim_write_block(struct opswire_cim_writer *writer,
                                            const struct opswire_cim_block *block)
{
    const struct job job = {writer, block};
    const enum opswire_cim_element element = (enum opswire_cim_element) block->element;

    switch (element) {
    case OPSWIRE_CIM_E_VALUE_OBJECT:
    case OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE:
    case OPSWIRE_CIM_E_VALUE_NAMEDOBJECT:
    case OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH:
    case OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH:
    case OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH:
        start(job, element);
        if (path_of(job) != 0)
            path(job, path_of(job));
        object(job, block->tag, block->cell.offset);
        end(job);
        break;
    case OPSWIRE_CIM_E_OBJECTPATH:
        start(job, element);
        path(job, block->cell.offset);
        end(job);
        break;
    case OPSWIRE_CIM_E_VALUE:
        if (block->tag == OPSWIRE_CIM_NULL)
            opswire_cim_write_element(writer, element, NOTHING);
        else
            value(job, block->tag, block->cell);
        break;
    case OPSWIRE_CIM_E_VALUE_ARRAY:
    case OPSWIRE_CIM_E_VALUE_REFARRAY:
    case OPSWIRE_CIM_E_VALUE_REFERENCE:
        value(job, block->tag, block->cell);
        break;
    default:
        if (block->tag == OPSWIRE_CIM_REFERENCE)
            path(job, block->cell.offset);
        else if (block->tag == OPSWIRE_CIM_MEMBER)
            member(job, block->cell.offset);
        else
            object(job, block->tag, block->cell.offset);
        break;
    }
    return writer->xml.status;
}
