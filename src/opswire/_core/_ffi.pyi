from types import TracebackType
from typing import Any, Final, Protocol, TypeAlias, overload

# collections.abc.Buffer is newer than Python 3.11; any object with contiguous octets will do.
_Octets: TypeAlias = bytes | bytearray | memoryview

class CData:
    """A C value or pointer.  Its fields are as dynamic as C declarations in strings are."""

    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: object) -> None: ...
    def __getitem__(self, index: int | slice) -> Any: ...
    def __setitem__(self, index: int | slice, value: object) -> None: ...
    def __len__(self) -> int: ...
    def __int__(self) -> int: ...
    def __add__(self, count: int) -> CData: ...
    def __sub__(self, other: int | CData) -> Any: ...
    def __bool__(self) -> bool: ...
    def __call__(self, *arguments: object) -> Any: ...
    def __enter__(self) -> CData: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

class _Decorator(Protocol):
    def __call__(self, function: Any, /) -> CData: ...

class FFI:
    """The part of cffi's FFI that compiled modules have."""

    NULL: CData
    error: type[Exception]

    def new(self, cdecl: str, init: object = ...) -> CData: ...
    def cast(self, cdecl: str, value: object) -> CData: ...
    @overload
    def callback(
        self, cdecl: str, python_callable: None = None, error: object = ..., onerror: Any = ...
    ) -> _Decorator: ...
    @overload
    def callback(
        self, cdecl: str, python_callable: Any, error: object = ..., onerror: Any = ...
    ) -> CData: ...
    def from_buffer(
        self, cdecl: str, python_buffer: _Octets, require_writable: bool = False
    ) -> CData: ...
    def buffer(self, cdata: CData, size: int = -1) -> Any: ...
    def unpack(self, cdata: CData, length: int) -> Any: ...
    def string(self, cdata: CData, maxlen: int = -1) -> bytes: ...
    def memmove(self, dest: CData | bytearray, src: CData | _Octets, n: int) -> None: ...
    def gc(self, cdata: CData, destructor: Any, size: int = 0) -> CData: ...
    def release(self, cdata: CData) -> None: ...
    def new_handle(self, value: object) -> CData: ...
    def from_handle(self, handle: CData) -> Any: ...
    def addressof(self, cdata: CData | Library, *fields_or_indexes: str | int) -> CData: ...
    def sizeof(self, cdata: str | CData) -> int: ...
    def offsetof(self, cdecl: str, *fields_or_indexes: str | int) -> int: ...
    def typeof(self, cdecl: str | CData) -> Any: ...

class Library:
    """The functions and constants of include/opswire."""

    OPSWIRE_REMCTL_TOKEN_HEADER_SIZE: Final[int]
    OPSWIRE_REMCTL_TOKEN_MAX_PAYLOAD: Final[int]
    OPSWIRE_REMCTL_MESSAGE_MAX: Final[int]
    OPSWIRE_REMCTL_MAX_ARGUMENTS: Final[int]
    OPSWIRE_REMCTL_MAX_COMMAND: Final[int]
    OPSWIRE_REMCTL_GSS_REQUIRED: Final[int]
    OPSWIRE_REMCTL_MAX_PROTECTION: Final[int]
    OPSWIRE_DONE: Final[int]
    OPSWIRE_MORE: Final[int]
    OPSWIRE_PAUSED: Final[int]
    OPSWIRE_NO_MEMORY: Final[int]
    OPSWIRE_FORBIDDEN: Final[int]
    OPSWIRE_OUT_OF_RANGE: Final[int]
    OPSWIRE_TOO_MUCH_DATA: Final[int]
    OPSWIRE_NO_SECURITY: Final[int]
    OPSWIRE_TOKEN_TOO_LARGE: Final[int]
    OPSWIRE_TOKEN_UNEXPECTED: Final[int]
    OPSWIRE_TOKEN_INVALID: Final[int]
    OPSWIRE_MESSAGE_MALFORMED: Final[int]
    OPSWIRE_VERSION_UNEXPECTED: Final[int]
    OPSWIRE_TYPE_UNKNOWN: Final[int]
    OPSWIRE_TYPE_UNEXPECTED: Final[int]
    OPSWIRE_STREAM_UNEXPECTED: Final[int]
    OPSWIRE_FLAGS_REFUSED: Final[int]
    OPSWIRE_SECURITY_REFUSED: Final[int]
    OPSWIRE_END_OF_FILE: Final[int]
    OPSWIRE_PERFORMANCE_INVALID: Final[int]
    OPSWIRE_PERFORMANCE_MAX_DIGITS: Final[int]
    OPSWIRE_PERFORMANCE_MAX_NUMBER: Final[int]
    OPSWIRE_PERFORMANCE_RECORDED: Final[int]
    OPSWIRE_PERFORMANCE_STRICT: Final[int]
    OPSWIRE_REMCTL_TOKEN_NOOP: Final[int]
    OPSWIRE_REMCTL_TOKEN_CONTEXT: Final[int]
    OPSWIRE_REMCTL_TOKEN_DATA: Final[int]
    OPSWIRE_REMCTL_TOKEN_MIC: Final[int]
    OPSWIRE_REMCTL_TOKEN_CONTEXT_NEXT: Final[int]
    OPSWIRE_REMCTL_TOKEN_SEND_MIC: Final[int]
    OPSWIRE_REMCTL_TOKEN_PROTOCOL: Final[int]
    OPSWIRE_REMCTL_COMMAND: Final[int]
    OPSWIRE_REMCTL_QUIT: Final[int]
    OPSWIRE_REMCTL_OUTPUT: Final[int]
    OPSWIRE_REMCTL_STATUS: Final[int]
    OPSWIRE_REMCTL_ERROR: Final[int]
    OPSWIRE_REMCTL_VERSIONS: Final[int]
    OPSWIRE_REMCTL_NOOP: Final[int]
    OPSWIRE_REMCTL_WHOLE: Final[int]
    OPSWIRE_REMCTL_FIRST: Final[int]
    OPSWIRE_REMCTL_MIDDLE: Final[int]
    OPSWIRE_REMCTL_LAST: Final[int]
    OPSWIRE_REMCTL_CLIENT: Final[int]
    OPSWIRE_REMCTL_SERVER: Final[int]
    OPSWIRE_REMCTL_FORBIDDEN: Final[int]
    OPSWIRE_REMCTL_CLIENT_START: Final[int]
    OPSWIRE_REMCTL_CLIENT_GREETED: Final[int]
    OPSWIRE_REMCTL_CLIENT_NEGOTIATING: Final[int]
    OPSWIRE_REMCTL_CLIENT_IDLE: Final[int]
    OPSWIRE_REMCTL_CLIENT_SENDING: Final[int]
    OPSWIRE_REMCTL_CLIENT_BUSY: Final[int]
    OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED: Final[int]
    OPSWIRE_REMCTL_CLIENT_NOOP: Final[int]
    OPSWIRE_REMCTL_CLIENT_SPENT: Final[int]
    OPSWIRE_REMCTL_CLIENT_START_1: Final[int]
    OPSWIRE_REMCTL_CLIENT_NEGOTIATING_1: Final[int]
    OPSWIRE_REMCTL_CLIENT_IDLE_1: Final[int]
    OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1: Final[int]
    OPSWIRE_REMCTL_CLIENT_BUSY_1: Final[int]
    OPSWIRE_REMCTL_CLIENT_REPLIED_1: Final[int]
    OPSWIRE_REMCTL_SERVER_START: Final[int]
    OPSWIRE_REMCTL_SERVER_NEGOTIATING: Final[int]
    OPSWIRE_REMCTL_SERVER_IDLE: Final[int]
    OPSWIRE_REMCTL_SERVER_COLLECTING: Final[int]
    OPSWIRE_REMCTL_SERVER_DISCARDING: Final[int]
    OPSWIRE_REMCTL_SERVER_BUSY: Final[int]
    OPSWIRE_REMCTL_SERVER_NEGOTIATING_1: Final[int]
    OPSWIRE_REMCTL_SERVER_IDLE_1: Final[int]
    OPSWIRE_REMCTL_SERVER_BUSY_1: Final[int]
    OPSWIRE_REMCTL_CLOSED: Final[int]
    OPSWIRE_REMCTL_STATE_COUNT: Final[int]
    OPSWIRE_REMCTL_SEND_HELLO: Final[int]
    OPSWIRE_REMCTL_SEND_CONTEXT: Final[int]
    OPSWIRE_REMCTL_ESTABLISH: Final[int]
    OPSWIRE_REMCTL_SEND_COMMAND: Final[int]
    OPSWIRE_REMCTL_SEND_COMMAND_PART: Final[int]
    OPSWIRE_REMCTL_SEND_COMMAND_LAST: Final[int]
    OPSWIRE_REMCTL_SEND_NOOP: Final[int]
    OPSWIRE_REMCTL_SEND_QUIT: Final[int]
    OPSWIRE_REMCTL_SEND_OUTPUT: Final[int]
    OPSWIRE_REMCTL_SEND_STATUS: Final[int]
    OPSWIRE_REMCTL_SEND_ERROR: Final[int]
    OPSWIRE_REMCTL_RECEIVE_HELLO: Final[int]
    OPSWIRE_REMCTL_RECEIVE_HELLO_1: Final[int]
    OPSWIRE_REMCTL_RECEIVE_CONTEXT: Final[int]
    OPSWIRE_REMCTL_RECEIVE_CONTEXT_1: Final[int]
    OPSWIRE_REMCTL_RECEIVE_COMMAND_WHOLE: Final[int]
    OPSWIRE_REMCTL_RECEIVE_COMMAND_FIRST: Final[int]
    OPSWIRE_REMCTL_RECEIVE_COMMAND_MIDDLE: Final[int]
    OPSWIRE_REMCTL_RECEIVE_COMMAND_LAST: Final[int]
    OPSWIRE_REMCTL_RECEIVE_COMMAND_1: Final[int]
    OPSWIRE_REMCTL_RECEIVE_MIC_1: Final[int]
    OPSWIRE_REMCTL_RECEIVE_OUTPUT: Final[int]
    OPSWIRE_REMCTL_RECEIVE_STATUS: Final[int]
    OPSWIRE_REMCTL_RECEIVE_ERROR: Final[int]
    OPSWIRE_REMCTL_RECEIVE_VERSIONS: Final[int]
    OPSWIRE_REMCTL_RECEIVE_NOOP: Final[int]
    OPSWIRE_REMCTL_RECEIVE_QUIT: Final[int]
    OPSWIRE_REMCTL_RECEIVE_END: Final[int]
    OPSWIRE_REMCTL_REFUSE: Final[int]
    OPSWIRE_REMCTL_REFUSE_PART: Final[int]
    OPSWIRE_REMCTL_HANG_UP: Final[int]
    OPSWIRE_REMCTL_STEP_COUNT: Final[int]
    OPSWIRE_REMCTL_EVENT_CONTEXT: Final[int]
    OPSWIRE_REMCTL_EVENT_COMMAND: Final[int]
    OPSWIRE_REMCTL_EVENT_OUTPUT: Final[int]
    OPSWIRE_REMCTL_EVENT_STATUS: Final[int]
    OPSWIRE_REMCTL_EVENT_ERROR: Final[int]
    OPSWIRE_REMCTL_EVENT_VERSIONS: Final[int]
    OPSWIRE_REMCTL_EVENT_NOOP: Final[int]
    OPSWIRE_REMCTL_EVENT_REFUSED: Final[int]
    OPSWIRE_REMCTL_EVENT_QUIT: Final[int]
    OPSWIRE_REMCTL_EVENT_CLOSED: Final[int]
    OPSWIRE_XML_MALFORMED: Final[int]
    OPSWIRE_XML_LIMIT: Final[int]
    OPSWIRE_CIM_INVALID: Final[int]
    OPSWIRE_XML_MAX_DEPTH: Final[int]
    OPSWIRE_XML_MOST_DEPTH: Final[int]
    OPSWIRE_XML_MAX_ATTRIBUTES: Final[int]
    OPSWIRE_XML_MAX_NAME: Final[int]
    OPSWIRE_XML_MAX_TAG: Final[int]
    OPSWIRE_XML_MAX_TEXT: Final[int]
    OPSWIRE_XML_MAX_TOTAL: Final[int]
    OPSWIRE_XML_MAX_REFERENCE: Final[int]
    OPSWIRE_XML_MAX_DECLARATION: Final[int]
    OPSWIRE_XML_EXCERPT_SIZE: Final[int]
    OPSWIRE_XML_SOUND: Final[int]
    OPSWIRE_XML_NO_ELEMENT: Final[int]
    OPSWIRE_XML_UNCLOSED: Final[int]
    OPSWIRE_XML_JUNK_OUTSIDE: Final[int]
    OPSWIRE_XML_SECOND_ROOT: Final[int]
    OPSWIRE_XML_BAD_CHARACTER: Final[int]
    OPSWIRE_XML_BAD_NAME: Final[int]
    OPSWIRE_XML_BAD_TAG: Final[int]
    OPSWIRE_XML_BAD_ATTRIBUTE: Final[int]
    OPSWIRE_XML_DUPLICATE_ATTRIBUTE: Final[int]
    OPSWIRE_XML_MISMATCHED_END: Final[int]
    OPSWIRE_XML_BAD_REFERENCE: Final[int]
    OPSWIRE_XML_UNKNOWN_ENTITY: Final[int]
    OPSWIRE_XML_BAD_COMMENT: Final[int]
    OPSWIRE_XML_BAD_INSTRUCTION: Final[int]
    OPSWIRE_XML_BAD_MARKUP: Final[int]
    OPSWIRE_XML_CDATA_END_IN_TEXT: Final[int]
    OPSWIRE_XML_BAD_DECLARATION: Final[int]
    OPSWIRE_XML_UNKNOWN_ENCODING: Final[int]
    OPSWIRE_XML_WRONG_ENCODING: Final[int]
    OPSWIRE_XML_BAD_DOCTYPE: Final[int]
    OPSWIRE_XML_DECLARATIONS_REFUSED: Final[int]
    OPSWIRE_XML_TOO_DEEP: Final[int]
    OPSWIRE_XML_TOO_MANY_ATTRIBUTES: Final[int]
    OPSWIRE_XML_NAME_TOO_LONG: Final[int]
    OPSWIRE_XML_TAG_TOO_LONG: Final[int]
    OPSWIRE_XML_TEXT_TOO_LONG: Final[int]
    OPSWIRE_XML_REFERENCE_TOO_LONG: Final[int]
    OPSWIRE_XML_DOCUMENT_TOO_LONG: Final[int]
    OPSWIRE_XML_ERROR_COUNT: Final[int]
    OPSWIRE_XML_START: Final[int]
    OPSWIRE_XML_TEXT: Final[int]
    OPSWIRE_XML_END: Final[int]
    OPSWIRE_XML_DOCUMENT_END: Final[int]
    OPSWIRE_CIM_MAX_EMBEDDING: Final[int]
    OPSWIRE_CIM_MAX_OBJECT: Final[int]
    OPSWIRE_CIM_ENVELOPE: Final[int]
    OPSWIRE_CIM_FACTOR: Final[int]
    OPSWIRE_CIM_FLOOR: Final[int]
    OPSWIRE_CIM_MAX_IDLE: Final[int]
    OPSWIRE_CIM_MAX_SHAPES: Final[int]
    OPSWIRE_XML_MAX_WRITE_DEPTH: Final[int]
    OPSWIRE_CIM_ARRAY: Final[int]
    OPSWIRE_CIM_TYPE_MASK: Final[int]
    OPSWIRE_CIM_NOT_ASCII: Final[int]
    OPSWIRE_CIM_E_CIM: Final[int]
    OPSWIRE_CIM_E_DECLARATION: Final[int]
    OPSWIRE_CIM_E_DECLGROUP: Final[int]
    OPSWIRE_CIM_E_DECLGROUP_WITHNAME: Final[int]
    OPSWIRE_CIM_E_DECLGROUP_WITHPATH: Final[int]
    OPSWIRE_CIM_E_QUALIFIER_DECLARATION: Final[int]
    OPSWIRE_CIM_E_SCOPE: Final[int]
    OPSWIRE_CIM_E_VALUE: Final[int]
    OPSWIRE_CIM_E_VALUE_ARRAY: Final[int]
    OPSWIRE_CIM_E_VALUE_REFERENCE: Final[int]
    OPSWIRE_CIM_E_VALUE_REFARRAY: Final[int]
    OPSWIRE_CIM_E_VALUE_OBJECT: Final[int]
    OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE: Final[int]
    OPSWIRE_CIM_E_VALUE_NAMEDOBJECT: Final[int]
    OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH: Final[int]
    OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH: Final[int]
    OPSWIRE_CIM_E_VALUE_NULL: Final[int]
    OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH: Final[int]
    OPSWIRE_CIM_E_NAMESPACEPATH: Final[int]
    OPSWIRE_CIM_E_LOCALNAMESPACEPATH: Final[int]
    OPSWIRE_CIM_E_HOST: Final[int]
    OPSWIRE_CIM_E_NAMESPACE: Final[int]
    OPSWIRE_CIM_E_CLASSPATH: Final[int]
    OPSWIRE_CIM_E_LOCALCLASSPATH: Final[int]
    OPSWIRE_CIM_E_CLASSNAME: Final[int]
    OPSWIRE_CIM_E_INSTANCEPATH: Final[int]
    OPSWIRE_CIM_E_LOCALINSTANCEPATH: Final[int]
    OPSWIRE_CIM_E_INSTANCENAME: Final[int]
    OPSWIRE_CIM_E_OBJECTPATH: Final[int]
    OPSWIRE_CIM_E_KEYBINDING: Final[int]
    OPSWIRE_CIM_E_KEYVALUE: Final[int]
    OPSWIRE_CIM_E_CLASS: Final[int]
    OPSWIRE_CIM_E_INSTANCE: Final[int]
    OPSWIRE_CIM_E_QUALIFIER: Final[int]
    OPSWIRE_CIM_E_PROPERTY: Final[int]
    OPSWIRE_CIM_E_PROPERTY_ARRAY: Final[int]
    OPSWIRE_CIM_E_PROPERTY_REFERENCE: Final[int]
    OPSWIRE_CIM_E_METHOD: Final[int]
    OPSWIRE_CIM_E_PARAMETER: Final[int]
    OPSWIRE_CIM_E_PARAMETER_REFERENCE: Final[int]
    OPSWIRE_CIM_E_PARAMETER_ARRAY: Final[int]
    OPSWIRE_CIM_E_PARAMETER_REFARRAY: Final[int]
    OPSWIRE_CIM_E_MESSAGE: Final[int]
    OPSWIRE_CIM_E_MULTIREQ: Final[int]
    OPSWIRE_CIM_E_SIMPLEREQ: Final[int]
    OPSWIRE_CIM_E_METHODCALL: Final[int]
    OPSWIRE_CIM_E_PARAMVALUE: Final[int]
    OPSWIRE_CIM_E_IMETHODCALL: Final[int]
    OPSWIRE_CIM_E_IPARAMVALUE: Final[int]
    OPSWIRE_CIM_E_MULTIRSP: Final[int]
    OPSWIRE_CIM_E_SIMPLERSP: Final[int]
    OPSWIRE_CIM_E_METHODRESPONSE: Final[int]
    OPSWIRE_CIM_E_IMETHODRESPONSE: Final[int]
    OPSWIRE_CIM_E_ERROR: Final[int]
    OPSWIRE_CIM_E_RETURNVALUE: Final[int]
    OPSWIRE_CIM_E_IRETURNVALUE: Final[int]
    OPSWIRE_CIM_E_MULTIEXPREQ: Final[int]
    OPSWIRE_CIM_E_SIMPLEEXPREQ: Final[int]
    OPSWIRE_CIM_E_EXPMETHODCALL: Final[int]
    OPSWIRE_CIM_E_MULTIEXPRSP: Final[int]
    OPSWIRE_CIM_E_SIMPLEEXPRSP: Final[int]
    OPSWIRE_CIM_E_EXPMETHODRESPONSE: Final[int]
    OPSWIRE_CIM_E_EXPPARAMVALUE: Final[int]
    OPSWIRE_CIM_E_CORRELATOR: Final[int]
    OPSWIRE_CIM_ELEMENT_COUNT: Final[int]
    OPSWIRE_CIM_A_NAME: Final[int]
    OPSWIRE_CIM_A_TYPE: Final[int]
    OPSWIRE_CIM_A_CLASSORIGIN: Final[int]
    OPSWIRE_CIM_A_PROPAGATED: Final[int]
    OPSWIRE_CIM_A_EMBEDDEDOBJECT: Final[int]
    OPSWIRE_CIM_A_ARRAYSIZE: Final[int]
    OPSWIRE_CIM_A_REFERENCECLASS: Final[int]
    OPSWIRE_CIM_A_PARAMTYPE: Final[int]
    OPSWIRE_CIM_A_CLASSNAME: Final[int]
    OPSWIRE_CIM_A_VALUETYPE: Final[int]
    OPSWIRE_CIM_A_LANG: Final[int]
    OPSWIRE_CIM_A_SUPERCLASS: Final[int]
    OPSWIRE_CIM_A_OVERRIDABLE: Final[int]
    OPSWIRE_CIM_A_TOSUBCLASS: Final[int]
    OPSWIRE_CIM_A_TOINSTANCE: Final[int]
    OPSWIRE_CIM_A_TRANSLATABLE: Final[int]
    OPSWIRE_CIM_A_ISARRAY: Final[int]
    OPSWIRE_CIM_A_CIMVERSION: Final[int]
    OPSWIRE_CIM_A_DTDVERSION: Final[int]
    OPSWIRE_CIM_A_ID: Final[int]
    OPSWIRE_CIM_A_PROTOCOLVERSION: Final[int]
    OPSWIRE_CIM_A_CODE: Final[int]
    OPSWIRE_CIM_A_DESCRIPTION: Final[int]
    OPSWIRE_CIM_A_CLASS: Final[int]
    OPSWIRE_CIM_A_ASSOCIATION: Final[int]
    OPSWIRE_CIM_A_REFERENCE: Final[int]
    OPSWIRE_CIM_A_PROPERTY: Final[int]
    OPSWIRE_CIM_A_METHOD: Final[int]
    OPSWIRE_CIM_A_PARAMETER: Final[int]
    OPSWIRE_CIM_A_INDICATION: Final[int]
    OPSWIRE_CIM_ATTRIBUTE_COUNT: Final[int]
    OPSWIRE_CIM_NULL: Final[int]
    OPSWIRE_CIM_BOOLEAN: Final[int]
    OPSWIRE_CIM_STRING: Final[int]
    OPSWIRE_CIM_CHAR16: Final[int]
    OPSWIRE_CIM_DATETIME: Final[int]
    OPSWIRE_CIM_UINT8: Final[int]
    OPSWIRE_CIM_SINT8: Final[int]
    OPSWIRE_CIM_UINT16: Final[int]
    OPSWIRE_CIM_SINT16: Final[int]
    OPSWIRE_CIM_UINT32: Final[int]
    OPSWIRE_CIM_SINT32: Final[int]
    OPSWIRE_CIM_UINT64: Final[int]
    OPSWIRE_CIM_SINT64: Final[int]
    OPSWIRE_CIM_REAL32: Final[int]
    OPSWIRE_CIM_REAL64: Final[int]
    OPSWIRE_CIM_REFERENCE: Final[int]
    OPSWIRE_CIM_INSTANCE: Final[int]
    OPSWIRE_CIM_CLASS: Final[int]
    OPSWIRE_CIM_MEMBER: Final[int]
    OPSWIRE_CIM_INTEGER: Final[int]
    OPSWIRE_CIM_NATURAL: Final[int]
    OPSWIRE_CIM_REAL: Final[int]
    OPSWIRE_CIM_TYPE_COUNT: Final[int]
    OPSWIRE_CIM_PROPAGATED_GIVEN: Final[int]
    OPSWIRE_CIM_PROPAGATED: Final[int]
    OPSWIRE_CIM_OVERRIDABLE_GIVEN: Final[int]
    OPSWIRE_CIM_OVERRIDABLE: Final[int]
    OPSWIRE_CIM_TOSUBCLASS_GIVEN: Final[int]
    OPSWIRE_CIM_TOSUBCLASS: Final[int]
    OPSWIRE_CIM_TOINSTANCE_GIVEN: Final[int]
    OPSWIRE_CIM_TOINSTANCE: Final[int]
    OPSWIRE_CIM_TRANSLATABLE_GIVEN: Final[int]
    OPSWIRE_CIM_TRANSLATABLE: Final[int]
    OPSWIRE_CIM_IS_ARRAY: Final[int]
    OPSWIRE_CIM_IS_ARRAY_GIVEN: Final[int]
    OPSWIRE_CIM_EMBEDDED_INSTANCE: Final[int]
    OPSWIRE_CIM_EMBEDDED_OBJECT: Final[int]
    OPSWIRE_CIM_ARRAY_SIZE_GIVEN: Final[int]
    OPSWIRE_CIM_NAME_GIVEN: Final[int]
    OPSWIRE_CIM_SCOPE_GIVEN: Final[int]
    OPSWIRE_CIM_SCOPE_CLASS: Final[int]
    OPSWIRE_CIM_SCOPE_ASSOCIATION: Final[int]
    OPSWIRE_CIM_SCOPE_REFERENCE: Final[int]
    OPSWIRE_CIM_SCOPE_PROPERTY: Final[int]
    OPSWIRE_CIM_SCOPE_METHOD: Final[int]
    OPSWIRE_CIM_SCOPE_PARAMETER: Final[int]
    OPSWIRE_CIM_SCOPE_INDICATION: Final[int]
    OPSWIRE_CIM_EMPTY_BOOLEAN: Final[int]
    OPSWIRE_CIM_KEYLESS: Final[int]
    OPSWIRE_CIM_EMPTY_FLAG: Final[int]
    OPSWIRE_CIM_ANY_RANGE: Final[int]
    OPSWIRE_CIM_FRAGMENT: Final[int]
    OPSWIRE_CIM_ENTER: Final[int]
    OPSWIRE_CIM_LEAVE: Final[int]
    OPSWIRE_CIM_OBJECT: Final[int]
    OPSWIRE_CIM_END: Final[int]
    OPSWIRE_CIM_SOUND: Final[int]
    OPSWIRE_CIM_UNKNOWN_ELEMENT: Final[int]
    OPSWIRE_CIM_UNEXPECTED_ELEMENT: Final[int]
    OPSWIRE_CIM_MISSING_ELEMENT: Final[int]
    OPSWIRE_CIM_UNEXPECTED_TEXT: Final[int]
    OPSWIRE_CIM_UNKNOWN_ATTRIBUTE: Final[int]
    OPSWIRE_CIM_MISSING_ATTRIBUTE: Final[int]
    OPSWIRE_CIM_BAD_ATTRIBUTE: Final[int]
    OPSWIRE_CIM_BAD_BOOLEAN: Final[int]
    OPSWIRE_CIM_BAD_INTEGER: Final[int]
    OPSWIRE_CIM_INTEGER_RANGE: Final[int]
    OPSWIRE_CIM_BAD_REAL: Final[int]
    OPSWIRE_CIM_BAD_DATETIME: Final[int]
    OPSWIRE_CIM_BAD_CHAR16: Final[int]
    OPSWIRE_CIM_BAD_NUMBER: Final[int]
    OPSWIRE_CIM_BAD_EMBEDDED: Final[int]
    OPSWIRE_CIM_EMBEDDED_TOO_DEEP: Final[int]
    OPSWIRE_CIM_OBJECT_TOO_LARGE: Final[int]
    OPSWIRE_CIM_MESSAGE_TOO_LARGE: Final[int]
    OPSWIRE_CIM_ERROR_COUNT: Final[int]
    def opswire_status_message(self, status: int, /) -> CData: ...
    def opswire_buffer_append(self, buffer: CData, octets: CData, /) -> int: ...
    def opswire_buffer_free(self, buffer: CData, /) -> None: ...
    def opswire_remctl_token_read(self, input: CData, token: CData, size: CData, /) -> int: ...
    def opswire_remctl_token_write(
        self, token: CData, out: CData, room: int, size: CData, /
    ) -> int: ...
    def opswire_remctl_message_read(self, plain: CData, message: CData, /) -> int: ...
    def opswire_remctl_message_write(self, message: CData, out: CData, /) -> int: ...
    def opswire_remctl_arguments_write(self, writer: CData, room: int, out: CData, /) -> int: ...
    def opswire_remctl_arguments_size(self, arguments: CData, count: int, /) -> int: ...
    def opswire_remctl_arguments_check(self, list: CData, count: CData, /) -> int: ...
    def opswire_remctl_argument_take(self, list: CData, argument: CData, /) -> bool: ...
    def opswire_remctl_transition(self, state: int, step: int, /) -> int: ...
    def opswire_remctl_connection_new(self, role: int, protocol: int, /) -> CData: ...
    def opswire_remctl_connection_free(self, connection: CData, /) -> None: ...
    def opswire_remctl_receive(self, connection: CData, octets: CData, /) -> int: ...
    def opswire_remctl_receive_end(self, connection: CData, /) -> None: ...
    def opswire_remctl_next_event(self, connection: CData, event: CData, /) -> int: ...
    def opswire_remctl_event_lost(self, connection: CData, /) -> None: ...
    def opswire_remctl_missing(self, connection: CData, /) -> int: ...
    def opswire_remctl_send_hello(self, connection: CData, /) -> int: ...
    def opswire_remctl_send_context(self, connection: CData, token: CData, /) -> int: ...
    def opswire_remctl_establish(
        self, connection: CData, security: CData, gss_flags: int, /
    ) -> int: ...
    def opswire_remctl_send_command(self, connection: CData, writer: CData, /) -> int: ...
    def opswire_remctl_send_noop(self, connection: CData, /) -> int: ...
    def opswire_remctl_send_quit(self, connection: CData, /) -> int: ...
    def opswire_remctl_send_output(
        self, connection: CData, stream: int, octets: CData, /
    ) -> int: ...
    def opswire_remctl_send_status(self, connection: CData, exit_status: int, /) -> int: ...
    def opswire_remctl_send_error(self, connection: CData, code: int, text: CData, /) -> int: ...
    def opswire_remctl_outgoing(self, connection: CData, /) -> CData: ...
    def opswire_remctl_sent(self, connection: CData, size: int, /) -> None: ...
    def opswire_remctl_state(self, connection: CData, /) -> int: ...
    def opswire_remctl_protocol(self, connection: CData, /) -> int: ...
    def opswire_remctl_found(self, connection: CData, /) -> int: ...
    def opswire_remctl_offset(self, connection: CData, /) -> int: ...
    def opswire_hash_set_key(self, key: CData, /) -> None: ...
    def opswire_hash(self, octets: CData, /) -> int: ...
    def opswire_hash_folded(self, octets: CData, /) -> int: ...
    def opswire_xml_error_message(self, error: int, /) -> CData: ...
    def opswire_xml_scanner_new(self, limits: CData, /) -> CData: ...
    def opswire_xml_scanner_free(self, scanner: CData, /) -> None: ...
    def opswire_xml_reset(self, scanner: CData, /) -> None: ...
    def opswire_xml_reset_within(self, scanner: CData, /) -> None: ...
    def opswire_xml_feed(self, scanner: CData, octets: CData, /) -> int: ...
    def opswire_xml_end(self, scanner: CData, /) -> None: ...
    def opswire_xml_next(self, scanner: CData, token: CData, /) -> int: ...
    def opswire_xml_next_markup(self, scanner: CData, token: CData, /) -> int: ...
    def opswire_xml_peek_leaf(self, scanner: CData, leaf: CData, /) -> bool: ...
    def opswire_xml_peek_wrapped(self, scanner: CData, wrapped: CData, /) -> bool: ...
    def opswire_xml_take_leaf(self, scanner: CData, leaf: CData, /) -> None: ...
    def opswire_xml_take_wrapped(self, scanner: CData, wrapped: CData, /) -> None: ...
    def opswire_xml_error_code(self, scanner: CData, /) -> int: ...
    def opswire_xml_where(self, scanner: CData, /) -> CData: ...
    def opswire_xml_excerpt(self, scanner: CData, out: CData, mark: CData, /) -> int: ...
    def opswire_xml_depth(self, scanner: CData, /) -> int: ...
    def opswire_xml_memory(self, scanner: CData, /) -> int: ...
    def opswire_xml_forget(self, scanner: CData, /) -> None: ...
    def opswire_cim_shape(self, block: CData, index: int, /) -> CData: ...
    def opswire_cim_element_name(self, element: int, /) -> CData: ...
    def opswire_cim_attribute_name(self, attribute: int, /) -> CData: ...
    def opswire_cim_type_name(self, type: int, /) -> CData: ...
    OPSWIRE_CIM_NUMERIC_KEY: Final[int]
    def opswire_cim_scalar_read(
        self, options: int, type: int, text: CData, scalar: CData, /
    ) -> int: ...
    def opswire_cim_datetime_read(self, text: CData, made: CData, /) -> CData: ...
    def opswire_cim_block_share(self, block: CData, /) -> CData: ...
    def opswire_cim_block_free(self, block: CData, /) -> None: ...
    def opswire_cim_table_share(self, table: CData, /) -> CData: ...
    def opswire_cim_table_free(self, table: CData, /) -> None: ...
    def opswire_cim_error_message(self, error: int, /) -> CData: ...
    def opswire_cim_reader_new(self, settings: CData, /) -> CData: ...
    def opswire_cim_reader_free(self, reader: CData, /) -> None: ...
    def opswire_cim_reader_reset(self, reader: CData, /) -> None: ...
    def opswire_cim_reader_memory(self, reader: CData, /) -> int: ...
    def opswire_cim_feed(self, reader: CData, octets: CData, /) -> int: ...
    def opswire_cim_feed_end(self, reader: CData, /) -> None: ...
    def opswire_cim_next(self, reader: CData, event: CData, /) -> int: ...
    def opswire_cim_take(self, reader: CData, /) -> CData: ...
    def opswire_cim_reader_table(self, reader: CData, /) -> CData: ...
    def opswire_cim_table_count(self, table: CData, /) -> int: ...
    def opswire_cim_table_shape(self, table: CData, index: int, /) -> CData: ...
    def opswire_cim_reader_fault(self, reader: CData, fault: CData, /) -> None: ...
    def opswire_xml_write_fail(self, writer: CData, status: int, /) -> int: ...
    def opswire_xml_write_declaration(self, writer: CData, /) -> int: ...
    def opswire_xml_write_start(self, writer: CData, name: CData, /) -> int: ...
    def opswire_xml_write_attribute(self, writer: CData, name: CData, value: CData, /) -> int: ...
    def opswire_xml_write_text(self, writer: CData, text: CData, /) -> int: ...
    def opswire_xml_write_end(self, writer: CData, name: CData, /) -> int: ...
    def opswire_xml_write_element(self, writer: CData, name: CData, text: CData, /) -> int: ...
    def opswire_xml_write_embedded_begin(self, writer: CData, /) -> int: ...
    def opswire_xml_write_embedded_end(self, writer: CData, mark: int, /) -> int: ...
    def opswire_cim_write_start(self, writer: CData, element: int, /) -> int: ...
    def opswire_cim_write_attribute(
        self, writer: CData, attribute: int, value: CData, /
    ) -> int: ...
    def opswire_cim_write_end(self, writer: CData, /) -> int: ...
    def opswire_cim_write_element(self, writer: CData, element: int, text: CData, /) -> int: ...
    def opswire_cim_write_property(
        self, writer: CData, name: CData, type: int, text: CData, /
    ) -> int: ...
    def opswire_cim_write_block(self, writer: CData, block: CData, /) -> int: ...
    def opswire_cimxml_bind(self, exports: int, /) -> None: ...
    def opswire_performance_next(self, reader: CData, item: CData, /) -> int: ...
    def opswire_performance_range_read(
        self, text: CData, range: CData, offset: CData, error: CData, /
    ) -> int: ...
    def opswire_performance_label_unescape(self, label: CData, out: CData, /) -> int: ...
    def opswire_performance_write(
        self,
        items: CData,
        count: int,
        rules: int,
        most: int,
        out: CData,
        room: int,
        size: CData,
        index: CData,
        error: CData,
        /,
    ) -> int: ...
    def opswire_performance_number_read(self, text: CData, rules: int, number: CData, /) -> int: ...
    def opswire_performance_number_write(self, number: float, rules: int, out: CData, /) -> int: ...
    def opswire_performance_bind(self, exports: int, /) -> None: ...
    def opswire_remctl_bind(self, exports: int, /) -> None: ...

ffi: FFI
lib: Library
