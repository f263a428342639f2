"""TLS between a socket and a connection, the same on every event loop.

That of the loops keeps a buffer of 256 KiB for each connection: 49 KB of it were resident with
uvloop once any connection had ended, 280 KB with asyncio, against 20 KB here.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

RECORD = 16 * 1024
"""Octets that TLS protects at a time at most (RFC 8446, section 5.1)."""

STEP = 4 * RECORD
"""Octets that are encrypted before the socket is asked whether it takes more."""


class SecureTransport(asyncio.Transport, asyncio.Protocol):
    """To the socket's transport a protocol, to a connection its transport.

    Args:
        context: of the server.
        upper: the connection; it is told that it is made when hands are shaken.
        loop: where both are.
        lost: is called when the socket is about to be closed, and the connection was never made.

    Attributes:
        shaken: is done when the handshake is, with its error if there is one.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        upper: asyncio.Protocol,
        loop: asyncio.AbstractEventLoop,
        lost: Callable[[], None],
    ) -> None:
        """Wait for the socket."""
        super().__init__()
        self.shaken: asyncio.Future[None] = loop.create_future()
        self._upper = upper
        self._lost = lost
        self._loop = loop
        self._lower: asyncio.Transport = cast("asyncio.Transport", None)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        # What the connection wrote and is not encrypted.
        self._pending: deque[memoryview] = deque()
        self._size = 0
        self._is_made = False
        self._closing = False
        # Nothing more is written; and the client has been told.
        self._ending = False
        self._is_over = False
        # The connection takes no more; the socket is not read, for that or because it is blocked.
        self._paused = False
        self._stopped = False
        # The socket takes no more, and the connection was told so.
        self._blocked = False
        self._told = False

    # What the socket's transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the handshake."""
        self._lower = cast("asyncio.Transport", transport)

    def data_received(self, octets: bytes) -> None:
        """Decrypt."""
        if self._is_over:
            return
        self._incoming.write(octets)
        if self._is_made or self._shake():
            self._read()

    def eof_received(self) -> bool:
        """Pass it on; the socket is closed then."""
        if self._is_made and not self._closing:
            self._upper.eof_received()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """Pass it on."""
        self._closing = True
        self._pending.clear()
        self._size = 0
        if self._is_made:
            self._upper.connection_lost(error)
            return
        self._lost()
        if not self.shaken.done():
            self.shaken.set_exception(error or ConnectionResetError("the client hung up"))

    def pause_writing(self) -> None:
        """Encrypt no more, and decrypt no more: what is read may have to be answered by TLS too."""
        self._blocked = True
        self._regulate()

    def resume_writing(self) -> None:
        """Go on."""
        self._blocked = False
        self._flush()
        self._regulate()

    # What the connection calls.

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return the TLS object, or what the socket's transport knows."""
        return self._tls if name == "ssl_object" else self._lower.get_extra_info(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Encrypt and send, as fast as the socket takes it."""
        if data and not (self._ending or self._closing):
            self._pending.append(memoryview(data))
            self._size += len(data)
            self._flush()

    def get_write_buffer_size(self) -> int:
        """Octets that the socket has not taken."""
        return self._size + self._lower.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Decrypt no more."""
        self._paused = True
        self._regulate()

    def resume_reading(self) -> None:
        """Go on, also with what has come already."""
        self._paused = False
        self._regulate()

    def can_write_eof(self) -> bool:
        """Tell that our side can end first."""
        return True

    def write_eof(self) -> None:
        """Send nothing more, after what is written and a word (close_notify); read on."""
        if not self._ending:
            self._ending = True
            self._flush()

    def is_closing(self) -> bool:
        """Tell whether the end has begun."""
        return self._closing

    def close(self) -> None:
        """End when everything is sent, with a word (close_notify)."""
        if not self._closing:
            self._closing = True
            self._flush()

    def abort(self) -> None:
        """End now."""
        self._closing = True
        self._pending.clear()
        self._size = 0
        self._lower.abort()

    # Between them.

    def _shake(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._send()
            return False
        except ssl.SSLError as error:
            self._send()  # the alert
            self._closing = True
            self._lower.close()
            if not self.shaken.done():
                self.shaken.set_exception(error)
            return False
        self._send()
        if self._closing or self.shaken.done():
            return False
        self._is_made = True
        self._upper.connection_made(self)
        self.shaken.set_result(None)
        return True

    def _regulate(self) -> None:
        stop = self._paused or self._blocked
        if stop == self._stopped or self._lower.is_closing():
            return
        self._stopped = stop
        if stop:
            self._lower.pause_reading()
        else:
            self._lower.resume_reading()
            # Not from here: the connection may be in the middle of what it was given last.
            self._loop.call_soon(self._read)

    def _read(self) -> None:
        while not (self._stopped or self._closing):
            try:
                octets = self._tls.read(RECORD)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLError:
                self._send()
                self.abort()
                return
            if not octets:  # the client's close_notify
                self._upper.eof_received()
                self.close()
                return
            self._upper.data_received(octets)
        self._send()

    def _flush(self) -> None:
        try:
            while self._pending and not self._blocked:
                first = self._pending[0]
                count = self._tls.write(first[:STEP])
                self._size -= count
                if count == len(first):
                    self._pending.popleft()
                else:
                    self._pending[0] = first[count:]
                self._send()
        except ssl.SSLError:
            self.abort()
            return
        full = self._blocked or self._size > 0
        if full != self._told and self._is_made:
            self._told = full
            if full:
                self._upper.pause_writing()
            else:
                self._upper.resume_writing()
        if (self._ending or self._closing) and not self._pending:
            self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            with suppress(ssl.SSLError):  # it is sent; the client's own is not waited for
                self._tls.unwrap()
            self._send()
        if self._closing:
            self._lower.close()
        elif self._lower.can_write_eof() and not self._lower.is_closing():
            self._lower.write_eof()

    def _send(self) -> None:
        if self._outgoing.pending and not self._lower.is_closing():
            self._lower.write(self._outgoing.read())
