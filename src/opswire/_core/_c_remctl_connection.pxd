from libc.stdint cimport uint8_t, uint32_t, uint64_t

from opswire._core._c_buffer cimport opswire_buffer
from opswire._core._c_remctl_message cimport opswire_remctl_argument_writer
from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view


cdef extern from "opswire/remctl_transitions.h" nogil:
    enum opswire_remctl_state:
        OPSWIRE_REMCTL_CLIENT_SENDING
        OPSWIRE_REMCTL_CLIENT_BUSY
        OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED
        OPSWIRE_REMCTL_CLIENT_NOOP
        OPSWIRE_REMCTL_CLIENT_SPENT
        OPSWIRE_REMCTL_CLIENT_IDLE
        OPSWIRE_REMCTL_CLIENT_IDLE_1
        OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1
        OPSWIRE_REMCTL_CLIENT_BUSY_1
        OPSWIRE_REMCTL_CLIENT_REPLIED_1
        OPSWIRE_REMCTL_CLOSED

    enum opswire_remctl_step:
        OPSWIRE_REMCTL_SEND_COMMAND
        OPSWIRE_REMCTL_SEND_STATUS

    opswire_remctl_state opswire_remctl_transition(
        opswire_remctl_state state, opswire_remctl_step step)


cdef extern from "opswire/remctl_connection.h" nogil:
    struct opswire_remctl_connection:
        pass

    enum opswire_remctl_role:
        OPSWIRE_REMCTL_CLIENT
        OPSWIRE_REMCTL_SERVER

    struct opswire_remctl_security:
        void *context
        opswire_status (*wrap)(void *, opswire_view, opswire_buffer *) noexcept nogil
        opswire_status (*unwrap)(void *, opswire_view, opswire_buffer *) noexcept nogil
        opswire_status (*sign)(void *, opswire_view, opswire_buffer *) noexcept nogil
        opswire_status (*verify)(void *, opswire_view, opswire_view) noexcept nogil

    enum opswire_remctl_event_type:
        OPSWIRE_REMCTL_EVENT_CONTEXT
        OPSWIRE_REMCTL_EVENT_COMMAND
        OPSWIRE_REMCTL_EVENT_OUTPUT
        OPSWIRE_REMCTL_EVENT_STATUS
        OPSWIRE_REMCTL_EVENT_ERROR
        OPSWIRE_REMCTL_EVENT_VERSIONS
        OPSWIRE_REMCTL_EVENT_NOOP
        OPSWIRE_REMCTL_EVENT_REFUSED
        OPSWIRE_REMCTL_EVENT_QUIT
        OPSWIRE_REMCTL_EVENT_CLOSED

    struct opswire_remctl_event:
        opswire_remctl_event_type type
        opswire_view octets
        uint32_t number
        uint8_t stream

    opswire_remctl_connection *opswire_remctl_connection_new(opswire_remctl_role role, int protocol)
    void opswire_remctl_connection_free(opswire_remctl_connection *connection)
    opswire_status opswire_remctl_receive(opswire_remctl_connection *connection, opswire_view octets)
    opswire_status opswire_remctl_room(
        opswire_remctl_connection *connection, size_t wish, uint8_t **room, size_t *size)
    void opswire_remctl_received(opswire_remctl_connection *connection, size_t size)
    void opswire_remctl_receive_end(opswire_remctl_connection *connection)
    opswire_status opswire_remctl_next_event(
        opswire_remctl_connection *connection, opswire_remctl_event *event)
    void opswire_remctl_event_lost(opswire_remctl_connection *connection)
    size_t opswire_remctl_missing(const opswire_remctl_connection *connection)
    opswire_status opswire_remctl_send_hello(opswire_remctl_connection *connection)
    opswire_status opswire_remctl_send_context(
        opswire_remctl_connection *connection, opswire_view token)
    opswire_status opswire_remctl_establish(
        opswire_remctl_connection *connection, opswire_remctl_security security, uint32_t gss_flags)
    opswire_status opswire_remctl_send_command(
        opswire_remctl_connection *connection, opswire_remctl_argument_writer *writer)
    opswire_status opswire_remctl_send_noop(opswire_remctl_connection *connection)
    opswire_status opswire_remctl_send_quit(opswire_remctl_connection *connection)
    opswire_status opswire_remctl_send_output(
        opswire_remctl_connection *connection, uint8_t stream, opswire_view octets)
    opswire_status opswire_remctl_send_status(
        opswire_remctl_connection *connection, uint8_t exit_status)
    opswire_status opswire_remctl_send_error(
        opswire_remctl_connection *connection, uint32_t code, opswire_view text)
    opswire_view opswire_remctl_outgoing(const opswire_remctl_connection *connection)
    void opswire_remctl_sent(opswire_remctl_connection *connection, size_t size)
    opswire_remctl_state opswire_remctl_state_of "opswire_remctl_state"(
        const opswire_remctl_connection *connection)
    int opswire_remctl_protocol(const opswire_remctl_connection *connection)
    uint32_t opswire_remctl_found(const opswire_remctl_connection *connection)
    uint64_t opswire_remctl_offset(const opswire_remctl_connection *connection)
