/* Messages and argument lists that are written without memory: then nothing is written, and what is
 * written the next time is what is written with memory. */
#include <string.h>

#include "failing_remctl_moves.h"

enum { MOST = 3000 };

static uint8_t octets[MOST];

/* One after the other, so that each may be the one that the room does not suffice for. */
static void write_messages(struct opswire_buffer *out)
{
    struct opswire_remctl_message message = {.version = OPSWIRE_REMCTL_VERSION, .stream = 1};

    for (uint8_t type = OPSWIRE_REMCTL_COMMAND; type <= OPSWIRE_REMCTL_NOOP; type++) {
        for (size_t size = 0; size < MOST; size = size * 2 + 249) {
            const size_t before = out->size;
            unsigned failures = 0;

            message.type = type;
            message.body = (struct opswire_view){octets, size};
            while (opswire_remctl_message_write(&message, out) == OPSWIRE_NO_MEMORY)
                HOLD(out->size == before && once_more(&failures));
            HOLD(out->size > before);
        }
    }
}

static void write_arguments(struct opswire_buffer *out)
{
    const struct opswire_view arguments[4] = {{octets, 3}, {NULL, 0}, {octets, MOST}, {octets, 1}};
    struct opswire_remctl_argument_writer writer = {.arguments = arguments, .count = 4};
    enum opswire_status status = OPSWIRE_MORE;

    for (size_t room = 9; status == OPSWIRE_MORE; room += 100) {
        const struct opswire_remctl_argument_writer before = writer;
        const size_t size = out->size;
        unsigned failures = 0;

        while ((status = opswire_remctl_arguments_write(&writer, room, out)) == OPSWIRE_NO_MEMORY) {
            HOLD(out->size == size && writer.started == before.started);
            HOLD(writer.index == before.index && writer.offset == before.offset);
            HOLD(once_more(&failures));
        }
    }
    HOLD(status == OPSWIRE_DONE);
}

struct attempt {
    void (*write)(struct opswire_buffer *out);
    uint64_t sum; /* of what is written; 0: not known yet */
};

static void attempt(void *context)
{
    struct attempt *const attempt = context;
    struct opswire_buffer out = {NULL, 0, 0};
    uint64_t sum;

    attempt->write(&out);
    sum = add(0, opswire_buffer_view(&out));
    HOLD(attempt->sum == 0 || attempt->sum == sum);
    attempt->sum = sum;
    opswire_buffer_free(&out);
}

void failing_remctl_messages(void)
{
    struct attempt messages = {write_messages, 0};
    struct attempt arguments = {write_arguments, 0};

    memset(octets, 'x', sizeof(octets));
    memory_fail_each(attempt, &messages, false);
    memory_fail_each(attempt, &arguments, false);
}
