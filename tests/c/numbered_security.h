/* Message protection that protects nothing, and has what a GSS-API library has besides: tokens that
 * it allocates, that are longer than what they protect, and that must come in order. */
#ifndef OPSWIRE_NUMBERED_SECURITY_H
#define OPSWIRE_NUMBERED_SECURITY_H

#include "opswire/remctl_connection.h"

/* As much as Kerberos needs for AES with SHA-2 (RFC 4121, RFC 8009). */
#define NUMBERED_OVERHEAD 72u

struct numbered_security {
    uint8_t wrapped;   /* so many so far, modulo 256 */
    uint8_t unwrapped; /* the number that must be next */
};

/* What a machine is to establish; numbers stays the caller's. */
struct opswire_remctl_security numbered(struct numbered_security *numbers);

/* Wrap into the caller's room of NUMBERED_OVERHEAD octets more, for a peer that is no machine. */
size_t numbered_token(struct numbered_security *numbers, struct opswire_view plain, uint8_t *out);

#endif
