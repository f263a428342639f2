"""Messages that are signed but not encrypted: neither sent nor taken, in either role.

The peer is python-gssapi, which wraps as one tells it.
"""

from collections.abc import Callable

import gssapi
import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire.errors import RemoteProtocolError
from tests.interop.remctl.test_peers import ours_to_theirs, theirs_to_ours
from tests.servers import wire
from tests.servers.realm import Realm

CONTEXT = wire.CONTEXT | wire.PROTOCOL
DATA = wire.DATA | wire.PROTOCOL
COMMAND = b"\x02\x01\x01\x00" + b"\0\0\0\1" + b"\0\0\0\4test"

Established = tuple[core.Connection, gssapi.SecurityContext]


def client() -> Established:
    """Our client, that has sent a command, and its server."""
    theirs, ours = ours_to_theirs()
    connection = core.Connection(core.CLIENT)
    connection.send_hello()
    connection.send_context(b"in place of the first token")
    connection.receive(wire.token(CONTEXT, b"in place of the last token"))
    connection.next_event()
    connection.establish(ours)
    connection.data_to_send()
    connection.send_command([b"test"])
    assert read(theirs, connection.data_to_send()) == COMMAND
    return connection, theirs


def server() -> Established:
    """Our server, and its client."""
    theirs, ours = theirs_to_ours()
    connection = core.Connection(core.SERVER)
    connection.receive(wire.token(wire.NOOP | wire.CONTEXT_NEXT | wire.PROTOCOL))
    connection.receive(wire.token(CONTEXT, b"in place of the first token"))
    connection.next_event()
    connection.send_context(b"in place of the last token")
    connection.establish(ours)
    connection.data_to_send()
    return connection, theirs


def read(theirs: gssapi.SecurityContext, octets: bytes) -> bytes:
    """Read the one token that we have sent: it is encrypted."""
    flags, size = wire.HEADER.unpack_from(octets)
    assert (flags, len(octets)) == (DATA, wire.HEADER.size + size)
    plain = theirs.unwrap(octets[wire.HEADER.size :])
    assert plain.encrypted
    message: bytes = plain.message
    assert message not in octets
    return message


def test_an_encrypted_answer_is_taken(realm: Realm) -> None:
    connection, theirs = client()
    connection.receive(wire.token(DATA, theirs.wrap(wire.status(3), True).message))
    assert connection.next_event() == (core.STATUS, b"", 3, 0)


def test_an_encrypted_command_is_taken(realm: Realm) -> None:
    connection, theirs = server()
    connection.receive(wire.token(DATA, theirs.wrap(COMMAND, True).message))
    event = connection.next_event()
    assert event is not None
    assert event[0] == core.COMMAND
    connection.send_status(0)
    assert read(theirs, connection.data_to_send()) == wire.status(0)


@pytest.mark.parametrize(
    ("made", "message"), [(client, wire.status(0)), (server, COMMAND)], ids=["client", "server"]
)
def test_a_message_that_is_only_signed_is_refused(
    realm: Realm, made: Callable[[], Established], message: bytes
) -> None:
    """The signature is good; the octets could be read by everybody on the way."""
    connection, theirs = made()
    connection.receive(wire.token(DATA, theirs.wrap(message, False).message))
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.status == core.SECURITY_REFUSED
    with pytest.raises(RemoteProtocolError):
        connection.next_event()


def test_what_we_ask_of_a_context_includes_encryption() -> None:
    assert gss.DEFAULT_FLAGS & gss.CONFIDENTIALITY
    assert gss.DEFAULT_FLAGS & gss.REPLAY
    assert gss.DEFAULT_FLAGS & gss.SEQUENCE
