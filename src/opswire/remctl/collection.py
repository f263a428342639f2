"""Where the output of a command goes: into memory up to a limit, or to file objects."""

import io
from collections.abc import Callable
from typing import Protocol

from opswire.errors import RemctlError

DEFAULT_MAX_OUTPUT = 512 * 1024 * 1024
"""Octets of output that ``run()`` collects in memory before it gives up on a server."""


class BinaryWriter(Protocol):
    """Where output can go: any binary file object."""

    def write(self, octets: bytes, /) -> int | None:
        """Take octets; return how many, or None for all."""


class WriteFailedError(Exception):
    """The caller's own file object raised: nothing that is wrong with the connection."""

    def __init__(self, error: Exception) -> None:
        """Keep what it raised."""
        self.error = error


class Collection:
    """The output of one command: what was collected of both streams is within one limit.

    Args:
        stdout: a file object for standard output; None collects it.
        stderr: the same for standard error.
        limit: octets that are collected at most, both streams together.
    """

    def __init__(
        self, stdout: BinaryWriter | None, stderr: BinaryWriter | None, limit: int
    ) -> None:
        """See the class."""
        self._stdout = io.BytesIO()
        self._stderr = io.BytesIO()
        self._left = self._limit = limit
        self.write_output = self._collect_output if stdout is None else _writer_to(stdout)
        self.write_error = self._collect_error if stderr is None else _writer_to(stderr)

    def _collect_output(self, octets: bytes) -> None:
        self._count(octets)
        self._stdout.write(octets)

    def _collect_error(self, octets: bytes) -> None:
        self._count(octets)
        self._stderr.write(octets)

    def _count(self, octets: bytes) -> None:
        self._left -= len(octets)
        if self._left < 0:
            raise RemctlError(
                f"the server sent more than {self._limit} octets of output: "
                "raise max_output, or give a file object as stdout"
            )

    def octets(self) -> tuple[bytes, bytes]:
        """Return what was collected of standard output and standard error."""
        # getvalue() of an untouched BytesIO hands its buffer over instead of copying it.
        return self._stdout.getvalue(), self._stderr.getvalue()


def _writer_to(file: BinaryWriter) -> Callable[[bytes], object]:
    def write(octets: bytes) -> None:
        try:
            # An unbuffered file may take less than it is given.
            while (written := file.write(octets)) is not None and written < len(octets):
                octets = octets[written:]
        except Exception as error:
            raise WriteFailedError(error) from None

    return write
