#include <string.h>

#include "machine.h"

enum opswire_status remctl_read_hello(struct opswire_remctl_connection *connection,
                                      const struct opswire_remctl_token *token)
{
    if (token->flags != FLAGS_HELLO && token->flags != FLAGS_HELLO_1)
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    if (token->payload.size != 0)
        return remctl_broken(connection, OPSWIRE_TOKEN_INVALID, (uint32_t) token->payload.size);
    /* To a server that is to speak 1 only, the flag for more means nothing. */
    if (token->flags == FLAGS_HELLO_1)
        connection->protocol = 1;
    remctl_advance(connection, connection->protocol == 2 ? OPSWIRE_REMCTL_RECEIVE_HELLO
                                                         : OPSWIRE_REMCTL_RECEIVE_HELLO_1);
    return OPSWIRE_MORE;
}

/* The texts are the ones that users of remctld know. */
static struct opswire_view refusal_text(uint32_t code)
{
    static const char *const TEXTS[] = {
        [OPSWIRE_REMCTL_ERROR_INTERNAL] = "Internal failure",
        [OPSWIRE_REMCTL_ERROR_BAD_TOKEN] = "Invalid token",
        [OPSWIRE_REMCTL_ERROR_UNKNOWN_MESSAGE] = "Unknown message",
        [OPSWIRE_REMCTL_ERROR_BAD_COMMAND] = "Invalid command token",
        [OPSWIRE_REMCTL_ERROR_UNKNOWN_COMMAND] = "Unknown command",
        [OPSWIRE_REMCTL_ERROR_ACCESS] = "Access denied",
        [OPSWIRE_REMCTL_ERROR_TOO_MANY_ARGUMENTS] = "Too many arguments",
        [OPSWIRE_REMCTL_ERROR_TOO_MUCH_DATA] = "Too much data",
        [OPSWIRE_REMCTL_ERROR_UNEXPECTED_MESSAGE] = "Unexpected message",
    };

    return (struct opswire_view){(const uint8_t *) TEXTS[code], strlen(TEXTS[code])};
}

static enum opswire_status refuse(struct opswire_remctl_connection *connection, uint32_t code,
                                  bool more_may_follow, struct opswire_remctl_event *event)
{
    const struct opswire_remctl_message message = {.version = OPSWIRE_REMCTL_VERSION,
                                                   .type = OPSWIRE_REMCTL_ERROR,
                                                   .code = code,
                                                   .body = refusal_text(code)};
    enum opswire_status status;

    opswire_buffer_free(&connection->command);
    status = remctl_queue_message(connection, &message);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    remctl_advance(connection,
                   more_may_follow ? OPSWIRE_REMCTL_REFUSE_PART : OPSWIRE_REMCTL_REFUSE);
    event->type = OPSWIRE_REMCTL_EVENT_REFUSED;
    event->number = code;
    return OPSWIRE_DONE;
}

/* Refuse a command, and honour its wish to be the last (draft, section 2.6). */
static enum opswire_status refuse_command(struct opswire_remctl_connection *connection,
                                          uint32_t code, bool more_may_follow,
                                          struct opswire_remctl_event *event)
{
    const enum opswire_status status = refuse(connection, code, more_may_follow, event);

    if (status == OPSWIRE_DONE && !more_may_follow && !connection->keep_alive)
        remctl_advance(connection, OPSWIRE_REMCTL_HANG_UP);
    return status;
}

/* A whole argument list has arrived: check it before anybody acts on it. */
static enum opswire_status accept_command(struct opswire_remctl_connection *connection,
                                          struct opswire_view list, enum opswire_remctl_step step,
                                          struct opswire_remctl_event *event)
{
    uint32_t count;

    switch (opswire_remctl_arguments_check(list, &count)) {
    case OPSWIRE_DONE:
        break;
    case OPSWIRE_OUT_OF_RANGE:
        return refuse_command(connection, OPSWIRE_REMCTL_ERROR_TOO_MANY_ARGUMENTS, false, event);
    default:
        return refuse_command(connection, OPSWIRE_REMCTL_ERROR_BAD_COMMAND, false, event);
    }
    remctl_advance(connection, step);
    event->type = OPSWIRE_REMCTL_EVENT_COMMAND;
    event->octets = list;
    return OPSWIRE_DONE;
}

static enum opswire_status read_command(struct opswire_remctl_connection *connection,
                                        const struct opswire_remctl_message *message,
                                        struct opswire_remctl_event *event)
{
    static const enum opswire_remctl_step STEPS[] = {
        [OPSWIRE_REMCTL_WHOLE] = OPSWIRE_REMCTL_RECEIVE_COMMAND_WHOLE,
        [OPSWIRE_REMCTL_FIRST] = OPSWIRE_REMCTL_RECEIVE_COMMAND_FIRST,
        [OPSWIRE_REMCTL_MIDDLE] = OPSWIRE_REMCTL_RECEIVE_COMMAND_MIDDLE,
        [OPSWIRE_REMCTL_LAST] = OPSWIRE_REMCTL_RECEIVE_COMMAND_LAST,
    };
    const enum opswire_remctl_step step = STEPS[message->continuation];
    const bool more = message->continuation == OPSWIRE_REMCTL_FIRST
                      || message->continuation == OPSWIRE_REMCTL_MIDDLE;
    enum opswire_status status;

    connection->keep_alive = message->keep_alive;
    if (!remctl_allowed(connection, step))
        return refuse_command(connection, OPSWIRE_REMCTL_ERROR_BAD_COMMAND, more, event);
    if (connection->state == OPSWIRE_REMCTL_SERVER_DISCARDING
        && message->continuation >= OPSWIRE_REMCTL_MIDDLE) {
        remctl_advance(connection, step);
        if (!more && !connection->keep_alive)
            remctl_advance(connection, OPSWIRE_REMCTL_HANG_UP);
        return OPSWIRE_MORE;
    }
    if (message->continuation == OPSWIRE_REMCTL_WHOLE)
        return accept_command(connection, message->body, step, event);
    if (message->continuation == OPSWIRE_REMCTL_FIRST)
        connection->command.size = 0;
    if (message->body.size > OPSWIRE_REMCTL_MAX_COMMAND - connection->command.size)
        return refuse_command(connection, OPSWIRE_REMCTL_ERROR_TOO_MUCH_DATA, more, event);
    status = opswire_buffer_append(&connection->command, message->body);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    if (!more)
        return accept_command(connection, opswire_buffer_view(&connection->command), step, event);
    remctl_advance(connection, step);
    return OPSWIRE_MORE;
}

static enum opswire_status answer_noop(struct opswire_remctl_connection *connection,
                                       struct opswire_remctl_event *event)
{
    const struct opswire_remctl_message answer = {.version = OPSWIRE_REMCTL_VERSION_NOOP,
                                                  .type = OPSWIRE_REMCTL_NOOP};
    enum opswire_status status;

    if (!remctl_allowed(connection, OPSWIRE_REMCTL_RECEIVE_NOOP))
        return refuse(connection, OPSWIRE_REMCTL_ERROR_UNEXPECTED_MESSAGE, true, event);
    status = remctl_queue_message(connection, &answer);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_NOOP);
    event->type = OPSWIRE_REMCTL_EVENT_NOOP;
    return OPSWIRE_DONE;
}

static enum opswire_status answer_version(struct opswire_remctl_connection *connection,
                                          uint8_t version, struct opswire_remctl_event *event)
{
    const struct opswire_remctl_message answer = {.version = OPSWIRE_REMCTL_VERSION,
                                                  .type = OPSWIRE_REMCTL_VERSIONS,
                                                  .highest = OPSWIRE_REMCTL_VERSION_NOOP};
    const enum opswire_status status = remctl_queue_message(connection, &answer);

    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    event->type = OPSWIRE_REMCTL_EVENT_VERSIONS;
    event->number = version;
    return OPSWIRE_DONE;
}

enum opswire_status remctl_read_request(struct opswire_remctl_connection *connection,
                                        const struct opswire_remctl_token *token,
                                        struct opswire_remctl_event *event)
{
    const bool continued = connection->state != OPSWIRE_REMCTL_SERVER_IDLE;
    struct opswire_remctl_message message;
    enum opswire_status status;

    if (token->flags != FLAGS_DATA)
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    status = remctl_unwrap(connection, token->payload);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    status = opswire_remctl_message_read(opswire_buffer_view(&connection->plain), &message);
    if (status == OPSWIRE_VERSION_UNEXPECTED && message.version > OPSWIRE_REMCTL_VERSION_NOOP)
        return answer_version(connection, message.version, event);
    if (status == OPSWIRE_TYPE_UNKNOWN)
        return refuse(connection, OPSWIRE_REMCTL_ERROR_UNKNOWN_MESSAGE, continued, event);
    if (status != OPSWIRE_DONE)
        return refuse(connection,
                      message.type == OPSWIRE_REMCTL_COMMAND ? OPSWIRE_REMCTL_ERROR_BAD_COMMAND
                                                             : OPSWIRE_REMCTL_ERROR_BAD_TOKEN,
                      continued, event);
    switch (message.type) {
    case OPSWIRE_REMCTL_COMMAND:
        return read_command(connection, &message, event);
    case OPSWIRE_REMCTL_NOOP:
        return answer_noop(connection, event);
    case OPSWIRE_REMCTL_QUIT: /* allowed wherever requests are read */
        remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_QUIT);
        event->type = OPSWIRE_REMCTL_EVENT_QUIT;
        return OPSWIRE_DONE;
    default: /* only servers send the others */
        return refuse(connection, OPSWIRE_REMCTL_ERROR_UNKNOWN_MESSAGE, continued, event);
    }
}

enum opswire_status remctl_read_request_1(struct opswire_remctl_connection *connection,
                                          const struct opswire_remctl_token *token,
                                          struct opswire_remctl_event *event)
{
    enum opswire_status status;
    uint32_t count;

    if (token->flags != FLAGS_COMMAND_1)
        return remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, token->flags);
    status = remctl_unwrap(connection, token->payload);
    if (status == OPSWIRE_DONE
        && opswire_remctl_arguments_check(opswire_buffer_view(&connection->plain), &count)
               != OPSWIRE_DONE)
        status = OPSWIRE_MESSAGE_MALFORMED;
    if (status == OPSWIRE_DONE)
        status =
            remctl_queue_protected(connection, FLAGS_MIC_1, opswire_buffer_view(&connection->plain),
                                   connection->security.sign);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    remctl_advance(connection, OPSWIRE_REMCTL_RECEIVE_COMMAND_1);
    connection->command.size = 0;
    event->type = OPSWIRE_REMCTL_EVENT_COMMAND;
    event->octets = opswire_buffer_view(&connection->plain);
    return OPSWIRE_DONE;
}
