#include "opswire/remctl_message.h"

static bool read_sized(struct opswire_view *rest, struct opswire_view *body)
{
    uint32_t size;

    return opswire_view_take_u32(rest, &size) && opswire_view_take(rest, size, body);
}

static bool read_command(struct opswire_view *rest, struct opswire_remctl_message *message)
{
    uint8_t keep_alive;

    if (!opswire_view_take_u8(rest, &keep_alive)
        || !opswire_view_take_u8(rest, &message->continuation)
        || message->continuation > OPSWIRE_REMCTL_LAST)
        return false;
    message->keep_alive = keep_alive != 0;
    return opswire_view_take(rest, rest->size, &message->body);
}

enum opswire_status opswire_remctl_message_read(struct opswire_view plain,
                                                struct opswire_remctl_message *message)
{
    struct opswire_view rest = plain;
    bool complete;

    *message = (struct opswire_remctl_message){0};
    if (!opswire_view_take_u8(&rest, &message->version)
        || !opswire_view_take_u8(&rest, &message->type))
        return OPSWIRE_MESSAGE_MALFORMED;
    if (message->version != OPSWIRE_REMCTL_VERSION
        && message->version != OPSWIRE_REMCTL_VERSION_NOOP)
        return OPSWIRE_VERSION_UNEXPECTED;
    switch (message->type) {
    case OPSWIRE_REMCTL_COMMAND:
        complete = read_command(&rest, message);
        break;
    case OPSWIRE_REMCTL_OUTPUT:
        complete =
            opswire_view_take_u8(&rest, &message->stream) && read_sized(&rest, &message->body);
        break;
    case OPSWIRE_REMCTL_STATUS:
        complete = opswire_view_take_u8(&rest, &message->exit_status);
        break;
    case OPSWIRE_REMCTL_ERROR:
        complete =
            opswire_view_take_u32(&rest, &message->code) && read_sized(&rest, &message->body);
        break;
    case OPSWIRE_REMCTL_VERSIONS:
        complete = opswire_view_take_u8(&rest, &message->highest);
        break;
    case OPSWIRE_REMCTL_QUIT:
    case OPSWIRE_REMCTL_NOOP:
        complete = true;
        break;
    default:
        return OPSWIRE_TYPE_UNKNOWN;
    }
    if (!complete || rest.size != 0)
        return OPSWIRE_MESSAGE_MALFORMED;
    if (message->type == OPSWIRE_REMCTL_OUTPUT && message->stream != 1 && message->stream != 2)
        return OPSWIRE_STREAM_UNEXPECTED;
    return OPSWIRE_DONE;
}

static size_t prefix_size(uint8_t type)
{
    switch (type) {
    case OPSWIRE_REMCTL_COMMAND:
        return 4;
    case OPSWIRE_REMCTL_OUTPUT:
        return 7;
    case OPSWIRE_REMCTL_ERROR:
        return 10;
    case OPSWIRE_REMCTL_STATUS:
    case OPSWIRE_REMCTL_VERSIONS:
        return 3;
    case OPSWIRE_REMCTL_QUIT:
    case OPSWIRE_REMCTL_NOOP:
        return 2;
    default:
        return 0;
    }
}

enum opswire_status opswire_remctl_message_write(const struct opswire_remctl_message *message,
                                                 struct opswire_buffer *out)
{
    const size_t prefix = prefix_size(message->type);
    enum opswire_status status;

    if (prefix == 0 || message->body.size > OPSWIRE_REMCTL_MESSAGE_MAX - prefix
        || message->continuation > OPSWIRE_REMCTL_LAST
        || (message->type == OPSWIRE_REMCTL_OUTPUT && message->stream != 1 && message->stream != 2))
        return OPSWIRE_OUT_OF_RANGE;
    /* With the room there, none of the appends below can fail. */
    status = opswire_buffer_reserve(out, prefix + message->body.size);
    if (status != OPSWIRE_DONE)
        return status;
    opswire_buffer_append_u8(out, message->version);
    opswire_buffer_append_u8(out, message->type);
    switch (message->type) {
    case OPSWIRE_REMCTL_COMMAND:
        opswire_buffer_append_u8(out, message->keep_alive);
        opswire_buffer_append_u8(out, message->continuation);
        opswire_buffer_append(out, message->body);
        break;
    case OPSWIRE_REMCTL_OUTPUT:
        opswire_buffer_append_u8(out, message->stream);
        opswire_buffer_append_u32(out, (uint32_t) message->body.size);
        opswire_buffer_append(out, message->body);
        break;
    case OPSWIRE_REMCTL_STATUS:
        opswire_buffer_append_u8(out, message->exit_status);
        break;
    case OPSWIRE_REMCTL_ERROR:
        opswire_buffer_append_u32(out, message->code);
        opswire_buffer_append_u32(out, (uint32_t) message->body.size);
        opswire_buffer_append(out, message->body);
        break;
    case OPSWIRE_REMCTL_VERSIONS:
        opswire_buffer_append_u8(out, message->highest);
        break;
    default: /* QUIT and NOOP have no body */
        break;
    }
    return OPSWIRE_DONE;
}

enum opswire_status opswire_remctl_arguments_write(struct opswire_remctl_argument_writer *writer,
                                                   size_t room, struct opswire_buffer *out)
{
    enum opswire_status status;

    if (room < 9)
        return OPSWIRE_OUT_OF_RANGE;
    status = opswire_buffer_reserve(out, room);
    if (status != OPSWIRE_DONE)
        return status;
    if (!writer->started) {
        opswire_buffer_append_u32(out, (uint32_t) writer->count);
        room -= 4;
        writer->started = true;
    }
    for (; writer->index < writer->count; writer->index++, writer->offset = 0) {
        const struct opswire_view argument = writer->arguments[writer->index];
        struct opswire_view piece;

        if (writer->offset == 0) {
            if (room < 4 + (size_t) (argument.size > 0))
                return OPSWIRE_MORE;
            opswire_buffer_append_u32(out, (uint32_t) argument.size);
            room -= 4;
            if (argument.size == 0)
                continue;
        }
        piece.size = argument.size - writer->offset;
        if (piece.size > room)
            piece.size = room;
        piece.data = argument.data + writer->offset;
        opswire_buffer_append(out, piece);
        room -= piece.size;
        writer->offset += piece.size;
        if (writer->offset < argument.size)
            return OPSWIRE_MORE;
    }
    return OPSWIRE_DONE;
}

size_t opswire_remctl_arguments_size(const struct opswire_view *arguments, size_t count)
{
    size_t size = 4;

    for (size_t i = 0; i < count; i++) {
        if (arguments[i].size > UINT32_MAX || size > SIZE_MAX - 4 - arguments[i].size)
            return SIZE_MAX;
        size += 4 + arguments[i].size;
    }
    return size;
}

enum opswire_status opswire_remctl_arguments_check(struct opswire_view list, uint32_t *count)
{
    struct opswire_view argument;

    if (!opswire_view_take_u32(&list, count))
        return OPSWIRE_MESSAGE_MALFORMED;
    if (*count > OPSWIRE_REMCTL_MAX_ARGUMENTS)
        return OPSWIRE_OUT_OF_RANGE;
    for (uint32_t i = 0; i < *count; i++)
        if (!opswire_remctl_argument_take(&list, &argument))
            return OPSWIRE_MESSAGE_MALFORMED;
    return list.size == 0 ? OPSWIRE_DONE : OPSWIRE_MESSAGE_MALFORMED;
}

bool opswire_remctl_argument_take(struct opswire_view *list, struct opswire_view *argument)
{
    return read_sized(list, argument);
}
