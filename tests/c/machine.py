"""The remctl machine of include/opswire/remctl_connection.h, driven from Python."""

from dataclasses import dataclass

from opswire._core.ffi import ffi, lib
from tests.c.octets import ArgumentWriter, View, octets_of
from tests.c.visible_security import VisibleSecurity

CLIENT = lib.OPSWIRE_REMCTL_CLIENT
SERVER = lib.OPSWIRE_REMCTL_SERVER
REQUIRED_FLAGS = lib.OPSWIRE_REMCTL_GSS_REQUIRED


@dataclass(frozen=True)
class Event:
    """One struct opswire_remctl_event."""

    type: int
    octets: bytes = b""
    number: int = 0
    stream: int = 0


CLOSED = Event(lib.OPSWIRE_REMCTL_EVENT_CLOSED)


class Machine:
    """One machine. What is named send_… and receive returns the status of the C function."""

    def __init__(self, role: int, protocol: int = 2) -> None:
        made = lib.opswire_remctl_connection_new(role, protocol)
        assert made != ffi.NULL
        self._machine = ffi.gc(made, lib.opswire_remctl_connection_free)
        self._event = ffi.new("struct opswire_remctl_event *")
        self.security = VisibleSecurity()

    @property
    def state(self) -> int:
        """An enum opswire_remctl_state."""
        return lib.opswire_remctl_state_of(self._machine)

    @property
    def protocol(self) -> int:
        """1 or 2."""
        return lib.opswire_remctl_protocol(self._machine)

    @property
    def found(self) -> int:
        """After a failure: what was found."""
        return lib.opswire_remctl_found(self._machine)

    @property
    def offset(self) -> int:
        """After a failure: where."""
        return lib.opswire_remctl_offset(self._machine)

    @property
    def missing(self) -> int:
        """How many octets are needed at least."""
        return lib.opswire_remctl_missing(self._machine)

    def receive(self, octets: bytes) -> int:
        """Feed octets."""
        return lib.opswire_remctl_receive(self._machine, View(octets).c)

    def receive_end(self) -> None:
        """The peer will send nothing more."""
        lib.opswire_remctl_receive_end(self._machine)

    def next(self) -> Event | int:
        """The next event, or the status that says why there is none."""
        event = self._event
        status = lib.opswire_remctl_next_event(self._machine, event)
        if status != lib.OPSWIRE_DONE:
            return status
        return Event(event.type, octets_of(event.octets), event.number, event.stream)

    def events(self, octets: bytes = b"") -> list[Event | int]:
        """Feed octets, and take all events and the status that ended them (not CLOSED for ever)."""
        assert self.receive(octets) == lib.OPSWIRE_DONE
        found: list[Event | int] = []
        while True:
            found.append(self.next())
            if isinstance(found[-1], int) or found[-1] == CLOSED:
                return found

    def event_lost(self) -> None:
        """What the last `next` said could not be handed on."""
        lib.opswire_remctl_event_lost(self._machine)

    def outgoing(self) -> bytes:
        """What waits to be written."""
        return octets_of(lib.opswire_remctl_outgoing(self._machine))

    def sent(self, size: int) -> None:
        """So many octets of it were written."""
        lib.opswire_remctl_sent(self._machine, size)

    def take(self) -> bytes:
        """What waits to be written, which is then forgotten."""
        octets = self.outgoing()
        self.sent(len(octets))
        return octets

    def send_hello(self) -> int:
        """Client: hello."""
        return lib.opswire_remctl_send_hello(self._machine)

    def send_context(self, token: bytes) -> int:
        """A token of the security context."""
        return lib.opswire_remctl_send_context(self._machine, View(token).c)

    def establish(self, flags: int = REQUIRED_FLAGS) -> int:
        """The security context stands."""
        return lib.opswire_remctl_establish(self._machine, self.security.c, flags)

    def send_command_part(self, writer: ArgumentWriter) -> int:
        """Client: the next message of a command."""
        return lib.opswire_remctl_send_command(self._machine, writer.c)

    def send_command(self, arguments: list[bytes]) -> int:
        """Client: a whole command."""
        writer = ArgumentWriter(arguments)
        status = lib.OPSWIRE_MORE
        while status == lib.OPSWIRE_MORE:
            status = self.send_command_part(writer)
        return status

    def send_noop(self) -> int:
        """Client: NOOP."""
        return lib.opswire_remctl_send_noop(self._machine)

    def send_quit(self) -> int:
        """Client: QUIT."""
        return lib.opswire_remctl_send_quit(self._machine)

    def send_output(self, stream: int, octets: bytes) -> int:
        """Server: output."""
        return lib.opswire_remctl_send_output(self._machine, stream, View(octets).c)

    def send_status(self, exit_status: int) -> int:
        """Server: the command has ended."""
        return lib.opswire_remctl_send_status(self._machine, exit_status)

    def send_error(self, code: int, text: bytes) -> int:
        """Server: the command cannot be run."""
        return lib.opswire_remctl_send_error(self._machine, code, View(text).c)


def state_name(number: int) -> str:
    """A state's C name without its prefix."""
    return _STATE_NAMES[number]


_STATES: dict[int, str] = ffi.typeof("enum opswire_remctl_state").elements
_STATE_NAMES = {number: name.removeprefix("OPSWIRE_REMCTL_") for number, name in _STATES.items()}
STATES = {name: number for number, name in _STATE_NAMES.items()}
STEPS = {
    name.removeprefix("OPSWIRE_REMCTL_"): number
    for number, name in ffi.typeof("enum opswire_remctl_step").elements.items()
}
