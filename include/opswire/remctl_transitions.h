/* The states of a remctl connection, what can happen to it, and the table of what follows
 * (remctl protocol draft, sections 2.1, 2.4 to 2.8 and 3). */
#ifndef OPSWIRE_REMCTL_TRANSITIONS_H
#define OPSWIRE_REMCTL_TRANSITIONS_H

/* Where a connection stands.  Protocol 1 has states of its own: one command, one reply, the end. */
enum opswire_remctl_state {
    OPSWIRE_REMCTL_FORBIDDEN = 0, /* no state: what the table says of a step that must not be */
    OPSWIRE_REMCTL_CLIENT_START,
    OPSWIRE_REMCTL_CLIENT_GREETED,     /* hello sent, no answer yet: protocol 1 is still possible */
    OPSWIRE_REMCTL_CLIENT_NEGOTIATING, /* the peer speaks 2 or 3 */
    OPSWIRE_REMCTL_CLIENT_IDLE,
    OPSWIRE_REMCTL_CLIENT_SENDING, /* a continued command is half-way out */
    OPSWIRE_REMCTL_CLIENT_BUSY,
    OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED, /* busy with a command that took several messages */
    OPSWIRE_REMCTL_CLIENT_NOOP,
    OPSWIRE_REMCTL_CLIENT_SPENT, /* answered, but no further command can be sent */
    OPSWIRE_REMCTL_CLIENT_START_1,
    OPSWIRE_REMCTL_CLIENT_NEGOTIATING_1,
    OPSWIRE_REMCTL_CLIENT_IDLE_1,
    OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1, /* command sent, the server's MIC of it not verified */
    OPSWIRE_REMCTL_CLIENT_BUSY_1,
    OPSWIRE_REMCTL_CLIENT_REPLIED_1, /* the output of the reply is delivered, its status is next */
    OPSWIRE_REMCTL_SERVER_START,
    OPSWIRE_REMCTL_SERVER_NEGOTIATING,
    OPSWIRE_REMCTL_SERVER_IDLE,
    OPSWIRE_REMCTL_SERVER_COLLECTING, /* a continued command is half-way in */
    OPSWIRE_REMCTL_SERVER_DISCARDING, /* the rest of a refused continued command is passed over */
    OPSWIRE_REMCTL_SERVER_BUSY,
    OPSWIRE_REMCTL_SERVER_NEGOTIATING_1,
    OPSWIRE_REMCTL_SERVER_IDLE_1,
    OPSWIRE_REMCTL_SERVER_BUSY_1,
    OPSWIRE_REMCTL_CLOSED,
    OPSWIRE_REMCTL_STATE_COUNT
};

/* What can happen to a connection: the peer's octets (RECEIVE) and our calls. */
enum opswire_remctl_step {
    OPSWIRE_REMCTL_SEND_HELLO = 0,
    OPSWIRE_REMCTL_SEND_CONTEXT,
    OPSWIRE_REMCTL_ESTABLISH,
    OPSWIRE_REMCTL_SEND_COMMAND,      /* whole */
    OPSWIRE_REMCTL_SEND_COMMAND_PART, /* first or middle */
    OPSWIRE_REMCTL_SEND_COMMAND_LAST,
    OPSWIRE_REMCTL_SEND_NOOP,
    OPSWIRE_REMCTL_SEND_QUIT,
    OPSWIRE_REMCTL_SEND_OUTPUT,
    OPSWIRE_REMCTL_SEND_STATUS,
    OPSWIRE_REMCTL_SEND_ERROR,
    OPSWIRE_REMCTL_RECEIVE_HELLO,
    OPSWIRE_REMCTL_RECEIVE_HELLO_1,
    OPSWIRE_REMCTL_RECEIVE_CONTEXT,
    OPSWIRE_REMCTL_RECEIVE_CONTEXT_1,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_WHOLE,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_FIRST,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_MIDDLE,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_LAST,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_1,
    OPSWIRE_REMCTL_RECEIVE_MIC_1,
    OPSWIRE_REMCTL_RECEIVE_OUTPUT,
    OPSWIRE_REMCTL_RECEIVE_STATUS,
    OPSWIRE_REMCTL_RECEIVE_ERROR,
    OPSWIRE_REMCTL_RECEIVE_VERSIONS,
    OPSWIRE_REMCTL_RECEIVE_NOOP,
    OPSWIRE_REMCTL_RECEIVE_QUIT,
    OPSWIRE_REMCTL_RECEIVE_END, /* the peer closed its side between two tokens */
    OPSWIRE_REMCTL_REFUSE,      /* server: answered a message with an error */
    OPSWIRE_REMCTL_REFUSE_PART, /* the same, and more of what was refused may follow */
    OPSWIRE_REMCTL_HANG_UP,     /* server: answered a command that asked for no keep-alive */
    OPSWIRE_REMCTL_STEP_COUNT
};

/* The state after a step, or OPSWIRE_REMCTL_FORBIDDEN; also FORBIDDEN for numbers out of range. */
enum opswire_remctl_state opswire_remctl_transition(enum opswire_remctl_state state,
                                                    enum opswire_remctl_step step);

#endif
