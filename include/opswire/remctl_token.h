/* The outer framing of remctl: flags, length, payload (remctl protocol draft, section 1). */
#ifndef OPSWIRE_REMCTL_TOKEN_H
#define OPSWIRE_REMCTL_TOKEN_H

#include "opswire/status.h"
#include "opswire/view.h"

#define OPSWIRE_REMCTL_TOKEN_HEADER_SIZE 5u

/* The draft counts the header in; deployed peers do not, so a reader must be the generous one. */
#define OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD 1048576u

enum opswire_remctl_token_flag {
    OPSWIRE_REMCTL_TOKEN_NOOP = 0x01,
    OPSWIRE_REMCTL_TOKEN_CONTEXT = 0x02,
    OPSWIRE_REMCTL_TOKEN_DATA = 0x04,
    OPSWIRE_REMCTL_TOKEN_MIC = 0x08,
    OPSWIRE_REMCTL_TOKEN_CONTEXT_NEXT = 0x10,
    OPSWIRE_REMCTL_TOKEN_SEND_MIC = 0x20,
    OPSWIRE_REMCTL_TOKEN_PROTOCOL = 0x40
};

struct opswire_remctl_token {
    uint8_t flags;
    struct opswire_view payload;
};

/* Read one token from the start of input.  Borrows input: payload points into it.
 * DONE: *size is the size of the whole token.  MORE: *size is the least that input must hold for
 * progress.  TOKEN_TOO_LARGE as soon as the header says so. */
enum opswire_status opswire_remctl_token_read(struct opswire_view input,
                                              struct opswire_remctl_token *token, size_t *size);

/* Write the five octets that go before a payload of that size. */
void opswire_remctl_token_write_header(uint8_t flags, uint32_t payload_size,
                                       uint8_t header[OPSWIRE_REMCTL_TOKEN_HEADER_SIZE]);

/* Write a whole token into the caller's room.  DONE: *size octets were written.  MORE: nothing was
 * written, *size is the room needed.  OUT_OF_RANGE: the payload is too long for any token. */
enum opswire_status opswire_remctl_token_write(struct opswire_remctl_token token, uint8_t *out,
                                               size_t room, size_t *size);

#endif
