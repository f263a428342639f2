"""Every message is encrypted and comes once: both tiers, both roles, protocols 2 and 1."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

import gssapi
import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire.errors import GSSError, RemctlError, RemoteProtocolError
from opswire.remctl import Remctl
from tests.interop.remctl.their_gssapi import SERVICE, command_message, greet, their_initiator
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm

SECONDS = 30.0  # for each test
pytestmark = pytest.mark.usefixtures("bounded")

HOST = "127.0.0.1"
DATA = wire.DATA | wire.PROTOCOL
COMMAND = command_message(b"test", b"true")
OPEN = "the token is not encrypted"
REPLY_1 = bytes(4) + (4).to_bytes(4) + b"four"


encrypted_or_not = pytest.mark.parametrize("encrypted", [True, False], ids=["encrypted", "open"])

# ---- clients ----


def run(connection: Remctl) -> None:
    """In one call."""
    assert connection.run(["test"]).status == 0


def read_tokens(connection: Remctl) -> None:
    """Token by token."""
    connection.command(["test"])
    assert [token.status for token in connection][-1] == 0


def ask(connection: Remctl) -> None:
    """By a NOOP."""
    assert connection.noop()


Call = Callable[[Remctl], None]
ANSWERS: dict[str, tuple[Call, bytes]] = {
    "status of run": (run, wire.status(0)),
    "status of output": (read_tokens, wire.status(0)),
    "noop": (ask, wire.noop()),
}


def outcome(client: Callable[..., Remctl], server: EmbeddedServer, call: Call) -> str:
    """The text of the error that a call on a server raises, "" for none."""
    with client(HOST, server.port) as connection:
        with suppress(RemctlError):
            call(connection)
            return ""
        return str(connection.error())


@encrypted_or_not
@pytest.mark.parametrize(("call", "answer"), ANSWERS.values(), ids=ANSWERS)
def test_a_client_takes_only_encrypted_answers(
    client: Callable[..., Remctl], call: Call, answer: bytes, encrypted: bool
) -> None:
    def play(server: HandMade) -> None:
        theirs = gssapi.SecurityContext(usage="accept")
        server.send_token(wire.CONTEXT | wire.PROTOCOL, theirs.step(server.read_hello()))
        theirs.unwrap(wire.read_token(server.sock)[1])
        server.send_token(DATA, theirs.wrap(answer, encrypted).message)
        server.wait_for_close()

    with EmbeddedServer(hostile=play) as server:
        text = outcome(client, server, call)
    assert text == ("" if encrypted else f"GSS-API error receiving token: {OPEN}")


@encrypted_or_not
@pytest.mark.parametrize("call", [run, read_tokens])
def test_a_client_of_protocol_1_takes_only_encrypted_replies(
    client: Callable[..., Remctl], call: Call, encrypted: bool
) -> None:
    def play(server: HandMade) -> None:
        theirs = gssapi.SecurityContext(usage="accept")
        server.send_token(wire.CONTEXT, theirs.step(server.read_hello()))
        command = theirs.unwrap(wire.read_token(server.sock)[1]).message
        server.send_token(wire.MIC, theirs.get_signature(command))
        server.send_token(wire.DATA, theirs.wrap(REPLY_1, encrypted).message)
        server.wait_for_close()

    with EmbeddedServer(hostile=play, protocol=1) as server:
        text = outcome(client, server, call)
    assert text == ("" if encrypted else f"GSS-API error receiving token: {OPEN}")


def test_a_client_takes_no_answer_twice(client: Callable[..., Remctl]) -> None:
    def play(server: HandMade) -> None:
        server.establish_and_read()
        token = server.wrapped(wire.output(1, b"once"))
        server.sock.sendall(token * 2 + server.wrapped(wire.status(0)))
        server.wait_for_close()

    with EmbeddedServer(hostile=play) as server:
        text = outcome(client, server, run)
    assert text.startswith("GSS-API error receiving token: ")
    assert "duplicate" in text


# ---- servers ----


@pytest.fixture
def server(realm: Realm) -> Iterator[EmbeddedServer]:
    """A server made of our own server role."""
    with EmbeddedServer() as running:
        yield running


REQUESTS = {
    "command": COMMAND,
    "first part": COMMAND[:3] + b"\1" + COMMAND[4:],
    "noop": wire.noop(),
    "quit": b"\2\2",
    "nonsense": b"\2\377",
}


@encrypted_or_not
@pytest.mark.parametrize("message", REQUESTS.values(), ids=REQUESTS)
def test_a_server_takes_only_encrypted_requests(
    server: EmbeddedServer, message: bytes, encrypted: bool
) -> None:
    theirs = their_initiator()
    with socket.create_connection((server.address, server.port)) as sock:
        greet(sock, theirs, wire.PROTOCOL)
        sock.sendall(wire.token(DATA, theirs.wrap(message, encrypted).message))
        sock.shutdown(socket.SHUT_WR)
        (end,) = server.wait_for_ends(1)
        answer = sock.recv(1)
    assert ("decryption" in end) is not encrypted, end
    if not encrypted:
        assert (answer, server.commands) == (b"", [])


@encrypted_or_not
def test_a_server_of_protocol_1_takes_only_encrypted_commands(
    server: EmbeddedServer, encrypted: bool
) -> None:
    theirs = their_initiator()
    with socket.create_connection((server.address, server.port)) as sock:
        greet(sock, theirs, 0)
        token = theirs.wrap(COMMAND[4:], encrypted).message
        sock.sendall(wire.token(wire.DATA | wire.SEND_MIC, token))
        (end,) = server.wait_for_ends(1)
    assert ("decryption" in end) is not encrypted, end
    assert server.commands == ([[b"test", b"true"]] if encrypted else [])


def test_a_server_runs_no_command_twice(server: EmbeddedServer) -> None:
    theirs = their_initiator()
    with socket.create_connection((server.address, server.port)) as sock:
        greet(sock, theirs, wire.PROTOCOL)
        sock.sendall(wire.token(DATA, theirs.wrap(COMMAND, True).message) * 2)
        (end,) = server.wait_for_ends(1)
    assert "sequence check" in end
    assert server.commands == [[b"test", b"true"]]


# ---- the machine, driven by hand ----


def our_client(protocol: int) -> tuple[core.Connection, gssapi.SecurityContext, int]:
    """An established machine in the client role, the peer's context, and the flags of an answer."""
    machine, theirs = core.Connection(core.CLIENT, protocol), gssapi.SecurityContext(usage="accept")
    ours = gss.Context.initiate(gss.Name(SERVICE, "user"))
    token = ours.step()
    assert token is not None
    machine.send_hello()
    machine.send_context(token)
    context_flags = wire.CONTEXT | wire.PROTOCOL if protocol == 2 else wire.CONTEXT
    machine.receive(wire.token(context_flags, theirs.step(token)))
    event = machine.next_event()
    assert event is not None
    ours.step(event[1])
    machine.establish(ours)
    machine.data_to_send()
    machine.send_command([b"test"])
    command = theirs.unwrap(machine.data_to_send()[5:]).message
    if protocol == 1:
        machine.receive(wire.token(wire.MIC, theirs.get_signature(command)))
        return machine, theirs, wire.DATA
    return machine, theirs, DATA


def our_server(protocol: int) -> tuple[core.Connection, gssapi.SecurityContext, int]:
    """The same in the server role, and the flags of a command."""
    machine, theirs, ours = core.Connection(core.SERVER), their_initiator(), gss.Context.accept()
    flags = wire.PROTOCOL if protocol == 2 else 0
    machine.receive(wire.token(wire.NOOP | wire.CONTEXT_NEXT | flags))
    machine.receive(wire.token(wire.CONTEXT | flags, theirs.step()))
    event = machine.next_event()
    assert event is not None
    answer = ours.step(event[1])
    assert answer is not None
    theirs.step(answer)
    machine.send_context(answer)
    machine.establish(ours)
    machine.data_to_send()
    return machine, theirs, DATA if protocol == 2 else wire.DATA | wire.SEND_MIC


Established = tuple[core.Connection, gssapi.SecurityContext, int]
MACHINES: dict[str, tuple[Callable[[int], Established], int, bytes, int]] = {
    "client 2": (our_client, 2, wire.output(1, b"four"), core.OUTPUT),
    "client 1": (our_client, 1, REPLY_1, core.OUTPUT),
    "server 2": (our_server, 2, COMMAND, core.COMMAND),
    "server 1": (our_server, 1, COMMAND[4:], core.COMMAND),
}
machines = pytest.mark.parametrize(
    ("make", "protocol", "message", "kind"), MACHINES.values(), ids=MACHINES
)


@encrypted_or_not
@machines
def test_a_machine_takes_only_encrypted_messages(
    make: Callable[[int], Established], protocol: int, message: bytes, kind: int, encrypted: bool
) -> None:
    machine, theirs, flags = make(protocol)
    machine.receive(wire.token(flags, theirs.wrap(message, encrypted).message))
    if encrypted:
        event = machine.next_event()
        assert event is not None
        assert event[0] == kind
        return
    for _ in range(2):  # and it is final
        with pytest.raises(RemoteProtocolError) as caught:
            machine.next_event()
        assert caught.value.status == core.SECURITY_REFUSED
        assert isinstance(caught.value.__cause__, GSSError)
        assert str(caught.value.__cause__) == OPEN


@pytest.mark.parametrize("name", ["client 2", "server 2"])
def test_a_machine_takes_no_message_twice(name: str) -> None:
    make, protocol, message, kind = MACHINES[name]
    machine, theirs, flags = make(protocol)
    machine.receive(wire.token(flags, theirs.wrap(message, True).message) * 2)
    event = machine.next_event()
    assert event is not None
    assert event[0] == kind
    if kind == core.COMMAND:
        machine.send_status(0)
    with pytest.raises(RemoteProtocolError) as caught:
        machine.next_event()
    assert "duplicate" in str(caught.value.__cause__)


@pytest.mark.parametrize("message", [b"", b"message"])
def test_the_cause_of_a_refusal_is_that_of_the_last_token(message: bytes) -> None:
    """An open token before a forged one leaves nothing behind."""
    theirs, ours = their_initiator(), gss.Context.accept()
    theirs.step(ours.step(theirs.step()))
    with pytest.raises(GSSError, match=OPEN):
        ours.unwrap(theirs.wrap(message, False).message)
    forged = bytearray(theirs.wrap(message, True).message)
    forged[-1] ^= 1
    with pytest.raises(GSSError) as caught:
        ours.unwrap(bytes(forged))
    assert "not encrypted" not in str(caught.value)
