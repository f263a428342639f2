"""What a client sends, written by hand (remctl protocol draft, sections 2.3, 2.4 and 2.8).

tests.servers.wire has what a server sends.
"""

import struct

WHOLE, FIRST, MIDDLE, LAST = range(4)


def command(
    body: bytes, continuation: int = WHOLE, *, keep_alive: int = 1, version: int = 2
) -> bytes:
    """A COMMAND message with a piece of an argument list."""
    return struct.pack("!BBBB", version, 1, keep_alive, continuation) + body


def quit_message() -> bytes:
    """A QUIT message."""
    return struct.pack("!BB", 2, 2)
