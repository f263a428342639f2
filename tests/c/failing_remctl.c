/* A client and a server that talk to each other and run out of memory.  What is not final may be
 * called again and does what it would have done; what is final stays so; and what arrives is what
 * was sent. */
#include <string.h>

#include "failing_allocations.h"
#include "opswire/remctl_connection.h"
#include "opswire/remctl_token.h"

static struct exchange {
    struct opswire_remctl_connection *client;
    struct opswire_remctl_connection *server;
    size_t piece;  /* octets that arrive at a time */
    bool broken;   /* one of them is, by NO_MEMORY */
    bool partial;  /* some messages of many were queued */
    uint64_t sum;  /* of all events */
    struct opswire_view output; /* of the event that was told last */
    uint8_t last_output[64];
} exchange;

/* What a call says that may be made again when there is no memory: not that, in the end. */
#define AGAIN(call)                                                                                \
    do {                                                                                           \
        enum opswire_status told_ = (call);                                                        \
                                                                                                   \
        for (int tries_ = 0; told_ == OPSWIRE_NO_MEMORY; tries_++) {                               \
            HOLD(memory_has_failed() && tries_ < 2);                                               \
            if (tries_ == 1)                                                                       \
                memory_heals();                                                                    \
            told_ = (call);                                                                        \
        }                                                                                          \
        HOLD(told_ == OPSWIRE_DONE);                                                               \
    } while (0)

/* ---- message protection: a letter in front ---- */

static enum opswire_status mark(uint8_t letter, struct opswire_view octets,
                                struct opswire_buffer *out)
{
    const size_t before = out->size;

    if (opswire_buffer_append_u8(out, letter) == OPSWIRE_DONE
        && opswire_buffer_append(out, octets) == OPSWIRE_DONE)
        return OPSWIRE_DONE;
    out->size = before;
    return OPSWIRE_NO_MEMORY;
}

static enum opswire_status wrap(void *context, struct opswire_view plain,
                                struct opswire_buffer *out)
{
    (void) context;
    return mark('W', plain, out);
}

static enum opswire_status unwrap(void *context, struct opswire_view token,
                                  struct opswire_buffer *out)
{
    uint8_t letter;

    (void) context;
    HOLD(opswire_view_take_u8(&token, &letter) && letter == 'W');
    return opswire_buffer_append(out, token);
}

static enum opswire_status sign(void *context, struct opswire_view plain,
                                struct opswire_buffer *out)
{
    (void) context;
    plain.size = 4;
    return mark('M', plain, out);
}

static enum opswire_status verify(void *context, struct opswire_view plain,
                                  struct opswire_view mic)
{
    (void) context;
    HOLD(mic.size == 5 && mic.data[0] == 'M' && memcmp(mic.data + 1, plain.data, 4) == 0);
    return OPSWIRE_DONE;
}

/* ---- octets from one to the other ---- */

static struct opswire_view text(const char *octets)
{
    return (struct opswire_view){(const uint8_t *) octets, strlen(octets)};
}

static void receive(struct opswire_remctl_connection *machine, struct opswire_view octets)
{
    struct opswire_view piece;
    uint8_t *room;
    size_t size;

    for (bool copied = false; octets.size > 0; copied = !copied) {
        opswire_view_take(&octets, octets.size < exchange.piece ? octets.size : exchange.piece,
                          &piece);
        if (copied) {
            AGAIN(opswire_remctl_receive(machine, piece));
            continue;
        }
        AGAIN(opswire_remctl_room(machine, piece.size, &room, &size));
        HOLD(size >= piece.size);
        memcpy(room, piece.data, piece.size);
        opswire_remctl_received(machine, piece.size);
    }
}

static void is_final(struct opswire_remctl_connection *machine)
{
    struct opswire_remctl_event event;

    HOLD(memory_has_failed());
    memory_heals();
    HOLD(opswire_remctl_next_event(machine, &event) == OPSWIRE_NO_MEMORY);
    HOLD(opswire_remctl_send_noop(machine) == OPSWIRE_FORBIDDEN);
    HOLD(opswire_remctl_send_status(machine, 0) == OPSWIRE_FORBIDDEN);
    exchange.broken = true;
}

static uint64_t add(uint64_t sum, struct opswire_view view)
{
    for (size_t i = 0; i < view.size; i++)
        sum = (sum ^ view.data[i]) * 1099511628211u;
    return sum * 31 + view.size;
}

static void take_events(struct opswire_remctl_connection *machine)
{
    struct opswire_remctl_event event;
    enum opswire_status status;

    while ((status = opswire_remctl_next_event(machine, &event)) == OPSWIRE_DONE) {
        exchange.sum = add(exchange.sum * 31 + event.type, event.octets) + event.number;
        if (event.type == OPSWIRE_REMCTL_EVENT_OUTPUT
            && event.octets.size <= sizeof(exchange.last_output)) {
            exchange.output.data = exchange.last_output;
            exchange.output.size = event.octets.size;
            memcpy(exchange.last_output, event.octets.data, event.octets.size);
        }
    }
    if (status == OPSWIRE_NO_MEMORY)
        is_final(machine);
    else
        HOLD(status == OPSWIRE_MORE || status == OPSWIRE_PAUSED);
}

static void deliver(struct opswire_remctl_connection *from, struct opswire_remctl_connection *to)
{
    const struct opswire_view octets = opswire_remctl_outgoing(from);
    uint8_t *copy;

    if (exchange.broken)
        return;
    copy = memory_copy(octets);
    opswire_remctl_sent(from, octets.size);
    receive(to, (struct opswire_view){copy, octets.size});
    memory_free_copy(copy);
    take_events(to);
}

static void there_and_back(void)
{
    deliver(exchange.client, exchange.server);
    deliver(exchange.server, exchange.client);
}

/* Its answer is to be queued; the client has not asked for it. */
static void message_for_server(const char *plain, size_t size)
{
    uint8_t token[64] = {0};

    opswire_remctl_token_write_header(OPSWIRE_REMCTL_TOKEN_DATA | OPSWIRE_REMCTL_TOKEN_PROTOCOL,
                                      (uint32_t) size + 1, token);
    token[5] = 'W';
    memcpy(token + 6, plain, size);
    receive(exchange.server, (struct opswire_view){token, size + 6});
    take_events(exchange.server);
}

/* ---- what they say ---- */

static void negotiate(void)
{
    const struct opswire_remctl_security security = {NULL, wrap, unwrap, sign, verify};

    AGAIN(opswire_remctl_send_hello(exchange.client));
    if (opswire_remctl_protocol(exchange.client) == 2)
        AGAIN(opswire_remctl_send_context(exchange.client, text("first")));
    deliver(exchange.client, exchange.server);
    AGAIN(opswire_remctl_send_context(exchange.server, text("second")));
    deliver(exchange.server, exchange.client);
    HOLD(opswire_remctl_establish(exchange.client, security, OPSWIRE_REMCTL_GSS_REQUIRED)
         == OPSWIRE_DONE);
    HOLD(opswire_remctl_establish(exchange.server, security, OPSWIRE_REMCTL_GSS_REQUIRED)
         == OPSWIRE_DONE);
}

static void command(struct opswire_view argument)
{
    const struct opswire_view arguments[3] = {text("test"), {NULL, 0}, argument};
    struct opswire_remctl_argument_writer writer = {.arguments = arguments, .count = 3};
    enum opswire_status status;

    if (exchange.broken)
        return;
    do
        status = opswire_remctl_send_command(exchange.client, &writer);
    while (status == OPSWIRE_MORE);
    if (status == OPSWIRE_NO_MEMORY)
        is_final(exchange.client);
    else
        HOLD(status == OPSWIRE_DONE);
    deliver(exchange.client, exchange.server);
}

/* Messages that were queued stay so; an error can still be told behind them. */
static void long_output(struct opswire_view octets)
{
    const enum opswire_status status = opswire_remctl_send_output(exchange.server, 2, octets);

    HOLD(status == OPSWIRE_DONE || (status == OPSWIRE_NO_MEMORY && memory_has_failed()));
    if (status == OPSWIRE_NO_MEMORY)
        exchange.partial = true;
}

static void protocol_2(void)
{
    static const uint8_t LONG[70000];
    const struct opswire_view longer = {LONG, sizeof(LONG)};

    negotiate();
    AGAIN(opswire_remctl_send_noop(exchange.client));
    there_and_back();
    command(text("short"));
    if (exchange.broken)
        return;
    AGAIN(opswire_remctl_send_output(exchange.server, 1, text("out")));
    AGAIN(opswire_remctl_send_status(exchange.server, 7));
    deliver(exchange.server, exchange.client);
    command(longer);
    if (exchange.broken)
        return;
    long_output(longer);
    AGAIN(opswire_remctl_send_status(exchange.server, 0));
    deliver(exchange.server, exchange.client);
    command(text("short"));
    if (exchange.broken)
        return;
    AGAIN(opswire_remctl_send_error(exchange.server, 5, text("no")));
    deliver(exchange.server, exchange.client);
    if (exchange.broken)
        return;
    AGAIN(opswire_remctl_send_quit(exchange.client));
    deliver(exchange.client, exchange.server);
}

/* What a server answers by itself. */
static void refusals(void)
{
    negotiate();
    command(text("never answered"));
    if (exchange.broken)
        return;
    AGAIN(opswire_remctl_send_status(exchange.server, 0));
    message_for_server("\x09\x01", 2);                             /* a version to come */
    if (!exchange.broken)
        message_for_server("\x02\x01\x01\x00\x00\x00\x00\x01", 8); /* a command that is none */
}

static void protocol_1(void)
{
    negotiate();
    command(text("short"));
    if (exchange.broken)
        return;
    AGAIN(opswire_remctl_send_output(exchange.server, 1, text("put out")));
    if (opswire_remctl_send_error(exchange.server, 5, text("an error that is not told"))
        == OPSWIRE_NO_MEMORY) {
        memory_heals();
        HOLD(opswire_remctl_send_status(exchange.server, 0) == OPSWIRE_DONE);
        deliver(exchange.server, exchange.client);
        HOLD(exchange.output.size == 7 && memcmp(exchange.output.data, "put out", 7) == 0);
        exchange.partial = true;
        return;
    }
    deliver(exchange.server, exchange.client);
}

/* With more output than the first room of a buffer holds. */
static void protocol_1_with_status(void)
{
    static const uint8_t OUTPUT[300];

    negotiate();
    command(text("short"));
    if (exchange.broken)
        return;
    AGAIN(opswire_remctl_send_output(exchange.server, 1,
                                     (struct opswire_view){OUTPUT, sizeof(OUTPUT)}));
    AGAIN(opswire_remctl_send_status(exchange.server, 3));
    deliver(exchange.server, exchange.client);
}

/* ---- all of them ---- */

struct saying {
    void (*say)(void);
    int protocol;
    size_t piece;
    uint64_t sum;
};

static void attempt(void *context)
{
    struct saying *const saying = context;

    exchange = (struct exchange){.piece = saying->piece};
    exchange.client = opswire_remctl_connection_new(OPSWIRE_REMCTL_CLIENT, saying->protocol);
    exchange.server = opswire_remctl_connection_new(OPSWIRE_REMCTL_SERVER, 2);
    if (exchange.client != NULL && exchange.server != NULL) {
        saying->say();
        if (saying->sum == 0)
            saying->sum = exchange.sum;
        HOLD(exchange.broken || exchange.partial || exchange.sum == saying->sum);
    } else {
        HOLD(memory_has_failed());
    }
    opswire_remctl_connection_free(exchange.client);
    opswire_remctl_connection_free(exchange.server);
}

void failing_remctl(void)
{
    struct saying sayings[] = {
        {protocol_2, 2, SIZE_MAX, 0},
        {protocol_2, 2, 1000, 0},
        {refusals, 2, SIZE_MAX, 0},
        {refusals, 2, 1, 0},
        {protocol_1, 1, SIZE_MAX, 0},
        {protocol_1, 1, 1, 0},
        {protocol_1_with_status, 1, SIZE_MAX, 0},
    };

    for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++)
        memory_fail_each(attempt, &sayings[i], false);
}
