/* Borrowed octets: a pointer and a length, and the one bounds check of every reader.
 *
 * A view owns nothing.  It is valid as long as the octets that it was made from stay in place. */
#ifndef OPSWIRE_VIEW_H
#define OPSWIRE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct opswire_view {
    const uint8_t *data;
    size_t size;
};

/* The initializer of a constant text's view. */
#define OPSWIRE_VIEW(text)                                                                         \
    {                                                                                              \
        (const uint8_t *) (text), sizeof(text) - 1                                                 \
    }

/* Split the first octets off; false, with nothing changed, when there are fewer. */
static inline bool opswire_view_take(struct opswire_view *view, size_t size,
                                     struct opswire_view *taken)
{
    if (size > view->size)
        return false;
    taken->data = view->data;
    taken->size = size;
    if (size > 0) /* data may be NULL in an empty view, and NULL + 0 is undefined in C */
        view->data += size;
    view->size -= size;
    return true;
}

static inline bool opswire_view_take_u8(struct opswire_view *view, uint8_t *value)
{
    struct opswire_view taken;

    if (!opswire_view_take(view, 1, &taken))
        return false;
    *value = taken.data[0];
    return true;
}

/* Network byte order. */
static inline bool opswire_view_take_u32(struct opswire_view *view, uint32_t *value)
{
    struct opswire_view taken;

    if (!opswire_view_take(view, 4, &taken))
        return false;
    *value = (uint32_t) taken.data[0] << 24 | (uint32_t) taken.data[1] << 16
             | (uint32_t) taken.data[2] << 8 | (uint32_t) taken.data[3];
    return true;
}

#endif
