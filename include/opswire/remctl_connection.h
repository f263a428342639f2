/* The remctl protocol as a machine without input or output: versions 3 and 2, the fallback to 1,
 * both roles (remctl protocol draft, sections 2 and 3).
 *
 * Octets from the peer go in, events come out; sends go in, octets for the peer come out.  What
 * GSS-API does reaches the machine through struct opswire_remctl_security, so that it can be run,
 * tested and fuzzed without Kerberos.  A machine belongs to one thread at a time.
 *
 *     opswire_remctl_receive(...)                  octets that arrived
 *     while (opswire_remctl_next_event(...) == 0)  what they mean
 *     opswire_remctl_outgoing / _sent              octets to write */
#ifndef OPSWIRE_REMCTL_CONNECTION_H
#define OPSWIRE_REMCTL_CONNECTION_H

#include "opswire/buffer.h"
#include "opswire/remctl_message.h"
#include "opswire/remctl_transitions.h"
#include "opswire/status.h"
#include "opswire/view.h"

struct opswire_remctl_connection;

enum opswire_remctl_role { OPSWIRE_REMCTL_CLIENT = 0, OPSWIRE_REMCTL_SERVER = 1 };

/* RFC 2744 numbers of the flags that both sides must find in an established context.  Without
 * replay and sequence detection GSS-API would deliver the same octets as often as they come. */
#define OPSWIRE_REMCTL_GSS_MUTUAL 0x02u
#define OPSWIRE_REMCTL_GSS_REPLAY 0x04u
#define OPSWIRE_REMCTL_GSS_SEQUENCE 0x08u
#define OPSWIRE_REMCTL_GSS_CONFIDENTIALITY 0x10u
#define OPSWIRE_REMCTL_GSS_INTEGRITY 0x20u
#define OPSWIRE_REMCTL_GSS_REQUIRED                                                                \
    (OPSWIRE_REMCTL_GSS_MUTUAL | OPSWIRE_REMCTL_GSS_REPLAY | OPSWIRE_REMCTL_GSS_SEQUENCE           \
     | OPSWIRE_REMCTL_GSS_CONFIDENTIALITY | OPSWIRE_REMCTL_GSS_INTEGRITY)

/* What protection may add to a message.  Of the encryption types of Kerberos, AES with SHA-2 adds
 * most: 72 octets (RFC 4121, section 4.2.4; RFC 8009). */
#define OPSWIRE_REMCTL_MAX_PROTECTION 128u

/* Message protection, done by whoever drives the machine.  Each function appends to out, or leaves
 * it as it was and returns OPSWIRE_SECURITY_REFUSED or OPSWIRE_NO_MEMORY; verify returns DONE or
 * SECURITY_REFUSED.  wrap must encrypt; unwrap must refuse what is not encrypted, altered, repeated
 * or out of order.  wrap and sign find room in out for plain.size + OPSWIRE_REMCTL_MAX_PROTECTION
 * octets, so that no token is lost for lack of memory after it took its number in the sequence.
 * The struct is copied; context stays the caller's and must outlive the machine. */
struct opswire_remctl_security {
    void *context;
    enum opswire_status (*wrap)(void *context, struct opswire_view plain,
                                struct opswire_buffer *out);
    enum opswire_status (*unwrap)(void *context, struct opswire_view token,
                                  struct opswire_buffer *out);
    enum opswire_status (*sign)(void *context, struct opswire_view plain,
                                struct opswire_buffer *out);
    enum opswire_status (*verify)(void *context, struct opswire_view plain,
                                  struct opswire_view mic);
};

enum opswire_remctl_event_type {
    OPSWIRE_REMCTL_EVENT_CONTEXT = 0, /* octets: give them to gss_init_ or gss_accept_sec_context */
    OPSWIRE_REMCTL_EVENT_COMMAND,     /* server; octets: a checked argument list, count first */
    OPSWIRE_REMCTL_EVENT_OUTPUT,      /* client; octets, stream */
    OPSWIRE_REMCTL_EVENT_STATUS,      /* client; number 0..255; ends the command */
    OPSWIRE_REMCTL_EVENT_ERROR,       /* client; number: code; octets: text; ends the command */
    OPSWIRE_REMCTL_EVENT_VERSIONS,    /* client; number: the highest the peer has; an answer.
                                         server: answered already; number: what was asked for */
    OPSWIRE_REMCTL_EVENT_NOOP,        /* client: the answer; server: answered already */
    OPSWIRE_REMCTL_EVENT_REFUSED,     /* server; number: the error code that was queued */
    OPSWIRE_REMCTL_EVENT_QUIT,        /* server: the client says good-bye */
    OPSWIRE_REMCTL_EVENT_CLOSED       /* the peer closed between two exchanges */
};

/* octets are the machine's and valid until the next call that takes a non-const machine. */
struct opswire_remctl_event {
    enum opswire_remctl_event_type type;
    struct opswire_view octets;
    uint32_t number;
    uint8_t stream;
};

/* protocol: the highest to speak, 2 or 1; a client that once fell back to 1 says 1 ever after.
 * NULL when out of memory or when an argument is none of these. */
struct opswire_remctl_connection *opswire_remctl_connection_new(enum opswire_remctl_role role,
                                                                int protocol);
void opswire_remctl_connection_free(struct opswire_remctl_connection *connection);

/* ---- from the peer ---- */

/* Copy octets that arrived.  NO_MEMORY: none was taken, and they may be given again. */
enum opswire_status opswire_remctl_receive(struct opswire_remctl_connection *connection,
                                           struct opswire_view octets);

/* The same without a copy: at least wish octets of room to read into, then how many were read.
 * The room is the machine's and valid until the next call; without memory there is none, and
 * nothing has changed.  A machine of which every event is taken before more is read holds one token
 * at most. */
enum opswire_status opswire_remctl_room(struct opswire_remctl_connection *connection, size_t wish,
                                        uint8_t **room, size_t *size);
void opswire_remctl_received(struct opswire_remctl_connection *connection, size_t size);

/* The peer will send nothing more. */
void opswire_remctl_receive_end(struct opswire_remctl_connection *connection);

/* DONE: event is filled.  MORE: feed octets.  PAUSED: a server must answer the command first; what
 * the client sent behind it is kept.  Broken: final, the same from every later call. */
enum opswire_status opswire_remctl_next_event(struct opswire_remctl_connection *connection,
                                              struct opswire_remctl_event *event);

/* An event that next_event filled could not be handed on, for lack of memory.  It is gone, so
 * NO_MEMORY is final from now on: nothing after it may pass for the whole. */
void opswire_remctl_event_lost(struct opswire_remctl_connection *connection);

/* How many octets are missing at least before next_event can say anything but MORE. */
size_t opswire_remctl_missing(const struct opswire_remctl_connection *connection);

/* ---- to the peer: each returns FORBIDDEN, with nothing changed, when it is not its turn ----
 *
 * After NO_MEMORY and SECURITY_REFUSED nothing has changed either, and the call may be made again;
 * but they are final for a command, and for output of which a part is queued. */

enum opswire_status opswire_remctl_send_hello(struct opswire_remctl_connection *connection);
enum opswire_status opswire_remctl_send_context(struct opswire_remctl_connection *connection,
                                                struct opswire_view token);

/* The GSS-API context stands: keep security and check its flags (FLAGS_REFUSED is final). */
enum opswire_status opswire_remctl_establish(struct opswire_remctl_connection *connection,
                                             struct opswire_remctl_security security,
                                             uint32_t gss_flags);

/* Queue the next message of a command.  MORE: drain what is queued and call again with the same
 * writer; DONE: it was the last.  OUT_OF_RANGE: an argument or the list does not fit 32 bits;
 * TOO_MUCH_DATA: the list does not fit the single message of protocol 1. */
enum opswire_status opswire_remctl_send_command(struct opswire_remctl_connection *connection,
                                                struct opswire_remctl_argument_writer *writer);

/* FORBIDDEN also on protocol 1, which has no NOOP. */
enum opswire_status opswire_remctl_send_noop(struct opswire_remctl_connection *connection);
enum opswire_status opswire_remctl_send_quit(struct opswire_remctl_connection *connection);

/* Server.  Output longer than a message is split; protocol 1 keeps it for the reply and cuts it to
 * what the reply can carry. */
enum opswire_status opswire_remctl_send_output(struct opswire_remctl_connection *connection,
                                               uint8_t stream, struct opswire_view octets);
enum opswire_status opswire_remctl_send_status(struct opswire_remctl_connection *connection,
                                               uint8_t exit_status);
enum opswire_status opswire_remctl_send_error(struct opswire_remctl_connection *connection,
                                              uint32_t code, struct opswire_view text);

/* Octets to write, valid until the next call that takes a non-const machine; then how many of them
 * were written. */
struct opswire_view opswire_remctl_outgoing(const struct opswire_remctl_connection *connection);
void opswire_remctl_sent(struct opswire_remctl_connection *connection, size_t size);

/* ---- about the connection ---- */

enum opswire_remctl_state
opswire_remctl_state_of(const struct opswire_remctl_connection *connection);
int opswire_remctl_protocol(const struct opswire_remctl_connection *connection); /* 1 or 2 */

/* After a failure: what was found (a version, type, stream, flags or length), and the offset in the
 * octets received of the token that it was found in. */
uint32_t opswire_remctl_found(const struct opswire_remctl_connection *connection);
uint64_t opswire_remctl_offset(const struct opswire_remctl_connection *connection);

#endif
