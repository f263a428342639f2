/* Two remctl machines that talk to each other, and what either can do.
 *
 * What their events say is told: the first time it is noted, later it is held against that. */
#ifndef OPSWIRE_FAILING_REMCTL_MOVES_H
#define OPSWIRE_FAILING_REMCTL_MOVES_H

#include "failing_allocations.h"
#include "numbered_security.h"
#include "opswire/remctl_connection.h"

enum { MOST_TEXT = 1 << 18 };

struct side {
    struct opswire_remctl_connection *machine;
    struct numbered_security numbers;
    bool by_hand; /* its messages are, and what is sent to it reaches no machine */
    bool holding; /* what it has queued waits */
    size_t told;  /* how much of what is expected */
};

extern struct side client;
extern struct side server;

/* There was no memory for a call that may be made again: whether to make it.  Memory that fails for
 * ever heals at the second time. */
bool once_more(unsigned *failures);

/* Make both machines, or one, or none; whoever says so frees what there is.  That many octets of
 * what they send arrive at a time. */
void begin(int client_protocol, int server_protocol, size_t at_a_time);

/* Whatever is told until all is told is what must be told from then on. */
void expect_anything(void);
void hold_all_told(void);

/* Bring what one side has queued to the other, and take the events of both; all until nothing
 * waits.  The status of the last event that there was not. */
enum opswire_status carry(struct side *from);
enum opswire_status settle(void);

/* One call; size is how long its text is, or which status, or which message by hand. */
typedef enum opswire_status call(struct side *side, size_t size);

call hello;
call context;
call establish;
call command;
call noop;
call quit;
call output;
call exit_status;
call refusal;
call hold_back;   /* 0: no longer */
call fall_silent; /* there will be nothing more from this side */
call by_hand;
call command_too_late; /* the answer was there before */

/* What no machine of ours says, or not then. */
enum by_hand {
    HIGHER_VERSION,
    UNKNOWN_TYPE,
    CUT_OFF,
    FIRST,
    MIDDLE,
    LAST,
    NO_LIST,
    TOO_MANY_ARGUMENTS,
    NOOP,
    NO_LIST_AND_GOOD_BYE,
    OUTPUT
};

#endif
