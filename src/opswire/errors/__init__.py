"""Every exception that opswire raises, in one tree.

Two questions decide where a class stands: which domain it belongs to, and whose fault it is.
``LocalProtocolError`` is the caller's mistake: the connection is as good as before.
``RemoteProtocolError`` is the peer's: its connection cannot be trusted any more.

    OpswireError
    ├── LocalProtocolError
    │   └── ConnectionBusyError
    ├── RemoteProtocolError
    │   └── HTTPBodyError
    ├── LibraryMissingError           also an ImportError
    ├── NotSupportedError
    ├── StuckCallsError
    ├── GSSError
    ├── PerformanceDataError          also a ValueError
    └── RemctlError
        ├── RemctlProtocolError
        │   ├── RemctlRefusedError
        │   ├── RemctlAuthenticationError
        │   ├── RemctlTimeoutError    also a TimeoutError
        │   └── RemctlConnectError
        │       └── RemctlConnectTimeoutError   also a RemctlTimeoutError
        ├── RemctlNotOpenedError      also a LocalProtocolError
        ├── RemctlUsageError          also a LocalProtocolError
        │   └── RemctlLimitError      also a ValueError
        └── RemctlStatusError

WBEM's part of the tree, with names like ``ConnectionError`` and ``Warning`` that are too common to
stand here, is in ``opswire.errors.wbem``; ``opswire.wbem`` has the same names.

All of them pickle, and ``str()`` of each is plain text for people.
"""


class OpswireError(Exception):
    """The root of the tree: catch it to catch everything that opswire raises on purpose."""

    def __reduce__(self) -> str | tuple[object, ...]:
        """Pickle with the cause, so that what a worker process raised still says why.

        Only a cause of this tree or of the system: not all others pickle.
        """
        made = super().__reduce__()
        cause = self.__cause__
        if isinstance(made, str) or not isinstance(cause, (OpswireError, OSError)):
            return made
        state = (made[2] if len(made) > 2 else None) or {}
        return (*made[:2], {**state, "__cause__": cause})


class LocalProtocolError(OpswireError):
    """The caller asked for something that the protocol does not allow at this moment."""


class ConnectionBusyError(LocalProtocolError):
    """Another thread is inside a call on the same object."""


class RemoteProtocolError(OpswireError):
    """The peer sent something that the protocol does not allow.

    ``offset`` is the position of the offending token in the octets received on the connection,
    counted from 0, or None where there is no such position.  ``status`` is the number of the
    failure (``enum opswire_status``, constants in ``_core``) and ``found`` what was found in place
    of what is allowed: a version, type, stream, or flags.
    """

    def __init__(
        self, text: str, offset: int | None = None, status: int = 0, found: int = 0
    ) -> None:
        """Keep the text, the position and the numbers."""
        super().__init__(text, offset, status, found)
        self.text = text
        self.offset = offset
        self.status = status
        self.found = found

    def __str__(self) -> str:
        """Tell what, and where."""
        return self.text if self.offset is None else f"{self.text} (at octet {self.offset})"


class HTTPBodyError(RemoteProtocolError):
    """The body of a request did not come whole.

    For handlers that take it as it comes; the server tells the client by itself.  ``status`` is
    what it was told: 400, 408 or 413.
    """

    def __init__(self, text: str, status: int = 400) -> None:
        """Keep the text and the status."""
        super().__init__(text, None, status)
        self.args = (text, status)


class LibraryMissingError(OpswireError, ImportError):
    """A shared library that the call needs is not installed; the text says which package has it."""


class NotSupportedError(OpswireError):
    """The installed GSS-API library lacks an optional function that the call needs."""


class StuckCallsError(OpswireError):
    """As many calls as are allowed are stuck in a library that waits for a dead server."""


class GSSError(OpswireError):
    """A GSS-API call failed.

    ``major`` and ``minor`` are the status codes of RFC 2744, section 3.9; ``str()`` is the
    library's text for both.  ``minor`` is 0 where the mechanism has nothing to add.
    """

    def __init__(self, text: str, major: int, minor: int) -> None:
        """Keep the text and the two codes."""
        super().__init__(text, major, minor)
        self.text = text
        self.major = major
        self.minor = minor

    def __str__(self) -> str:
        """Return the library's text."""
        return self.text


class PerformanceDataError(OpswireError, ValueError):
    """Performance data is not what the Nagios plugin guidelines allow, or has no finite number.

    ``offset`` is where in the text that was parsed, in octets counted from 0; None for an item that
    cannot be written.
    """

    def __init__(self, text: str, offset: int | None = None) -> None:
        """Keep the text and the position."""
        super().__init__(text, offset)
        self.text = text
        self.offset = offset

    def __str__(self) -> str:
        """Tell what, and where."""
        return self.text if self.offset is None else f"{self.text} (at octet {self.offset})"


class RemctlError(OpswireError):
    """The root of what ``opswire.remctl`` raises; ``str()`` is the text of ``Remctl.error()``."""


class RemctlProtocolError(RemctlError):
    """The server, the network or Kerberos failed.

    The one-call ``remctl()`` raises it, or a class below it, for every failure after the argument
    checks.
    """


class RemctlRefusedError(RemctlProtocolError):
    """The server did not run the command; ``str()`` is what it says.

    ``code`` is the number of the protocol (``opswire.remctl.ErrorCode``); servers may send others.
    """

    def __init__(self, text: str, code: int) -> None:
        """Keep the text and the number."""
        super().__init__(text, code)
        self.text = text
        self.code = code

    def __str__(self) -> str:
        """Return the server's text."""
        return self.text


class RemctlAuthenticationError(RemctlProtocolError):
    """Kerberos refused: no ticket, an expired one, an unknown or other server, a wrong clock.

    Trying again does not help before ``advice`` was followed.  No command was sent, unless the
    ticket has expired on an open connection.  ``text`` is what the library says; ``str()`` is both.
    """

    def __init__(self, text: str, advice: str = "") -> None:
        """Keep what happened and what to do."""
        super().__init__(text, advice)
        self.text = text
        self.advice = advice

    def __str__(self) -> str:
        """Tell what happened, and what to do."""
        return f"{self.text}: {self.advice}" if self.advice else self.text


class RemctlTimeoutError(RemctlProtocolError, TimeoutError):
    """The peer was silent for the inactivity timeout, or the deadline of the call has passed."""


class RemctlConnectError(RemctlProtocolError):
    """No connection was made: no such host, no answer, or the peer went away in the handshake.

    No command was sent, so trying again is safe.
    """


class RemctlConnectTimeoutError(RemctlConnectError, RemctlTimeoutError):
    """No connection was made in time."""


class RemctlNotOpenedError(RemctlError, LocalProtocolError):
    """The connection has not been opened, or was closed."""


class RemctlUsageError(RemctlError, LocalProtocolError):
    """A call out of turn, such as a second command before the first was read to its end."""


class RemctlLimitError(RemctlUsageError, ValueError):
    """A number that is out of its range: a negative timeout, no concurrency, a port above 65535."""


class RemctlStatusError(RemctlError):
    """A command ended with an exit status other than 0: what ``Result.check()`` raises.

    ``status`` is the exit status, 1..255, and ``stderr`` the end of what the command wrote there.
    """

    def __init__(self, text: str, status: int, stderr: bytes) -> None:
        """Keep the text, the status and the last octets of standard error."""
        super().__init__(text, status, stderr)
        self.text = text
        self.status = status
        self.stderr = stderr

    def __str__(self) -> str:
        """Return the text."""
        return self.text
