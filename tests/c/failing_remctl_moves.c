#include "failing_remctl_moves.h"

#include <string.h>

#include "remctl/machine.h"

enum { MOST_TOLD = 512 };

struct side client;
struct side server;

static size_t piece;                    /* octets that arrive at a time */
static uint64_t expected[2][MOST_TOLD]; /* of the client and of the server */
static size_t expected_count[2];
static bool expecting; /* else what is told is kept as what is expected */

static struct opswire_remctl_argument_writer writer;

bool once_more(unsigned *failures)
{
    HOLD(memory_has_failed());
    if (++*failures == 2)
        memory_heals();
    return *failures <= 2;
}

static struct side *other(const struct side *side)
{
    return side == &client ? &server : &client;
}

void begin(int client_protocol, int server_protocol, size_t at_a_time)
{
    piece = at_a_time;
    writer.started = false;
    client = (struct side){
        .machine = opswire_remctl_connection_new(OPSWIRE_REMCTL_CLIENT, client_protocol)};
    server = (struct side){
        .machine = opswire_remctl_connection_new(OPSWIRE_REMCTL_SERVER, server_protocol)};
}

/* ---- what is told ---- */

static void tell(struct side *side, uint64_t sum)
{
    const int who = side == &server;

    HOLD(side->told < (expecting ? expected_count[who] : MOST_TOLD));
    HOLD(!expecting || expected[who][side->told] == sum);
    expected[who][side->told++] = sum;
}

static enum opswire_status take_events(struct side *side)
{
    struct opswire_remctl_event event;
    enum opswire_status status;

    do {
        status = opswire_remctl_next_event(side->machine, &event);
        if (status == OPSWIRE_DONE)
            tell(side, add(event.type * 4096u + event.number * 4u + event.stream, event.octets));
    } while (status == OPSWIRE_DONE && event.type != OPSWIRE_REMCTL_EVENT_CLOSED);
    HOLD(status >= OPSWIRE_DONE || opswire_remctl_next_event(side->machine, &event) == status);
    return status;
}

void expect_anything(void)
{
    expecting = false;
}

void hold_all_told(void)
{
    if (!expecting) {
        expected_count[0] = client.told;
        expected_count[1] = server.told;
        expecting = true;
    }
    HOLD(client.told == expected_count[0] && server.told == expected_count[1]);
}

/* ---- octets between the two ---- */

/* By turns copied and read into the machine's room. */
static enum opswire_status try_to_receive(struct opswire_remctl_connection *machine,
                                          struct opswire_view octets)
{
    static bool copied;
    enum opswire_status status;
    uint8_t *room;
    size_t size;

    copied = !copied;
    if (copied)
        return opswire_remctl_receive(machine, octets);
    status = opswire_remctl_room(machine, octets.size, &room, &size);
    if (status == OPSWIRE_DONE) {
        memcpy(room, octets.data, octets.size);
        opswire_remctl_received(machine, octets.size);
    }
    return status;
}

/* What could not be received is still the caller's, who tries again. */
static void receive(struct side *side, struct opswire_view octets)
{
    uint8_t *const copy = memory_copy(octets);
    enum opswire_status status;
    unsigned failures = 0;

    octets.data = copy;
    do
        status = try_to_receive(side->machine, octets);
    while (status == OPSWIRE_NO_MEMORY && once_more(&failures));
    HOLD(status == OPSWIRE_DONE);
    memory_free_copy(copy);
}

enum opswire_status carry(struct side *from)
{
    struct side *const to = other(from);
    enum opswire_status status = OPSWIRE_DONE;
    struct opswire_view waiting;

    while (!from->holding && status >= OPSWIRE_DONE
           && (waiting = opswire_remctl_outgoing(from->machine)).size > 0) {
        if (to->by_hand) {
            tell(to, add(0, waiting));
        } else {
            waiting.size = waiting.size < piece ? waiting.size : piece;
            receive(to, waiting);
        }
        opswire_remctl_sent(from->machine, waiting.size);
        if (!to->by_hand)
            status = take_events(to);
    }
    return status < OPSWIRE_DONE || from->by_hand ? status : take_events(from);
}

enum opswire_status settle(void)
{
    enum opswire_status status;

    do {
        status = carry(&client);
        if (status >= OPSWIRE_DONE)
            status = carry(&server);
    } while (status >= OPSWIRE_DONE && opswire_remctl_outgoing(client.machine).size > 0);
    return status;
}

/* ---- what either side can do ---- */

static struct opswire_view octets_of_text(size_t size)
{
    static uint8_t text[MOST_TEXT];

    HOLD(size <= MOST_TEXT);
    for (size_t i = 0; text[1] == 0 && i < MOST_TEXT; i++)
        text[i] = (uint8_t) (i * 7 + i / 256);
    return (struct opswire_view){text, size};
}

enum opswire_status hello(struct side *side, size_t size)
{
    (void) size;
    return opswire_remctl_send_hello(side->machine);
}

enum opswire_status context(struct side *side, size_t size)
{
    return opswire_remctl_send_context(side->machine, octets_of_text(size));
}

enum opswire_status establish(struct side *side, size_t size)
{
    (void) size;
    return opswire_remctl_establish(side->machine, numbered(&side->numbers),
                                    OPSWIRE_REMCTL_GSS_REQUIRED);
}

enum opswire_status command(struct side *side, size_t size)
{
    static struct opswire_view arguments[3];
    enum opswire_status status;

    if (!writer.started) {
        arguments[0] = octets_of_text(4);
        arguments[2] = octets_of_text(size);
        writer = (struct opswire_remctl_argument_writer){.arguments = arguments, .count = 3};
    }
    status = opswire_remctl_send_command(side->machine, &writer);
    HOLD(status != OPSWIRE_NO_MEMORY || side->machine->broken == status);
    if (status == OPSWIRE_DONE)
        writer.started = false;
    return status;
}

enum opswire_status noop(struct side *side, size_t size)
{
    (void) size;
    return opswire_remctl_send_noop(side->machine);
}

enum opswire_status quit(struct side *side, size_t size)
{
    (void) size;
    return opswire_remctl_send_quit(side->machine);
}

enum opswire_status output(struct side *side, size_t size)
{
    return opswire_remctl_send_output(side->machine, (uint8_t) (1 + size % 2),
                                      octets_of_text(size));
}

enum opswire_status exit_status(struct side *side, size_t size)
{
    return opswire_remctl_send_status(side->machine, (uint8_t) size);
}

enum opswire_status refusal(struct side *side, size_t size)
{
    return opswire_remctl_send_error(side->machine, OPSWIRE_REMCTL_ERROR_ACCESS,
                                     octets_of_text(size));
}

enum opswire_status hold_back(struct side *side, size_t size)
{
    side->holding = size > 0;
    return OPSWIRE_DONE;
}

enum opswire_status fall_silent(struct side *side, size_t size)
{
    (void) size;
    opswire_remctl_receive_end(other(side)->machine);
    return OPSWIRE_DONE;
}

enum opswire_status by_hand(struct side *side, size_t size)
{
    static const struct {
        uint8_t octets[12];
        uint8_t size;
    } MESSAGES[] = {
        [HIGHER_VERSION] = {{4, 1}, 2},
        [UNKNOWN_TYPE] = {{2, 99}, 2},
        [CUT_OFF] = {{2, 5, 0}, 3},
        [FIRST] = {{2, 1, 1, 1, 0, 0, 0, 1}, 8},
        [MIDDLE] = {{2, 1, 1, 2, 1}, 5},
        [LAST] = {{2, 1, 1, 3, 1}, 5},
        [NO_LIST] = {{2, 1, 1, 0, 1}, 5},
        [TOO_MANY_ARGUMENTS] = {{2, 1, 1, 0, 0, 0, 0x20, 0}, 8},
        [NOOP] = {{3, 7}, 2},
        [NO_LIST_AND_GOOD_BYE] = {{2, 1, 0, 0, 1}, 5},
        [OUTPUT] = {{2, 3, 1, 0, 0, 0, 1, 'x'}, 8},
    };
    static uint8_t token[OPSWIRE_REMCTL_TOKEN_HEADER_SIZE + NUMBERED_OVERHEAD + 12];
    const struct opswire_view plain = {MESSAGES[size].octets, MESSAGES[size].size};
    struct opswire_view arriving = {token, OPSWIRE_REMCTL_TOKEN_HEADER_SIZE};

    side->by_hand = true;
    arriving.size += numbered_token(&side->numbers, plain, token + arriving.size);
    opswire_remctl_token_write_header(
        FLAGS_DATA, (uint32_t) (arriving.size - OPSWIRE_REMCTL_TOKEN_HEADER_SIZE), token);
    receive(other(side), arriving);
    return OPSWIRE_DONE;
}

enum opswire_status command_too_late(struct side *side, size_t size)
{
    by_hand(other(side), OUTPUT);
    return command(side, size);
}
