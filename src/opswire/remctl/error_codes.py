"""The numbers that remctl servers give for what they refuse."""

from enum import IntEnum


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
