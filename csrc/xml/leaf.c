#include "characters.h"
#include "machine.h"

static inline const uint8_t *skip_space(const uint8_t *at, const uint8_t *end)
{
    while (at < end && xml_is_space(*at))
        at++;
    return at;
}

/* Behind the tag that is expected there; NULL: it is not that one. */
static inline const uint8_t *match_start(const struct xml_kept *kept, const uint8_t *at,
                                         const uint8_t *end)
{
    if (kept == NULL || (size_t) (end - at) < kept->raw_size
        || !xml_same(at, kept->raw, kept->raw_size))
        return NULL;
    return at + kept->raw_size;
}

/* Behind </name>; NULL: it is not there, or longer than a tag may be. */
static inline const uint8_t *match_end(const struct opswire_xml_scanner *scanner,
                                       const struct xml_kept *kept, const uint8_t *at,
                                       const uint8_t *end)
{
    const size_t size = kept->tag.name.size + 3;

    if ((size_t) (end - at) < size || size > scanner->limits.tag || at[0] != '<' || at[1] != '/'
        || at[size - 1] != '>' || !xml_same(at + 2, kept->tag.name.data, size - 3))
        return NULL;
    return at + size;
}

/* Text that may stand as it is, up to the < behind it; NULL: something in it wants a closer look,
 * or its end is not at hand. */
static inline const uint8_t *plain_text(const uint8_t *at, const uint8_t *end, bool *ascii)
{
    for (;;) {
        at = xml_plain(at, end, '<', '&', ']');
        if (at == end)
            return NULL;
        if (*at == '<')
            return at;
        if (*at >= 0x80) {
            uint32_t c;
            const int size = xml_decode(at, end, &c);

            if (size <= 0)
                return NULL;
            *ascii = false;
            at += size;
        } else if (*at == '\n' || *at == '\t') {
            at++;
        } else {
            return NULL;
        }
    }
}

/* Behind the leaf that begins there; NULL: it is none, or not the expected one. */
static inline const uint8_t *match_leaf(const struct opswire_xml_scanner *scanner,
                                        struct xml_kept *kept, const uint8_t *at,
                                        struct opswire_xml_leaf *leaf)
{
    const uint8_t *const end = scanner->end;
    const uint8_t *const text = match_start(kept, at, end);
    const uint8_t *stop;

    if (text == NULL || kept->empty)
        return NULL;
    leaf->ascii = true;
    stop = plain_text(text, end, &leaf->ascii);
    if (stop == NULL || (size_t) (stop - text) > scanner->limits.text)
        return NULL;
    leaf->tag = &kept->tag;
    leaf->text = (struct opswire_view){text, (size_t) (stop - text)};
    return match_end(scanner, kept, stop, end);
}

/* Whether a tag may come, and so many elements in each other. */
static inline bool may_come(const struct opswire_xml_scanner *scanner, uint32_t levels)
{
    return scanner->depth > 0 && scanner->depth + levels <= scanner->limits.depth
           && !scanner->end_pending && scanner->mode == XML_CONTENT
           && scanner->carrying == XML_NOTHING && scanner->broken == OPSWIRE_DONE;
}

bool opswire_xml_peek_leaf(const struct opswire_xml_scanner *scanner, struct opswire_xml_leaf *leaf)
{
    struct xml_kept *const kept = scanner->open[scanner->depth].expected;

    if (kept == NULL || !may_come(scanner, 1))
        return false;
    leaf->behind = match_leaf(scanner, kept, skip_space(scanner->here, scanner->end), leaf);
    return leaf->behind != NULL;
}

bool opswire_xml_peek_wrapped(const struct opswire_xml_scanner *scanner,
                              struct opswire_xml_wrapped *wrapped)
{
    struct xml_kept *const kept = scanner->open[scanner->depth].expected;
    struct opswire_xml_leaf *const leaf = &wrapped->leaf;
    const uint8_t *const end = scanner->end;
    const uint8_t *here;

    if (kept == NULL || !may_come(scanner, 2))
        return false;
    here = match_start(kept, skip_space(scanner->here, end), end);
    if (here == NULL)
        return false;
    wrapped->tag = &kept->tag;
    leaf->tag = NULL;
    leaf->behind = here;
    if (kept->empty)
        return true;
    here = skip_space(here, end);
    leaf->behind = match_leaf(scanner, kept->child, here, leaf);
    if (leaf->behind != NULL)
        here = skip_space(leaf->behind, end);
    else
        leaf->tag = NULL;
    leaf->behind = match_end(scanner, kept, here, end);
    return leaf->behind != NULL;
}

static void pass_over(struct opswire_xml_scanner *scanner, const uint8_t *last_tag,
                      const uint8_t *behind)
{
    struct xml_open *const parent = &scanner->open[scanner->depth];

    parent->latest = parent->expected;
    parent->expected = parent->expected->sibling;
    scanner->told = last_tag;
    scanner->here = behind;
    scanner->brackets = 0;
    scanner->skip_line_feed = false;
    scanner->text_size = 0;
    scanner->carry_told = false;
    scanner->carry.size = 0;
}

void opswire_xml_take_leaf(struct opswire_xml_scanner *scanner, const struct opswire_xml_leaf *leaf)
{
    pass_over(scanner, leaf->text.data + leaf->text.size, leaf->behind);
}

void opswire_xml_take_wrapped(struct opswire_xml_scanner *scanner,
                              const struct opswire_xml_wrapped *wrapped)
{
    const struct xml_kept *const kept = scanner->open[scanner->depth].expected;
    const size_t size = kept->empty ? kept->raw_size : kept->tag.name.size + 3;

    pass_over(scanner, wrapped->leaf.behind - size, wrapped->leaf.behind);
}
