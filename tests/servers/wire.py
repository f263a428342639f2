"""The octets of remctl written by hand (remctl protocol draft, sections 1 and 2).

Nothing here comes from opswire, so what opswire sends and takes can be held against it.
"""

import socket
import struct

NOOP = 0x01
CONTEXT = 0x02
DATA = 0x04
MIC = 0x08
CONTEXT_NEXT = 0x10
SEND_MIC = 0x20
PROTOCOL = 0x40

HEADER = struct.Struct("!BI")


def token(flags: int, payload: bytes = b"") -> bytes:
    """One token: flags, length, payload."""
    return HEADER.pack(flags, len(payload)) + payload


def read_exactly(sock: socket.socket, size: int) -> bytes:
    """Read that many octets; EOFError when the peer closes before."""
    octets = bytearray()
    while len(octets) < size:
        got = sock.recv(min(size - len(octets), 65536))
        if not got:
            raise EOFError(f"closed after {len(octets)} of {size} octets")
        octets += got
    return bytes(octets)


def read_token(sock: socket.socket) -> tuple[int, bytes]:
    """Read one token: its flags and its payload."""
    flags, size = HEADER.unpack(read_exactly(sock, HEADER.size))
    return flags, read_exactly(sock, size)


def output(stream: int, octets: bytes, *, version: int = 2, length: int | None = None) -> bytes:
    """An OUTPUT message; `length` may lie."""
    size = len(octets) if length is None else length
    return struct.pack("!BBBI", version, 3, stream, size) + octets


def status(number: int) -> bytes:
    """A STATUS message."""
    return struct.pack("!BBB", 2, 4, number)


def error(code: int, text: bytes) -> bytes:
    """An ERROR message."""
    return struct.pack("!BBII", 2, 5, code, len(text)) + text


def versions(highest: int) -> bytes:
    """A VERSION message."""
    return struct.pack("!BBB", 2, 6, highest)


def noop() -> bytes:
    """A NOOP message."""
    return struct.pack("!BB", 3, 7)
