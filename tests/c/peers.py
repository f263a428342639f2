"""A client machine and a server machine that talk to each other, or one with a peer by hand."""

from collections.abc import Iterator

from opswire._core.ffi import lib
from tests.c.machine import CLIENT, SERVER, Event, Machine
from tests.c.visible_security import unwrapped, wrapped
from tests.servers import wire

DATA_FLAGS = wire.DATA | wire.PROTOCOL
Events = list[Event | int]


class Pair:
    """Both roles. `chunk` is how many octets arrive at a time."""

    def __init__(self, client: int = 2, server: int = 2, chunk: int = 1 << 20) -> None:
        self.client = Machine(CLIENT, client)
        self.server = Machine(SERVER, server)
        self.chunk = chunk

    def negotiate(self) -> "Pair":
        """Hello, two context tokens, and the context stands on both sides."""
        assert self.client.send_hello() == lib.OPSWIRE_DONE
        assert self.client.send_context(b"initiator") == lib.OPSWIRE_DONE
        assert self.to_server() == [context(b"initiator")]
        assert self.server.send_context(b"acceptor") == lib.OPSWIRE_DONE
        assert self.server.establish() == lib.OPSWIRE_DONE
        assert self.to_client() == [context(b"acceptor")]
        assert self.client.establish() == lib.OPSWIRE_DONE
        return self

    def to_server(self) -> Events:
        """Carry what the client has queued; what the server says to it."""
        return carry(self.client, self.server, self.chunk)

    def to_client(self) -> Events:
        """Carry what the server has queued; what the client says to it."""
        return carry(self.server, self.client, self.chunk)


def negotiated(role: int, protocol: int = 2) -> Machine:
    """One side of a negotiated pair; what it says next is to be held against the draft."""
    pair = Pair(protocol).negotiate()
    return pair.client if role == CLIENT else pair.server


def carry(sender: Machine, receiver: Machine, chunk: int) -> Events:
    """Move octets in chunks; the receiver's events, and its last status unless it is MORE."""
    octets = sender.take()
    found: Events = []
    status: Event | int = lib.OPSWIRE_MORE
    for start in range(0, max(len(octets), 1), chunk):
        piece = octets[start : start + chunk]
        missing = receiver.missing
        asked = status == lib.OPSWIRE_MORE
        *events, status = receiver.events(piece)
        assert not (asked and events and len(piece) < missing), "missing asked for too much"
        found += events
    return found if status == lib.OPSWIRE_MORE else [*found, status]


def context(octets: bytes) -> Event:
    """A CONTEXT event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_CONTEXT, octets)


def command(octets: bytes) -> Event:
    """A COMMAND event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_COMMAND, octets)


def output(stream: int, octets: bytes) -> Event:
    """An OUTPUT event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_OUTPUT, octets, stream=stream)


def status(number: int) -> Event:
    """A STATUS event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_STATUS, number=number)


def error(code: int, text: bytes) -> Event:
    """An ERROR event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_ERROR, text, code)


def versions(number: int) -> Event:
    """A VERSIONS event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_VERSIONS, number=number)


def refused(code: int) -> Event:
    """A REFUSED event."""
    return Event(lib.OPSWIRE_REMCTL_EVENT_REFUSED, number=code)


NOOP = Event(lib.OPSWIRE_REMCTL_EVENT_NOOP)
QUIT = Event(lib.OPSWIRE_REMCTL_EVENT_QUIT)


def message(plain: bytes) -> bytes:
    """A message as the token that carries it on protocol 2."""
    return wire.token(DATA_FLAGS, wrapped(plain))


def messages(octets: bytes, flags: int = DATA_FLAGS) -> list[bytes]:
    """The messages in tokens that all have these flags."""
    found = list(tokens(octets))
    assert all(each == flags for each, _ in found)
    return [unwrapped(payload) for _, payload in found]


def tokens(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """The flags and payloads of whole tokens."""
    start = 0
    while start < len(octets):
        flags, size = wire.HEADER.unpack_from(octets, start)
        start += wire.HEADER.size + size
        assert start <= len(octets)
        yield flags, octets[start - size : start]
