#include "machine.h"

/* Status and length go before the output in a protocol 1 reply. */
#define MAX_OUTPUT_1 (OPSWIRE_REMCTL_MESSAGE_MAX - 8u)

/* What remctld sends as status beside an error text on protocol 1. */
#define ERROR_STATUS_1 0xffffffffu

enum opswire_status opswire_remctl_send_hello(struct opswire_remctl_connection *connection)
{
    const struct opswire_view nothing = {NULL, 0};
    enum opswire_status status;

    if (!remctl_allowed(connection, OPSWIRE_REMCTL_SEND_HELLO))
        return OPSWIRE_FORBIDDEN;
    status = remctl_queue_token(
        connection, connection->state == OPSWIRE_REMCTL_CLIENT_START ? FLAGS_HELLO : FLAGS_HELLO_1,
        nothing);
    if (status == OPSWIRE_DONE)
        remctl_advance(connection, OPSWIRE_REMCTL_SEND_HELLO);
    return status;
}

enum opswire_status opswire_remctl_send_context(struct opswire_remctl_connection *connection,
                                                struct opswire_view token)
{
    enum opswire_status status;

    if (!remctl_allowed(connection, OPSWIRE_REMCTL_SEND_CONTEXT))
        return OPSWIRE_FORBIDDEN;
    status = remctl_queue_token(
        connection, opswire_remctl_protocol(connection) == 1 ? FLAGS_CONTEXT_1 : FLAGS_CONTEXT,
        token);
    if (status == OPSWIRE_DONE)
        remctl_advance(connection, OPSWIRE_REMCTL_SEND_CONTEXT);
    return status;
}

enum opswire_status opswire_remctl_establish(struct opswire_remctl_connection *connection,
                                             struct opswire_remctl_security security,
                                             uint32_t gss_flags)
{
    if (!remctl_allowed(connection, OPSWIRE_REMCTL_ESTABLISH))
        return OPSWIRE_FORBIDDEN;
    /* The draft leaves protocol 1 unchecked, but every client of it has asked for these flags and
     * Kerberos grants them; what is refused here could not have wrapped a command anyway. */
    if ((gss_flags & OPSWIRE_REMCTL_GSS_REQUIRED) != OPSWIRE_REMCTL_GSS_REQUIRED)
        return remctl_broken(connection, OPSWIRE_FLAGS_REFUSED, gss_flags);
    connection->security = security;
    remctl_advance(connection, OPSWIRE_REMCTL_ESTABLISH);
    return OPSWIRE_DONE;
}

static enum opswire_status send_command_1(struct opswire_remctl_connection *connection,
                                          struct opswire_remctl_argument_writer *writer,
                                          size_t size)
{
    enum opswire_status status;

    if (size > OPSWIRE_REMCTL_MESSAGE_MAX)
        return OPSWIRE_TOO_MUCH_DATA;
    connection->message.size = 0;
    status =
        opswire_remctl_arguments_write(writer, OPSWIRE_REMCTL_MESSAGE_MAX, &connection->message);
    if (status == OPSWIRE_DONE)
        status = remctl_queue_wrapped(connection, FLAGS_COMMAND_1);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    remctl_advance(connection, OPSWIRE_REMCTL_SEND_COMMAND);
    return OPSWIRE_DONE;
}

/* What a server sent before it was asked must not pass for the answer to what is asked now. */
static enum opswire_status nothing_unasked(struct opswire_remctl_connection *connection)
{
    struct opswire_remctl_event event;
    enum opswire_status status;
    uint8_t flags;

    if (connection->incoming.size == connection->taken)
        return OPSWIRE_DONE;
    flags = connection->incoming.data[connection->taken];
    status = opswire_remctl_next_event(connection, &event);
    return status < OPSWIRE_DONE ? status
                                 : remctl_broken(connection, OPSWIRE_TOKEN_UNEXPECTED, flags);
}

enum opswire_status opswire_remctl_send_command(struct opswire_remctl_connection *connection,
                                                struct opswire_remctl_argument_writer *writer)
{
    const bool first = !writer->started;
    const uint8_t head[4] = {OPSWIRE_REMCTL_VERSION, OPSWIRE_REMCTL_COMMAND, 1, 0};
    enum opswire_remctl_step step;
    enum opswire_status status;
    bool last;

    if (!remctl_allowed(connection,
                        first ? OPSWIRE_REMCTL_SEND_COMMAND : OPSWIRE_REMCTL_SEND_COMMAND_LAST))
        return OPSWIRE_FORBIDDEN;
    if (first) {
        const enum opswire_status unasked = nothing_unasked(connection);
        const size_t size = opswire_remctl_arguments_size(writer->arguments, writer->count);

        if (unasked != OPSWIRE_DONE)
            return unasked;
        if (size == SIZE_MAX || writer->count > UINT32_MAX)
            return OPSWIRE_OUT_OF_RANGE;
        if (connection->state == OPSWIRE_REMCTL_CLIENT_IDLE_1)
            return send_command_1(connection, writer, size);
    }
    connection->message.size = 0;
    status = opswire_buffer_append(&connection->message, (struct opswire_view){head, sizeof(head)});
    if (status == OPSWIRE_DONE)
        status = opswire_remctl_arguments_write(writer, OPSWIRE_REMCTL_MESSAGE_MAX - sizeof(head),
                                                &connection->message);
    if (status < OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    last = status == OPSWIRE_DONE;
    connection->message.data[3] =
        (uint8_t) (first ? (last ? OPSWIRE_REMCTL_WHOLE : OPSWIRE_REMCTL_FIRST)
                         : (last ? OPSWIRE_REMCTL_LAST : OPSWIRE_REMCTL_MIDDLE));
    status = remctl_queue_wrapped(connection, FLAGS_DATA);
    if (status != OPSWIRE_DONE)
        return remctl_broken(connection, status, 0);
    step = !last ? OPSWIRE_REMCTL_SEND_COMMAND_PART
                 : (first ? OPSWIRE_REMCTL_SEND_COMMAND : OPSWIRE_REMCTL_SEND_COMMAND_LAST);
    remctl_advance(connection, step);
    return last ? OPSWIRE_DONE : OPSWIRE_MORE;
}

static enum opswire_status send_simple(struct opswire_remctl_connection *connection,
                                       enum opswire_remctl_step step, uint8_t version, uint8_t type)
{
    const struct opswire_remctl_message message = {.version = version, .type = type};
    enum opswire_status status;

    if (!remctl_allowed(connection, step))
        return OPSWIRE_FORBIDDEN;
    status = remctl_queue_message(connection, &message);
    if (status == OPSWIRE_DONE)
        remctl_advance(connection, step);
    return status;
}

enum opswire_status opswire_remctl_send_noop(struct opswire_remctl_connection *connection)
{
    if (remctl_allowed(connection, OPSWIRE_REMCTL_SEND_NOOP)) {
        const enum opswire_status unasked = nothing_unasked(connection);

        if (unasked != OPSWIRE_DONE)
            return unasked;
    }
    return send_simple(connection, OPSWIRE_REMCTL_SEND_NOOP, OPSWIRE_REMCTL_VERSION_NOOP,
                       OPSWIRE_REMCTL_NOOP);
}

enum opswire_status opswire_remctl_send_quit(struct opswire_remctl_connection *connection)
{
    return send_simple(connection, OPSWIRE_REMCTL_SEND_QUIT, OPSWIRE_REMCTL_VERSION,
                       OPSWIRE_REMCTL_QUIT);
}

static void answered(struct opswire_remctl_connection *connection, enum opswire_remctl_step step)
{
    remctl_advance(connection, step);
    /* A command may have been 100 MB long; what follows is rarely so. */
    opswire_buffer_free(&connection->command);
    if (!connection->keep_alive && connection->state == OPSWIRE_REMCTL_SERVER_IDLE)
        remctl_advance(connection, OPSWIRE_REMCTL_HANG_UP);
}

static enum opswire_status keep_output_1(struct opswire_remctl_connection *connection,
                                         struct opswire_view octets)
{
    const size_t room = MAX_OUTPUT_1 - connection->command.size;

    if (octets.size > room)
        octets.size = room;
    return opswire_buffer_append(&connection->command, octets);
}

/* What was kept stays as it is: a reply that cannot be queued may be followed by another. */
static enum opswire_status reply_1(struct opswire_remctl_connection *connection,
                                   uint32_t exit_status, struct opswire_view output)
{
    enum opswire_status status;

    if (output.size > MAX_OUTPUT_1)
        output.size = MAX_OUTPUT_1;
    connection->message.size = 0;
    status = opswire_buffer_append_u32(&connection->message, exit_status);
    if (status == OPSWIRE_DONE)
        status = opswire_buffer_append_u32(&connection->message, (uint32_t) output.size);
    if (status == OPSWIRE_DONE)
        status = opswire_buffer_append(&connection->message, output);
    if (status == OPSWIRE_DONE)
        status = remctl_queue_wrapped(connection, FLAGS_REPLY_1);
    return status;
}

enum opswire_status opswire_remctl_send_output(struct opswire_remctl_connection *connection,
                                               uint8_t stream, struct opswire_view octets)
{
    struct opswire_remctl_message message = {
        .version = OPSWIRE_REMCTL_VERSION, .type = OPSWIRE_REMCTL_OUTPUT, .stream = stream};

    if (!remctl_allowed(connection, OPSWIRE_REMCTL_SEND_OUTPUT))
        return OPSWIRE_FORBIDDEN;
    if (stream != 1 && stream != 2)
        return OPSWIRE_OUT_OF_RANGE;
    if (connection->state == OPSWIRE_REMCTL_SERVER_BUSY_1)
        return keep_output_1(connection, octets);
    for (bool begun = false; !begun || octets.size > 0; begun = true) {
        const size_t most = OPSWIRE_REMCTL_MESSAGE_MAX - 7u;
        enum opswire_status status;

        /* What is left fits by construction, so the take cannot fail. */
        opswire_view_take(&octets, octets.size < most ? octets.size : most, &message.body);
        status = remctl_queue_message(connection, &message);
        /* The messages before are numbered and cannot be taken back; nor may they come twice. */
        if (status != OPSWIRE_DONE)
            return begun ? remctl_broken(connection, status, 0) : status;
    }
    return OPSWIRE_DONE;
}

enum opswire_status opswire_remctl_send_status(struct opswire_remctl_connection *connection,
                                               uint8_t exit_status)
{
    const struct opswire_remctl_message message = {.version = OPSWIRE_REMCTL_VERSION,
                                                   .type = OPSWIRE_REMCTL_STATUS,
                                                   .exit_status = exit_status};
    enum opswire_status status;

    if (!remctl_allowed(connection, OPSWIRE_REMCTL_SEND_STATUS))
        return OPSWIRE_FORBIDDEN;
    if (connection->state == OPSWIRE_REMCTL_SERVER_BUSY_1)
        status = reply_1(connection, exit_status, opswire_buffer_view(&connection->command));
    else
        status = remctl_queue_message(connection, &message);
    if (status == OPSWIRE_DONE)
        answered(connection, OPSWIRE_REMCTL_SEND_STATUS);
    return status;
}

enum opswire_status opswire_remctl_send_error(struct opswire_remctl_connection *connection,
                                              uint32_t code, struct opswire_view text)
{
    const struct opswire_remctl_message message = {.version = OPSWIRE_REMCTL_VERSION,
                                                   .type = OPSWIRE_REMCTL_ERROR,
                                                   .code = code,
                                                   .body = text};
    enum opswire_status status;

    if (!remctl_allowed(connection, OPSWIRE_REMCTL_SEND_ERROR))
        return OPSWIRE_FORBIDDEN;
    if (connection->state == OPSWIRE_REMCTL_SERVER_BUSY_1)
        status = reply_1(connection, ERROR_STATUS_1, text);
    else
        status = remctl_queue_message(connection, &message);
    if (status == OPSWIRE_DONE)
        answered(connection, OPSWIRE_REMCTL_SEND_ERROR);
    return status;
}

struct opswire_view opswire_remctl_outgoing(const struct opswire_remctl_connection *connection)
{
    struct opswire_view view = opswire_buffer_view(&connection->outgoing);
    struct opswire_view gone;

    opswire_view_take(&view, connection->sent, &gone);
    return view;
}

void opswire_remctl_sent(struct opswire_remctl_connection *connection, size_t size)
{
    const size_t waiting = connection->outgoing.size - connection->sent;

    connection->sent += size < waiting ? size : waiting;
    /* Whoever never catches up with what is queued must not keep all that was ever sent.  What is
     * moved is shorter than what was sent since the last time, so this stays linear. */
    if (connection->sent > connection->outgoing.size / 2) {
        opswire_buffer_drop(&connection->outgoing, connection->sent);
        connection->sent = 0;
    }
}
