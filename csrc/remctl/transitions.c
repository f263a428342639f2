#include "opswire/remctl_transitions.h"

#include <stdint.h>

#define STATE(name) OPSWIRE_REMCTL_##name
#define ON(step) [OPSWIRE_REMCTL_##step]

_Static_assert(OPSWIRE_REMCTL_STATE_COUNT <= UINT8_MAX, "a state is an octet of the table");

static const uint8_t NEXT[OPSWIRE_REMCTL_STATE_COUNT][OPSWIRE_REMCTL_STEP_COUNT] =
    {
        [STATE(CLIENT_START)] =
            {
                ON(SEND_HELLO) = STATE(CLIENT_GREETED),
            },
        [STATE(CLIENT_GREETED)] =
            {
                ON(SEND_CONTEXT) = STATE(CLIENT_GREETED),
                ON(RECEIVE_CONTEXT) = STATE(CLIENT_NEGOTIATING),
                ON(RECEIVE_CONTEXT_1) = STATE(CLIENT_NEGOTIATING_1),
            },
        [STATE(CLIENT_NEGOTIATING)] =
            {
                ON(SEND_CONTEXT) = STATE(CLIENT_NEGOTIATING),
                ON(RECEIVE_CONTEXT) = STATE(CLIENT_NEGOTIATING),
                ON(ESTABLISH) = STATE(CLIENT_IDLE),
            },
        [STATE(CLIENT_IDLE)] =
            {
                ON(SEND_COMMAND) = STATE(CLIENT_BUSY),
                ON(SEND_COMMAND_PART) = STATE(CLIENT_SENDING),
                ON(SEND_NOOP) = STATE(CLIENT_NOOP),
                ON(SEND_QUIT) = STATE(CLOSED),
                ON(RECEIVE_END) = STATE(CLOSED),
            },
        [STATE(CLIENT_SENDING)] =
            {
                ON(SEND_COMMAND_PART) = STATE(CLIENT_SENDING),
                ON(SEND_COMMAND_LAST) = STATE(CLIENT_BUSY_CONTINUED),
                ON(SEND_QUIT) = STATE(CLOSED),
                ON(RECEIVE_ERROR) = STATE(CLIENT_SPENT),
                ON(RECEIVE_VERSIONS) = STATE(CLIENT_SPENT),
            },
        [STATE(CLIENT_BUSY)] =
            {
                ON(SEND_QUIT) = STATE(CLOSED),
                ON(RECEIVE_OUTPUT) = STATE(CLIENT_BUSY),
                ON(RECEIVE_STATUS) = STATE(CLIENT_IDLE),
                ON(RECEIVE_ERROR) = STATE(CLIENT_IDLE),
                ON(RECEIVE_VERSIONS) = STATE(CLIENT_IDLE),
            },
        /* remctld answers every further message of a command that it refused half-way, so after an
         * error to a continued command nobody can tell which answer belongs to what. */
        [STATE(CLIENT_BUSY_CONTINUED)] =
            {
                ON(SEND_QUIT) = STATE(CLOSED),
                ON(RECEIVE_OUTPUT) = STATE(CLIENT_BUSY_CONTINUED),
                ON(RECEIVE_STATUS) = STATE(CLIENT_IDLE),
                ON(RECEIVE_ERROR) = STATE(CLIENT_SPENT),
                ON(RECEIVE_VERSIONS) = STATE(CLIENT_SPENT),
            },
        [STATE(CLIENT_NOOP)] =
            {
                ON(SEND_QUIT) = STATE(CLOSED),
                ON(RECEIVE_NOOP) = STATE(CLIENT_IDLE),
                ON(RECEIVE_ERROR) = STATE(CLIENT_IDLE),
                ON(RECEIVE_VERSIONS) = STATE(CLIENT_IDLE),
            },
        [STATE(CLIENT_SPENT)] =
            {
                ON(RECEIVE_END) = STATE(CLOSED),
            },
        [STATE(CLIENT_START_1)] =
            {
                ON(SEND_HELLO) = STATE(CLIENT_NEGOTIATING_1),
            },
        [STATE(CLIENT_NEGOTIATING_1)] =
            {
                ON(SEND_CONTEXT) = STATE(CLIENT_NEGOTIATING_1),
                ON(RECEIVE_CONTEXT_1) = STATE(CLIENT_NEGOTIATING_1),
                ON(ESTABLISH) = STATE(CLIENT_IDLE_1),
            },
        [STATE(CLIENT_IDLE_1)] =
            {
                ON(SEND_COMMAND) = STATE(CLIENT_UNCONFIRMED_1),
                ON(RECEIVE_END) = STATE(CLOSED),
            },
        [STATE(CLIENT_UNCONFIRMED_1)] =
            {
                ON(RECEIVE_MIC_1) = STATE(CLIENT_BUSY_1),
            },
        [STATE(CLIENT_BUSY_1)] =
            {
                ON(RECEIVE_OUTPUT) = STATE(CLIENT_REPLIED_1),
            },
        [STATE(CLIENT_REPLIED_1)] =
            {
                ON(RECEIVE_STATUS) = STATE(CLIENT_SPENT),
            },
        [STATE(SERVER_START)] =
            {
                ON(RECEIVE_HELLO) = STATE(SERVER_NEGOTIATING),
                ON(RECEIVE_HELLO_1) = STATE(SERVER_NEGOTIATING_1),
                ON(RECEIVE_END) = STATE(CLOSED),
            },
        [STATE(SERVER_NEGOTIATING)] =
            {
                ON(SEND_CONTEXT) = STATE(SERVER_NEGOTIATING),
                ON(RECEIVE_CONTEXT) = STATE(SERVER_NEGOTIATING),
                ON(ESTABLISH) = STATE(SERVER_IDLE),
            },
        [STATE(SERVER_IDLE)] =
            {
                ON(RECEIVE_COMMAND_WHOLE) = STATE(SERVER_BUSY),
                ON(RECEIVE_COMMAND_FIRST) = STATE(SERVER_COLLECTING),
                ON(RECEIVE_NOOP) = STATE(SERVER_IDLE),
                ON(RECEIVE_QUIT) = STATE(CLOSED),
                ON(RECEIVE_END) = STATE(CLOSED),
                ON(REFUSE) = STATE(SERVER_IDLE),
                ON(REFUSE_PART) = STATE(SERVER_DISCARDING),
                ON(HANG_UP) = STATE(CLOSED),
            },
        [STATE(SERVER_COLLECTING)] =
            {
                ON(RECEIVE_COMMAND_MIDDLE) = STATE(SERVER_COLLECTING),
                ON(RECEIVE_COMMAND_LAST) = STATE(SERVER_BUSY),
                ON(RECEIVE_QUIT) = STATE(CLOSED),
                ON(REFUSE) = STATE(SERVER_IDLE),
                ON(REFUSE_PART) = STATE(SERVER_DISCARDING),
            },
        [STATE(SERVER_DISCARDING)] =
            {
                ON(RECEIVE_COMMAND_WHOLE) = STATE(SERVER_BUSY),
                ON(RECEIVE_COMMAND_FIRST) = STATE(SERVER_COLLECTING),
                ON(RECEIVE_COMMAND_MIDDLE) = STATE(SERVER_DISCARDING),
                ON(RECEIVE_COMMAND_LAST) = STATE(SERVER_IDLE),
                ON(RECEIVE_NOOP) = STATE(SERVER_IDLE),
                ON(RECEIVE_QUIT) = STATE(CLOSED),
                ON(RECEIVE_END) = STATE(CLOSED),
                ON(REFUSE) = STATE(SERVER_IDLE),
                ON(REFUSE_PART) = STATE(SERVER_DISCARDING),
            },
        [STATE(SERVER_BUSY)] =
            {
                ON(SEND_OUTPUT) = STATE(SERVER_BUSY),
                ON(SEND_STATUS) = STATE(SERVER_IDLE),
                ON(SEND_ERROR) = STATE(SERVER_IDLE),
            },
        [STATE(SERVER_NEGOTIATING_1)] =
            {
                ON(SEND_CONTEXT) = STATE(SERVER_NEGOTIATING_1),
                /* A client that offers 2 sends its first context token before it is answered. */
                ON(RECEIVE_CONTEXT) = STATE(SERVER_NEGOTIATING_1),
                ON(RECEIVE_CONTEXT_1) = STATE(SERVER_NEGOTIATING_1),
                ON(ESTABLISH) = STATE(SERVER_IDLE_1),
            },
        [STATE(SERVER_IDLE_1)] =
            {
                ON(RECEIVE_COMMAND_1) = STATE(SERVER_BUSY_1),
                ON(RECEIVE_END) = STATE(CLOSED),
            },
        [STATE(SERVER_BUSY_1)] =
            {
                ON(SEND_OUTPUT) = STATE(SERVER_BUSY_1),
                ON(SEND_STATUS) = STATE(CLOSED),
                ON(SEND_ERROR) = STATE(CLOSED),
            },
};

enum opswire_remctl_state opswire_remctl_transition(enum opswire_remctl_state state,
                                                    enum opswire_remctl_step step)
{
    if ((unsigned) state >= OPSWIRE_REMCTL_STATE_COUNT
        || (unsigned) step >= OPSWIRE_REMCTL_STEP_COUNT)
        return OPSWIRE_REMCTL_FORBIDDEN;
    return (enum opswire_remctl_state) NEXT[state][step];
}
