#include <stdlib.h>
#include <string.h>

#include "characters.h"
#include "machine.h"
#include "opswire/keyed_hash.h"

enum { MOST_IN_CHAIN = 16 };

static enum xml_outcome fail(struct opswire_xml_scanner *scanner, enum opswire_xml_error error,
                             const uint8_t *at, const uint8_t **where)
{
    scanner->error = error;
    *where = at;
    return XML_FAILED;
}

bool xml_push(struct opswire_xml_scanner *scanner, struct xml_kept *kept, struct opswire_view name)
{
    struct xml_open *open;

    if (scanner->depth >= scanner->limits.depth) {
        xml_fail(scanner, OPSWIRE_XML_TOO_DEEP, scanner->told);
        return false;
    }
    if (scanner->depth + 1 == scanner->open_capacity) {
        struct xml_open *const grown =
            realloc(scanner->open, 2u * scanner->open_capacity * sizeof(*grown));

        if (grown == NULL) {
            xml_no_memory(scanner);
            return false;
        }
        scanner->open = grown;
        scanner->open_capacity *= 2;
    }
    open = &scanner->open[scanner->depth + 1];
    open->kept = kept;
    open->latest = NULL;
    open->size = (uint32_t) name.size;
    if (kept != NULL) {
        open->name = kept->tag.name.data;
        open->expected = kept->child;
    } else {
        open->name = NULL;
        open->expected = NULL;
        open->offset = scanner->names.size;
        if (opswire_buffer_append(&scanner->names, name) != OPSWIRE_DONE) {
            xml_no_memory(scanner);
            return false;
        }
    }
    if (scanner->depth++ == 0) {
        scanner->root_seen = true;
        scanner->at_start = false;
    }
    scanner->brackets = 0;
    scanner->text_size = 0;
    return true;
}

/* ---- what is in a tag ---- */

static enum xml_outcome read_name(struct opswire_xml_scanner *scanner, const uint8_t **at,
                                  const uint8_t *end, struct opswire_view *name,
                                  const uint8_t **where)
{
    const uint8_t *here = *at;
    uint32_t c;

    name->data = here;
    for (; here < end; here++) {
        const uint8_t octet = *here;

        if (octet >= 0x80) {
            const int size = xml_decode(here, end, &c);

            if (size < 0)
                return XML_INCOMPLETE;
            if (size == 0)
                return fail(scanner, OPSWIRE_XML_BAD_CHARACTER, here, where);
            if (here == *at ? !xml_name_start_beyond(c) : !xml_name_beyond(c))
                return fail(scanner, OPSWIRE_XML_BAD_NAME, here, where);
            here += size - 1;
        } else if ((xml_name_class(octet) & (here == *at ? XML_NAME_START : XML_NAME)) == 0) {
            break;
        }
    }
    if (here == end)
        return XML_INCOMPLETE;
    if (here == *at)
        return fail(scanner, OPSWIRE_XML_BAD_NAME, here, where);
    name->size = (size_t) (here - *at);
    if (name->size > scanner->limits.name)
        return fail(scanner, OPSWIRE_XML_NAME_TOO_LONG, *at, where);
    *at = here;
    return XML_READ;
}

/* A value with references or white space to be replaced; room for it is in scratch. */
static enum xml_outcome unescape_value(struct opswire_xml_scanner *scanner, const uint8_t *from,
                                       const uint8_t *end, struct opswire_view *value,
                                       const uint8_t **where)
{
    uint8_t *const out = scanner->scratch.data + scanner->scratch.size;
    size_t size = 0;

    while (from < end) {
        if (*from == '&') {
            const uint8_t *const stop = memchr(from, ';', (size_t) (end - from));
            enum opswire_xml_error error;
            uint32_t made = 0;

            if (stop == NULL)
                return fail(scanner, OPSWIRE_XML_BAD_REFERENCE, from, where);
            if (stop - from >= (ptrdiff_t) OPSWIRE_XML_MAX_REFERENCE)
                return fail(scanner, OPSWIRE_XML_REFERENCE_TOO_LONG, from, where);
            error = xml_reference(from, (size_t) (stop + 1 - from), out + size, &made);
            if (error != OPSWIRE_XML_SOUND)
                return fail(scanner, error, from, where);
            size += made;
            from = stop + 1;
        } else if (xml_is_space(*from)) {
            out[size++] = ' ';
            from += *from == '\r' && from + 1 < end && from[1] == '\n' ? 2 : 1;
        } else {
            out[size++] = *from++;
        }
    }
    value->data = out;
    value->size = size;
    scanner->scratch.size += size;
    return XML_READ;
}

static enum xml_outcome read_value(struct opswire_xml_scanner *scanner, const uint8_t *tag,
                                   const uint8_t **at, const uint8_t *end,
                                   struct opswire_view *value, bool *reserved,
                                   const uint8_t **where)
{
    const uint8_t quote = **at;
    const uint8_t *const from = *at + 1;
    const uint8_t *here = from;
    bool plain = true;

    for (;;) {
        here = xml_plain(here, end, quote, '&', '<');
        if (here == end)
            return XML_INCOMPLETE;
        if (*here == quote)
            break;
        if (*here == '<')
            return fail(scanner, OPSWIRE_XML_BAD_ATTRIBUTE, here, where);
        if (*here == '&' || xml_is_space(*here)) {
            plain = false;
            here++;
        } else {
            uint32_t c;
            const int size = xml_decode(here, end, &c);

            if (size < 0)
                return XML_INCOMPLETE;
            if (size == 0)
                return fail(scanner, OPSWIRE_XML_BAD_CHARACTER, here, where);
            here += size;
        }
    }
    *at = here + 1;
    if (plain) {
        value->data = from;
        value->size = (size_t) (here - from);
        return XML_READ;
    }
    if (!*reserved) {
        /* For the whole tag at once, so that values that are there already stay where they are. */
        struct xml_search search = {0, 0, 0};
        const uint8_t *const last = xml_find_tag_end(&search, tag, end);

        if (last == NULL)
            return XML_INCOMPLETE;
        scanner->scratch.size = 0;
        if (opswire_buffer_reserve(&scanner->scratch, (size_t) (last - tag) + 8) != OPSWIRE_DONE) {
            xml_no_memory(scanner);
            return XML_FAILED;
        }
        *reserved = true;
    }
    return unescape_value(scanner, from, here, value, where);
}

static enum xml_outcome read_attribute(struct opswire_xml_scanner *scanner, const uint8_t *tag,
                                       const uint8_t **at, const uint8_t *end, uint32_t count,
                                       bool *reserved, const uint8_t **where)
{
    struct opswire_xml_attribute *const attribute = &scanner->attributes[count];
    const uint8_t *const from = *at;
    enum xml_outcome outcome;

    if (count >= scanner->limits.attributes)
        return fail(scanner, OPSWIRE_XML_TOO_MANY_ATTRIBUTES, from, where);
    outcome = read_name(scanner, at, end, &attribute->name, where);
    if (outcome != XML_READ)
        return outcome;
    while (*at < end && xml_is_space(**at))
        ++*at;
    if (*at < end && **at != '=')
        return fail(scanner, OPSWIRE_XML_BAD_ATTRIBUTE, *at, where);
    if (*at < end)
        ++*at;
    while (*at < end && xml_is_space(**at))
        ++*at;
    if (*at == end)
        return XML_INCOMPLETE;
    if (**at != '"' && **at != '\'')
        return fail(scanner, OPSWIRE_XML_BAD_ATTRIBUTE, *at, where);
    for (uint32_t i = 0; i < count; i++) {
        const struct opswire_view *const other = &scanner->attributes[i].name;

        if (other->size == attribute->name.size
            && memcmp(other->data, attribute->name.data, other->size) == 0)
            return fail(scanner, OPSWIRE_XML_DUPLICATE_ATTRIBUTE, from, where);
    }
    return read_value(scanner, tag, at, end, &attribute->value, reserved, where);
}

static enum xml_outcome scan(struct opswire_xml_scanner *scanner, const uint8_t *at,
                             const uint8_t *end, const uint8_t **behind, bool *empty,
                             const uint8_t **where)
{
    struct opswire_xml_tag *const tag = &scanner->tag;
    const uint8_t *here = at + 1;
    bool reserved = false;
    enum xml_outcome outcome = read_name(scanner, &here, end, &tag->name, where);

    tag->attributes = scanner->attributes;
    tag->attribute_count = 0;
    tag->kept = false;
    tag->memo = 0;
    while (outcome == XML_READ) {
        const uint8_t *const before = here;

        while (here < end && xml_is_space(*here))
            here++;
        if (here == end || (*here == '/' && here + 1 == end))
            return XML_INCOMPLETE;
        if (*here == '>' || *here == '/') {
            *empty = *here == '/';
            if (*empty && here[1] != '>')
                return fail(scanner, OPSWIRE_XML_BAD_TAG, here, where);
            *behind = here + (*empty ? 2 : 1);
            return XML_READ;
        }
        if (here == before)
            return fail(scanner, OPSWIRE_XML_BAD_TAG, here, where);
        outcome = read_attribute(scanner, at, &here, end, tag->attribute_count, &reserved, where);
        if (outcome == XML_READ)
            tag->attribute_count++;
    }
    return outcome;
}

static bool is_ascii(struct opswire_view view)
{
    for (size_t i = 0; i < view.size; i++)
        if (view.data[i] >= 0x80)
            return false;
    return true;
}

static bool tag_is_ascii(const struct opswire_xml_tag *tag)
{
    bool ascii = is_ascii(tag->name);

    for (uint32_t i = 0; ascii && i < tag->attribute_count; i++)
        ascii = is_ascii(tag->attributes[i].name) && is_ascii(tag->attributes[i].value);
    return ascii;
}

/* ---- tags that are kept ---- */

static struct opswire_view moved(struct opswire_view view, struct opswire_view raw,
                                 uint8_t *new_raw, uint8_t **tail)
{
    struct opswire_view result = {*tail, view.size};

    /* Not even an empty value begins at the tag's end: what does is an unescaped one in scratch,
     * which an allocator may well have laid there. */
    if (view.data >= raw.data && view.data < raw.data + raw.size) {
        result.data = new_raw + (view.data - raw.data);
        return result;
    }
    memcpy(*tail, view.data, view.size);
    *tail += view.size;
    return result;
}

/* A copy of the tag in one allocation; NULL if it is not to be kept. */
static struct xml_kept *keep(struct opswire_xml_scanner *scanner, struct opswire_view raw,
                             uint32_t sum, bool empty)
{
    const struct opswire_xml_tag *const tag = &scanner->tag;
    const uint32_t count = tag->attribute_count;
    const size_t attributes_size = count * sizeof(struct opswire_xml_attribute);
    /* Unescaped values are shorter than they were. */
    const size_t size = sizeof(struct xml_kept) + attributes_size + 2 * raw.size;
    struct xml_kept **bucket = &scanner->buckets[sum % XML_KEPT_BUCKETS];
    struct opswire_xml_attribute *attributes;
    struct xml_kept *kept;
    uint8_t *copy;
    uint8_t *tail;
    int chain = 0;

    /* What is kept is told again without another look at the limit. */
    if (raw.size > XML_MAX_KEPT_TAG || raw.size > scanner->limits.tag
        || count > XML_MAX_KEPT_ATTRIBUTES || scanner->kept_count >= XML_MAX_KEPT
        || size > XML_MAX_KEPT_SIZE - scanner->kept_size)
        return NULL;
    for (const struct xml_kept *other = *bucket; other != NULL; other = other->chain)
        if (++chain == MOST_IN_CHAIN) /* enough to look through for each tag */
            return NULL;
    kept = malloc(size);
    if (kept == NULL)
        return NULL;
    attributes = (struct opswire_xml_attribute *) (kept + 1);
    copy = (uint8_t *) (attributes + count);
    tail = copy + raw.size;
    memcpy(copy, raw.data, raw.size);
    kept->tag = *tag;
    kept->tag.kept = true;
    kept->tag.ascii = tag_is_ascii(tag);
    kept->tag.attributes = attributes;
    kept->tag.name = moved(tag->name, raw, copy, &tail);
    for (uint32_t i = 0; i < count; i++) {
        attributes[i].name = moved(tag->attributes[i].name, raw, copy, &tail);
        attributes[i].value = moved(tag->attributes[i].value, raw, copy, &tail);
    }
    kept->raw = copy;
    kept->raw_size = (uint32_t) raw.size;
    kept->hash = sum;
    kept->empty = empty;
    kept->child = kept->sibling = NULL;
    kept->chain = *bucket;
    *bucket = kept;
    scanner->kept_count++;
    scanner->kept_size += size;
    return kept;
}

void xml_free_kept(struct opswire_xml_scanner *scanner)
{
    for (size_t i = 0; i < XML_KEPT_BUCKETS; i++) {
        struct xml_kept *kept = scanner->buckets[i];

        while (kept != NULL) {
            struct xml_kept *const next = kept->chain;

            free(kept);
            kept = next;
        }
        scanner->buckets[i] = NULL;
    }
    scanner->kept_count = 0;
    scanner->kept_size = 0;
}

/* The kept tag with these octets, all of them, whatever their quotes mean: they meant the same when
 * it was kept.  */
static struct xml_kept *find(const struct opswire_xml_scanner *scanner, const uint8_t *at,
                             const uint8_t *end)
{
    const size_t most =
        (size_t) (end - at) < XML_MAX_KEPT_TAG ? (size_t) (end - at) : (size_t) XML_MAX_KEPT_TAG;
    const uint8_t *const last = memchr(at, '>', most);
    uint32_t sum;

    if (last == NULL)
        return NULL;
    sum = (uint32_t) opswire_hash((struct opswire_view){at, (size_t) (last + 1 - at)});
    for (struct xml_kept *kept = scanner->buckets[sum % XML_KEPT_BUCKETS]; kept != NULL;
         kept = kept->chain)
        if (kept->hash == sum && kept->raw_size == (size_t) (last + 1 - at)
            && memcmp(kept->raw, at, kept->raw_size) == 0)
            return kept;
    return NULL;
}

enum xml_outcome xml_start_tag(struct opswire_xml_scanner *scanner, const uint8_t *at,
                               const uint8_t *end, struct opswire_xml_token *token, size_t *size,
                               const uint8_t **where)
{
    struct xml_kept *kept = find(scanner, at, end);
    struct xml_open *parent;
    bool empty;

    if (scanner->depth == 0 && scanner->root_seen)
        return fail(scanner, OPSWIRE_XML_SECOND_ROOT, at, where);
    if (kept != NULL) {
        *size = kept->raw_size;
        empty = kept->empty;
    } else {
        const uint8_t *behind;
        const enum xml_outcome outcome = scan(scanner, at, end, &behind, &empty, where);
        struct opswire_view raw;

        if (outcome != XML_READ)
            return outcome;
        *size = (size_t) (behind - at);
        raw.data = at;
        raw.size = *size;
        kept = keep(scanner, raw, (uint32_t) opswire_hash(raw), empty);
        if (kept == NULL)
            scanner->tag.ascii = tag_is_ascii(&scanner->tag);
    }
    token->type = OPSWIRE_XML_START;
    token->tag = kept != NULL ? &kept->tag : &scanner->tag;
    token->name = token->tag->name;
    if (!xml_push(scanner, kept, token->name))
        return XML_FAILED;
    parent = &scanner->open[scanner->depth - 1];
    if (kept != NULL) {
        if (parent->latest != NULL)
            parent->latest->sibling = kept;
        else if (parent->kept != NULL)
            parent->kept->child = kept;
        parent->expected = kept->sibling;
    }
    parent->latest = kept;
    if (scanner->depth == 1)
        parent->expected = NULL; /* there is no second root */
    scanner->end_pending = empty;
    return XML_READ;
}

enum xml_outcome xml_end_tag(struct opswire_xml_scanner *scanner, const uint8_t *at,
                             const uint8_t *end, struct opswire_xml_token *token, size_t *size,
                             const uint8_t **where)
{
    const struct xml_open *const open = &scanner->open[scanner->depth];
    const uint8_t *here = at + 2;
    struct opswire_view name;

    if (scanner->depth == 0)
        return fail(scanner, OPSWIRE_XML_MISMATCHED_END, at, where);
    name = xml_open_name(scanner, open);
    if ((size_t) (end - here) < name.size || memcmp(here, name.data, name.size) != 0)
        return fail(scanner, OPSWIRE_XML_MISMATCHED_END, at, where);
    here += name.size;
    if (here < end && !xml_is_space(*here) && *here != '>')
        return fail(scanner,
                    *here >= 0x80 || xml_name_class(*here) != 0 ? OPSWIRE_XML_MISMATCHED_END
                                                                : OPSWIRE_XML_BAD_TAG,
                    at, where);
    while (here < end && xml_is_space(*here))
        here++;
    if (here == end)
        return XML_INCOMPLETE;
    if (*here != '>')
        return fail(scanner, OPSWIRE_XML_BAD_TAG, here, where);
    *size = (size_t) (here + 1 - at);
    token->type = OPSWIRE_XML_END;
    token->name.data = at + 2;
    token->name.size = name.size;
    if (open->name == NULL)
        scanner->names.size = open->offset;
    scanner->depth--;
    scanner->text_size = 0;
    return XML_READ;
}
