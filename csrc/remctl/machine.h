/* What the .c files of the remctl machine share among themselves.  Nobody else includes this.
 *
 *     connection.c  life, octets in, events
 *     protection.c  tokens out, and what protects their payloads and those that come in
 *     sending.c     messages out, both roles
 *     answers.c     what a client reads
 *     requests.c    what a server reads, and refuses */
#ifndef OPSWIRE_REMCTL_MACHINE_H
#define OPSWIRE_REMCTL_MACHINE_H

#include "opswire/remctl_connection.h"
#include "opswire/remctl_token.h"

/* The combinations of token flags that the draft allows. */
enum {
    FLAGS_HELLO = OPSWIRE_REMCTL_TOKEN_NOOP | OPSWIRE_REMCTL_TOKEN_CONTEXT_NEXT
                  | OPSWIRE_REMCTL_TOKEN_PROTOCOL,
    FLAGS_CONTEXT = OPSWIRE_REMCTL_TOKEN_CONTEXT | OPSWIRE_REMCTL_TOKEN_PROTOCOL,
    FLAGS_DATA = OPSWIRE_REMCTL_TOKEN_DATA | OPSWIRE_REMCTL_TOKEN_PROTOCOL,
    FLAGS_HELLO_1 = OPSWIRE_REMCTL_TOKEN_NOOP | OPSWIRE_REMCTL_TOKEN_CONTEXT_NEXT,
    FLAGS_CONTEXT_1 = OPSWIRE_REMCTL_TOKEN_CONTEXT,
    FLAGS_COMMAND_1 = OPSWIRE_REMCTL_TOKEN_DATA | OPSWIRE_REMCTL_TOKEN_SEND_MIC,
    FLAGS_MIC_1 = OPSWIRE_REMCTL_TOKEN_MIC,
    FLAGS_REPLY_1 = OPSWIRE_REMCTL_TOKEN_DATA
};

struct opswire_remctl_connection {
    enum opswire_remctl_state state;
    enum opswire_status broken; /* DONE while sound */
    bool ended;
    struct opswire_remctl_security security;

    struct opswire_buffer incoming;
    size_t taken;    /* octets of incoming that are dealt with */
    size_t wanted;   /* octets behind them that the next token needs at least */
    uint64_t offset; /* octets received before incoming.data + taken */
    uint32_t found;

    struct opswire_buffer outgoing;
    size_t sent;

    struct opswire_buffer message; /* plaintext on its way out */
    struct opswire_buffer plain;   /* the last decrypted message */
    struct opswire_buffer command; /* server: arguments as they arrive; protocol 1: output kept */
    bool keep_alive;               /* server: of the command at hand */
    uint8_t exit_status;           /* protocol 1 client: of the reply at hand */
    int protocol;                  /* 2, or 1 once that is known */
};

static inline bool remctl_allowed(const struct opswire_remctl_connection *connection,
                                  enum opswire_remctl_step step)
{
    return connection->broken == OPSWIRE_DONE
           && opswire_remctl_transition(connection->state, step) != OPSWIRE_REMCTL_FORBIDDEN;
}

static inline void remctl_advance(struct opswire_remctl_connection *connection,
                                  enum opswire_remctl_step step)
{
    connection->state = opswire_remctl_transition(connection->state, step);
}

static inline enum opswire_status remctl_broken(struct opswire_remctl_connection *connection,
                                                enum opswire_status status, uint32_t found)
{
    connection->broken = status;
    connection->found = found;
    return status;
}

/* protection.c: queue a token as it is; one whose payload is protected plaintext;
 * connection->message as one; a message as one.  Nothing is queued on a failure. */
typedef enum opswire_status remctl_protection(void *context, struct opswire_view plain,
                                              struct opswire_buffer *out);

enum opswire_status remctl_queue_token(struct opswire_remctl_connection *connection, uint8_t flags,
                                       struct opswire_view payload);
enum opswire_status remctl_queue_protected(struct opswire_remctl_connection *connection,
                                           uint8_t flags, struct opswire_view plain,
                                           remctl_protection *protect);
enum opswire_status remctl_queue_wrapped(struct opswire_remctl_connection *connection,
                                         uint8_t flags);
enum opswire_status remctl_queue_message(struct opswire_remctl_connection *connection,
                                         const struct opswire_remctl_message *message);

/* Decrypt into connection->plain. */
enum opswire_status remctl_unwrap(struct opswire_remctl_connection *connection,
                                  struct opswire_view token);

/* The readers: DONE fills event; MORE: the token was dealt with and is no event. */

/* answers.c */
enum opswire_status remctl_read_answer(struct opswire_remctl_connection *connection,
                                       const struct opswire_remctl_token *token,
                                       struct opswire_remctl_event *event);
enum opswire_status remctl_read_mic_1(struct opswire_remctl_connection *connection,
                                      const struct opswire_remctl_token *token);
enum opswire_status remctl_read_reply_1(struct opswire_remctl_connection *connection,
                                        const struct opswire_remctl_token *token,
                                        struct opswire_remctl_event *event);
enum opswire_status remctl_finish_reply_1(struct opswire_remctl_connection *connection,
                                          struct opswire_remctl_event *event);

/* requests.c */
enum opswire_status remctl_read_hello(struct opswire_remctl_connection *connection,
                                      const struct opswire_remctl_token *token);
enum opswire_status remctl_read_request(struct opswire_remctl_connection *connection,
                                        const struct opswire_remctl_token *token,
                                        struct opswire_remctl_event *event);
enum opswire_status remctl_read_request_1(struct opswire_remctl_connection *connection,
                                          const struct opswire_remctl_token *token,
                                          struct opswire_remctl_event *event);

#endif
