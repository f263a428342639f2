/* The whole machine, either role.  The input is a list of steps: octets that arrive, raw or wrapped
 * as a message, our sends, the peer's end, protection that fails.
 *
 * Two machines take the same steps, one in whole pieces and one octet by octet.  They must say the
 * same; what is broken stays broken; nothing but CLOSED comes from a closed one; missing() never
 * asks for more than it takes to say something; memory follows what has arrived. */
#include <stdlib.h>
#include <string.h>

#include "marking_security.h"
#include "remctl/machine.h"

struct side {
    struct opswire_remctl_connection *machine;
    struct marking marking;
    enum opswire_status status; /* of the last next_event */
    uint64_t events;            /* a sum over all events */
    size_t fed;
};

static uint64_t add(uint64_t sum, const void *octets, size_t size)
{
    const uint8_t *data = octets;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ data[i]) * 1099511628211u;
    return sum;
}

static void take_events(struct side *side)
{
    const enum opswire_status before = side->status;
    struct opswire_remctl_event event;

    for (;;) {
        const bool closed = side->machine->state == OPSWIRE_REMCTL_CLOSED;
        uint32_t found[3];

        side->status = opswire_remctl_next_event(side->machine, &event);
        HOLD(before >= OPSWIRE_DONE || side->status == before);
        if (side->status != OPSWIRE_DONE)
            break;
        HOLD(!closed || event.type == OPSWIRE_REMCTL_EVENT_CLOSED);
        found[0] = event.type;
        found[1] = event.number;
        found[2] = event.stream;
        side->events = add(side->events, found, sizeof(found));
        side->events = add(side->events, event.octets.data, event.octets.size);
        if (event.type == OPSWIRE_REMCTL_EVENT_CLOSED)
            break;
    }
    HOLD(side->status != OPSWIRE_MORE || opswire_remctl_missing(side->machine) > 0);
    HOLD(side->machine->incoming.capacity <= 256 + 2 * side->fed);
    HOLD(side->machine->incoming.size - side->machine->taken <= side->fed);
    HOLD(side->machine->sent <= side->machine->outgoing.size / 2);
}

static void feed(struct side *side, struct opswire_view octets)
{
    const size_t missing = opswire_remctl_missing(side->machine);
    const bool quiet = side->status == OPSWIRE_MORE && octets.size < missing;
    const uint64_t events = side->events;

    side->fed += octets.size;
    HOLD(opswire_remctl_receive(side->machine, octets) == OPSWIRE_DONE);
    take_events(side);
    HOLD(!quiet || (side->status == OPSWIRE_MORE && side->events == events));
}

static void send_command(struct side *side, struct opswire_view octets, bool whole)
{
    const struct opswire_view arguments[3] = {octets, {NULL, 0}, octets};
    struct opswire_remctl_argument_writer writer = {.arguments = arguments, .count = 3};
    enum opswire_status status;

    do
        status = opswire_remctl_send_command(side->machine, &writer);
    while (whole && status == OPSWIRE_MORE);
}

static void step(struct side *side, uint8_t kind, struct opswire_view octets)
{
    static uint8_t large[140000];
    const struct opswire_remctl_security security = {&side->marking, mark_wrap, mark_unwrap,
                                                     mark_sign, mark_verify};
    struct opswire_remctl_connection *machine = side->machine;
    const uint8_t first = octets.size > 0 ? octets.data[0] : 0;

    switch (kind) {
    case 0:
        opswire_remctl_send_hello(machine);
        break;
    case 1:
        opswire_remctl_send_context(machine, octets);
        break;
    case 2:
        opswire_remctl_establish(machine, security, OPSWIRE_REMCTL_GSS_REQUIRED ^ (first & 0x80u));
        break;
    case 3:
        send_command(side, octets, true);
        break;
    case 4:
        send_command(side, (struct opswire_view){large, sizeof(large)}, first != 0);
        break;
    case 5:
        opswire_remctl_send_noop(machine);
        break;
    case 6:
        opswire_remctl_send_quit(machine);
        break;
    case 7:
        opswire_remctl_send_output(machine, (uint8_t) (1u + first % 3u), octets);
        break;
    case 8:
        opswire_remctl_send_status(machine, first);
        break;
    case 9:
        opswire_remctl_send_error(machine, first, octets);
        break;
    case 10:
        opswire_remctl_receive_end(machine);
        break;
    case 11:
        side->marking.failing = first;
        break;
    default:
        opswire_remctl_sent(machine, first);
        break;
    }
    take_events(side);
}

static void arrive(struct side *sides, struct opswire_view octets)
{
    if (sides[0].machine->ended)
        return;
    feed(&sides[0], octets);
    for (size_t i = 0; i < octets.size; i++)
        feed(&sides[1], (struct opswire_view){octets.data + i, 1});
}

static void compare(const struct side *sides)
{
    const struct opswire_view whole = opswire_remctl_outgoing(sides[0].machine);
    const struct opswire_view slow = opswire_remctl_outgoing(sides[1].machine);

    HOLD(sides[0].status == sides[1].status && sides[0].events == sides[1].events);
    HOLD(sides[0].machine->state == sides[1].machine->state);
    HOLD(sides[0].machine->found == sides[1].machine->found || sides[0].status >= OPSWIRE_DONE);
    HOLD(sides[0].machine->offset == sides[1].machine->offset);
    HOLD(whole.size == slow.size
         && (whole.size == 0 || memcmp(whole.data, slow.data, whole.size) == 0));
}

static void step_both(struct side *sides, uint8_t kind, struct opswire_view octets)
{
    uint8_t token[5 + 1 + 255];
    uint8_t flags = OPSWIRE_REMCTL_TOKEN_DATA | OPSWIRE_REMCTL_TOKEN_PROTOCOL;

    if (kind == 14) { /* a message, wrapped; its first octet may say: a reply of protocol 1 */
        if (octets.size > 0 && octets.data[0] == OPSWIRE_REMCTL_TOKEN_DATA)
            opswire_view_take_u8(&octets, &flags);
        opswire_remctl_token_write_header(flags, (uint32_t) octets.size + 1, token);
        token[5] = 'W';
        if (octets.size > 0)
            memcpy(token + 6, octets.data, octets.size);
        arrive(sides, (struct opswire_view){token, octets.size + 6});
    } else if (kind >= 13) {
        arrive(sides, octets);
    } else {
        step(&sides[0], kind, octets);
        step(&sides[1], kind, octets);
    }
    compare(sides);
}

static void negotiate(struct side *sides, bool server, int protocol)
{
    static const uint8_t HELLO_AND_CONTEXT[2][10] = {
        {0x11, 0, 0, 0, 0, 0x02, 0, 0, 0, 0},
        {0x51, 0, 0, 0, 0, 0x42, 0, 0, 0, 0},
    };
    const struct opswire_view first = {HELLO_AND_CONTEXT[protocol - 1], 10};
    const struct opswire_view nothing = {NULL, 0};

    if (!server)
        step_both(sides, 0, nothing);
    arrive(sides, server ? first : (struct opswire_view){first.data + 5, 5});
    step_both(sides, 2, nothing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct opswire_view input = {data, size};
    struct opswire_view octets;
    struct side sides[2] = {{.status = OPSWIRE_MORE}, {.status = OPSWIRE_MORE}};
    uint8_t start;
    uint8_t kind;
    uint8_t length;

    if (!opswire_view_take_u8(&input, &start))
        return 0;
    for (int i = 0; i < 2; i++) {
        sides[i].machine = opswire_remctl_connection_new(
            start & 1u ? OPSWIRE_REMCTL_SERVER : OPSWIRE_REMCTL_CLIENT, start & 2u ? 1 : 2);
        HOLD(sides[i].machine != NULL);
    }
    if (start & 4u)
        negotiate(sides, start & 1u, start & 2u ? 1 : 2);
    while (opswire_view_take_u8(&input, &kind) && opswire_view_take_u8(&input, &length)) {
        opswire_view_take(&input, length < input.size ? length : input.size, &octets);
        step_both(sides, kind & 15u, octets);
    }
    opswire_remctl_connection_free(sides[0].machine);
    opswire_remctl_connection_free(sides[1].machine);
    return 0;
}
