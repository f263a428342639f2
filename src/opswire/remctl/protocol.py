"""The remctl protocol as a typed object without input or output, for either role.

    connection.receive(octets)            what arrived; b"" means that the peer closed
    connection.next_event()               Event, NEED_DATA or NEED_ANSWER
    connection.send(event) -> bytes       what to write

The rules are those of the C machine; this file only names things.
"""

from enum import IntEnum

from opswire._core import remctl as core
from opswire._core.gss import Context
from opswire.errors import LocalProtocolError
from opswire.remctl.events import (
    NEED_ANSWER,
    NEED_DATA,
    Closed,
    Command,
    ContextToken,
    Error,
    Event,
    Hello,
    Need,
    Noop,
    Output,
    Quit,
    Refused,
    Status,
    Version,
)


class Role(IntEnum):
    """Which side of the connection one is."""

    CLIENT = core.CLIENT
    SERVER = core.SERVER


def _event(kind: int, octets: bytes, number: int, stream: int) -> Event:
    match kind:
        case core.CONTEXT:
            return ContextToken(octets)
        case core.COMMAND:
            return Command(tuple(core.arguments(octets)))
        case core.OUTPUT:
            return Output(stream, octets)
        case core.STATUS:
            return Status(number)
        case core.ERROR:
            return Error(number, octets)
        case core.VERSIONS:
            return Version(number)
        case core.NOOP:
            return Noop()
        case core.REFUSED:
            return Refused(number)
        case core.QUIT:
            return Quit()
        case _:
            return Closed()


class Connection:
    """One connection.  One thread at a time; a second one gets ConnectionBusyError.

    >>> connection = Connection(Role.CLIENT)
    >>> connection.send(Hello()).hex()
    '5100000000'
    >>> connection.next_event()
    <Need.DATA: 'octets from the peer'>

    Args:
        role: CLIENT or SERVER.
        protocol: the highest version to speak: 2 (which includes 3), or 1.
    """

    def __init__(self, role: Role, protocol: int = 2) -> None:
        """See the class."""
        self._role = role
        self._machine = core.Connection(role, protocol)
        self._found: tuple[int, bytes, int, int] | None = None

    @property
    def protocol(self) -> int:
        """2, or 1 once the peer turned out to speak that only."""
        return self._machine.protocol

    def receive(self, octets: bytes | bytearray | memoryview) -> None:
        """Take octets from the peer; b"" means that it will send nothing more."""
        if len(octets):
            self._machine.receive(octets)
        else:
            self._machine.receive_end()

    def next_event(self) -> Event | Need:
        """Return what happened next.

        Raises:
            RemoteProtocolError: the peer broke the protocol; so will every later call.
        """
        found, self._found = self._found, None
        found = found or self._machine.next_event()
        if found is None:
            return NEED_ANSWER if self._machine.paused else NEED_DATA
        try:
            return _event(*found)
        except BaseException:
            self._found = found  # without memory for its object, it is the next event again
            raise

    def send(self, event: Event) -> bytes:
        """Return the octets to write for an event, with those that the machine queued by itself.

        Raises:
            LocalProtocolError: it is not the turn of this event, or it is one that is only
                received.  The connection is as good as before.
            OverflowError: the message has no room for a number of it.
        """
        machine = self._machine
        match event:
            case Hello():
                machine.send_hello()
            case ContextToken(octets):
                machine.send_context(octets)
            case Command(arguments):
                machine.send_command(arguments)
            case Output(stream, octets):
                machine.send_output(stream, octets)
            case Status(number):
                machine.send_status(number)
            case Error(code, text):
                machine.send_error(code, text)
            case Noop() if self._role is Role.CLIENT:
                machine.send_noop()
            case Quit():
                machine.send_quit()
            case _:
                raise LocalProtocolError(f"{type(event).__name__} is received, never sent")
        return machine.data_to_send()

    def flush(self) -> bytes:
        """Return the octets that the machine queued by itself: answers to NOOP, refusals."""
        return self._machine.data_to_send()

    def establish(self, context: Context) -> None:
        """Protect messages with a complete security context, which then belongs to this connection.

        Raises:
            RemoteProtocolError: it lacks mutual authentication, replay or sequence detection,
                confidentiality or integrity.
            LocalProtocolError: it is not complete, or belongs to another connection.
        """
        self._machine.establish(context)
