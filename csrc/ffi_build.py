"""How opswire._core._ffi is made: the declarations of include/opswire, compiled against them.

The C itself is linked into opswire._core.remctl, opswire._core.performance_data and
opswire._core.cim_block, and borrowed here (see the …_borrowed.h of each).
"""

from cffi import FFI

CDEF = """
typedef enum opswire_status {
    OPSWIRE_DONE, OPSWIRE_MORE, OPSWIRE_PAUSED, OPSWIRE_NO_MEMORY, OPSWIRE_FORBIDDEN,
    OPSWIRE_OUT_OF_RANGE, OPSWIRE_TOO_MUCH_DATA, OPSWIRE_NO_SECURITY, OPSWIRE_TOKEN_TOO_LARGE,
    OPSWIRE_TOKEN_UNEXPECTED, OPSWIRE_TOKEN_INVALID, OPSWIRE_MESSAGE_MALFORMED,
    OPSWIRE_VERSION_UNEXPECTED, OPSWIRE_TYPE_UNKNOWN, OPSWIRE_TYPE_UNEXPECTED,
    OPSWIRE_STREAM_UNEXPECTED, OPSWIRE_FLAGS_REFUSED, OPSWIRE_SECURITY_REFUSED,
    OPSWIRE_END_OF_FILE, OPSWIRE_PERFORMANCE_INVALID, OPSWIRE_XML_MALFORMED, OPSWIRE_XML_LIMIT,
    OPSWIRE_CIM_INVALID, ...
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
#define OPSWIRE_REMCTL_MAX_PROTECTION ...
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
void opswire_remctl_event_lost(struct opswire_remctl_connection *connection);
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

void opswire_hash_set_key(const uint8_t *key);
uint64_t opswire_hash(struct opswire_view octets);
uint64_t opswire_hash_folded(struct opswire_view octets);

#define OPSWIRE_XML_MAX_DEPTH ...
#define OPSWIRE_XML_MOST_DEPTH ...
#define OPSWIRE_XML_MAX_ATTRIBUTES ...
#define OPSWIRE_XML_MAX_NAME ...
#define OPSWIRE_XML_MAX_TAG ...
#define OPSWIRE_XML_MAX_TEXT ...
#define OPSWIRE_XML_MAX_TOTAL ...
#define OPSWIRE_XML_MAX_REFERENCE ...
#define OPSWIRE_XML_MAX_DECLARATION ...
#define OPSWIRE_XML_EXCERPT_SIZE ...
enum opswire_xml_error {
    OPSWIRE_XML_SOUND, OPSWIRE_XML_NO_ELEMENT, OPSWIRE_XML_UNCLOSED, OPSWIRE_XML_JUNK_OUTSIDE,
    OPSWIRE_XML_SECOND_ROOT, OPSWIRE_XML_BAD_CHARACTER, OPSWIRE_XML_BAD_NAME,
    OPSWIRE_XML_BAD_TAG, OPSWIRE_XML_BAD_ATTRIBUTE, OPSWIRE_XML_DUPLICATE_ATTRIBUTE,
    OPSWIRE_XML_MISMATCHED_END, OPSWIRE_XML_BAD_REFERENCE, OPSWIRE_XML_UNKNOWN_ENTITY,
    OPSWIRE_XML_BAD_COMMENT, OPSWIRE_XML_BAD_INSTRUCTION, OPSWIRE_XML_BAD_MARKUP,
    OPSWIRE_XML_CDATA_END_IN_TEXT, OPSWIRE_XML_BAD_DECLARATION, OPSWIRE_XML_UNKNOWN_ENCODING,
    OPSWIRE_XML_WRONG_ENCODING, OPSWIRE_XML_BAD_DOCTYPE, OPSWIRE_XML_DECLARATIONS_REFUSED,
    OPSWIRE_XML_TOO_DEEP, OPSWIRE_XML_TOO_MANY_ATTRIBUTES, OPSWIRE_XML_NAME_TOO_LONG,
    OPSWIRE_XML_TAG_TOO_LONG, OPSWIRE_XML_TEXT_TOO_LONG, OPSWIRE_XML_REFERENCE_TOO_LONG,
    OPSWIRE_XML_DOCUMENT_TOO_LONG, OPSWIRE_XML_ERROR_COUNT, ...
};
enum opswire_xml_token_type {
    OPSWIRE_XML_START, OPSWIRE_XML_TEXT, OPSWIRE_XML_END, OPSWIRE_XML_DOCUMENT_END, ...
};
struct opswire_xml_limits {
    uint32_t depth;
    uint32_t attributes;
    uint32_t name;
    uint32_t tag;
    uint32_t text;
    uint64_t total;
};
struct opswire_xml_attribute {
    struct opswire_view name;
    struct opswire_view value;
};
struct opswire_xml_tag {
    struct opswire_view name;
    const struct opswire_xml_attribute *attributes;
    uint32_t attribute_count;
    bool kept;
    bool ascii;
    uint64_t memo;
};
struct opswire_xml_token {
    enum opswire_xml_token_type type;
    bool ascii;
    struct opswire_xml_tag *tag;
    struct opswire_view name;
    struct opswire_view text;
};
struct opswire_xml_leaf {
    struct opswire_xml_tag *tag;
    struct opswire_view text;
    bool ascii;
    ...;
};
struct opswire_xml_wrapped {
    struct opswire_xml_tag *tag;
    struct opswire_xml_leaf leaf;
};
struct opswire_xml_position {
    uint64_t line;
    uint64_t column;
    uint64_t offset;
};
struct opswire_xml_scanner;
const char *opswire_xml_error_message(enum opswire_xml_error error);
struct opswire_xml_scanner *opswire_xml_scanner_new(const struct opswire_xml_limits *limits);
void opswire_xml_scanner_free(struct opswire_xml_scanner *scanner);
void opswire_xml_reset(struct opswire_xml_scanner *scanner);
void opswire_xml_reset_within(struct opswire_xml_scanner *scanner);
enum opswire_status opswire_xml_feed(struct opswire_xml_scanner *scanner,
    struct opswire_view octets);
void opswire_xml_end(struct opswire_xml_scanner *scanner);
enum opswire_status opswire_xml_next(struct opswire_xml_scanner *scanner,
    struct opswire_xml_token *token);
enum opswire_status opswire_xml_next_markup(struct opswire_xml_scanner *scanner,
    struct opswire_xml_token *token);
bool opswire_xml_peek_leaf(const struct opswire_xml_scanner *scanner,
    struct opswire_xml_leaf *leaf);
bool opswire_xml_peek_wrapped(const struct opswire_xml_scanner *scanner,
    struct opswire_xml_wrapped *wrapped);
void opswire_xml_take_leaf(struct opswire_xml_scanner *scanner,
    const struct opswire_xml_leaf *leaf);
void opswire_xml_take_wrapped(struct opswire_xml_scanner *scanner,
    const struct opswire_xml_wrapped *wrapped);
enum opswire_xml_error opswire_xml_error_code(const struct opswire_xml_scanner *scanner);
struct opswire_xml_position opswire_xml_where(const struct opswire_xml_scanner *scanner);
size_t opswire_xml_excerpt(struct opswire_xml_scanner *scanner,
    uint8_t *out, size_t *mark);
uint32_t opswire_xml_depth(const struct opswire_xml_scanner *scanner);
size_t opswire_xml_memory(const struct opswire_xml_scanner *scanner);
void opswire_xml_forget(struct opswire_xml_scanner *scanner);

#define OPSWIRE_CIM_MAX_EMBEDDING ...
#define OPSWIRE_CIM_MAX_OBJECT ...
#define OPSWIRE_CIM_ENVELOPE ...
#define OPSWIRE_CIM_FACTOR ...
#define OPSWIRE_CIM_FLOOR ...
#define OPSWIRE_CIM_MAX_IDLE ...
#define OPSWIRE_CIM_MAX_SHAPES ...
#define OPSWIRE_XML_MAX_WRITE_DEPTH ...
#define OPSWIRE_CIM_ARRAY ...
#define OPSWIRE_CIM_TYPE_MASK ...
#define OPSWIRE_CIM_NOT_ASCII ...
enum opswire_cim_element {
    OPSWIRE_CIM_E_CIM, OPSWIRE_CIM_E_DECLARATION, OPSWIRE_CIM_E_DECLGROUP,
    OPSWIRE_CIM_E_DECLGROUP_WITHNAME, OPSWIRE_CIM_E_DECLGROUP_WITHPATH,
    OPSWIRE_CIM_E_QUALIFIER_DECLARATION, OPSWIRE_CIM_E_SCOPE, OPSWIRE_CIM_E_VALUE,
    OPSWIRE_CIM_E_VALUE_ARRAY, OPSWIRE_CIM_E_VALUE_REFERENCE, OPSWIRE_CIM_E_VALUE_REFARRAY,
    OPSWIRE_CIM_E_VALUE_OBJECT, OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE,
    OPSWIRE_CIM_E_VALUE_NAMEDOBJECT, OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH,
    OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH, OPSWIRE_CIM_E_VALUE_NULL,
    OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH, OPSWIRE_CIM_E_NAMESPACEPATH,
    OPSWIRE_CIM_E_LOCALNAMESPACEPATH, OPSWIRE_CIM_E_HOST, OPSWIRE_CIM_E_NAMESPACE,
    OPSWIRE_CIM_E_CLASSPATH, OPSWIRE_CIM_E_LOCALCLASSPATH, OPSWIRE_CIM_E_CLASSNAME,
    OPSWIRE_CIM_E_INSTANCEPATH, OPSWIRE_CIM_E_LOCALINSTANCEPATH, OPSWIRE_CIM_E_INSTANCENAME,
    OPSWIRE_CIM_E_OBJECTPATH, OPSWIRE_CIM_E_KEYBINDING, OPSWIRE_CIM_E_KEYVALUE,
    OPSWIRE_CIM_E_CLASS, OPSWIRE_CIM_E_INSTANCE, OPSWIRE_CIM_E_QUALIFIER,
    OPSWIRE_CIM_E_PROPERTY, OPSWIRE_CIM_E_PROPERTY_ARRAY, OPSWIRE_CIM_E_PROPERTY_REFERENCE,
    OPSWIRE_CIM_E_METHOD, OPSWIRE_CIM_E_PARAMETER, OPSWIRE_CIM_E_PARAMETER_REFERENCE,
    OPSWIRE_CIM_E_PARAMETER_ARRAY, OPSWIRE_CIM_E_PARAMETER_REFARRAY, OPSWIRE_CIM_E_MESSAGE,
    OPSWIRE_CIM_E_MULTIREQ, OPSWIRE_CIM_E_SIMPLEREQ, OPSWIRE_CIM_E_METHODCALL,
    OPSWIRE_CIM_E_PARAMVALUE, OPSWIRE_CIM_E_IMETHODCALL, OPSWIRE_CIM_E_IPARAMVALUE,
    OPSWIRE_CIM_E_MULTIRSP, OPSWIRE_CIM_E_SIMPLERSP, OPSWIRE_CIM_E_METHODRESPONSE,
    OPSWIRE_CIM_E_IMETHODRESPONSE, OPSWIRE_CIM_E_ERROR, OPSWIRE_CIM_E_RETURNVALUE,
    OPSWIRE_CIM_E_IRETURNVALUE, OPSWIRE_CIM_E_MULTIEXPREQ, OPSWIRE_CIM_E_SIMPLEEXPREQ,
    OPSWIRE_CIM_E_EXPMETHODCALL, OPSWIRE_CIM_E_MULTIEXPRSP, OPSWIRE_CIM_E_SIMPLEEXPRSP,
    OPSWIRE_CIM_E_EXPMETHODRESPONSE, OPSWIRE_CIM_E_EXPPARAMVALUE, OPSWIRE_CIM_E_CORRELATOR,
    OPSWIRE_CIM_ELEMENT_COUNT, ...
};
enum opswire_cim_attribute {
    OPSWIRE_CIM_A_NAME, OPSWIRE_CIM_A_TYPE, OPSWIRE_CIM_A_CLASSORIGIN, OPSWIRE_CIM_A_PROPAGATED,
    OPSWIRE_CIM_A_EMBEDDEDOBJECT, OPSWIRE_CIM_A_ARRAYSIZE, OPSWIRE_CIM_A_REFERENCECLASS,
    OPSWIRE_CIM_A_PARAMTYPE, OPSWIRE_CIM_A_CLASSNAME, OPSWIRE_CIM_A_VALUETYPE,
    OPSWIRE_CIM_A_LANG, OPSWIRE_CIM_A_SUPERCLASS, OPSWIRE_CIM_A_OVERRIDABLE,
    OPSWIRE_CIM_A_TOSUBCLASS, OPSWIRE_CIM_A_TOINSTANCE, OPSWIRE_CIM_A_TRANSLATABLE,
    OPSWIRE_CIM_A_ISARRAY, OPSWIRE_CIM_A_CIMVERSION, OPSWIRE_CIM_A_DTDVERSION, OPSWIRE_CIM_A_ID,
    OPSWIRE_CIM_A_PROTOCOLVERSION, OPSWIRE_CIM_A_CODE, OPSWIRE_CIM_A_DESCRIPTION,
    OPSWIRE_CIM_A_CLASS, OPSWIRE_CIM_A_ASSOCIATION, OPSWIRE_CIM_A_REFERENCE,
    OPSWIRE_CIM_A_PROPERTY, OPSWIRE_CIM_A_METHOD, OPSWIRE_CIM_A_PARAMETER,
    OPSWIRE_CIM_A_INDICATION, OPSWIRE_CIM_ATTRIBUTE_COUNT, ...
};
enum opswire_cim_type {
    OPSWIRE_CIM_NULL, OPSWIRE_CIM_BOOLEAN, OPSWIRE_CIM_STRING, OPSWIRE_CIM_CHAR16,
    OPSWIRE_CIM_DATETIME, OPSWIRE_CIM_UINT8, OPSWIRE_CIM_SINT8, OPSWIRE_CIM_UINT16,
    OPSWIRE_CIM_SINT16, OPSWIRE_CIM_UINT32, OPSWIRE_CIM_SINT32, OPSWIRE_CIM_UINT64,
    OPSWIRE_CIM_SINT64, OPSWIRE_CIM_REAL32, OPSWIRE_CIM_REAL64, OPSWIRE_CIM_REFERENCE,
    OPSWIRE_CIM_INSTANCE, OPSWIRE_CIM_CLASS, OPSWIRE_CIM_MEMBER, OPSWIRE_CIM_INTEGER,
    OPSWIRE_CIM_NATURAL, OPSWIRE_CIM_REAL, OPSWIRE_CIM_TYPE_COUNT, ...
};
enum opswire_cim_flag {
    OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, OPSWIRE_CIM_OVERRIDABLE_GIVEN,
    OPSWIRE_CIM_OVERRIDABLE, OPSWIRE_CIM_TOSUBCLASS_GIVEN, OPSWIRE_CIM_TOSUBCLASS,
    OPSWIRE_CIM_TOINSTANCE_GIVEN, OPSWIRE_CIM_TOINSTANCE, OPSWIRE_CIM_TRANSLATABLE_GIVEN,
    OPSWIRE_CIM_TRANSLATABLE, OPSWIRE_CIM_IS_ARRAY, OPSWIRE_CIM_IS_ARRAY_GIVEN,
    OPSWIRE_CIM_EMBEDDED_INSTANCE, OPSWIRE_CIM_EMBEDDED_OBJECT, OPSWIRE_CIM_ARRAY_SIZE_GIVEN,
    OPSWIRE_CIM_NAME_GIVEN, OPSWIRE_CIM_SCOPE_GIVEN, OPSWIRE_CIM_SCOPE_CLASS,
    OPSWIRE_CIM_SCOPE_ASSOCIATION, OPSWIRE_CIM_SCOPE_REFERENCE, OPSWIRE_CIM_SCOPE_PROPERTY,
    OPSWIRE_CIM_SCOPE_METHOD, OPSWIRE_CIM_SCOPE_PARAMETER, OPSWIRE_CIM_SCOPE_INDICATION, ...
};
enum opswire_cim_block_flag {
    OPSWIRE_CIM_EMPTY_BOOLEAN, OPSWIRE_CIM_KEYLESS, OPSWIRE_CIM_EMPTY_FLAG, ...
};
enum opswire_cim_option {
    OPSWIRE_CIM_ANY_RANGE, OPSWIRE_CIM_FRAGMENT, ...
};
enum opswire_cim_event_type {
    OPSWIRE_CIM_ENTER, OPSWIRE_CIM_LEAVE, OPSWIRE_CIM_OBJECT, OPSWIRE_CIM_END, ...
};
enum opswire_cim_error {
    OPSWIRE_CIM_SOUND, OPSWIRE_CIM_UNKNOWN_ELEMENT, OPSWIRE_CIM_UNEXPECTED_ELEMENT,
    OPSWIRE_CIM_MISSING_ELEMENT, OPSWIRE_CIM_UNEXPECTED_TEXT, OPSWIRE_CIM_UNKNOWN_ATTRIBUTE,
    OPSWIRE_CIM_MISSING_ATTRIBUTE, OPSWIRE_CIM_BAD_ATTRIBUTE, OPSWIRE_CIM_BAD_BOOLEAN,
    OPSWIRE_CIM_BAD_INTEGER, OPSWIRE_CIM_INTEGER_RANGE, OPSWIRE_CIM_BAD_REAL,
    OPSWIRE_CIM_BAD_DATETIME, OPSWIRE_CIM_BAD_CHAR16, OPSWIRE_CIM_BAD_NUMBER,
    OPSWIRE_CIM_BAD_EMBEDDED, OPSWIRE_CIM_EMBEDDED_TOO_DEEP, OPSWIRE_CIM_OBJECT_TOO_LARGE,
    OPSWIRE_CIM_MESSAGE_TOO_LARGE,
    OPSWIRE_CIM_ERROR_COUNT, ...
};
struct opswire_cim_text {
    uint32_t offset;
    uint32_t size;
};
union opswire_cim_cell {
    uint64_t u;
    int64_t s;
    uint32_t offset;
    struct opswire_cim_text text;
};
struct opswire_cim_values {
    uint32_t count;
    uint32_t unused;
    union opswire_cim_cell cells[];
};
struct opswire_cim_descriptor {
    struct opswire_view name;
    struct opswire_view class_origin;
    struct opswire_view reference_class;
    struct opswire_view lang;
    uint32_t flags;
    uint32_t array_size;
    uint8_t type;
    bool ascii;
    bool key;
};
struct opswire_cim_shape {
    struct opswire_view class_name;
    struct opswire_view lang;
    const struct opswire_cim_descriptor *const
        *members;
    uint32_t count;
    uint32_t index;
    bool path;
    bool ascii;
    void *memo;
};
struct opswire_cim_path {
    struct opswire_cim_text host;
    struct opswire_cim_text namespace_name;
    struct opswire_cim_text class_name;
    uint32_t values;
    uint32_t shape;
};
struct opswire_cim_instance {
    uint32_t shape;
    uint32_t values;
    uint32_t path;
    uint32_t qualifiers;
    uint32_t qualified;
    uint32_t unused;
};
struct opswire_cim_list {
    uint32_t count;
    uint32_t offsets[];
};
struct opswire_cim_qualified_item { uint32_t member; uint32_t qualifiers; };
struct opswire_cim_qualified { uint32_t count; struct opswire_cim_qualified_item items[]; };
struct opswire_cim_class {
    struct opswire_cim_text name;
    struct opswire_cim_text superclass;
    uint32_t qualifiers;
    uint32_t properties;
    uint32_t methods;
    uint32_t path;
};
struct opswire_cim_member {
    struct opswire_cim_text name;
    struct opswire_cim_text class_origin;
    struct opswire_cim_text reference_class;
    struct opswire_cim_text lang;
    union opswire_cim_cell cell;
    uint32_t flags;
    uint32_t array_size;
    uint32_t qualifiers;
    uint32_t parameters;
    uint8_t tag;
    uint8_t type;
    uint8_t element;
    uint8_t value_element;
    uint32_t scopes;
};
struct opswire_cim_table;
struct opswire_cim_block {
    struct opswire_cim_table *table;
    uint32_t size;
    uint32_t references;
    union opswire_cim_cell cell;
    uint8_t tag;
    uint8_t flags;
    uint8_t element;
    uint8_t unused;
    uint32_t unused_too;
};
struct opswire_cim_settings {
    struct opswire_xml_limits xml;
    uint32_t options;
    uint32_t max_object;
    uint32_t factor;
    void (*drop_memo)(void *memo);
};
struct opswire_cim_event {
    enum opswire_cim_event_type type;
    enum opswire_cim_element element;
    struct opswire_view first;
    struct opswire_view second;
    uint32_t code;
    struct opswire_cim_block *block;
};
struct opswire_cim_fault {
    enum opswire_status status;
    enum opswire_xml_error xml;
    enum opswire_cim_error cim;
    struct opswire_xml_position position;
    char path[...];
    size_t path_size;
    uint8_t excerpt[...];
    size_t excerpt_size;
    size_t mark;
    char subject[64];
};
struct opswire_xml_writer {
    struct opswire_buffer out;
    size_t offset;
    enum opswire_status status;
    uint32_t depth;
    bool tag_open;
};
struct opswire_cim_writer {
    struct opswire_xml_writer xml;
    uint8_t elements[...];
};
struct opswire_cim_scalar {
    union opswire_cim_cell cell;
    struct opswire_view kept;
    struct opswire_view text;
    uint8_t tag;
};
#define OPSWIRE_CIM_NUMERIC_KEY ...
enum opswire_cim_error opswire_cim_scalar_read(uint32_t options, uint8_t type,
    struct opswire_view text, struct opswire_cim_scalar *scalar);
struct opswire_cim_reader;
struct opswire_cim_datetime {
    int32_t year;
    int32_t month;
    int32_t days;
    int32_t hour;
    int32_t minute;
    int32_t second;
    int32_t microsecond;
    int32_t offset;
    int8_t digits;
    bool interval;
};
const char *opswire_cim_datetime_read(
    struct opswire_view text, struct opswire_cim_datetime *made);
struct opswire_view opswire_cim_element_name(enum opswire_cim_element element);
struct opswire_view opswire_cim_attribute_name(enum opswire_cim_attribute attribute);
struct opswire_view opswire_cim_type_name(enum opswire_cim_type type);
struct opswire_cim_block *opswire_cim_block_share(struct opswire_cim_block *block);
void opswire_cim_block_free(struct opswire_cim_block *block);
struct opswire_cim_shape *opswire_cim_shape(const struct opswire_cim_block *block, uint32_t index);
struct opswire_cim_table *opswire_cim_table_share(struct opswire_cim_table *table);
void opswire_cim_table_free(struct opswire_cim_table *table);
const char *opswire_cim_error_message(enum opswire_cim_error error);
struct opswire_cim_reader *opswire_cim_reader_new(const struct opswire_cim_settings *settings);
void opswire_cim_reader_free(struct opswire_cim_reader *reader);
void opswire_cim_reader_reset(struct opswire_cim_reader *reader);
size_t opswire_cim_reader_memory(const struct opswire_cim_reader *reader);
enum opswire_status opswire_cim_feed(struct opswire_cim_reader *reader, struct opswire_view octets);
void opswire_cim_feed_end(struct opswire_cim_reader *reader);
enum opswire_status opswire_cim_next(struct opswire_cim_reader *reader,
    struct opswire_cim_event *event);
struct opswire_cim_block *opswire_cim_take(struct opswire_cim_reader *reader);
struct opswire_cim_table *opswire_cim_reader_table(const struct opswire_cim_reader *reader);
uint32_t opswire_cim_table_count(const struct opswire_cim_table *table);
struct opswire_cim_shape *opswire_cim_table_shape(const struct opswire_cim_table *table,
    uint32_t index);
void opswire_cim_reader_fault(const struct opswire_cim_reader *reader,
    struct opswire_cim_fault *fault);
enum opswire_status opswire_xml_write_fail(struct opswire_xml_writer *writer,
    enum opswire_status status);
enum opswire_status opswire_xml_write_declaration(struct opswire_xml_writer *writer);
enum opswire_status opswire_xml_write_start(struct opswire_xml_writer *writer,
    struct opswire_view name);
enum opswire_status opswire_xml_write_attribute(struct opswire_xml_writer *writer,
    struct opswire_view name, struct opswire_view value);
enum opswire_status opswire_xml_write_text(struct opswire_xml_writer *writer,
    struct opswire_view text);
enum opswire_status opswire_xml_write_end(struct opswire_xml_writer *writer,
    struct opswire_view name);
enum opswire_status opswire_xml_write_element(struct opswire_xml_writer *writer,
    struct opswire_view name, struct opswire_view text);
size_t opswire_xml_write_embedded_begin(struct opswire_xml_writer *writer);
enum opswire_status opswire_xml_write_embedded_end(struct opswire_xml_writer *writer, size_t mark);
enum opswire_status opswire_cim_write_start(struct opswire_cim_writer *writer,
    enum opswire_cim_element element);
enum opswire_status opswire_cim_write_attribute(struct opswire_cim_writer *writer,
    enum opswire_cim_attribute attribute,
    struct opswire_view value);
enum opswire_status opswire_cim_write_end(struct opswire_cim_writer *writer);
enum opswire_status opswire_cim_write_element(struct opswire_cim_writer *writer,
    enum opswire_cim_element element,
    struct opswire_view text);
enum opswire_status opswire_cim_write_property(struct opswire_cim_writer *writer,
    struct opswire_view name, enum opswire_cim_type type,
    struct opswire_view text);
enum opswire_status opswire_cim_write_block(struct opswire_cim_writer *writer,
    const struct opswire_cim_block *block);

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
void opswire_cimxml_bind(uintptr_t exports);
"""
ffibuilder.cdef(CDEF + BINDERS)
ffibuilder.set_source(
    "opswire._core._ffi",
    """
    #include "cimxml_borrowed.h"
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
