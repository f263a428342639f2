/* Tokens: a reader stays inside its input, says the same of every beginning of it, and what it has
 * read is written back octet for octet. */
#include <stdlib.h>
#include <string.h>

#include "opswire/remctl_token.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct opswire_view input = {data, size};
    struct opswire_remctl_token token;
    uint8_t *out;
    size_t whole;
    size_t found;
    const enum opswire_status status = opswire_remctl_token_read(input, &token, &whole);

    HOLD(status == OPSWIRE_DONE || status == OPSWIRE_MORE || status == OPSWIRE_TOKEN_TOO_LARGE);
    HOLD(status != OPSWIRE_MORE || whole > size);
    for (size_t end = 0; end < size && end < 600; end++) {
        struct opswire_remctl_token part;
        const enum opswire_status before =
            opswire_remctl_token_read((struct opswire_view){data, end}, &part, &found);

        if (end < OPSWIRE_REMCTL_TOKEN_HEADER_SIZE)
            HOLD(before == OPSWIRE_MORE && found == OPSWIRE_REMCTL_TOKEN_HEADER_SIZE);
        else if (status == OPSWIRE_TOKEN_TOO_LARGE)
            HOLD(before == status);
        else
            HOLD(found == whole && before == (end < whole ? OPSWIRE_MORE : OPSWIRE_DONE));
    }
    if (status != OPSWIRE_DONE)
        return 0;
    HOLD(whole <= size && whole == OPSWIRE_REMCTL_TOKEN_HEADER_SIZE + token.payload.size);
    out = malloc(whole); /* of the exact size: an octet too many is seen */
    HOLD(out != NULL);
    HOLD(opswire_remctl_token_write(token, out, whole - 1, &found) == OPSWIRE_MORE);
    HOLD(found == whole);
    HOLD(opswire_remctl_token_write(token, out, whole, &found) == OPSWIRE_DONE);
    HOLD(found == whole && memcmp(out, data, whole) == 0);
    free(out);
    return 0;
}
