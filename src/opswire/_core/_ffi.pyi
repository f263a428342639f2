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
