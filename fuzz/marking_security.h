/* Message protection for fuzzing: a letter in front, and failure on demand. */
#ifndef OPSWIRE_MARKING_SECURITY_H
#define OPSWIRE_MARKING_SECURITY_H

#include <stdlib.h>

#include "opswire/remctl_connection.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

struct marking {
    int failing; /* which call from now on fails; 0: none */
};

static inline bool mark_fails(void *context)
{
    struct marking *marking = context;

    return marking->failing > 0 && --marking->failing == 0;
}

static inline enum opswire_status mark(void *context, struct opswire_view octets, uint8_t letter,
                                       struct opswire_buffer *out)
{
    if (mark_fails(context))
        return OPSWIRE_SECURITY_REFUSED;
    HOLD(opswire_buffer_append_u8(out, letter) == OPSWIRE_DONE);
    return opswire_buffer_append(out, octets);
}

static inline enum opswire_status mark_wrap(void *context, struct opswire_view plain,
                                            struct opswire_buffer *out)
{
    return mark(context, plain, 'W', out);
}

static inline enum opswire_status mark_unwrap(void *context, struct opswire_view token,
                                              struct opswire_buffer *out)
{
    uint8_t letter;

    if (!opswire_view_take_u8(&token, &letter) || letter != 'W' || mark_fails(context))
        return OPSWIRE_SECURITY_REFUSED;
    return opswire_buffer_append(out, token);
}

static inline enum opswire_status mark_sign(void *context, struct opswire_view plain,
                                            struct opswire_buffer *out)
{
    plain.size = plain.size < 4 ? plain.size : 4;
    return mark(context, plain, 'M', out);
}

static inline enum opswire_status mark_verify(void *context, struct opswire_view plain,
                                              struct opswire_view mic)
{
    if (plain.size == 0 || mic.size == 0 || mic.data[0] != 'M' || mark_fails(context))
        return OPSWIRE_SECURITY_REFUSED;
    return OPSWIRE_DONE;
}

#endif
