#include "machine.h"

static const uint8_t *find_instruction_end(struct xml_search *search, const uint8_t *from,
                                           const uint8_t *end)
{
    for (; from < end; from++) {
        /* <?> is no end: its question mark has begun the instruction. */
        if (*from == '>' && search->last == '?' && search->seen > 2)
            return from;
        search->last = *from;
        if (search->seen < 3)
            search->seen++;
    }
    return NULL;
}

/* The > of a DOCTYPE, or the [ of an internal subset. */
static const uint8_t *find_doctype_end(struct xml_search *search, const uint8_t *from,
                                       const uint8_t *end)
{
    for (; from < end; from++) {
        if (search->quote != 0) {
            if (*from == search->quote)
                search->quote = 0;
        } else if (*from == '>' || *from == '[') {
            return from;
        } else if (*from == '"' || *from == '\'') {
            search->quote = *from;
        }
    }
    return NULL;
}

const uint8_t *xml_find_end(struct opswire_xml_scanner *scanner, enum xml_carry kind,
                            const uint8_t *from, const uint8_t *end)
{
    if (kind == XML_TAG)
        return xml_find_tag_end(&scanner->search, from, end);
    if (kind == XML_INSTRUCTION)
        return find_instruction_end(&scanner->search, from, end);
    return find_doctype_end(&scanner->search, from, end);
}

enum opswire_status xml_keep(struct opswire_xml_scanner *scanner, const uint8_t *end)
{
    const struct opswire_view octets = {scanner->here, (size_t) (end - scanner->here)};

    if (opswire_buffer_append(&scanner->carry, octets) != OPSWIRE_DONE)
        return xml_no_memory(scanner);
    scanner->here = end;
    return XML_ON;
}

enum opswire_status xml_carry_rest(struct opswire_xml_scanner *scanner, enum xml_carry kind)
{
    scanner->carry_mark = xml_position(scanner, scanner->here);
    scanner->carrying = kind;
    scanner->carry.size = 0;
    scanner->carry_told = false;
    return xml_keep(scanner, scanner->end);
}
