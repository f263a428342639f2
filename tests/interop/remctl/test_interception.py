"""A man in the middle can end a connection, and nothing else: what he changes is noticed."""

from collections.abc import Iterator

import pytest

from opswire.errors import RemctlError, RemctlTimeoutError
from opswire.remctl import Remctl
from tests.interop import descriptors
from tests.servers.embedded import EmbeddedServer
from tests.servers.interceptor import Cut, Interceptor, Line, Script
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
SECONDS = 20.0
pytestmark = pytest.mark.usefixtures("bounded")
CONTEXT_TOKEN = 0
FIRST_ANSWER = 1
GSS_FAILURE = "GSS-API error receiving token: "


@pytest.fixture
def server(realm: Realm) -> Iterator[EmbeddedServer]:
    """A well-behaved server behind the man in the middle."""
    with EmbeddedServer() as running:
        yield running


def failure_of(server: EmbeddedServer, script: Script, timeout: float | None = None) -> str:
    """Run a command that answers with several tokens through the script; return the error's text.

    Then the same object runs a command on a connection without a man in the middle.
    """
    with Interceptor(server.port, to_client=script) as middle:
        connection = Remctl(HOST, middle.port, timeout=timeout)
        with pytest.raises(RemctlError) as caught:
            connection.run(["test", "both"])
        assert connection.error() == str(caught.value)
        assert isinstance(caught.value, RemctlTimeoutError) == (timeout is not None)
    with descriptors.untouched():
        connection.open(HOST, server.port)
        assert connection.run(["test", "true"]).status == 0
        connection.close()
    return str(caught.value)


@pytest.mark.parametrize("position", [5, 12, 21, 30, -1])
def test_an_altered_octet_is_noticed(server: EmbeddedServer, position: int) -> None:
    def alter(line: Line, number: int, token: bytes) -> None:
        altered = bytearray(token)
        if number == FIRST_ANSWER:
            altered[position] ^= 0x20
        line.send(altered)

    assert failure_of(server, alter).startswith(GSS_FAILURE)


def test_a_replayed_token_is_noticed(server: EmbeddedServer) -> None:
    def replay(line: Line, number: int, token: bytes) -> None:
        line.send(token * (2 if number == FIRST_ANSWER else 1))

    text = failure_of(server, replay)
    assert text.startswith(GSS_FAILURE)
    assert "duplicate" in text


def test_exchanged_tokens_are_noticed(server: EmbeddedServer) -> None:
    def exchange(line: Line, number: int, token: bytes) -> None:
        if number == FIRST_ANSWER:
            line.kept.append(token)
        else:
            line.send(token)
            line.send(b"".join(line.kept))
            line.kept.clear()

    assert failure_of(server, exchange).startswith(GSS_FAILURE)


def test_a_dropped_token_is_noticed(server: EmbeddedServer) -> None:
    def drop(line: Line, number: int, token: bytes) -> None:
        if number != FIRST_ANSWER:
            line.send(token)

    assert failure_of(server, drop).startswith(GSS_FAILURE)


def test_a_token_of_an_earlier_connection_is_noticed(server: EmbeddedServer) -> None:
    seen: list[bytes] = []

    def replace(line: Line, number: int, token: bytes) -> None:
        if number == FIRST_ANSWER and seen:
            line.send(seen[0])
            return
        if number == FIRST_ANSWER:
            seen.append(token)
        line.send(token)

    with Interceptor(server.port, to_client=replace) as middle:
        with Remctl(HOST, middle.port) as first:
            assert first.run(["test", "both"]).status == 3
        with (
            Remctl(HOST, middle.port) as second,
            pytest.raises(RemctlError, match=GSS_FAILURE),
        ):
            second.run(["test", "both"])


def test_an_answer_of_the_client_itself_is_noticed(server: EmbeddedServer) -> None:
    """Its own token, sent back to it, is no answer of the server."""
    said: list[bytes] = []

    def listen(line: Line, number: int, token: bytes) -> None:
        said.append(token)
        line.send(token)

    def reflect(line: Line, number: int, token: bytes) -> None:
        line.send(said[-1] if number == FIRST_ANSWER else token)

    with (
        Interceptor(server.port, to_client=reflect, to_server=listen) as middle,
        Remctl(HOST, middle.port) as connection,
        pytest.raises(RemctlError, match=GSS_FAILURE),
    ):
        connection.run(["test", "both"])


def test_an_altered_context_token_is_noticed(server: EmbeddedServer) -> None:
    def alter(line: Line, number: int, token: bytes) -> None:
        line.send(token[:-1] + bytes([token[-1] ^ 1]))

    with Interceptor(server.port, to_client=alter) as middle:
        connection = Remctl()
        with pytest.raises(RemctlError, match="GSS-API error initializing context: "):
            connection.open(HOST, middle.port)


def test_a_downgrade_of_the_answer_is_noticed_or_harmless(server: EmbeddedServer) -> None:
    """Taking the PROTOCOL flag away makes the client speak protocol 1, which the server refuses."""

    def downgrade(line: Line, number: int, token: bytes) -> None:
        line.send(b"\2" + token[1:] if number == CONTEXT_TOKEN else token)

    with Interceptor(server.port, to_client=downgrade) as middle:
        connection = Remctl(HOST, middle.port)
        with pytest.raises(RemctlError, match="error receiving token: unexpected end of file"):
            connection.run(["test", "both"])
        connection.close()
    assert server.commands == []


def test_octets_that_come_one_by_one_are_no_matter(server: EmbeddedServer) -> None:
    def trickle(line: Line, number: int, token: bytes) -> None:
        line.trickle(token)

    with (
        Interceptor(server.port, to_client=trickle, to_server=trickle) as middle,
        Remctl(HOST, middle.port, timeout=10) as connection,
    ):
        assert connection.run(["test", "echo", "x" * 3000]).stdout == b"x" * 3000 + b"\n"
        assert connection.noop() is True
        connection.command(["test", "both"])
        assert [token.type for token in connection] == ["output", "output", "status"]


def test_a_slow_token_is_no_timeout_while_octets_keep_coming(server: EmbeddedServer) -> None:
    """The timeout is one of inactivity, not of a token."""

    def slow(line: Line, number: int, token: bytes) -> None:
        if number == FIRST_ANSWER:
            line.trickle(token[:8], 0.15)
            token = token[8:]
        line.send(token)

    with (
        Interceptor(server.port, to_client=slow) as middle,
        Remctl(HOST, middle.port, timeout=0.6) as connection,
    ):
        assert connection.run(["test", "both"]).status == 3


@pytest.mark.parametrize("kept", [0, 1, 5, 40])
def test_a_stop_within_a_token_is_a_timeout(server: EmbeddedServer, kept: int) -> None:
    def stop(line: Line, number: int, token: bytes) -> None:
        if number == FIRST_ANSWER:
            line.send(token[:kept])
            line.hold()
        line.send(token)

    assert failure_of(server, stop, timeout=0.3) == "error receiving token: timed out"


@pytest.mark.parametrize("kept", [0, 1, 5, 40])
@pytest.mark.parametrize("which", [FIRST_ANSWER, FIRST_ANSWER + 2])
def test_a_cut_is_an_end_of_file(server: EmbeddedServer, which: int, kept: int) -> None:
    def cut(line: Line, number: int, token: bytes) -> None:
        if number == which:
            line.send(token[:kept])
            raise Cut
        line.send(token)

    assert failure_of(server, cut) == "error receiving token: unexpected end of file"


@pytest.mark.parametrize("position", [12, 30, -1])
def test_remctld_refuses_an_altered_command(remctld: Remctld, position: int) -> None:
    def alter(line: Line, number: int, token: bytes) -> None:
        altered = bytearray(token)
        if number == 2:
            altered[position] ^= 0x20
        line.send(altered)

    with Interceptor(remctld.port, to_server=alter) as middle:
        connection = Remctl(HOST, middle.port)
        with pytest.raises(RemctlError) as caught:
            connection.run(["test", "true"])
        assert str(caught.value) == connection.error()
        connection.open(HOST, remctld.port)
        assert connection.run(["test", "true"]).status == 0
        connection.close()
