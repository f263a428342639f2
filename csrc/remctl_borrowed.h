/* For extensions that call the C of opswire._core.remctl without linking it a second time.
 *
 * Every function name becomes a macro for its slot in the table that opswire_remctl_bind() is given
 * at import.  To be included before anything is called, and by no file that defines one of them. */
#ifndef OPSWIRE_REMCTL_BORROWED_H
#define OPSWIRE_REMCTL_BORROWED_H

#include "remctl_exports.h"

static const struct opswire_remctl_exports *opswire_remctl_bound;

static inline void opswire_remctl_bind(uintptr_t exports)
{
    opswire_remctl_bound = (const struct opswire_remctl_exports *) exports;
}

#define opswire_status_message(...) (opswire_remctl_bound->opswire_status_message(__VA_ARGS__))
#define opswire_remctl_token_read(...)                                                             \
    (opswire_remctl_bound->opswire_remctl_token_read(__VA_ARGS__))
#define opswire_remctl_token_write(...)                                                            \
    (opswire_remctl_bound->opswire_remctl_token_write(__VA_ARGS__))
#define opswire_remctl_message_read(...)                                                           \
    (opswire_remctl_bound->opswire_remctl_message_read(__VA_ARGS__))
#define opswire_remctl_message_write(...)                                                          \
    (opswire_remctl_bound->opswire_remctl_message_write(__VA_ARGS__))
#define opswire_remctl_arguments_write(...)                                                        \
    (opswire_remctl_bound->opswire_remctl_arguments_write(__VA_ARGS__))
#define opswire_remctl_arguments_size(...)                                                         \
    (opswire_remctl_bound->opswire_remctl_arguments_size(__VA_ARGS__))
#define opswire_remctl_arguments_check(...)                                                        \
    (opswire_remctl_bound->opswire_remctl_arguments_check(__VA_ARGS__))
#define opswire_remctl_argument_take(...)                                                          \
    (opswire_remctl_bound->opswire_remctl_argument_take(__VA_ARGS__))
#define opswire_remctl_transition(...)                                                             \
    (opswire_remctl_bound->opswire_remctl_transition(__VA_ARGS__))
#define opswire_remctl_connection_new(...)                                                         \
    (opswire_remctl_bound->opswire_remctl_connection_new(__VA_ARGS__))
#define opswire_remctl_connection_free(...)                                                        \
    (opswire_remctl_bound->opswire_remctl_connection_free(__VA_ARGS__))
#define opswire_remctl_receive(...) (opswire_remctl_bound->opswire_remctl_receive(__VA_ARGS__))
#define opswire_remctl_room(...) (opswire_remctl_bound->opswire_remctl_room(__VA_ARGS__))
#define opswire_remctl_received(...) (opswire_remctl_bound->opswire_remctl_received(__VA_ARGS__))
#define opswire_remctl_receive_end(...)                                                            \
    (opswire_remctl_bound->opswire_remctl_receive_end(__VA_ARGS__))
#define opswire_remctl_next_event(...)                                                             \
    (opswire_remctl_bound->opswire_remctl_next_event(__VA_ARGS__))
#define opswire_remctl_event_lost(...)                                                             \
    (opswire_remctl_bound->opswire_remctl_event_lost(__VA_ARGS__))
#define opswire_remctl_missing(...) (opswire_remctl_bound->opswire_remctl_missing(__VA_ARGS__))
#define opswire_remctl_send_hello(...)                                                             \
    (opswire_remctl_bound->opswire_remctl_send_hello(__VA_ARGS__))
#define opswire_remctl_send_context(...)                                                           \
    (opswire_remctl_bound->opswire_remctl_send_context(__VA_ARGS__))
#define opswire_remctl_establish(...) (opswire_remctl_bound->opswire_remctl_establish(__VA_ARGS__))
#define opswire_remctl_send_command(...)                                                           \
    (opswire_remctl_bound->opswire_remctl_send_command(__VA_ARGS__))
#define opswire_remctl_send_noop(...) (opswire_remctl_bound->opswire_remctl_send_noop(__VA_ARGS__))
#define opswire_remctl_send_quit(...) (opswire_remctl_bound->opswire_remctl_send_quit(__VA_ARGS__))
#define opswire_remctl_send_output(...)                                                            \
    (opswire_remctl_bound->opswire_remctl_send_output(__VA_ARGS__))
#define opswire_remctl_send_status(...)                                                            \
    (opswire_remctl_bound->opswire_remctl_send_status(__VA_ARGS__))
#define opswire_remctl_send_error(...)                                                             \
    (opswire_remctl_bound->opswire_remctl_send_error(__VA_ARGS__))
#define opswire_remctl_outgoing(...) (opswire_remctl_bound->opswire_remctl_outgoing(__VA_ARGS__))
#define opswire_remctl_sent(...) (opswire_remctl_bound->opswire_remctl_sent(__VA_ARGS__))
#define opswire_remctl_state(...) (opswire_remctl_bound->opswire_remctl_state(__VA_ARGS__))
#define opswire_remctl_protocol(...) (opswire_remctl_bound->opswire_remctl_protocol(__VA_ARGS__))
#define opswire_remctl_found(...) (opswire_remctl_bound->opswire_remctl_found(__VA_ARGS__))
#define opswire_remctl_offset(...) (opswire_remctl_bound->opswire_remctl_offset(__VA_ARGS__))

#endif
