/* A client and a server that talk to each other and run out of memory.  What is not final has
 * changed nothing, may be called again, and does what it would have done; what is final stays so;
 * and what is told, until then or to the end, is what is told with memory. */
#include <string.h>

#include "failing_remctl_moves.h"
#include "remctl/machine.h"

struct move {
    struct side *side; /* NULL: there is no further one */
    call *make;
    size_t size;
};

#define NEGOTIATED                                                                                 \
    {&client, hello, 0}, {&client, context, 30}, {&server, context, 50}, {&server, establish, 0},  \
        {&client, establish, 0}

static const struct move SHORT[] = {
    NEGOTIATED,
    {&client, command, 150},
    {&server, output, 176}, /* fits into 256 octets, but for what protection adds */
    {&server, hold_back, 1},
    {&server, output, 169},
    {&server, output, 0},
    {&server, output, 491},
    {&server, hold_back, 0},
    {&server, exit_status, 7},
    {&client, noop, 0},
    {&client, command, 3},
    {&server, refusal, 130},
    {&client, noop, 0},
    {&client, quit, 0},
    {&client, fall_silent, 0},
    {0},
};

static const struct move LONG[] = {
    NEGOTIATED,
    {&client, command, 66000},
    {&server, output, 132000},
    {&server, output, 65529},
    {&server, exit_status, 0},
    {&client, noop, 0},
    {&client, command, 132000},
    {&server, refusal, 65526},
    {&server, fall_silent, 0},
    {0},
};

static const struct move REQUESTS_BY_HAND[] = {
    NEGOTIATED,
    {&client, by_hand, HIGHER_VERSION},
    {&client, by_hand, UNKNOWN_TYPE},
    {&client, by_hand, CUT_OFF},
    {&client, by_hand, LAST},
    {&client, by_hand, MIDDLE},
    {&client, by_hand, LAST},
    {&client, by_hand, FIRST},
    {&client, by_hand, MIDDLE},
    {&client, by_hand, LAST},
    {&client, by_hand, FIRST},
    {&client, by_hand, NOOP},
    {&client, by_hand, TOO_MANY_ARGUMENTS},
    {&client, by_hand, NOOP},
    {&client, by_hand, NO_LIST},
    {&client, by_hand, NO_LIST_AND_GOOD_BYE},
    {0},
};

static const struct move ANSWERS_BY_HAND[] = {
    NEGOTIATED, {&client, command, 150}, {&server, by_hand, OUTPUT}, {&server, by_hand, NOOP}, {0},
};

static const struct move AN_ANSWER_BEFORE_THE_QUESTION[] = {
    NEGOTIATED,
    {&client, command_too_late, 150},
    {0},
};

static const struct move OUTPUT_1[] = {
    NEGOTIATED,
    {&client, command, 3000},
    {&server, output, 100},
    {&server, output, 300},
    {&server, output, 65000},
    {&server, output, 1000},
    {&server, exit_status, 3},
    {&server, fall_silent, 0},
    {0},
};

static const struct move ERROR_1[] = {
    NEGOTIATED, {&client, command, 150}, {&server, output, 100}, {&server, refusal, 3000}, {0},
};

static const struct move NO_OUTPUT[] = {
    NEGOTIATED,
    {&client, command, 0},
    {&server, exit_status, 0},
    {0},
};

static const struct exchange {
    const struct move *moves;
    int protocols[2]; /* of the client and of the server */
    size_t pieces;    /* how many of PIECES to try */
    enum opswire_status end;
} EXCHANGES[] = {
    {SHORT, {2, 2}, 3, OPSWIRE_DONE},
    {LONG, {2, 2}, 2, OPSWIRE_DONE},
    {REQUESTS_BY_HAND, {2, 2}, 1, OPSWIRE_DONE},
    {ANSWERS_BY_HAND, {2, 2}, 1, OPSWIRE_TYPE_UNEXPECTED},
    {AN_ANSWER_BEFORE_THE_QUESTION, {2, 2}, 1, OPSWIRE_TYPE_UNEXPECTED},
    {OUTPUT_1, {1, 2}, 2, OPSWIRE_DONE},
    {ERROR_1, {1, 2}, 3, OPSWIRE_DONE},
    {NO_OUTPUT, {2, 1}, 3, OPSWIRE_DONE},
};

/* What of a machine can be seen, and what it will send later. */
static uint64_t sum_of(const struct opswire_remctl_connection *machine)
{
    uint64_t sum = (uint64_t) machine->state * 4 + (unsigned) machine->protocol;

    sum = add(sum, opswire_remctl_outgoing(machine));
    return add(sum, opswire_buffer_view(&machine->command));
}

/* Its writer may have gone on. */
static bool is_command(const struct move *move)
{
    return move->make == command || move->make == command_too_late;
}

/* What could not be made is made again; of what is final, a part had been queued. */
static enum opswire_status make_at_last(const struct move *move)
{
    const struct opswire_remctl_connection *const machine = move->side->machine;
    const uint64_t before = sum_of(machine);
    enum opswire_status status;
    unsigned failures = 0;

    do {
        status = move->make(move->side, move->size);
        if (status != OPSWIRE_NO_MEMORY)
            return status;
        if (machine->broken != OPSWIRE_DONE) {
            HOLD(is_command(move) || sum_of(machine) != before);
            return status;
        }
        HOLD(sum_of(machine) == before);
    } while (once_more(&failures));
    return status;
}

/* With all that follows from it. */
static enum opswire_status make(const struct move *move)
{
    enum opswire_status status;
    enum opswire_status settled;

    do {
        status = make_at_last(move);
        settled = status < OPSWIRE_DONE ? status : settle();
    } while (status == OPSWIRE_MORE && settled >= OPSWIRE_DONE);
    return settled;
}

/* No later call says anything else, and what was queued before is as good as ever. */
static void hold_final(struct side *side)
{
    static call *const CALLS[] = {hello, context, establish,   command, noop,
                                  quit,  output,  exit_status, refusal};
    struct opswire_remctl_event event;

    if (side->machine->broken == OPSWIRE_DONE)
        return;
    HOLD(side->machine->broken == OPSWIRE_NO_MEMORY && memory_has_failed());
    HOLD(opswire_remctl_next_event(side->machine, &event) == OPSWIRE_NO_MEMORY);
    memory_heals();
    for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++)
        HOLD(CALLS[i](side, 1) == OPSWIRE_FORBIDDEN);
    HOLD(carry(side) == OPSWIRE_NO_MEMORY);
}

static void perform(const struct exchange *exchange)
{
    enum opswire_status status = OPSWIRE_DONE;

    for (const struct move *move = exchange->moves; move->side != NULL && status >= OPSWIRE_DONE;
         move++)
        status = make(move);
    if (status == OPSWIRE_NO_MEMORY) {
        HOLD(client.machine->broken != OPSWIRE_DONE || server.machine->broken != OPSWIRE_DONE);
        hold_final(&client);
        hold_final(&server);
    } else {
        HOLD(status == exchange->end || (status > OPSWIRE_DONE && exchange->end == OPSWIRE_DONE));
        hold_all_told();
    }
}

struct attempt {
    const struct exchange *exchange;
    size_t piece;
};

static void attempt(void *context)
{
    const struct attempt *const attempt = context;
    const int *const protocols = attempt->exchange->protocols;

    begin(protocols[0], protocols[1], attempt->piece);
    if (client.machine != NULL && server.machine != NULL)
        perform(attempt->exchange);
    else
        HOLD(memory_has_failed());
    opswire_remctl_connection_free(client.machine);
    opswire_remctl_connection_free(server.machine);
}

void failing_remctl(void)
{
    static const size_t PIECES[] = {SIZE_MAX, 1000, 1};

    for (size_t i = 0; i < sizeof(EXCHANGES) / sizeof(EXCHANGES[0]); i++) {
        for (size_t j = 0; j < EXCHANGES[i].pieces; j++) {
            struct attempt each = {&EXCHANGES[i], PIECES[j]};

            expect_anything();
            memory_fail_each(attempt, &each, false);
        }
    }
}
