/* The messages inside wrapped remctl tokens (remctl protocol draft, sections 2.2 to 2.8). */
#ifndef OPSWIRE_REMCTL_MESSAGE_H
#define OPSWIRE_REMCTL_MESSAGE_H

#include "opswire/buffer.h"
#include "opswire/status.h"
#include "opswire/view.h"

/* The most that one call of gss_wrap may be given (draft, section 1). */
#define OPSWIRE_REMCTL_MESSAGE_MAX 65536u

/* What remctld accepts; a server of ours does the same. */
#define OPSWIRE_REMCTL_MAX_ARGUMENTS 4096u
#define OPSWIRE_REMCTL_MAX_COMMAND (100u * 1024u * 1024u)

#define OPSWIRE_REMCTL_VERSION 2u      /* of every message but NOOP */
#define OPSWIRE_REMCTL_VERSION_NOOP 3u /* the highest that exists */

enum opswire_remctl_message_type {
    OPSWIRE_REMCTL_COMMAND = 1,
    OPSWIRE_REMCTL_QUIT = 2,
    OPSWIRE_REMCTL_OUTPUT = 3,
    OPSWIRE_REMCTL_STATUS = 4,
    OPSWIRE_REMCTL_ERROR = 5,
    OPSWIRE_REMCTL_VERSIONS = 6, /* MESSAGE_VERSION */
    OPSWIRE_REMCTL_NOOP = 7
};

enum opswire_remctl_continuation {
    OPSWIRE_REMCTL_WHOLE = 0,
    OPSWIRE_REMCTL_FIRST = 1,
    OPSWIRE_REMCTL_MIDDLE = 2,
    OPSWIRE_REMCTL_LAST = 3
};

enum opswire_remctl_error_code {
    OPSWIRE_REMCTL_ERROR_INTERNAL = 1,
    OPSWIRE_REMCTL_ERROR_BAD_TOKEN = 2,
    OPSWIRE_REMCTL_ERROR_UNKNOWN_MESSAGE = 3,
    OPSWIRE_REMCTL_ERROR_BAD_COMMAND = 4,
    OPSWIRE_REMCTL_ERROR_UNKNOWN_COMMAND = 5,
    OPSWIRE_REMCTL_ERROR_ACCESS = 6,
    OPSWIRE_REMCTL_ERROR_TOO_MANY_ARGUMENTS = 7,
    OPSWIRE_REMCTL_ERROR_TOO_MUCH_DATA = 8,
    OPSWIRE_REMCTL_ERROR_UNEXPECTED_MESSAGE = 9,
    OPSWIRE_REMCTL_ERROR_NO_HELP = 10
};

/* One message.  Members that a type does not use are zero. */
struct opswire_remctl_message {
    uint8_t version;
    uint8_t type;
    bool keep_alive;          /* COMMAND */
    uint8_t continuation;     /* COMMAND */
    uint8_t stream;           /* OUTPUT: 1 standard output, 2 standard error */
    uint8_t exit_status;      /* STATUS */
    uint8_t highest;          /* VERSION: what the sender supports at most */
    uint32_t code;            /* ERROR */
    struct opswire_view body; /* COMMAND: a piece of the argument list; OUTPUT and ERROR: octets */
};

/* Read one message; borrows plain, body points into it.  On failure version and type are set as
 * far as they could be read.  MESSAGE_MALFORMED, VERSION_UNEXPECTED, TYPE_UNKNOWN,
 * STREAM_UNEXPECTED. */
enum opswire_status opswire_remctl_message_read(struct opswire_view plain,
                                                struct opswire_remctl_message *message);

/* Append one message.  OUT_OF_RANGE: no such type, stream or continuation, or the whole would be
 * longer than OPSWIRE_REMCTL_MESSAGE_MAX; nothing was appended then, nor with NO_MEMORY. */
enum opswire_status opswire_remctl_message_write(const struct opswire_remctl_message *message,
                                                 struct opswire_buffer *out);

/* An argument list on its way out, in pieces that fit a message.  The views and what they point to
 * stay the caller's and must stay in place until the last piece is written. */
struct opswire_remctl_argument_writer {
    const struct opswire_view *arguments;
    size_t count;
    size_t index;  /* the argument at hand; set to 0 */
    size_t offset; /* how much of it is written; set to 0 */
    bool started;  /* the count is written; set to false */
};

/* Append the next piece of at most room octets (at least 9).  Neither the count nor a length is
 * split, and no length ends a piece unless its argument is empty.  DONE: it was the last.
 * NO_MEMORY: nothing was appended, and the same piece may be written again. */
enum opswire_status opswire_remctl_arguments_write(struct opswire_remctl_argument_writer *writer,
                                                   size_t room, struct opswire_buffer *out);

/* The size of the whole argument list on the wire; SIZE_MAX when it cannot be told in size_t. */
size_t opswire_remctl_arguments_size(const struct opswire_view *arguments, size_t count);

/* Check a whole argument list and tell the count.  MESSAGE_MALFORMED when lengths and octets
 * disagree, OUT_OF_RANGE with more than OPSWIRE_REMCTL_MAX_ARGUMENTS. */
enum opswire_status opswire_remctl_arguments_check(struct opswire_view list, uint32_t *count);

/* Take the next argument off a list that passed the check (after its count was taken). */
bool opswire_remctl_argument_take(struct opswire_view *list, struct opswire_view *argument);

#endif
