"""The calls of libremctl one by one, as its own Python binding has them in ``_remctl``.

Results are 1 or 0 and the text is in ``remctl_error()``; only memory and type errors raise.  For
code that was written against these names; new code uses ``Remctl``.
"""

from collections.abc import Callable
from typing import Literal

from opswire._version import version as VERSION
from opswire.errors import RemctlError
from opswire.remctl.client import Remctl
from opswire.remctl.results import RemctlOutput

__all__ = [
    "VERSION",
    "remctl",
    "remctl_close",
    "remctl_commandv",
    "remctl_error",
    "remctl_new",
    "remctl_noop",
    "remctl_open",
    "remctl_output",
    "remctl_set_ccache",
    "remctl_set_source_ip",
    "remctl_set_timeout",
]


class Handle:
    """What ``remctl_new()`` returns: a connection, and the text of its last failure."""

    __slots__ = ("_connection", "_error")

    def __init__(self) -> None:
        self._connection = Remctl()
        self._error = self._connection.error()

    def attempt(self, call: Callable[[Remctl], object]) -> object:
        """Return what the call returns, or 0 with the text kept."""
        try:
            result = call(self._connection)
        except (RemctlError, ValueError) as error:
            self._error = str(error)
            return 0
        self._error = self._connection.error()
        return result


def _check_list(command: object) -> None:
    if not isinstance(command, list):
        raise TypeError(f"command must be a list, not {type(command).__name__}")


def remctl(
    host: str, port: int | None, principal: str | None, command: list[object]
) -> tuple[str | None, bytes | None, bytes | None, int]:
    """Run one command: ``(error, stdout, stderr, status)``; error is None when it was run."""
    _check_list(command)
    try:
        with Remctl(host, port, principal) as connection:
            result = connection.run(command)
    except (RemctlError, ValueError) as error:
        return str(error), None, None, 0
    return None, result.stdout or None, result.stderr or None, result.status


def remctl_new() -> Handle:
    """Return a handle that is not connected."""
    return Handle()


def remctl_open(
    handle: Handle, host: str, port: int | None = None, principal: str | None = None
) -> int:
    """Connect; 1 or 0."""
    return _one(handle.attempt(lambda connection: connection.open(host, port, principal)))


def remctl_close(handle: Handle) -> None:
    """Close; the handle can be opened again."""
    handle.attempt(lambda connection: connection.close())


def remctl_commandv(handle: Handle, command: list[object]) -> int:
    """Send a command; 1 or 0."""
    _check_list(command)
    return _one(handle.attempt(lambda connection: connection.command(command)))


def remctl_output(handle: Handle) -> RemctlOutput | Literal[0]:
    """Return the next token, or 0."""
    result = handle.attempt(lambda connection: connection.output())
    return result if isinstance(result, RemctlOutput) else 0


def remctl_noop(handle: Handle) -> int:
    """Ask for a sign of life; 1 or 0."""
    return _one(handle.attempt(lambda connection: connection.noop() and None))


def remctl_error(handle: Handle) -> str:
    """Return the text of the last failure."""
    return handle._error


def remctl_set_ccache(handle: Handle, ccache: str) -> int:
    """Use another ticket cache in later calls of ``remctl_open()``; 1."""
    return _one(handle.attempt(lambda connection: connection.set_ccache(ccache)))


def remctl_set_source_ip(handle: Handle, source_ip: str) -> int:
    """Connect from this address in later calls of ``remctl_open()``; 1."""
    return _one(handle.attempt(lambda connection: connection.set_source_ip(source_ip)))


def remctl_set_timeout(handle: Handle, timeout: float) -> int:
    """Limit the silence of the server, in seconds; 1, or 0 when negative."""
    return _one(handle.attempt(lambda connection: connection.set_timeout(timeout)))


def _one(result: object) -> int:
    """Turn the None of a call that went well into the 1 of the C library."""
    return 1 if result is None else 0
