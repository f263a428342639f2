r"""The C functions of ``include/opswire`` through cffi, for work on buffers of the caller's own.

``ffi`` and ``lib`` are what cffi's API mode gives: ``lib`` has the functions and constants under
their C names, ``ffi`` makes and views C data.  Each header says who owns what.

Frame a token into a buffer of one's own, and read it back:

>>> from opswire._core.ffi import ffi, lib
>>> room = bytearray(64)
>>> payload = b"octets for the peer"
>>> token = ffi.new("struct opswire_remctl_token *")
>>> data = ffi.from_buffer("uint8_t[]", payload)
>>> token.flags = lib.OPSWIRE_REMCTL_TOKEN_DATA | lib.OPSWIRE_REMCTL_TOKEN_PROTOCOL
>>> token.payload.data, token.payload.size = data, len(payload)
>>> size = ffi.new("size_t *")
>>> with ffi.from_buffer("uint8_t[]", room, require_writable=True) as out:
...     lib.opswire_remctl_token_write(token[0], out, len(room), size) == lib.OPSWIRE_DONE
True
>>> bytes(room[: size[0]])
b'D\x00\x00\x00\x13octets for the peer'
"""

from opswire._core import foundation, performance_data, xml
from opswire._core._ffi import ffi, lib
from opswire._core.cimxml import library
from opswire._core.remctl import protocol

__all__ = ["ffi", "lib"]

lib.opswire_foundation_bind(foundation.exports_address())
lib.opswire_xml_bind(xml.exports_address())
lib.opswire_cimxml_bind(library.exports_address())
lib.opswire_remctl_bind(protocol.exports_address())
lib.opswire_performance_data_bind(performance_data.exports_address())
