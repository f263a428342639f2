"""What commands return: one token at a time, or the whole at once; and why they are refused."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from opswire._core import remctl as core
from opswire.errors import RemctlStatusError
from opswire.public_names import public_in

OutputType = Literal["output", "error", "status", "done"]


@public_in("opswire.remctl")
class RemctlOutput(NamedTuple):
    """One token of a command's answer; members that its type does not use are None.

    type    output           stream  status  error
    output  octets           1 or 2
    error   text, as octets                  the code of the protocol
    status                           0..255
    done
    """

    type: OutputType
    output: bytes | None
    stream: int | None
    status: int | None
    error: int | None


DONE = RemctlOutput("done", None, None, None, None)


def token_of(event: tuple[int, bytes, int, int]) -> RemctlOutput | None:
    """The token of an event of the protocol; None: it is none, but a refusal of the version."""
    kind, octets, number, stream = event
    if kind == core.OUTPUT:
        return RemctlOutput("output", octets, stream, None, None)
    if kind == core.STATUS:
        return RemctlOutput("status", None, None, number, None)
    if kind == core.ERROR:
        return RemctlOutput("error", octets, None, None, number)
    return None


@public_in("opswire.remctl")
class RemctlSimpleResult(NamedTuple):
    """What ``remctl()`` returns; a stream on which nothing came is None."""

    stdout: bytes | None
    stderr: bytes | None
    status: int


@public_in("opswire.remctl")
@dataclass(frozen=True, slots=True)
class Result:
    """What a whole command returned.

    Attributes:
        stdout, stderr: octets; b"" when nothing came, or when it went to a file object.
        status: exit status, 0..255; 255 also for a command that died by a signal.
    """

    stdout: bytes
    stderr: bytes
    status: int

    @property
    def stdout_text(self) -> str:
        """Standard output as UTF-8 text; what is no UTF-8 becomes U+FFFD."""
        return self.stdout.decode("utf-8", "replace")

    @property
    def stderr_text(self) -> str:
        """Standard error as UTF-8 text; what is no UTF-8 becomes U+FFFD."""
        return self.stderr.decode("utf-8", "replace")

    def check(self) -> "Result":
        """Return this result when the status is 0.

        Raises:
            RemctlStatusError: it is not; the text has the last line of standard error.
        """
        if self.status == 0:
            return self
        lines = self.stderr_text.strip().splitlines()
        text = f"command ended with status {self.status}"
        if lines:
            text += f": {lines[-1][:200]}"
        raise RemctlStatusError(text, self.status, self.stderr[-4096:])


@public_in("opswire.remctl")
class ErrorCode(IntEnum):
    """``RemctlRefusedError.code``, and ``error`` of a token (remctl protocol draft).

    Servers may send numbers that are not here.
    """

    INTERNAL = 1
    BAD_TOKEN = 2
    UNKNOWN_MESSAGE = 3
    BAD_COMMAND = 4
    UNKNOWN_COMMAND = 5
    ACCESS = 6
    TOO_MANY_ARGUMENTS = 7
    TOO_MUCH_DATA = 8
    UNEXPECTED_MESSAGE = 9
    NO_HELP = 10
