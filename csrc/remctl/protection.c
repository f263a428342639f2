#include "machine.h"

enum opswire_status remctl_queue_token(struct opswire_remctl_connection *connection, uint8_t flags,
                                       struct opswire_view payload)
{
    struct opswire_buffer *out = &connection->outgoing;
    const struct opswire_remctl_token token = {flags, payload};
    enum opswire_status status;
    size_t written;

    if (payload.size > OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD)
        return OPSWIRE_OUT_OF_RANGE;
    status = opswire_buffer_reserve(out, OPSWIRE_REMCTL_TOKEN_HEADER_SIZE + payload.size);
    if (status == OPSWIRE_DONE)
        status = opswire_remctl_token_write(token, out->data + out->size, out->capacity - out->size,
                                            &written);
    if (status == OPSWIRE_DONE)
        out->size += written;
    return status;
}

/* What protects the payload writes it straight behind the room that is left for its header. */
enum opswire_status remctl_queue_protected(struct opswire_remctl_connection *connection,
                                           uint8_t flags, struct opswire_view plain,
                                           remctl_protection *protect)
{
    struct opswire_buffer *out = &connection->outgoing;
    const size_t start = out->size;
    enum opswire_status status;
    size_t size;

    if (protect == NULL)
        return OPSWIRE_NO_SECURITY;
    /* All of it now: once a token is numbered, the peer takes no other before it. */
    status = opswire_buffer_reserve(out, OPSWIRE_REMCTL_TOKEN_HEADER_SIZE + plain.size
                                             + OPSWIRE_REMCTL_MAX_PROTECTION);
    if (status != OPSWIRE_DONE)
        return status;
    out->size += OPSWIRE_REMCTL_TOKEN_HEADER_SIZE;
    status = protect(connection->security.context, plain, out);
    size = out->size - start - OPSWIRE_REMCTL_TOKEN_HEADER_SIZE;
    if (status == OPSWIRE_DONE && size > OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD)
        status = OPSWIRE_OUT_OF_RANGE;
    if (status != OPSWIRE_DONE) {
        out->size = start;
        return status;
    }
    opswire_remctl_token_write_header(flags, (uint32_t) size, out->data + start);
    return OPSWIRE_DONE;
}

enum opswire_status remctl_queue_wrapped(struct opswire_remctl_connection *connection,
                                         uint8_t flags)
{
    return remctl_queue_protected(connection, flags, opswire_buffer_view(&connection->message),
                                  connection->security.wrap);
}

enum opswire_status remctl_queue_message(struct opswire_remctl_connection *connection,
                                         const struct opswire_remctl_message *message)
{
    enum opswire_status status;

    connection->message.size = 0;
    status = opswire_remctl_message_write(message, &connection->message);
    if (status == OPSWIRE_DONE)
        status = remctl_queue_wrapped(connection, FLAGS_DATA);
    return status;
}

enum opswire_status remctl_unwrap(struct opswire_remctl_connection *connection,
                                  struct opswire_view token)
{
    if (connection->security.unwrap == NULL)
        return OPSWIRE_NO_SECURITY;
    connection->plain.size = 0;
    return connection->security.unwrap(connection->security.context, token, &connection->plain);
}
