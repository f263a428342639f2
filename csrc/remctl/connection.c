#include <stdlib.h>

#include "machine.h"

struct opswire_remctl_connection *opswire_remctl_connection_new(enum opswire_remctl_role role,
                                                                int protocol)
{
    struct opswire_remctl_connection *connection;

    if ((role != OPSWIRE_REMCTL_CLIENT && role != OPSWIRE_REMCTL_SERVER)
        || (protocol != 1 && protocol != 2))
        return NULL;
    connection = calloc(1, sizeof(*connection));
    if (connection == NULL)
        return NULL;
    connection->protocol = protocol;
    connection->wanted = OPSWIRE_REMCTL_TOKEN_HEADER_SIZE;
    if (role == OPSWIRE_REMCTL_SERVER)
        connection->state = OPSWIRE_REMCTL_SERVER_START;
    else
        connection->state =
            protocol == 2 ? OPSWIRE_REMCTL_CLIENT_START : OPSWIRE_REMCTL_CLIENT_START_1;
    return connection;
}

void opswire_remctl_connection_free(struct opswire_remctl_connection *connection)
{
    if (connection == NULL)
        return;
    opswire_buffer_free(&connection->incoming);
    opswire_buffer_free(&connection->outgoing);
    opswire_buffer_free(&connection->message);
    opswire_buffer_free(&connection->plain);
    opswire_buffer_free(&connection->command);
    free(connection);
}

/* Move what is not dealt with to the front, once it is cheaper than growing. */
static void compact(struct opswire_remctl_connection *connection, size_t wish)
{
    struct opswire_buffer *in = &connection->incoming;

    if (connection->taken == in->size)
        in->size = connection->taken = 0;
    if (connection->taken > 0 && in->capacity - in->size < wish) {
        opswire_buffer_drop(in, connection->taken);
        connection->taken = 0;
    }
}

enum opswire_status opswire_remctl_room(struct opswire_remctl_connection *connection, size_t wish,
                                        uint8_t **room, size_t *size)
{
    struct opswire_buffer *in = &connection->incoming;
    enum opswire_status status;

    compact(connection, wish);
    status = opswire_buffer_reserve(in, wish);
    if (status == OPSWIRE_DONE) {
        *room = in->data + in->size;
        *size = in->capacity - in->size;
    }
    return status;
}

void opswire_remctl_received(struct opswire_remctl_connection *connection, size_t size)
{
    connection->incoming.size += size;
}

enum opswire_status opswire_remctl_receive(struct opswire_remctl_connection *connection,
                                           struct opswire_view octets)
{
    compact(connection, octets.size);
    return opswire_buffer_append(&connection->incoming, octets);
}

void opswire_remctl_receive_end(struct opswire_remctl_connection *connection)
{
    connection->ended = true;
}

size_t opswire_remctl_missing(const struct opswire_remctl_connection *connection)
{
    const size_t there = connection->incoming.size - connection->taken;

    return there < connection->wanted ? connection->wanted - there : 0;
}

/* MORE: the token was dealt with and is no event. */
static enum opswire_status read_context(struct opswire_remctl_connection *connection,
                                        const struct opswire_remctl_token *token,
                                        struct opswire_remctl_event *event)
{
    const enum opswire_remctl_step step = token->flags == FLAGS_CONTEXT
                                              ? OPSWIRE_REMCTL_RECEIVE_CONTEXT
                                              : OPSWIRE_REMCTL_RECEIVE_CONTEXT_1;

    if ((token->flags != FLAGS_CONTEXT && token->flags != FLAGS_CONTEXT_1)
        || !remctl_allowed(connection, step))
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    remctl_advance(connection, step);
    if (step == OPSWIRE_REMCTL_RECEIVE_CONTEXT_1)
        connection->protocol = 1;
    event->type = OPSWIRE_REMCTL_EVENT_CONTEXT;
    event->octets = token->payload;
    return OPSWIRE_DONE;
}

static enum opswire_status read_token(struct opswire_remctl_connection *connection,
                                      const struct opswire_remctl_token *token,
                                      struct opswire_remctl_event *event)
{
    switch (connection->state) {
    case OPSWIRE_REMCTL_CLIENT_GREETED:
    case OPSWIRE_REMCTL_CLIENT_NEGOTIATING:
    case OPSWIRE_REMCTL_CLIENT_NEGOTIATING_1:
    case OPSWIRE_REMCTL_SERVER_NEGOTIATING:
    case OPSWIRE_REMCTL_SERVER_NEGOTIATING_1:
        return read_context(connection, token, event);
    case OPSWIRE_REMCTL_CLIENT_IDLE:
    case OPSWIRE_REMCTL_CLIENT_SENDING:
    case OPSWIRE_REMCTL_CLIENT_BUSY:
    case OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED:
    case OPSWIRE_REMCTL_CLIENT_NOOP:
        return remctl_read_answer(connection, token, event);
    case OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1:
        return remctl_read_mic_1(connection, token);
    case OPSWIRE_REMCTL_CLIENT_BUSY_1:
        return remctl_read_reply_1(connection, token, event);
    case OPSWIRE_REMCTL_SERVER_START:
        return remctl_read_hello(connection, token);
    case OPSWIRE_REMCTL_SERVER_IDLE:
    case OPSWIRE_REMCTL_SERVER_COLLECTING:
    case OPSWIRE_REMCTL_SERVER_DISCARDING:
        return remctl_read_request(connection, token, event);
    case OPSWIRE_REMCTL_SERVER_IDLE_1:
        return remctl_read_request_1(connection, token, event);
    default: /* a client that has said nothing yet, or has sent no command on protocol 1 */
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    }
}

static enum opswire_status too_large(struct opswire_remctl_connection *connection,
                                     struct opswire_view input)
{
    uint8_t flags;
    uint32_t length = 0;

    /* The header is there, or the token would not have been found too large. */
    if (opswire_view_take_u8(&input, &flags))
        opswire_view_take_u32(&input, &length);
    return remctl_broken(connection, OPSWIRE_TOKEN_TOO_LARGE, length);
}

static enum opswire_status at_end(struct opswire_remctl_connection *connection,
                                  struct opswire_remctl_event *event)
{
    if (connection->state != OPSWIRE_REMCTL_CLOSED) {
        if (connection->incoming.size > connection->taken
            || !remctl_allowed(connection, OPSWIRE_REMCTL_RECEIVE_END))
            return remctl_broken(connection, OPSWIRE_END_OF_FILE,
                                 (uint32_t) (connection->incoming.size - connection->taken));
        remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_END);
    }
    event->type = OPSWIRE_REMCTL_EVENT_CLOSED;
    return OPSWIRE_DONE;
}

enum opswire_status opswire_remctl_next_event(struct opswire_remctl_connection *connection,
                                              struct opswire_remctl_event *event)
{
    *event = (struct opswire_remctl_event){0};
    for (;;) {
        struct opswire_remctl_token token;
        struct opswire_view input = opswire_buffer_view(&connection->incoming);
        struct opswire_view gone;
        enum opswire_status status;
        size_t size;

        if (connection->broken != OPSWIRE_DONE)
            return connection->broken;
        switch (connection->state) {
        case OPSWIRE_REMCTL_SERVER_BUSY:
        case OPSWIRE_REMCTL_SERVER_BUSY_1:
            return OPSWIRE_PAUSED;
        case OPSWIRE_REMCTL_CLIENT_REPLIED_1:
            return remctl_finish_reply_1(connection, event);
        case OPSWIRE_REMCTL_CLIENT_SPENT:
        case OPSWIRE_REMCTL_CLOSED: /* nothing that comes now can matter */
            connection->taken = connection->incoming.size;
            break;
        default:
            break;
        }
        opswire_view_take(&input, connection->taken, &gone);
        status = opswire_remctl_token_read(input, &token, &size);
        connection->wanted = size;
        if (status == OPSWIRE_MORE)
            return connection->ended ? at_end(connection, event) : OPSWIRE_MORE;
        if (status != OPSWIRE_DONE)
            return too_large(connection, input);
        connection->taken += size;
        connection->wanted = OPSWIRE_REMCTL_TOKEN_HEADER_SIZE;
        status = read_token(connection, &token, event);
        if (status < OPSWIRE_DONE)
            return status;
        connection->offset += size;
        if (status == OPSWIRE_DONE)
            return OPSWIRE_DONE;
    }
}

void opswire_remctl_event_lost(struct opswire_remctl_connection *connection)
{
    remctl_broken(connection, OPSWIRE_NO_MEMORY, 0);
}

enum opswire_remctl_state
opswire_remctl_state_of(const struct opswire_remctl_connection *connection)
{
    return connection->state;
}

int opswire_remctl_protocol(const struct opswire_remctl_connection *connection)
{
    return connection->protocol;
}

uint32_t opswire_remctl_found(const struct opswire_remctl_connection *connection)
{
    return connection->found;
}

uint64_t opswire_remctl_offset(const struct opswire_remctl_connection *connection)
{
    return connection->offset;
}
