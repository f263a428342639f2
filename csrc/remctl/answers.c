#include "machine.h"

/* Far above any MIC of any Kerberos encryption type. */
#define MAX_MIC 10240u

enum opswire_status remctl_read_mic_1(struct opswire_remctl_connection *connection,
                                      const struct opswire_remctl_token *token)
{
    enum opswire_status status;

    if (token->flags != FLAGS_MIC_1)
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    if (token->payload.size > MAX_MIC)
        return remctl_broken(connection, OPSWIRE_TOKEN_TOO_LARGE, (uint32_t) token->payload.size);
    /* message still holds the command as it was wrapped. */
    status = connection->security.verify == NULL
                 ? OPSWIRE_NO_SECURITY
                 : connection->security.verify(connection->security.context,
                                               opswire_buffer_view(&connection->message),
                                               token->payload);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_MIC_1);
    return OPSWIRE_MORE;
}

enum opswire_status remctl_read_reply_1(struct opswire_remctl_connection *connection,
                                        const struct opswire_remctl_token *token,
                                        struct opswire_remctl_event *event)
{
    struct opswire_view rest;
    enum opswire_status status;
    uint32_t exit_status;
    uint32_t size;

    if (token->flags != FLAGS_REPLY_1)
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    status = remctl_unwrap(connection, token->payload);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    rest = opswire_buffer_view(&connection->plain);
    if (!opswire_view_take_u32(&rest, &exit_status) || !opswire_view_take_u32(&rest, &size)
        || rest.size != size)
        return remctl_broken(connection, OPSWIRE_MESSAGE_MALFORMED,
                             (uint32_t) connection->plain.size);
    connection->exit_status = (uint8_t) (exit_status & 0xffu);
    remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_OUTPUT);
    if (rest.size == 0)
        return OPSWIRE_MORE;
    event->type = OPSWIRE_REMCTL_EVENT_OUTPUT;
    event->octets = rest;
    event->stream = 1;
    return OPSWIRE_DONE;
}

enum opswire_status remctl_finish_reply_1(struct opswire_remctl_connection *connection,
                                          struct opswire_remctl_event *event)
{
    remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_STATUS);
    event->type = OPSWIRE_REMCTL_EVENT_STATUS;
    event->number = connection->exit_status;
    return OPSWIRE_DONE;
}

enum opswire_status remctl_read_answer(struct opswire_remctl_connection *connection,
                                       const struct opswire_remctl_token *token,
                                       struct opswire_remctl_event *event)
{
    struct opswire_remctl_message message;
    enum opswire_remctl_step step;
    enum opswire_status status;

    if (token->flags != FLAGS_DATA)
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    status = remctl_unwrap(connection, token->payload);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    status = opswire_remctl_message_read(opswire_buffer_view(&connection->plain), &message);
    switch (status) {
    case OPSWIRE_DONE:
        break;
    case OPSWIRE_VERSION_UNEXPECTED:
        return remctl_broken(connection, status, message.version);
    case OPSWIRE_TYPE_UNKNOWN:
        return remctl_broken(connection, status, message.type);
    case OPSWIRE_STREAM_UNEXPECTED:
        return remctl_broken(connection, status, message.stream);
    default:
        return remctl_broken(connection, status, (uint32_t) connection->plain.size);
    }
    switch (message.type) {
    case OPSWIRE_REMCTL_OUTPUT:
        step = OPSWIRE_REMCTL_RECEIVE_OUTPUT;
        event->type = OPSWIRE_REMCTL_EVENT_OUTPUT;
        event->stream = message.stream;
        break;
    case OPSWIRE_REMCTL_STATUS:
        step = OPSWIRE_REMCTL_RECEIVE_STATUS;
        event->type = OPSWIRE_REMCTL_EVENT_STATUS;
        event->number = message.exit_status;
        break;
    case OPSWIRE_REMCTL_ERROR:
        step = OPSWIRE_REMCTL_RECEIVE_ERROR;
        event->type = OPSWIRE_REMCTL_EVENT_ERROR;
        event->number = message.code;
        break;
    case OPSWIRE_REMCTL_VERSIONS:
        step = OPSWIRE_REMCTL_RECEIVE_VERSIONS;
        event->type = OPSWIRE_REMCTL_EVENT_VERSIONS;
        event->number = message.highest;
        break;
    case OPSWIRE_REMCTL_NOOP:
        step = OPSWIRE_REMCTL_RECEIVE_NOOP;
        event->type = OPSWIRE_REMCTL_EVENT_NOOP;
        break;
    default: /* only clients send COMMAND and QUIT */
        return remctl_broken(connection, OPSWIRE_TYPE_UNEXPECTED, message.type);
    }
    if (!remctl_allowed(connection, step))
        return remctl_broken(connection, OPSWIRE_TYPE_UNEXPECTED, message.type);
    remctl_advance(connection, step);
    event->octets = message.body;
    return OPSWIRE_DONE;
}
