"""What happens on a remctl connection, for either role (remctl protocol draft, section 2)."""

from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """Why there is no event now."""

    DATA = "octets from the peer"
    ANSWER = "the answer to the command at hand"


NEED_DATA = Need.DATA
NEED_ANSWER = Need.ANSWER


@dataclass(frozen=True, slots=True)
class Hello:
    """Client: the first token of a connection; sent only."""


@dataclass(frozen=True, slots=True)
class ContextToken:
    """Octets between gss_init_sec_context and gss_accept_sec_context."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """A whole command, however many messages it takes."""

    arguments: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """Octets that the command wrote: stream 1 is standard output, 2 standard error."""

    stream: int
    octets: bytes


@dataclass(frozen=True, slots=True)
class Status:
    """The command has ended; 0..255."""

    number: int


@dataclass(frozen=True, slots=True)
class Error:
    """The command was not run, or not to its end; codes beyond those of the draft may come."""

    code: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """A message asked for a version that the server does not have; received only.

    Client: the highest that the server has.  Server: what was asked for; it is answered already.
    """

    number: int


@dataclass(frozen=True, slots=True)
class Noop:
    """Client sends it and receives it back; for a server it is answered already."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Server: a message broke the rules and was answered with this error code; received only."""

    code: int


@dataclass(frozen=True, slots=True)
class Quit:
    """The client says good-bye."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The peer closed the connection between two exchanges; received only."""


Event = (
    Hello
    | ContextToken
    | Command
    | Output
    | Status
    | Error
    | Version
    | Noop
    | Refused
    | Quit
    | Closed
)
