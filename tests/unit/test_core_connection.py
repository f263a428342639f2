"""opswire._core.remctl.Connection: what Python adds to the machine that tests/c drives."""

import struct
from collections.abc import Callable

import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.ffi import lib
from opswire.errors import LocalProtocolError, RemoteProtocolError

FORBIDDEN = "not allowed in this state of the connection"


def token(flags: int, payload: bytes = b"") -> bytes:
    """One token."""
    return struct.pack("!BI", flags, len(payload)) + payload


# ---- making one ----


@pytest.mark.parametrize(("role", "protocol"), [(2, 2), (-1, 2), (0, 0), (0, 3), (1, -1)])
def test_a_role_or_protocol_that_does_not_exist_is_a_value_error(role: int, protocol: int) -> None:
    """The text names what there is."""
    with pytest.raises(ValueError, match=r"^role is CLIENT or SERVER, protocol is 1 or 2$"):
        core.Connection(role, protocol)


def test_a_role_that_is_no_number_is_a_type_error() -> None:
    """As from any function that takes a number."""
    with pytest.raises(TypeError):
        core.Connection("client")  # type: ignore[arg-type]  # a wrong type is tried


def test_a_connection_begins_with_nothing() -> None:
    """Neither octets nor commands."""
    connection = core.Connection(core.CLIENT)
    assert (connection.state, connection.protocol) == (lib.OPSWIRE_REMCTL_CLIENT_START, 2)
    assert (connection.data_to_send(), connection.next_event(), connection.missing) == (
        b"",
        None,
        5,
    )
    assert (connection.ready, connection.outstanding, connection.paused) == (False, False, False)


def test_a_connection_of_protocol_1_says_so() -> None:
    """From its beginning."""
    connection = core.Connection(core.CLIENT, 1)
    connection.send_hello()
    assert (connection.protocol, connection.data_to_send()) == (1, token(0x11))


# ---- octets in and out ----


def test_what_is_to_be_sent_is_given_once() -> None:
    """Then it is forgotten."""
    connection = core.Connection(core.CLIENT)
    connection.send_hello()
    connection.send_context(b"octets")
    assert connection.data_to_send() == token(0x51) + token(0x42, b"octets")
    assert connection.data_to_send() == b""


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_octets_may_come_in_any_buffer(kind: Callable[[bytes], bytes]) -> None:
    """Read-only or not."""
    server = core.Connection(core.SERVER)
    server.receive(kind(token(0x51)))
    server.receive(kind(token(0x42, b"octets")))
    assert server.next_event() == (core.CONTEXT, b"octets", 0, 0)
    server.send_context(kind(b"answer"))
    assert server.data_to_send() == token(0x42, b"answer")


def test_octets_are_copied_when_they_are_given() -> None:
    """A buffer may be used again at once."""
    server = core.Connection(core.SERVER)
    octets = bytearray(token(0x51) + token(0x42, b"octets"))
    server.receive(octets)
    octets[:] = bytes(len(octets))
    octets.clear()
    assert server.next_event() == (core.CONTEXT, b"octets", 0, 0)


def test_no_octets_are_no_end_of_file() -> None:
    """receive_end() says that."""
    server = core.Connection(core.SERVER)
    server.receive(b"")
    assert server.next_event() is None
    server.receive_end()
    assert server.next_event() == (core.CLOSED, b"", 0, 0)


@pytest.mark.parametrize("octets", [None, "text", 5, [1, 2]])
def test_what_is_no_buffer_is_a_type_error(octets: object) -> None:
    """And changes nothing."""
    connection = core.Connection(core.CLIENT)
    with pytest.raises(TypeError):
        connection.receive(octets)  # type: ignore[arg-type]  # a wrong type is tried
    connection.send_hello()
    with pytest.raises(TypeError):
        connection.send_context(octets)  # type: ignore[arg-type]  # a wrong type is tried
    assert connection.data_to_send() == token(0x51)


def test_missing_tells_how_much_to_read() -> None:
    """A header first, then what it announces."""
    server = core.Connection(core.SERVER)
    server.receive(token(0x51) + token(0x42, b"octets")[:5])
    assert (server.next_event(), server.missing) == (None, 6)


# ---- the caller's mistakes ----

CALLS: list[Callable[[core.Connection], object]] = [
    lambda each: each.send_context(b""),
    lambda each: each.send_command([b"test"]),
    core.Connection.send_noop,
    core.Connection.send_quit,
    lambda each: each.send_output(1, b""),
    lambda each: each.send_status(0),
    lambda each: each.send_error(5, b""),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("role", [core.CLIENT, core.SERVER])
def test_a_call_out_of_turn_is_the_callers_mistake(
    role: int, call: Callable[[core.Connection], object]
) -> None:
    """It says so, and the connection is as good as before."""
    connection = core.Connection(role)
    with pytest.raises(LocalProtocolError, match=f"^{FORBIDDEN}$"):
        call(connection)
    assert connection.data_to_send() == b""
    assert connection.next_event() is None


def test_a_second_hello_is_the_callers_mistake() -> None:
    """And a server says none at all."""
    connection = core.Connection(core.CLIENT)
    connection.send_hello()
    for each in (connection, core.Connection(core.SERVER)):
        with pytest.raises(LocalProtocolError, match=f"^{FORBIDDEN}$"):
            each.send_hello()


def test_a_context_token_longer_than_a_token_is_the_callers_mistake() -> None:
    """1 048 576 octets are the most."""
    connection = core.Connection(core.CLIENT)
    connection.send_hello()
    with pytest.raises(LocalProtocolError, match=r"^an argument is out of its range$"):
        connection.send_context(bytes(1_048_577))
    connection.send_context(bytes(1_048_576))


def test_a_context_that_is_not_complete_cannot_protect() -> None:
    """It is not taken over either."""
    connection = core.Connection(core.SERVER)
    context = gss.Context.accept()
    for _ in range(2):
        with pytest.raises(LocalProtocolError, match=r"^the context is not complete$"):
            connection.establish(context)
    with pytest.raises(TypeError):
        connection.establish(None)  # type: ignore[arg-type]  # a wrong type is tried


@pytest.mark.parametrize(
    "call",
    [
        lambda each: each.send_status(256),
        lambda each: each.send_status(-1),
        lambda each: each.send_error(-1, b""),
        lambda each: each.send_error(1 << 32, b""),
        lambda each: each.send_output(256, b""),
    ],
)
def test_a_number_that_does_not_fit_is_an_overflow_error(
    call: Callable[[core.Connection], object],
) -> None:
    """It is never cut."""
    with pytest.raises(OverflowError):
        call(core.Connection(core.SERVER))


# ---- the peer's mistakes ----


@pytest.mark.parametrize(
    ("role", "octets", "offset", "status", "found", "text"),
    [
        (
            core.SERVER,
            token(0x44),
            0,
            core.TOKEN_UNEXPECTED,
            0x44,
            "a token has flags that do not belong here: 0x44 (at octet 0)",
        ),
        (
            core.SERVER,
            token(0x51, b"x"),
            0,
            core.TOKEN_INVALID,
            1,
            "a token has an invalid format (at octet 0)",
        ),
        (
            core.SERVER,
            token(0x51) + b"\x42\x00\x10\x00\x01",
            5,
            core.TOKEN_TOO_LARGE,
            1_048_577,
            "a token is longer than 1048576 octets (at octet 5)",
        ),
        (
            core.SERVER,
            token(0x51) + token(0x02, b"x"),
            5,
            core.TOKEN_UNEXPECTED,
            0x02,
            "a token has flags that do not belong here: 0x02 (at octet 5)",
        ),
    ],
)
def test_a_mistake_of_the_peer_tells_what_and_where(
    role: int, octets: bytes, offset: int, status: int, found: int, text: str
) -> None:
    """As text for people and as numbers for programs; every later call says the same."""
    connection = core.Connection(role)
    connection.receive(octets)
    for _ in range(2):
        with pytest.raises(RemoteProtocolError) as caught:
            connection.next_event()
        error = caught.value
        assert (str(error), error.offset) == (text, offset)
        assert (error.status, error.found) == (status, found)
    with pytest.raises(LocalProtocolError, match=f"^{FORBIDDEN}$"):
        connection.send_context(b"token")


def test_a_peer_that_closes_too_early_is_a_mistake_of_the_peer() -> None:
    """Its offset is where a token began that never ended."""
    server = core.Connection(core.SERVER)
    server.receive(token(0x51) + b"\x42\0")
    server.receive_end()
    with pytest.raises(RemoteProtocolError) as caught:
        server.next_event()
    assert str(caught.value) == "the peer closed the connection too early (at octet 5)"
    assert (caught.value.status, caught.value.found) == (core.END_OF_FILE, 2)


# ---- argument lists ----


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        ("00000000", []),
        ("00000001 00000000", [b""]),
        ("00000002 00000004 74657374 00000000", [b"test", b""]),
        ("00000001 00000002 00ff", [b"\x00\xff"]),
    ],
)
def test_an_argument_list_becomes_a_list_of_bytes(octets: str, expected: list[bytes]) -> None:
    """From any buffer."""
    for kind in (bytes, bytearray, memoryview):
        assert core.arguments(kind(bytes.fromhex(octets))) == expected


@pytest.mark.parametrize(
    "octets",
    ["", "000000", "00000001", "00000001 00000002 00", "00000000 00", "00001001", "ffffffff"],
)
def test_octets_that_are_no_argument_list_are_a_value_error(octets: str) -> None:
    """Too short, too long, or more than 4096 arguments."""
    with pytest.raises(ValueError, match=r"^not an argument list$"):
        core.arguments(bytes.fromhex(octets))


def test_an_argument_list_that_is_no_buffer_is_a_type_error() -> None:
    """None is not an empty one."""
    for octets in (None, "text"):
        with pytest.raises(TypeError):
            core.arguments(octets)  # type: ignore[arg-type]  # a wrong type is tried


def test_the_constants_are_those_of_the_headers() -> None:
    """Under the same names, less the prefix."""
    for name in ("CLIENT", "SERVER", "MAX_ARGUMENTS", "MAX_COMMAND"):
        assert getattr(core, name) == getattr(lib, f"OPSWIRE_REMCTL_{name}")
    for name in ("CONTEXT", "COMMAND", "OUTPUT", "STATUS", "ERROR", "VERSIONS", "NOOP"):
        assert getattr(core, name) == getattr(lib, f"OPSWIRE_REMCTL_EVENT_{name}")
    for name in ("REFUSED", "QUIT", "CLOSED"):
        assert getattr(core, name) == getattr(lib, f"OPSWIRE_REMCTL_EVENT_{name}")
    for name in ("END_OF_FILE", "FLAGS_REFUSED", "TOKEN_TOO_LARGE", "TYPE_UNKNOWN"):
        assert getattr(core, name) == getattr(lib, f"OPSWIRE_{name}")
