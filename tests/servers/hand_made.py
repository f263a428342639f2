"""One side of a connection as a server made by hand: it can break every rule there is."""

import contextlib
import socket

from opswire._core import gss
from tests.servers import wire


class HandMade:
    """An accepted connection, token by token.

    `sock` is there for octets that are no token, `context` for what is to be wrapped otherwise
    than `send()` does it. The socket gives up after 30 s.
    """

    def __init__(self, sock: socket.socket, credential: gss.Credential) -> None:
        self.sock = sock
        self.context = gss.Context.accept(credential)
        sock.settimeout(30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read_hello(self) -> bytes:
        """Read the client's hello and its first context token; returns the latter's payload."""
        flags, payload = wire.read_token(self.sock)
        assert flags & wire.CONTEXT_NEXT, f"not a hello: {flags:#x}"
        assert not payload, "a hello is empty"
        return wire.read_token(self.sock)[1]

    def establish(self, flags: int = wire.CONTEXT | wire.PROTOCOL) -> None:
        """Do the whole handshake; `flags` are those of the answer."""
        answer = self.context.step(self.read_hello())
        assert answer is not None, "mutual authentication has an answer"
        self.send_token(flags, answer)

    def send_token(self, flags: int, payload: bytes = b"") -> None:
        """Send one token as it is."""
        self.sock.sendall(wire.token(flags, payload))

    def wrapped(self, message: bytes) -> bytes:
        """A whole token with the message in it, not sent."""
        return wire.token(wire.DATA | wire.PROTOCOL, self.context.wrap(message))

    def send(self, *messages: bytes) -> None:
        """Send messages as the protocol wants them."""
        self.sock.sendall(b"".join(map(self.wrapped, messages)))

    def read(self) -> bytes:
        """Read one message."""
        return self.context.unwrap(wire.read_token(self.sock)[1])

    def establish_and_read(self) -> None:
        """Do the handshake and read the first message of a command."""
        self.establish()
        self.read()

    def wait_for_close(self) -> None:
        """Read, and forget, until the client has closed."""
        with contextlib.suppress(OSError):
            while self.sock.recv(65536):
                pass
