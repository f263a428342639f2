"""Where the output of a command goes: into memory up to a limit, or to file objects."""

import io
from typing import Protocol

from opswire.errors import RemctlProtocolError
from opswire.remctl import arguments

DEFAULT_MAX_OUTPUT = 512 * 1024 * 1024
"""Octets of output that ``run()`` collects in memory before it gives up on a server."""


class BinaryWriter(Protocol):
    """Where output can go: any binary file object."""

    def write(self, octets: bytes, /) -> int | None:
        """Take octets; return how many, or None for all."""


class WriteFailedError(Exception):
    """The caller's own file object raised: nothing that is wrong with the connection."""


class CommandOutput:
    """The output of one command: what was collected of both streams is within one limit.

    Args:
        stdout: a file object for standard output; None collects it.
        stderr: the same for standard error.
        limit: octets that are collected at most, both streams together.

    Raises:
        TypeError: a file object that is none, or one for text; a limit that is no number.
        RemctlLimitError: a negative limit.
    """

    def __init__(
        self, stdout: BinaryWriter | None, stderr: BinaryWriter | None, limit: int
    ) -> None:
        """See the class."""
        _check_writer(stdout, "stdout")
        _check_writer(stderr, "stderr")
        # No bound methods or closures of its own: a cycle would keep the output until the collector
        # comes by.
        self._files = (stdout, stderr)
        self._streams = (io.BytesIO(), io.BytesIO())
        self._left = self._limit = arguments.count(limit, "max_output")
        self._failure: Exception | None = None

    def take_failure(self) -> Exception:
        """Return what a file object raised, after WriteFailedError; once.

        Kept any longer it would be kept by itself, through its traceback.
        """
        failure, self._failure = self._failure, None
        return failure or WriteFailedError()

    def write_output(self, octets: bytes) -> None:
        """Take octets of standard output."""
        self._write(0, octets)

    def write_error(self, octets: bytes) -> None:
        """Take octets of standard error."""
        self._write(1, octets)

    def _write(self, index: int, octets: bytes) -> None:
        file = self._files[index]
        if file is not None:
            try:
                _write_whole(file, octets)
            except Exception as error:
                self._failure = error
                raise WriteFailedError from None
            return
        self._left -= len(octets)
        if self._left < 0:
            raise RemctlProtocolError(
                f"the server sent more than {self._limit} octets of output: "
                "raise max_output, or give a file object as stdout"
            )
        self._streams[index].write(octets)

    def octets(self) -> tuple[bytes, bytes]:
        """Return what was collected of standard output and standard error."""
        # getvalue() of an untouched BytesIO hands its buffer over instead of copying it.
        return self._streams[0].getvalue(), self._streams[1].getvalue()


def _check_writer(file: BinaryWriter | None, name: str) -> None:
    """Now: the first output of a command would be too late, and lost."""
    if file is None:
        return
    if not callable(getattr(file, "write", None)):
        raise TypeError(f"{name} must be a binary file object, not {type(file).__name__}")
    # Not all that wrap a file for text are of its class, but they tell its encoding.
    if isinstance(file, io.TextIOBase) or isinstance(getattr(file, "encoding", None), str):
        raise TypeError(
            f"{name} must be a binary file object, not one for text: open it with mode 'wb', "
            "or give its buffer"
        )


def _write_whole(file: BinaryWriter, octets: bytes) -> None:
    # An unbuffered file may take less than it is given.
    while (written := file.write(octets)) is not None and written < len(octets):
        octets = octets[written:]
