/* The C functions that opswire._core.remctl lends to other extensions.
 *
 * A C file is linked into one extension only, so the others call it through this table.  A new
 * function goes into the list, into remctl_borrowed.h and, to be tested, into ffi_build.py. */
#ifndef OPSWIRE_REMCTL_EXPORTS_H
#define OPSWIRE_REMCTL_EXPORTS_H

#include "opswire/remctl_connection.h"
#include "opswire/remctl_token.h"

#define OPSWIRE_REMCTL_EXPORTS(X)                                                                  \
    X(opswire_status_message)                                                                      \
    X(opswire_remctl_token_read)                                                                   \
    X(opswire_remctl_token_write)                                                                  \
    X(opswire_remctl_message_read)                                                                 \
    X(opswire_remctl_message_write)                                                                \
    X(opswire_remctl_arguments_write)                                                              \
    X(opswire_remctl_arguments_size)                                                               \
    X(opswire_remctl_arguments_check)                                                              \
    X(opswire_remctl_argument_take)                                                                \
    X(opswire_remctl_transition)                                                                   \
    X(opswire_remctl_connection_new)                                                               \
    X(opswire_remctl_connection_free)                                                              \
    X(opswire_remctl_receive)                                                                      \
    X(opswire_remctl_room)                                                                         \
    X(opswire_remctl_received)                                                                     \
    X(opswire_remctl_receive_end)                                                                  \
    X(opswire_remctl_next_event)                                                                   \
    X(opswire_remctl_event_lost)                                                                   \
    X(opswire_remctl_missing)                                                                      \
    X(opswire_remctl_send_hello)                                                                   \
    X(opswire_remctl_send_context)                                                                 \
    X(opswire_remctl_establish)                                                                    \
    X(opswire_remctl_send_command)                                                                 \
    X(opswire_remctl_send_noop)                                                                    \
    X(opswire_remctl_send_quit)                                                                    \
    X(opswire_remctl_send_output)                                                                  \
    X(opswire_remctl_send_status)                                                                  \
    X(opswire_remctl_send_error)                                                                   \
    X(opswire_remctl_outgoing)                                                                     \
    X(opswire_remctl_sent)                                                                         \
    X(opswire_remctl_state)                                                                        \
    X(opswire_remctl_protocol)                                                                     \
    X(opswire_remctl_found)                                                                        \
    X(opswire_remctl_offset)

#define OPSWIRE_REMCTL_EXPORT_SLOT(function) __typeof__(function) *function;
struct opswire_remctl_exports {
    OPSWIRE_REMCTL_EXPORTS(OPSWIRE_REMCTL_EXPORT_SLOT)
};
#undef OPSWIRE_REMCTL_EXPORT_SLOT

#endif
