#include "numbered_security.h"

#include <string.h>

/* Flipped, so that what was not unwrapped is never taken for the message. */
static void flip(struct opswire_view from, uint8_t *to)
{
    for (size_t i = 0; i < from.size; i++)
        to[i] = from.data[i] ^ 0x5au;
}

size_t numbered_token(struct numbered_security *numbers, struct opswire_view plain, uint8_t *out)
{
    memset(out, 'W', NUMBERED_OVERHEAD);
    out[1] = numbers->wrapped++;
    flip(plain, out + NUMBERED_OVERHEAD);
    return NUMBERED_OVERHEAD + plain.size;
}

/* The token is made, its number is taken, and only then is it moved to where it is wanted. */
static enum opswire_status hand_over(uint8_t *made, size_t size, struct opswire_buffer *out)
{
    const enum opswire_status status =
        opswire_buffer_append(out, (struct opswire_view){made, size});

    free(made);
    return status;
}

static enum opswire_status wrap(void *context, struct opswire_view plain,
                                struct opswire_buffer *out)
{
    uint8_t *const made = malloc(NUMBERED_OVERHEAD + plain.size);

    if (made == NULL)
        return OPSWIRE_NO_MEMORY;
    return hand_over(made, numbered_token(context, plain, made), out);
}

static enum opswire_status unwrap(void *context, struct opswire_view token,
                                  struct opswire_buffer *out)
{
    struct numbered_security *const numbers = context;
    struct opswire_view head;
    uint8_t *made;

    if (!opswire_view_take(&token, NUMBERED_OVERHEAD, &head) || head.data[0] != 'W'
        || head.data[1] != numbers->unwrapped)
        return OPSWIRE_SECURITY_REFUSED;
    made = malloc(token.size + 1);
    if (made == NULL)
        return OPSWIRE_NO_MEMORY;
    numbers->unwrapped++;
    flip(token, made);
    return hand_over(made, token.size, out);
}

static void sum_up(struct opswire_view plain, uint8_t *mic)
{
    memset(mic, 'M', NUMBERED_OVERHEAD);
    for (size_t i = 0; i < plain.size; i++)
        mic[1 + i % 8] = (uint8_t) (mic[1 + i % 8] * 31u + plain.data[i]);
}

static enum opswire_status sign(void *context, struct opswire_view plain,
                                struct opswire_buffer *out)
{
    uint8_t *const made = malloc(NUMBERED_OVERHEAD);

    (void) context;
    if (made == NULL)
        return OPSWIRE_NO_MEMORY;
    sum_up(plain, made);
    return hand_over(made, NUMBERED_OVERHEAD, out);
}

static enum opswire_status verify(void *context, struct opswire_view plain, struct opswire_view mic)
{
    uint8_t right[NUMBERED_OVERHEAD];

    (void) context;
    sum_up(plain, right);
    return mic.size == sizeof(right) && memcmp(mic.data, right, sizeof(right)) == 0
               ? OPSWIRE_DONE
               : OPSWIRE_SECURITY_REFUSED;
}

struct opswire_remctl_security numbered(struct numbered_security *numbers)
{
    return (struct opswire_remctl_security){numbers, wrap, unwrap, sign, verify};
}
