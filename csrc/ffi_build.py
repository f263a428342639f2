"""How opswire._core._ffi is made: the declarations of include/opswire, compiled against them.

The C itself is linked into opswire._core.remctl and opswire._core.performance_data, and borrowed
here (see remctl_borrowed.h and performance_data_borrowed.h).
"""

from cffi import FFI

CDEF = """
typedef enum opswire_status {
    OPSWIRE_DONE, OPSWIRE_MORE, OPSWIRE_PAUSED, OPSWIRE_NO_MEMORY, OPSWIRE_FORBIDDEN,
    OPSWIRE_OUT_OF_RANGE, OPSWIRE_TOO_MUCH_DATA, OPSWIRE_NO_SECURITY, OPSWIRE_TOKEN_TOO_LARGE,
    OPSWIRE_TOKEN_UNEXPECTED, OPSWIRE_TOKEN_INVALID, OPSWIRE_MESSAGE_MALFORMED,
    OPSWIRE_VERSION_UNEXPECTED, OPSWIRE_TYPE_UNKNOWN, OPSWIRE_TYPE_UNEXPECTED,
    OPSWIRE_STREAM_UNEXPECTED, OPSWIRE_FLAGS_REFUSED, OPSWIRE_SECURITY_REFUSED,
    OPSWIRE_END_OF_FILE, OPSWIRE_PERFORMANCE_INVALID, ...
} opswire_status;
const char *opswire_status_message(enum opswire_status status);

struct opswire_view { const uint8_t *data; size_t size; };
struct opswire_buffer { uint8_t *data; size_t size; size_t capacity; };
opswire_status opswire_buffer_append(struct opswire_buffer *buffer, struct opswire_view octets);
void opswire_buffer_free(struct opswire_buffer *buffer);

#define OPSWIRE_REMCTL_TOKEN_HEADER_SIZE ...
#define OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD ...
enum opswire_remctl_token_flag {
    OPSWIRE_REMCTL_TOKEN_NOOP, OPSWIRE_REMCTL_TOKEN_CONTEXT, OPSWIRE_REMCTL_TOKEN_DATA,
    OPSWIRE_REMCTL_TOKEN_MIC, OPSWIRE_REMCTL_TOKEN_CONTEXT_NEXT, OPSWIRE_REMCTL_TOKEN_SEND_MIC,
    OPSWIRE_REMCTL_TOKEN_PROTOCOL, ...
};
struct opswire_remctl_token { uint8_t flags; struct opswire_view payload; };
opswire_status opswire_remctl_token_read(
    struct opswire_view input, struct opswire_remctl_token *token, size_t *size);
opswire_status opswire_remctl_token_write(
    struct opswire_remctl_token token, uint8_t *out, size_t room, size_t *size);

#define OPSWIRE_REMCTL_MESSAGE_MAX ...
#define OPSWIRE_REMCTL_MAX_ARGUMENTS ...
#define OPSWIRE_REMCTL_MAX_COMMAND ...
#define OPSWIRE_REMCTL_GSS_REQUIRED ...
enum opswire_remctl_message_type {
    OPSWIRE_REMCTL_COMMAND, OPSWIRE_REMCTL_QUIT, OPSWIRE_REMCTL_OUTPUT, OPSWIRE_REMCTL_STATUS,
    OPSWIRE_REMCTL_ERROR, OPSWIRE_REMCTL_VERSIONS, OPSWIRE_REMCTL_NOOP, ...
};
enum opswire_remctl_continuation {
    OPSWIRE_REMCTL_WHOLE, OPSWIRE_REMCTL_FIRST, OPSWIRE_REMCTL_MIDDLE, OPSWIRE_REMCTL_LAST, ...
};
struct opswire_remctl_message {
    uint8_t version;
    uint8_t type;
    bool keep_alive;
    uint8_t continuation;
    uint8_t stream;
    uint8_t exit_status;
    uint8_t highest;
    uint32_t code;
    struct opswire_view body;
};
struct opswire_remctl_argument_writer {
    const struct opswire_view *arguments;
    size_t count;
    size_t index;
    size_t offset;
    bool started;
};
opswire_status opswire_remctl_message_read(
    struct opswire_view plain, struct opswire_remctl_message *message);
opswire_status opswire_remctl_message_write(
    const struct opswire_remctl_message *message, struct opswire_buffer *out);
opswire_status opswire_remctl_arguments_write(
    struct opswire_remctl_argument_writer *writer, size_t room, struct opswire_buffer *out);
size_t opswire_remctl_arguments_size(const struct opswire_view *arguments, size_t count);
opswire_status opswire_remctl_arguments_check(struct opswire_view list, uint32_t *count);
bool opswire_remctl_argument_take(struct opswire_view *list, struct opswire_view *argument);

enum opswire_remctl_role { OPSWIRE_REMCTL_CLIENT, OPSWIRE_REMCTL_SERVER, ... };
typedef enum opswire_remctl_state {
    OPSWIRE_REMCTL_FORBIDDEN, OPSWIRE_REMCTL_CLIENT_START, OPSWIRE_REMCTL_CLIENT_GREETED,
    OPSWIRE_REMCTL_CLIENT_NEGOTIATING, OPSWIRE_REMCTL_CLIENT_IDLE, OPSWIRE_REMCTL_CLIENT_SENDING,
    OPSWIRE_REMCTL_CLIENT_BUSY, OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED, OPSWIRE_REMCTL_CLIENT_NOOP,
    OPSWIRE_REMCTL_CLIENT_SPENT, OPSWIRE_REMCTL_CLIENT_START_1,
    OPSWIRE_REMCTL_CLIENT_NEGOTIATING_1, OPSWIRE_REMCTL_CLIENT_IDLE_1,
    OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1, OPSWIRE_REMCTL_CLIENT_BUSY_1,
    OPSWIRE_REMCTL_CLIENT_REPLIED_1, OPSWIRE_REMCTL_SERVER_START,
    OPSWIRE_REMCTL_SERVER_NEGOTIATING, OPSWIRE_REMCTL_SERVER_IDLE,
    OPSWIRE_REMCTL_SERVER_COLLECTING, OPSWIRE_REMCTL_SERVER_DISCARDING,
    OPSWIRE_REMCTL_SERVER_BUSY, OPSWIRE_REMCTL_SERVER_NEGOTIATING_1,
    OPSWIRE_REMCTL_SERVER_IDLE_1, OPSWIRE_REMCTL_SERVER_BUSY_1, OPSWIRE_REMCTL_CLOSED,
    OPSWIRE_REMCTL_STATE_COUNT, ...
} opswire_remctl_state_number;
enum opswire_remctl_step {
    OPSWIRE_REMCTL_SEND_HELLO, OPSWIRE_REMCTL_SEND_CONTEXT, OPSWIRE_REMCTL_ESTABLISH,
    OPSWIRE_REMCTL_SEND_COMMAND, OPSWIRE_REMCTL_SEND_COMMAND_PART,
    OPSWIRE_REMCTL_SEND_COMMAND_LAST, OPSWIRE_REMCTL_SEND_NOOP, OPSWIRE_REMCTL_SEND_QUIT,
    OPSWIRE_REMCTL_SEND_OUTPUT, OPSWIRE_REMCTL_SEND_STATUS, OPSWIRE_REMCTL_SEND_ERROR,
    OPSWIRE_REMCTL_RECEIVE_HELLO, OPSWIRE_REMCTL_RECEIVE_HELLO_1,
    OPSWIRE_REMCTL_RECEIVE_CONTEXT, OPSWIRE_REMCTL_RECEIVE_CONTEXT_1,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_WHOLE, OPSWIRE_REMCTL_RECEIVE_COMMAND_FIRST,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_MIDDLE, OPSWIRE_REMCTL_RECEIVE_COMMAND_LAST,
    OPSWIRE_REMCTL_RECEIVE_COMMAND_1, OPSWIRE_REMCTL_RECEIVE_MIC_1,
    OPSWIRE_REMCTL_RECEIVE_OUTPUT, OPSWIRE_REMCTL_RECEIVE_STATUS, OPSWIRE_REMCTL_RECEIVE_ERROR,
    OPSWIRE_REMCTL_RECEIVE_VERSIONS, OPSWIRE_REMCTL_RECEIVE_NOOP, OPSWIRE_REMCTL_RECEIVE_QUIT,
    OPSWIRE_REMCTL_RECEIVE_END, OPSWIRE_REMCTL_REFUSE, OPSWIRE_REMCTL_REFUSE_PART,
    OPSWIRE_REMCTL_HANG_UP, OPSWIRE_REMCTL_STEP_COUNT, ...
};
opswire_remctl_state_number opswire_remctl_transition(
    enum opswire_remctl_state state, enum opswire_remctl_step step);

enum opswire_remctl_event_type {
    OPSWIRE_REMCTL_EVENT_CONTEXT, OPSWIRE_REMCTL_EVENT_COMMAND, OPSWIRE_REMCTL_EVENT_OUTPUT,
    OPSWIRE_REMCTL_EVENT_STATUS, OPSWIRE_REMCTL_EVENT_ERROR, OPSWIRE_REMCTL_EVENT_VERSIONS,
    OPSWIRE_REMCTL_EVENT_NOOP, OPSWIRE_REMCTL_EVENT_REFUSED, OPSWIRE_REMCTL_EVENT_QUIT,
    OPSWIRE_REMCTL_EVENT_CLOSED, ...
};
struct opswire_remctl_event {
    enum opswire_remctl_event_type type;
    struct opswire_view octets;
    uint32_t number;
    uint8_t stream;
};
struct opswire_remctl_security {
    void *context;
    opswire_status (*wrap)(void *, struct opswire_view, struct opswire_buffer *);
    opswire_status (*unwrap)(void *, struct opswire_view, struct opswire_buffer *);
    opswire_status (*sign)(void *, struct opswire_view, struct opswire_buffer *);
    opswire_status (*verify)(void *, struct opswire_view, struct opswire_view);
};
struct opswire_remctl_connection;
struct opswire_remctl_connection *opswire_remctl_connection_new(
    enum opswire_remctl_role role, int protocol);
void opswire_remctl_connection_free(struct opswire_remctl_connection *connection);
opswire_status opswire_remctl_receive(
    struct opswire_remctl_connection *connection, struct opswire_view octets);
void opswire_remctl_receive_end(struct opswire_remctl_connection *connection);
opswire_status opswire_remctl_next_event(
    struct opswire_remctl_connection *connection, struct opswire_remctl_event *event);
size_t opswire_remctl_missing(const struct opswire_remctl_connection *connection);
opswire_status opswire_remctl_send_hello(struct opswire_remctl_connection *connection);
opswire_status opswire_remctl_send_context(
    struct opswire_remctl_connection *connection, struct opswire_view token);
opswire_status opswire_remctl_establish(
    struct opswire_remctl_connection *connection, struct opswire_remctl_security security,
    uint32_t gss_flags);
opswire_status opswire_remctl_send_command(
    struct opswire_remctl_connection *connection, struct opswire_remctl_argument_writer *writer);
opswire_status opswire_remctl_send_noop(struct opswire_remctl_connection *connection);
opswire_status opswire_remctl_send_quit(struct opswire_remctl_connection *connection);
opswire_status opswire_remctl_send_output(
    struct opswire_remctl_connection *connection, uint8_t stream, struct opswire_view octets);
opswire_status opswire_remctl_send_status(
    struct opswire_remctl_connection *connection, uint8_t exit_status);
opswire_status opswire_remctl_send_error(
    struct opswire_remctl_connection *connection, uint32_t code, struct opswire_view text);
struct opswire_view opswire_remctl_outgoing(const struct opswire_remctl_connection *connection);
void opswire_remctl_sent(struct opswire_remctl_connection *connection, size_t size);
opswire_remctl_state_number opswire_remctl_state(
    const struct opswire_remctl_connection *connection);
int opswire_remctl_protocol(const struct opswire_remctl_connection *connection);
uint32_t opswire_remctl_found(const struct opswire_remctl_connection *connection);
uint64_t opswire_remctl_offset(const struct opswire_remctl_connection *connection);

#define OPSWIRE_PERFORMANCE_MAX_DIGITS ...
#define OPSWIRE_PERFORMANCE_MAX_NUMBER ...
enum opswire_performance_rules {
    OPSWIRE_PERFORMANCE_RECORDED, OPSWIRE_PERFORMANCE_STRICT, ...
};
struct opswire_performance_level { bool present; double number; struct opswire_view range; };
struct opswire_performance_item {
    struct opswire_view label;
    struct opswire_view unit;
    struct opswire_performance_level warning;
    struct opswire_performance_level critical;
    double value;
    double minimum;
    double maximum;
    bool escaped;
    bool unknown;
    bool has_minimum;
    bool has_maximum;
};
struct opswire_performance_range { double start; double end; bool inside; };
struct opswire_performance_reader {
    struct opswire_view input;
    enum opswire_performance_rules rules;
    size_t offset;
    const char *error;
};
opswire_status opswire_performance_next(
    struct opswire_performance_reader *reader, struct opswire_performance_item *item);
opswire_status opswire_performance_range_read(
    struct opswire_view text, struct opswire_performance_range *range, size_t *offset,
    const char **error);
size_t opswire_performance_label_unescape(struct opswire_view label, uint8_t *out);
opswire_status opswire_performance_write(
    const struct opswire_performance_item *items, size_t count,
    enum opswire_performance_rules rules, size_t most, uint8_t *out, size_t room, size_t *size,
    size_t *index, const char **error);
size_t opswire_performance_number_read(
    struct opswire_view text, enum opswire_performance_rules rules, double *number);
size_t opswire_performance_number_write(
    double number, enum opswire_performance_rules rules, uint8_t *out);
"""

ffibuilder = FFI()
BINDERS = """
void opswire_remctl_bind(uintptr_t exports);
void opswire_performance_bind(uintptr_t exports);
"""
ffibuilder.cdef(CDEF + BINDERS)
ffibuilder.set_source(
    "opswire._core._ffi",
    """
    #include "performance_data_borrowed.h"
    #include "remctl_borrowed.h"

    typedef enum opswire_status opswire_status;
    typedef enum opswire_remctl_state opswire_remctl_state_number;
    """,
    include_dirs=["include", "csrc"],
    # cffi would choose the stable ABI. Wheels are for one CPython each, and the stable ABI's file
    # name has the processor in it from 3.15 on: that of the build, which may not be the target's.
    py_limited_api=False,
)
