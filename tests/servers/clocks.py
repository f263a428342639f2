"""A client whose clock is wrong, without another clock: by what its ticket cache says of it."""

import struct
from pathlib import Path

_VERSION_4 = b"\x05\x04"
_KDC_OFFSET = 1


def ahead(cache: Path, seconds: int, name: Path) -> str:
    """Copy a cache, with a note that the KDC's clock is `seconds` ahead of this machine's.

    kinit leaves such a note in the header of a FILE: cache (version 4, tag 1), and the libraries
    add it to the time of this machine in whatever they send and compare.
    """
    octets = cache.read_bytes()
    assert octets.startswith(_VERSION_4)
    (size,) = struct.unpack_from(">H", octets, 2)
    note = struct.pack(">HHii", _KDC_OFFSET, 8, seconds, 0)
    name.write_bytes(_VERSION_4 + struct.pack(">H", len(note)) + note + octets[4 + size :])
    name.chmod(0o600)
    return f"FILE:{name}"
