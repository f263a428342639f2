"""python-gssapi as the other side: its contexts, and the client's part of remctl by hand."""

import socket

import gssapi

from tests.servers import wire

SERVICE = "host/127.0.0.1"
FLAGS = (
    gssapi.RequirementFlag.mutual_authentication
    | gssapi.RequirementFlag.replay_detection
    | gssapi.RequirementFlag.out_of_sequence_detection
    | gssapi.RequirementFlag.confidentiality
    | gssapi.RequirementFlag.integrity
)


def their_initiator(flags: int = FLAGS) -> gssapi.SecurityContext:
    """A context of python-gssapi that talks to the test service."""
    name = gssapi.Name(SERVICE, gssapi.NameType.kerberos_principal)
    return gssapi.SecurityContext(name=name, flags=flags, usage="initiate")


def greet(sock: socket.socket, theirs: gssapi.SecurityContext, flags: int) -> int:
    """Do the client's part of the handshake by hand; returns the flags of the answer."""
    step = theirs.step()
    sock.sendall(
        wire.token(wire.NOOP | wire.CONTEXT_NEXT | flags) + wire.token(wire.CONTEXT | flags, step)
    )
    answered, payload = wire.read_token(sock)
    theirs.step(payload)
    return answered


def command_message(*arguments: bytes, keep_alive: int = 1) -> bytes:
    """A whole COMMAND message."""
    packed = b"".join(len(each).to_bytes(4) + each for each in arguments)
    return bytes([2, 1, keep_alive, 0]) + len(arguments).to_bytes(4) + packed
