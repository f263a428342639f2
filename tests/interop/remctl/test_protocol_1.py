"""Servers that speak protocol 1 only: our server role, and some that break its rules."""

import io
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from opswire.errors import RemctlError, RemctlTimeoutError, RemctlUsageError
from opswire.remctl import Remctl, remctl
from tests.interop import descriptors
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm

SECONDS = 20.0  # for each test
pytestmark = pytest.mark.usefixtures("bounded")

HOST = "127.0.0.1"
OFFERS_MORE = wire.NOOP | wire.CONTEXT_NEXT | wire.PROTOCOL
SPEAKS_1 = wire.NOOP | wire.CONTEXT_NEXT


@pytest.fixture
def server(realm: Realm) -> Iterator[EmbeddedServer]:
    """A server that has never heard of protocol 2."""
    with EmbeddedServer(protocol=1) as running:
        yield running


@pytest.fixture
def connection(server: EmbeddedServer, client: Callable[..., Remctl]) -> Iterator[Remctl]:
    """An open connection to it."""
    with client(HOST, server.port) as opened:
        yield opened


def test_all_output_is_on_the_first_stream(connection: Remctl) -> None:
    connection.command(["test", "both"])
    assert list(connection) == [
        ("output", b"to stdout\nto stderr\n", 1, None, None),
        ("status", None, None, 3, None),
    ]
    assert connection.output().type == "done"


@pytest.mark.parametrize("status", [0, 1, 127, 200, 255])
def test_a_status_stays_what_it_is(connection: Remctl, status: int) -> None:
    result = connection.run(["test", "status", status])
    assert (result.stdout, result.stderr, result.status) == (b"", b"", status)


def test_every_command_has_a_connection_of_its_own(
    server: EmbeddedServer, connection: Remctl
) -> None:
    for number in range(4):
        assert connection.run(["test", "echo", number]).stdout == b"%d\n" % number
    assert len(server.hellos) == 4
    assert [arguments[2] for arguments in server.commands] == [b"0", b"1", b"2", b"3"]


def test_the_object_never_asks_for_more_again(server: EmbeddedServer, connection: Remctl) -> None:
    connection.run(["test", "true"])
    connection.run(["test", "true"])
    connection.open(HOST, server.port)
    assert connection.run(["test", "true"]).status == 0
    assert server.hellos == [OFFERS_MORE, SPEAKS_1, SPEAKS_1]


def test_another_object_asks_for_more(server: EmbeddedServer, connection: Remctl) -> None:
    connection.run(["test", "true"])
    with Remctl(HOST, server.port) as other:
        other.run(["test", "true"])
    assert server.hellos == [OFFERS_MORE, OFFERS_MORE]


def test_an_object_that_fell_back_speaks_1_to_a_newer_server_too(connection: Remctl) -> None:
    with EmbeddedServer() as newer:
        connection.open(HOST, newer.port)
        assert connection.run(["test", "both"]).stdout == b"to stdout\nto stderr\n"
        assert newer.hellos == [SPEAKS_1]


def test_the_one_call_interface_falls_back(server: EmbeddedServer) -> None:
    result = remctl(HOST, server.port, None, ["test", "both"])
    assert result == (b"to stdout\nto stderr\n", None, 3)


def test_a_noop_is_not_supported(connection: Remctl) -> None:
    with pytest.raises(RemctlError) as caught:
        connection.noop()
    assert str(caught.value) == connection.error() == "NOOP message not supported"
    assert connection.run(["test", "true"]).status == 0


def test_a_refusal_arrives_as_text_with_status_255(connection: Remctl) -> None:
    result = connection.run(["nonsense", "nonsense"])
    assert (result.stdout, result.status) == (b"Unknown command", 255)


@pytest.mark.parametrize("element", ["", "h\xe9", b"a\0b", 7])
def test_arguments_arrive_as_they_are(
    server: EmbeddedServer, connection: Remctl, element: object
) -> None:
    octets = element if isinstance(element, bytes) else str(element).encode()
    assert connection.run(["test", "arguments", element]).stdout == octets + b"\0"


# The count, and a length before each of three arguments, of which two are 9 octets together.
ROOM = 65536 - 4 - 3 * 4 - 9


def test_a_command_of_64_kilobytes_is_sent(connection: Remctl) -> None:
    assert connection.run(["test", "count", bytes(ROOM)]).stdout == b"%d\n" % ROOM


def test_a_longer_command_is_refused_before_it_is_sent(
    server: EmbeddedServer, connection: Remctl
) -> None:
    with pytest.raises(RemctlUsageError, match="more data than the protocol can carry") as caught:
        connection.run(["test", "count", bytes(ROOM + 1)])
    assert connection.error() == str(caught.value)
    assert server.commands == []
    assert connection.run(["test", "true"]).status == 0


def test_output_is_cut_to_what_a_reply_can_carry(connection: Remctl) -> None:
    assert len(connection.run(["test", "bytes", "65528"]).stdout) == 65528
    assert len(connection.run(["test", "bytes", "65529"]).stdout) == 65528


def test_a_second_command_before_the_first_was_read_is_a_usage_error(connection: Remctl) -> None:
    connection.command(["test", "both"])
    with pytest.raises(RemctlUsageError):
        connection.command(["test", "true"])
    assert [token.type for token in connection] == ["output", "status"]


# ---- servers that break the rules ----


Answer = Callable[[HandMade, bytes], None]
REPLY = bytes(4) + (4).to_bytes(4) + b"four"


def failure(answer: Answer) -> str:
    """Run a command on a hostile server of protocol 1; return the error's text."""

    def play(server: HandMade) -> None:
        server.establish(wire.CONTEXT)
        answer(server, server.read())
        server.wait_for_close()

    with EmbeddedServer(hostile=play, protocol=1) as server:
        connection = Remctl(HOST, server.port)
        with pytest.raises(RemctlError) as caught:
            connection.run(["test", "true"])
        assert connection.error() == str(caught.value)
        with descriptors.untouched():
            assert connection.run(["test", "echo", "hello"]).stdout == b"hello\n"
            connection.close()
    return str(caught.value)


def sign(server: HandMade, command: bytes) -> None:
    """Send the signature that is due."""
    server.send_token(wire.MIC, server.context.get_mic(command))


def test_a_reply_without_a_signature_is_unexpected() -> None:
    def answer(server: HandMade, command: bytes) -> None:
        server.send_token(wire.DATA, server.context.wrap(REPLY))

    assert failure(answer) == "unexpected token from server"


def test_a_signature_of_something_else_is_a_gss_error() -> None:
    def answer(server: HandMade, command: bytes) -> None:
        sign(server, command[:-1] + b"X")
        server.send_token(wire.DATA, server.context.wrap(REPLY))

    text = failure(answer)
    assert text.startswith("GSS-API error receiving token: ")
    assert "Message Integrity Check" in text


def test_a_signature_of_nonsense_is_a_gss_error() -> None:
    def answer(server: HandMade, command: bytes) -> None:
        server.send_token(wire.MIC, b"nonsense")

    assert failure(answer).startswith("GSS-API error receiving token: ")


def test_a_signature_over_the_limit_is_refused() -> None:
    def answer(server: HandMade, command: bytes) -> None:
        server.send_token(wire.MIC, bytes(10241))

    assert failure(answer) == "error receiving token: token too larger"


@pytest.mark.parametrize(
    "flags", [wire.DATA | wire.PROTOCOL, wire.DATA | wire.SEND_MIC, wire.MIC, 0]
)
def test_wrong_flags_of_a_reply_are_unexpected(flags: int) -> None:
    def answer(server: HandMade, command: bytes) -> None:
        sign(server, command)
        server.send_token(flags, server.context.wrap(REPLY))

    assert failure(answer) == "unexpected token from server"


@pytest.mark.parametrize(
    "reply",
    [b"", REPLY[:7], REPLY[:-1], REPLY + b"X", bytes(4) + b"\xff" * 4 + b"four"],
    ids=["empty", "short header", "short", "long", "4 GB announced"],
)
def test_a_malformed_reply_is_told(reply: bytes) -> None:
    def answer(server: HandMade, command: bytes) -> None:
        sign(server, command)
        server.send_token(wire.DATA, server.context.wrap(reply))

    assert failure(answer) == "malformed result token from server"


@pytest.mark.parametrize("signed", [False, True])
def test_a_close_before_the_reply_is_an_end_of_file(signed: bool) -> None:
    def answer(server: HandMade, command: bytes) -> None:
        if signed:
            sign(server, command)
        server.sock.shutdown(socket.SHUT_WR)

    assert failure(answer) == "error receiving token: unexpected end of file"


def test_our_server_role_ends_after_its_reply(server: EmbeddedServer, connection: Remctl) -> None:
    connection.run(["test", "true"])
    assert server.wait_for_ends(1) == ["finished"]


# ---- the server's signature of a command ----


@pytest.mark.parametrize("sent", ["a signature of something else", "a reply instead", "nothing"])
def test_a_command_that_was_not_signed_fails_itself(
    client: Callable[..., Remctl], sent: str
) -> None:
    """Not only its output: whoever sends a command and reads nothing would not hear of it."""

    def play(server: HandMade) -> None:
        server.establish(wire.CONTEXT)
        command = server.read()
        if sent == "a signature of something else":
            sign(server, command[:-1] + b"X")
        elif sent == "a reply instead":
            server.send_token(wire.DATA, server.context.wrap(REPLY))
        else:
            server.sock.shutdown(socket.SHUT_WR)
        server.wait_for_close()

    with EmbeddedServer(hostile=play, protocol=1) as server:
        connection = client(HOST, server.port)
        with pytest.raises(RemctlError) as caught:
            connection.command(["test", "true"])
        assert connection.error() == str(caught.value)
        assert connection.run(["test", "echo", "hello"]).stdout == b"hello\n"
        connection.close()


def test_a_command_does_not_wait_for_its_end(client: Callable[..., Remctl]) -> None:
    sent = threading.Event()

    def play(server: HandMade) -> None:
        server.establish(wire.CONTEXT)
        sign(server, server.read())
        assert sent.wait(10)
        server.send_token(wire.DATA, server.context.wrap(REPLY))
        server.wait_for_close()

    with EmbeddedServer(hostile=play, protocol=1) as server:
        connection = client(HOST, server.port)
        connection.command(["test", "true"])
        sent.set()
        assert [token.output for token in connection] == [b"four", None]
        connection.close()


@pytest.mark.parametrize("how", ["command", "run", "run into a file"])
def test_a_reply_that_comes_with_the_signature_is_not_lost(
    client: Callable[..., Remctl], how: str
) -> None:
    def play(server: HandMade) -> None:
        server.establish(wire.CONTEXT)
        signature = wire.token(wire.MIC, server.context.get_mic(server.read()))
        server.sock.sendall(signature + wire.token(wire.DATA, server.context.wrap(REPLY)))
        server.wait_for_close()

    with EmbeddedServer(hostile=play, protocol=1) as server:
        connection = client(HOST, server.port)
        if how == "command":
            connection.command(["test", "true"])
            found = b"".join(token.output or b"" for token in connection)
        elif how == "run":
            found = connection.run(["test", "true"]).stdout
        else:
            file = io.BytesIO()
            connection.run(["test", "true"], stdout=file)
            found = file.getvalue()
        assert found == b"four"
        assert connection.output().type == "done"
        connection.close()


def test_a_signature_that_does_not_come_is_a_timeout_of_the_command(
    client: Callable[..., Remctl],
) -> None:
    def play(server: HandMade) -> None:
        server.establish(wire.CONTEXT)
        server.read()
        server.wait_for_close()

    with EmbeddedServer(hostile=play, protocol=1) as server:
        connection = client(HOST, server.port)
        with pytest.raises(RemctlTimeoutError, match=r"^error receiving token: timed out$"):
            connection.command(["test", "true"], deadline=0.3)
        connection.close()
