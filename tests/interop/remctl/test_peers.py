"""Our binding and our server role against other people's: python-gssapi, the stock client."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import gssapi
import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.ffi import lib
from opswire.errors import GSSError, RemoteProtocolError
from tests.interop.remctl.their_gssapi import (
    FLAGS,
    SERVICE,
    command_message,
    greet,
    their_initiator,
)
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.realm import Realm


@pytest.fixture
def server(realm: Realm) -> Iterator[EmbeddedServer]:
    """A server made of our own server role."""
    with EmbeddedServer() as running:
        yield running


def our_initiator() -> gss.Context:
    """A context of ours that talks to the test service."""
    return gss.Context.initiate(gss.Name(SERVICE, "user"))


def theirs_to_ours() -> tuple[gssapi.SecurityContext, gss.Context]:
    """An established pair: python-gssapi began."""
    theirs, ours = their_initiator(), gss.Context.accept()
    theirs.step(ours.step(theirs.step()))
    return theirs, ours


def ours_to_theirs() -> tuple[gssapi.SecurityContext, gss.Context]:
    """An established pair: we began."""
    theirs, ours = gssapi.SecurityContext(usage="accept"), our_initiator()
    assert ours.step(theirs.step(ours.step())) is None
    return theirs, ours


@pytest.fixture(params=[theirs_to_ours, ours_to_theirs])
def pair(
    request: pytest.FixtureRequest, realm: Realm
) -> tuple[gssapi.SecurityContext, gss.Context]:
    """Both ways round: their initiator with our acceptor, our initiator with their acceptor."""
    established: tuple[gssapi.SecurityContext, gss.Context] = request.param()
    return established


Pair = tuple[gssapi.SecurityContext, gss.Context]


def test_a_handshake_completes_on_both_sides(pair: Pair) -> None:
    theirs, ours = pair
    assert theirs.complete
    assert ours.complete
    assert ours.flags & gss.DEFAULT_FLAGS == gss.DEFAULT_FLAGS


def test_both_sides_agree_on_who_they_are(pair: Pair, realm: Realm) -> None:
    theirs, ours = pair
    assert (ours.initiator, ours.acceptor) == (
        f"{realm.user}@{realm.name}",
        f"{SERVICE}@{realm.name}",
    )
    assert (str(theirs.initiator_name), str(theirs.target_name)) == (ours.initiator, ours.acceptor)


def test_the_peer_is_the_other_side(realm: Realm) -> None:
    assert theirs_to_ours()[1].peer == f"{realm.user}@{realm.name}"
    assert ours_to_theirs()[1].peer == f"{SERVICE}@{realm.name}"


def test_the_lifetime_is_that_of_the_ticket(pair: Pair) -> None:
    theirs, ours = pair
    assert ours.lifetime is not None
    assert abs(ours.lifetime - theirs.lifetime) < 60 + 300  # an acceptor adds the clock skew


def test_a_context_that_has_expired_has_no_lifetime_left(
    realm: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is told as a number, though the library answers any question with an error then."""

    def pair_of(cache: Path) -> Pair | None:
        monkeypatch.setenv("KRB5CCNAME", f"FILE:{cache}")
        try:
            return ours_to_theirs()
        except GSSError:
            return None  # the ticket has expired before

    used = realm.used_until_expired(realm.user, tmp_path / "ccache", pair_of)
    assert used is not None
    assert used[1].lifetime == 0
    with pytest.raises(GSSError, match="expired"):
        _ = used[1].acceptor


@pytest.mark.parametrize("size", [0, 1, 64, 4103, 65536, 1_000_000])
def test_octets_survive_both_ways(pair: Pair, size: int) -> None:
    theirs, ours = pair
    octets = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert theirs.unwrap(ours.wrap(octets)) == (octets, True, 0)
    assert ours.unwrap(theirs.wrap(octets, True).message) == octets


@pytest.mark.parametrize("size", [0, 1, 15, 16, 65536])
def test_what_protection_adds_fits_the_room_that_is_made_for_it(pair: Pair, size: int) -> None:
    """Else a token that has its number could be lost for lack of memory."""
    ours = pair[1]
    assert size < len(ours.wrap(bytes(size))) <= size + lib.OPSWIRE_REMCTL_MAX_PROTECTION
    assert len(ours.get_mic(bytes(size))) <= lib.OPSWIRE_REMCTL_MAX_PROTECTION


def test_signatures_are_verified_both_ways(pair: Pair) -> None:
    theirs, ours = pair
    theirs.verify_signature(b"message", ours.get_mic(b"message"))
    ours.verify_mic(b"message", theirs.get_signature(b"message"))


def test_a_signature_of_another_message_is_refused(pair: Pair) -> None:
    theirs, ours = pair
    signature = theirs.get_signature(b"message")
    with pytest.raises(GSSError, match="invalid Message Integrity Check"):
        ours.verify_mic(b"massage", signature)


def test_a_token_that_was_altered_is_refused(pair: Pair) -> None:
    theirs, ours = pair
    token = bytearray(theirs.wrap(b"message", True).message)
    token[-1] ^= 1
    with pytest.raises(GSSError):
        ours.unwrap(token)


def test_a_token_that_was_taken_twice_is_refused(pair: Pair) -> None:
    theirs, ours = pair
    token = theirs.wrap(b"message", True).message
    assert ours.unwrap(token) == b"message"
    with pytest.raises(GSSError, match="duplicate"):
        ours.unwrap(token)


def test_a_token_out_of_order_is_refused(pair: Pair) -> None:
    theirs, ours = pair
    theirs.wrap(b"first", True)
    second = theirs.wrap(b"second", True).message
    with pytest.raises(GSSError):
        ours.unwrap(second)


def test_a_token_without_encryption_is_refused(pair: Pair) -> None:
    theirs, ours = pair
    with pytest.raises(GSSError, match="not encrypted"):
        ours.unwrap(theirs.wrap(b"message", False).message)


def test_a_credential_of_theirs_works_for_us(realm: Realm) -> None:
    token = gssapi.Credentials(usage="initiate").export()
    credential = gss.Credential.imported(token)
    assert credential.name == f"{realm.user}@{realm.name}"
    ours = gss.Context.initiate(gss.Name(SERVICE, "user"), credential)
    ours.step(gss.Context.accept().step(ours.step()))
    assert ours.complete


def test_a_credential_of_ours_works_for_them(realm: Realm) -> None:
    token = gss.Credential.from_ccache(f"FILE:{realm.ccache}").export()
    credential = gssapi.Credentials(token=token)
    assert str(credential.name) == f"{realm.user}@{realm.name}"
    name = gssapi.Name(SERVICE, gssapi.NameType.kerberos_principal)
    theirs = gssapi.SecurityContext(name=name, creds=credential, flags=FLAGS, usage="initiate")
    theirs.step(gss.Context.accept().step(theirs.step()))
    assert theirs.complete


# ---- python-gssapi as a remctl client of our server role ----


@pytest.mark.parametrize("size", [0, 1, 65000, 65529, 65530, 200_000])
def test_a_client_made_of_python_gssapi_gets_its_output(server: EmbeddedServer, size: int) -> None:
    theirs = their_initiator()
    command = command_message(b"test", b"bytes", b"%d" % size)
    with socket.create_connection((server.address, server.port)) as sock:
        assert greet(sock, theirs, wire.PROTOCOL) == wire.CONTEXT | wire.PROTOCOL
        sock.sendall(wire.token(wire.DATA | wire.PROTOCOL, theirs.wrap(command, True).message))
        got = 0
        while True:
            flags, payload = wire.read_token(sock)
            assert flags == wire.DATA | wire.PROTOCOL
            message, encrypted, _ = theirs.unwrap(payload)
            assert encrypted
            if message == wire.status(0):
                break
            octets = message[7:]
            assert message == wire.output(1, octets)
            got += len(octets)
    assert got == size


@pytest.mark.parametrize("keep_alive", [0, 1])
def test_a_connection_is_kept_for_a_client_that_wants_it(
    server: EmbeddedServer, keep_alive: int
) -> None:
    theirs = their_initiator()
    command = command_message(b"test", b"true", keep_alive=keep_alive)
    with socket.create_connection((server.address, server.port)) as sock:
        greet(sock, theirs, wire.PROTOCOL)
        sock.sendall(wire.token(wire.DATA | wire.PROTOCOL, theirs.wrap(command, True).message))
        assert theirs.unwrap(wire.read_token(sock)[1]).message == wire.status(0)
        if keep_alive:
            noop = theirs.wrap(wire.noop(), True).message
            sock.sendall(wire.token(wire.DATA | wire.PROTOCOL, noop))
            assert theirs.unwrap(wire.read_token(sock)[1]).message == wire.noop()
        else:
            sock.settimeout(10)
            assert sock.recv(1) == b""


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (b"\2\6\3", wire.error(3, b"Unknown message")),  # only servers send VERSION
        (b"\2\377", wire.error(3, b"Unknown message")),
        (b"\4\1", wire.versions(3)),
        (b"\377\377", wire.versions(3)),
        (b"\2\1\1\0\0", wire.error(4, b"Invalid command token")),
        (b"\2\1\1\3\0", wire.error(4, b"Invalid command token")),
        (b"", wire.error(2, b"Invalid token")),
        (command_message(*[b"x"] * 4097), wire.error(7, b"Too many arguments")),
    ],
    ids=lambda value: value.hex()[:16] or "empty",
)
def test_a_message_that_is_no_request_is_answered_and_the_connection_stays(
    server: EmbeddedServer, message: bytes, answer: bytes
) -> None:
    theirs = their_initiator()
    with socket.create_connection((server.address, server.port)) as sock:
        greet(sock, theirs, wire.PROTOCOL)
        for sent, expected in ((message, answer), (wire.noop(), wire.noop())):
            wrapped = theirs.wrap(sent, True).message
            sock.sendall(wire.token(wire.DATA | wire.PROTOCOL, wrapped))
            assert theirs.unwrap(wire.read_token(sock)[1]).message == expected


# Kerberos grants confidentiality and integrity whether one asks for them or not.
ASKED_FOR = {
    "mutual authentication": gssapi.RequirementFlag.mutual_authentication,
    "replay detection": gssapi.RequirementFlag.replay_detection,
    "sequence detection": gssapi.RequirementFlag.out_of_sequence_detection,
}


@pytest.mark.parametrize("missing", ASKED_FOR.values(), ids=ASKED_FOR)
def test_a_client_that_does_not_ask_for_all_protection_is_refused(
    realm: Realm, missing: gssapi.RequirementFlag
) -> None:
    theirs, ours = their_initiator(FLAGS & ~missing), gss.Context.accept()
    machine = core.Connection(core.SERVER)
    machine.receive(wire.token(wire.NOOP | wire.CONTEXT_NEXT | wire.PROTOCOL))
    machine.receive(wire.token(wire.CONTEXT | wire.PROTOCOL, theirs.step()))
    event = machine.next_event()
    assert event is not None
    ours.step(event[1])
    with pytest.raises(RemoteProtocolError, match="were not all negotiated") as caught:
        machine.establish(ours)
    assert caught.value.status == core.FLAGS_REFUSED


@pytest.mark.parametrize("flags", [wire.PROTOCOL, 0], ids=["protocol 2", "protocol 1"])
@pytest.mark.parametrize("missing", ASKED_FOR.values(), ids=ASKED_FOR)
def test_a_driver_serves_no_client_that_does_not_ask_for_all_protection(
    server: EmbeddedServer, missing: gssapi.RequirementFlag, flags: int
) -> None:
    theirs = their_initiator(FLAGS & ~missing)
    with socket.create_connection((server.address, server.port)) as sock:
        step = theirs.step()
        sock.sendall(wire.token(wire.NOOP | wire.CONTEXT_NEXT | flags))
        sock.sendall(wire.token(wire.CONTEXT | flags, step))
        (end,) = server.wait_for_ends(1)
    assert "were not all negotiated" in end


def test_a_client_of_protocol_1_gets_a_signature_and_a_reply(server: EmbeddedServer) -> None:
    theirs = their_initiator()
    command = command_message(b"test", b"both")[4:]
    with socket.create_connection((server.address, server.port)) as sock:
        assert greet(sock, theirs, 0) == wire.CONTEXT
        sock.sendall(wire.token(wire.DATA | wire.SEND_MIC, theirs.wrap(command, True).message))
        flags, payload = wire.read_token(sock)
        assert flags == wire.MIC
        theirs.verify_signature(command, payload)
        flags, payload = wire.read_token(sock)
        assert flags == wire.DATA
        reply = theirs.unwrap(payload).message
        sock.settimeout(10)
        assert sock.recv(1) == b"", "one command per connection"
    text = b"to stdout\nto stderr\n"
    assert reply == (3).to_bytes(4) + len(text).to_bytes(4) + text


# ---- the stock client ----


def stock_remctl(server: EmbeddedServer, *command: str) -> subprocess.CompletedProcess[bytes]:
    """Run the remctl project's own client."""
    options = ["-p", str(server.port), "-s", SERVICE]
    return subprocess.run(
        ["remctl", *options, server.address, *command],
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "stdout", "stderr", "status"),
    [
        (["echo", "hello", "world"], b"hello world\n", b"", 0),
        (["arguments", "a", "", "b c", "\xe9"], b"a\0\0b c\0\xc3\xa9\0", b"", 0),
        (["both"], b"to stdout\n", b"to stderr\n", 3),
        (["status", "200"], b"", b"", 200),
        (["true"], b"", b"", 0),
        (["bytes", "3000000"], bytes(3_000_000), b"", 0),
        (["count", "x" * 100_000], b"100000\n", b"", 0),  # a continued command
        (["nonsense"], b"", b"Unknown command\n", 255),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_stock_client_is_served(
    server: EmbeddedServer, command: list[str], stdout: bytes, stderr: bytes, status: int
) -> None:
    result = stock_remctl(server, "test", *command)
    assert (result.stdout, result.returncode) == (stdout, status)
    assert result.stderr.removeprefix(b"remctl: ") == stderr


def test_the_stock_client_says_goodbye(realm: Realm) -> None:
    with EmbeddedServer() as server:
        assert stock_remctl(server, "test", "true").returncode == 0
        assert server.wait_for_ends(1) == ["quit"]


def test_the_stock_client_falls_back_to_protocol_1(realm: Realm) -> None:
    with EmbeddedServer(protocol=1) as server:
        result = stock_remctl(server, "test", "both")
    assert (result.stdout, result.stderr, result.returncode) == (b"to stdout\nto stderr\n", b"", 3)
