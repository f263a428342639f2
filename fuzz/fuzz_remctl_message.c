/* Messages and argument lists: what was read is written back octet for octet, and a list goes
 * through pieces of any size unchanged.  The first octet of the input chooses that size. */
#include <stdlib.h>
#include <string.h>

#include "opswire/remctl_message.h"

#define HOLD(condition) ((condition) ? (void) 0 : abort())

static void write_back(struct opswire_view plain)
{
    struct opswire_remctl_message message;
    struct opswire_buffer out = {NULL, 0, 0};

    if (opswire_remctl_message_read(plain, &message) != OPSWIRE_DONE)
        return;
    HOLD(opswire_remctl_message_write(&message, &out) == OPSWIRE_DONE);
    HOLD(out.size == plain.size);
    for (size_t i = 0; i < plain.size; i++) {
        /* Every keep-alive but 0 means the same. */
        const bool same = message.type == OPSWIRE_REMCTL_COMMAND && i == 2
                              ? (out.data[i] != 0) == (plain.data[i] != 0)
                              : out.data[i] == plain.data[i];

        HOLD(same);
    }
    opswire_buffer_free(&out);
}

static void write_in_pieces(struct opswire_view list, size_t room)
{
    static struct opswire_view arguments[OPSWIRE_REMCTL_MAX_ARGUMENTS];
    struct opswire_remctl_argument_writer writer = {.arguments = arguments};
    struct opswire_buffer out = {NULL, 0, 0};
    struct opswire_view rest = list;
    enum opswire_status status;
    uint32_t count;

    if (opswire_remctl_arguments_check(list, &count) != OPSWIRE_DONE)
        return;
    HOLD(opswire_view_take_u32(&rest, &count));
    while (writer.count < count)
        HOLD(opswire_remctl_argument_take(&rest, &arguments[writer.count++]));
    HOLD(rest.size == 0 && opswire_remctl_arguments_size(arguments, count) == list.size);
    do {
        const size_t before = out.size;

        status = opswire_remctl_arguments_write(&writer, room, &out);
        HOLD(out.size > before && out.size - before <= room);
        HOLD((status == OPSWIRE_DONE) == (out.size == list.size));
    } while (status == OPSWIRE_MORE);
    HOLD(status == OPSWIRE_DONE && memcmp(out.data, list.data, list.size) == 0);
    opswire_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct opswire_view input = {data, size};
    uint8_t room;

    if (!opswire_view_take_u8(&input, &room))
        return 0;
    write_back(input);
    write_in_pieces(input, 9u + room);
    return 0;
}
