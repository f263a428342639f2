#include "opswire/remctl_token.h"

#include <string.h>

_Static_assert(OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD <= UINT32_MAX - OPSWIRE_REMCTL_TOKEN_HEADER_SIZE,
               "the size of a whole token is 32 bits");

enum opswire_status opswire_remctl_token_read(struct opswire_view input,
                                              struct opswire_remctl_token *token, size_t *size)
{
    struct opswire_view rest = input;
    uint32_t length;

    *size = OPSWIRE_REMCTL_TOKEN_HEADER_SIZE;
    if (!opswire_view_take_u8(&rest, &token->flags) || !opswire_view_take_u32(&rest, &length))
        return OPSWIRE_MORE;
    if (length > OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD)
        return OPSWIRE_TOKEN_TOO_LARGE;
    *size += length;
    if (!opswire_view_take(&rest, length, &token->payload))
        return OPSWIRE_MORE;
    return OPSWIRE_DONE;
}

void opswire_remctl_token_write_header(uint8_t flags, uint32_t payload_size,
                                       uint8_t header[OPSWIRE_REMCTL_TOKEN_HEADER_SIZE])
{
    header[0] = flags;
    header[1] = (uint8_t) (payload_size >> 24);
    header[2] = (uint8_t) (payload_size >> 16);
    header[3] = (uint8_t) (payload_size >> 8);
    header[4] = (uint8_t) payload_size;
}

enum opswire_status opswire_remctl_token_write(struct opswire_remctl_token token, uint8_t *out,
                                               size_t room, size_t *size)
{
    if (token.payload.size > OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD)
        return OPSWIRE_OUT_OF_RANGE;
    *size = OPSWIRE_REMCTL_TOKEN_HEADER_SIZE + token.payload.size;
    if (room < *size)
        return OPSWIRE_MORE;
    opswire_remctl_token_write_header(token.flags, (uint32_t) token.payload.size, out);
    if (token.payload.size > 0)
        memcpy(out + OPSWIRE_REMCTL_TOKEN_HEADER_SIZE, token.payload.data, token.payload.size);
    return OPSWIRE_DONE;
}
