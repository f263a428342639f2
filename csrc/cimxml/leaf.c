#include "machine.h"

/* As cim_admit(), at once for one more of what came before. */
static inline bool admit(struct cim_frame *parent, uint8_t element)
{
    const struct cim_rule *const rule = parent->rule;
    enum opswire_cim_error error;
    uint8_t slot;

    if (parent->first != element || rule->slots[parent->slot].most != 0
        || rule->places[element] != parent->slot + 1)
        return cim_admit(parent, element, &slot, &error);
    parent->counts[parent->slot]++;
    return true;
}

/* Whether the value is sound and there is room for it.  If not, the long way tells that, with its
 * place. */
static inline bool decode(const struct opswire_cim_reader *reader, uint8_t type,
                          struct opswire_view text, struct opswire_cim_scalar *decoded)
{
    return text.size < reader->settings.max_object - reader->work.size
           && opswire_cim_scalar_read(reader->settings.options, cim_text_type(type), text, decoded)
                  == OPSWIRE_CIM_SOUND;
}

static inline enum opswire_status put(struct opswire_cim_reader *reader,
                                      const struct opswire_xml_leaf *leaf,
                                      const struct opswire_cim_scalar *decoded,
                                      struct cim_entry *entry)
{
    const uint32_t offset = (uint32_t) reader->work.size;

    if (decoded->kept.data != NULL && cim_append(reader, leaf->text) != OPSWIRE_DONE)
        return reader->broken;
    return cim_put_value(reader, offset, leaf->text, decoded, leaf->ascii, entry);
}

static inline struct cim_digest *digest_of(const struct opswire_xml_tag *tag)
{
    return (struct cim_digest *) (uintptr_t) tag->memo;
}

enum opswire_status cim_leaf(struct opswire_cim_reader *reader, struct cim_frame *parent)
{
    struct opswire_xml_scanner *const scanner = reader->levels[reader->level].scanner;
    struct opswire_xml_leaf leaf;
    struct opswire_cim_scalar decoded;

    while (opswire_xml_peek_leaf(scanner, &leaf)) {
        const struct cim_digest *const digest = digest_of(leaf.tag);
        bool embedded = parent->embedded;
        struct cim_entry *entry;
        uint8_t type = parent->type;

        if (digest == NULL)
            break;
        if (digest->element == OPSWIRE_CIM_E_KEYVALUE)
            type = cim_key_type(digest);
        else if (digest->element != OPSWIRE_CIM_E_VALUE)
            break;
        else if (parent->element != OPSWIRE_CIM_E_VALUE_ARRAY)
            type = cim_type_within(parent->digest, &embedded);
        if (embedded || !decode(reader, type, leaf.text, &decoded)
            || !admit(parent, digest->element))
            break;
        opswire_xml_take_leaf(scanner, &leaf);
        entry = cim_push(reader);
        if (entry == NULL)
            return reader->broken;
        *entry = (struct cim_entry){.element = digest->element};
        if (put(reader, &leaf, &decoded, entry) != OPSWIRE_DONE)
            return reader->broken;
    }
    return OPSWIRE_MORE;
}

/* What a property or a key says by its type; false: it takes the long way. */
static inline bool decode_wrapped(const struct opswire_cim_reader *reader,
                                  const struct opswire_xml_wrapped *wrapped,
                                  struct opswire_cim_scalar *decoded)
{
    const struct cim_digest *const digest = digest_of(wrapped->tag);
    const struct cim_digest *within;
    bool embedded;
    uint8_t type;

    /* Known in this table, too: making it known may fail. */
    if (digest == NULL || digest->generation != reader->table->generation)
        return false;
    if (wrapped->leaf.tag == NULL)
        return digest->element == OPSWIRE_CIM_E_PROPERTY;
    within = digest_of(wrapped->leaf.tag);
    if (within == NULL)
        return false;
    if (digest->element == OPSWIRE_CIM_E_PROPERTY && within->element == OPSWIRE_CIM_E_VALUE) {
        type = cim_type_within(digest, &embedded);
        return !embedded && decode(reader, type, wrapped->leaf.text, decoded);
    }
    return digest->element == OPSWIRE_CIM_E_KEYBINDING && within->element == OPSWIRE_CIM_E_KEYVALUE
           && decode(reader, cim_key_type(within), wrapped->leaf.text, decoded);
}

enum opswire_status cim_wrapped(struct opswire_cim_reader *reader, struct cim_frame *parent)
{
    struct opswire_xml_scanner *const scanner = reader->levels[reader->level].scanner;
    struct opswire_xml_wrapped wrapped;
    struct opswire_cim_scalar decoded;

    while (opswire_xml_peek_wrapped(scanner, &wrapped)
           && decode_wrapped(reader, &wrapped, &decoded)) {
        const struct cim_digest *const digest = digest_of(wrapped.tag);
        struct cim_entry *entry;

        if (!admit(parent, digest->element))
            break;
        opswire_xml_take_wrapped(scanner, &wrapped);
        reader->block_flags |= digest->block_flags;
        entry = cim_push(reader);
        if (entry == NULL)
            return reader->broken;
        *entry = (struct cim_entry){.element = digest->element, .descriptor = digest->descriptor};
        if (wrapped.leaf.tag != NULL && put(reader, &wrapped.leaf, &decoded, entry) != OPSWIRE_DONE)
            return reader->broken;
    }
    return OPSWIRE_MORE;
}
