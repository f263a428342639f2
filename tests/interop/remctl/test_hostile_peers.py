"""Servers that break the rules: a typed error with the known text, in time, and nothing left."""

import socket
from collections.abc import Callable

import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire.errors import (
    GSSError,
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlTimeoutError,
    RemoteProtocolError,
)
from opswire.remctl import Remctl
from opswire.remctl.failures import on_the_wire
from tests.interop import descriptors
from tests.interop.awaited import awaited
from tests.interop.event_loops import LOOPS
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer, Script
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm

HOST = "127.0.0.1"
Client = Callable[..., Remctl]
SECONDS = 20.0
pytestmark = pytest.mark.usefixtures("bounded")
DATA = wire.DATA | wire.PROTOCOL
OK = wire.status(0)


def provoke(
    script: Script, kind: type[RemctlError] = RemctlProtocolError, *, timeout: float | None = None
) -> str:
    """Run a command on a hostile server, with every client; return the error's text.

    It is the same for all.  Then the same object opens a good connection and runs a command on it,
    while descriptors that took the numbers of the failed connection stay as they are.
    """
    text = _provoke(Remctl, script, kind, timeout)
    for new_loop in LOOPS.values():
        with awaited(new_loop) as client:
            assert _provoke(client, script, kind, timeout) == text
    return text


def _provoke(client: Client, script: Script, kind: type[RemctlError], timeout: float | None) -> str:
    with EmbeddedServer(hostile=script) as server:
        connection = client(timeout=timeout)
        with pytest.raises(RemctlError) as caught:
            _open_and_run(connection, server.port)
        assert type(caught.value) is kind
        if kind is not RemctlRefusedError:
            assert isinstance(caught.value.__cause__, (OSError, GSSError, RemoteProtocolError))
        text = str(caught.value)
        assert connection.error() == text
        with descriptors.untouched():
            connection.open(HOST, server.port)
            assert connection.run(["test", "echo", "hello"]).stdout == b"hello\n"
            connection.close()
    return text


def _open_and_run(connection: Remctl, port: int) -> None:
    connection.open(HOST, port)
    connection.run(["test", "echo", "lost"])


# ---- during the handshake ----


def close_at_once(server: HandMade) -> None:
    """Accept and close."""
    server.read_hello()


def cut_the_header(server: HandMade) -> None:
    """Close within the header of the first token."""
    server.read_hello()
    server.sock.sendall(wire.token(wire.CONTEXT | wire.PROTOCOL, b"x" * 100)[:3])


def cut_the_context_token(server: HandMade) -> None:
    """Close within the payload of the first token."""
    answer = server.context.step(server.read_hello())
    assert answer is not None
    server.sock.sendall(wire.token(wire.CONTEXT | wire.PROTOCOL, answer)[:-1])


@pytest.mark.parametrize("script", [close_at_once, cut_the_header, cut_the_context_token])
def test_an_end_within_the_handshake_is_an_end_of_file(script: Script) -> None:
    text = provoke(script, RemctlConnectError)
    assert text == "error receiving token: unexpected end of file"


def test_no_answer_to_the_hello_is_a_timeout() -> None:
    text = provoke(HandMade.wait_for_close, RemctlConnectTimeoutError, timeout=0.3)
    assert text == "error receiving token: timed out"


def test_half_a_context_token_is_a_timeout() -> None:
    def stop(server: HandMade) -> None:
        answer = server.context.step(server.read_hello())
        assert answer is not None
        server.sock.sendall(wire.token(wire.CONTEXT | wire.PROTOCOL, answer)[:50])
        server.wait_for_close()

    text = provoke(stop, RemctlConnectTimeoutError, timeout=0.3)
    assert text == "error receiving token: timed out"


@pytest.mark.parametrize("length", [1_048_577, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_a_context_token_over_the_limit_is_refused_by_its_header(length: int) -> None:
    def announce(server: HandMade) -> None:
        server.read_hello()
        server.sock.sendall(wire.HEADER.pack(wire.CONTEXT | wire.PROTOCOL, length))
        server.wait_for_close()

    assert provoke(announce) == "error receiving token: token too larger"


@pytest.mark.parametrize(
    "flags",
    [
        0,
        wire.PROTOCOL,
        wire.DATA | wire.PROTOCOL,
        wire.MIC,
        wire.NOOP | wire.CONTEXT_NEXT | wire.PROTOCOL,
        wire.CONTEXT | wire.DATA | wire.PROTOCOL,
        0xFF,
    ],
    ids=hex,
)
def test_wrong_flags_within_the_handshake_are_unexpected(flags: int) -> None:
    def answer(server: HandMade) -> None:
        server.establish(flags)
        server.wait_for_close()

    assert provoke(answer) == "unexpected token from server"


@pytest.mark.parametrize("payload", [b"", b"\0", b"nonsense", bytes(1_048_576)], ids=len)
def test_a_context_token_of_nonsense_is_a_gss_error(payload: bytes) -> None:
    def answer(server: HandMade) -> None:
        server.read_hello()
        server.send_token(wire.CONTEXT | wire.PROTOCOL, payload)
        server.wait_for_close()

    text = provoke(answer, RemctlAuthenticationError)
    assert text.startswith("GSS-API error initializing context: ")


def test_an_altered_context_token_is_a_gss_error() -> None:
    def answer(server: HandMade) -> None:
        token = bytearray(server.context.step(server.read_hello()) or b"")
        token[-1] ^= 1
        server.send_token(wire.CONTEXT | wire.PROTOCOL, bytes(token))
        server.wait_for_close()

    text = provoke(answer, RemctlAuthenticationError)
    assert text.startswith("GSS-API error initializing context: ")


def test_a_context_token_too_many_is_unexpected() -> None:
    def answer(server: HandMade) -> None:
        server.establish()
        server.read()
        server.send_token(wire.CONTEXT | wire.PROTOCOL, b"again")
        server.wait_for_close()

    assert provoke(answer) == "unexpected token from server"


@pytest.mark.parametrize("missing", [gss.MUTUAL, gss.REPLAY, gss.SEQUENCE])
def test_a_context_without_all_protection_is_refused(missing: int) -> None:
    """Kerberos servers cannot bring that about, so the machine is led there by hand."""
    flags = gss.DEFAULT_FLAGS & ~missing
    context = gss.Context.initiate(gss.Name("host/localhost", "user"), flags=flags)
    token = context.step()
    assert token is not None
    answer = gss.Context.accept().step(token)
    if not context.complete:
        context.step(answer)
    machine = core.Connection(core.CLIENT)
    machine.send_hello()
    machine.send_context(token)
    machine.receive(wire.token(wire.CONTEXT | wire.PROTOCOL, b"anything"))
    assert machine.next_event() is not None
    with pytest.raises(RemoteProtocolError) as caught:
        machine.establish(context)
    assert caught.value.status == core.FLAGS_REFUSED
    text = str(on_the_wire("receiving token", caught.value))
    assert text == "server did not negotiate acceptable GSS-API flags"


# ---- tokens after the handshake ----


@pytest.mark.parametrize(
    "flags", [0, wire.DATA, wire.PROTOCOL, DATA | wire.SEND_MIC, 0xFF], ids=hex
)
def test_wrong_flags_of_an_answer_are_unexpected(flags: int) -> None:
    """Among them DATA alone: the PROTOCOL flag, dropped after it was negotiated."""

    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send_token(flags, server.context.wrap(OK))
        server.wait_for_close()

    assert provoke(answer) == "unexpected token from server"


@pytest.mark.parametrize("length", [1_048_577, 0x80000000])
def test_an_answer_over_the_limit_is_refused_by_its_header(length: int) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.sock.sendall(wire.HEADER.pack(DATA, length))
        server.wait_for_close()

    assert provoke(answer) == "error receiving token: token too larger"


@pytest.mark.parametrize("kept", [0, 1, 4, 5, 6, -1])
def test_an_answer_that_is_cut_off_is_an_end_of_file(kept: int) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.sock.sendall(server.wrapped(OK)[:kept])

    assert provoke(answer) == "error receiving token: unexpected end of file"


def test_a_close_in_the_middle_of_the_output_is_an_end_of_file() -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.output(1, b"some"), wire.output(2, b"more"))

    assert provoke(answer) == "error receiving token: unexpected end of file"


def test_a_reset_in_the_middle_of_the_output_is_told() -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.output(1, b"some"))
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    assert provoke(answer) == "error receiving token: Connection reset by peer"


@pytest.mark.parametrize("kept", [0, 3, 40])
def test_a_server_that_stops_within_a_token_is_a_timeout(kept: int) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.sock.sendall(server.wrapped(wire.output(1, bytes(1000)))[:kept])
        server.wait_for_close()

    text = provoke(answer, RemctlTimeoutError, timeout=0.3)
    assert text == "error receiving token: timed out"


def test_nonsense_in_place_of_a_wrapped_token_is_a_gss_error() -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send_token(DATA, b"nonsense")
        server.wait_for_close()

    assert provoke(answer).startswith("GSS-API error receiving token: ")


def test_an_empty_token_is_a_gss_error() -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send_token(DATA)
        server.wait_for_close()

    assert provoke(answer).startswith("GSS-API error receiving token: ")


# ---- messages ----


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (b"", "malformed result token from server"),
        (b"\2", "malformed result token from server"),
        (b"\2\4", "malformed result token from server"),
        (b"\2\4\0\0", "malformed result token from server"),
        (b"\2\3\1\0\0\0", "malformed result token from server"),
        (wire.output(1, b"four", length=3), "malformed result token from server"),
        (wire.output(1, b"four", length=5), "malformed result token from server"),
        (wire.output(1, b"four", length=0xFFFFFFFF), "malformed result token from server"),
        (wire.output(1, b"", length=0x80000000), "malformed result token from server"),
        (b"\2\5" + bytes(4), "malformed result token from server"),
        (b"\2\5" + bytes(4) + b"\0\0\0\1", "malformed result token from server"),
        (wire.output(0, b"four"), "unexpected stream 0 from server"),
        (wire.output(3, b"four"), "unexpected stream 3 from server"),
        (wire.output(1, b"four", version=9), "unexpected protocol 9 from server"),
        (b"\1\4\0", "unexpected protocol 1 from server"),
        (b"\0\4\0", "unexpected protocol 0 from server"),
        (b"\2\0", "unknown message type 0 from server"),
        (b"\2\10", "unknown message type 8 from server"),
        (b"\2\377", "unknown message type 255 from server"),
        (b"\2\2", "unexpected message type 2 from server"),
        (b"\2\1\1\0" + bytes(4), "unexpected message type 1 from server"),
        (wire.noop(), "unexpected message type 7 from server"),
    ],
    ids=lambda value: value.hex()[:24] or "empty" if isinstance(value, bytes) else "",
)
def test_a_message_against_the_rules_is_told(message: bytes, text: str) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(message)
        server.wait_for_close()

    assert provoke(answer) == text


def test_output_of_nothing_is_legal(client: Client, realm: Realm) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.output(1, b""), wire.output(2, b""), OK)
        server.wait_for_close()

    with EmbeddedServer(hostile=answer) as server, client(HOST, server.port) as connection:
        result = connection.run(["test"])
    assert (result.stdout, result.stderr, result.status) == (b"", b"", 0)


@pytest.mark.parametrize("code", [0, 11, 0xFFFFFFFF])
def test_an_unknown_error_code_passes_through(client: Client, realm: Realm, code: int) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.output(1, b"before"), wire.error(code, b"odd \xff text"))
        server.wait_for_close()

    with EmbeddedServer(hostile=answer) as server, client(HOST, server.port) as connection:
        connection.command(["test"])
        assert connection.output() == ("output", b"before", 1, None, None)
        assert connection.output() == ("error", b"odd \xff text", None, None, code)
        assert connection.output().type == "done"


def test_an_error_text_that_is_no_utf8_is_still_text() -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.error(5, b"odd \xff text"))
        server.wait_for_close()

    assert provoke(answer, RemctlRefusedError) == "odd \N{REPLACEMENT CHARACTER} text"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (OK, "unexpected message type 4 from server"),
        (wire.output(1, b"four"), "unexpected message type 3 from server"),
    ],
    ids=["status", "output"],
)
def test_an_answer_out_of_turn_to_a_noop_is_told(client: Client, message: bytes, text: str) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(message)
        server.wait_for_close()

    with EmbeddedServer(hostile=answer) as server, client(HOST, server.port) as connection:
        with pytest.raises(RemctlError) as caught:
            connection.noop()
        assert str(caught.value) == connection.error() == text
        with descriptors.untouched():
            assert connection.noop() is True, "it reconnects by itself"


@pytest.mark.parametrize("message", [wire.versions(2), wire.error(3, b"Unknown message")])
def test_a_server_without_noop_is_told_and_stays_in_step(client: Client, message: bytes) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(message)
        server.read()
        server.send(OK)
        server.wait_for_close()

    with EmbeddedServer(hostile=answer) as server, client(HOST, server.port) as connection:
        with pytest.raises(RemctlError) as caught:
            connection.noop()
        assert str(caught.value) == connection.error() == "NOOP message not supported"
        assert connection.run(["test"]).status == 0
        assert server.hellos == [], "it is the same connection"


def test_a_status_before_any_command_answers_none() -> None:
    def answer(server: HandMade) -> None:
        token = server.context.step(server.read_hello())
        assert token is not None
        server.sock.sendall(wire.token(wire.CONTEXT | wire.PROTOCOL, token) + server.wrapped(OK))
        server.wait_for_close()

    assert provoke(answer) == "unexpected message type 4 from server"


def test_a_second_status_does_not_answer_the_next_command(client: Client) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.status(1), wire.status(2))
        server.read()
        server.wait_for_close()

    with EmbeddedServer(hostile=answer) as server, client(HOST, server.port) as connection:
        assert connection.run(["test"]).status == 1
        with pytest.raises(RemctlError, match="unexpected message type 4 from server"):
            connection.run(["test"])
