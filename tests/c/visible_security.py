"""Message protection that protects nothing: every octet is flipped and a letter stands in front.

It lets the machine run without Kerberos, shows what was wrapped, and can be told to fail.
"""

import zlib
from typing import TYPE_CHECKING, Any

from opswire._core.ffi import ffi, lib
from tests.c.octets import View, octets_of

if TYPE_CHECKING:
    from opswire._core._ffi import CData

_FLIPPED = bytes(octet ^ 0x5A for octet in range(256))


def wrapped(plain: bytes) -> bytes:
    """What wrap makes of octets."""
    return b"W" + plain.translate(_FLIPPED)


def unwrapped(token: bytes) -> bytes:
    """What was wrapped."""
    assert token[:1] == b"W"
    return token[1:].translate(_FLIPPED)


def signature(plain: bytes) -> bytes:
    """What sign makes of octets."""
    return b"M" + zlib.crc32(plain).to_bytes(4)


class VisibleSecurity:
    """The struct opswire_remctl_security, and what its functions shall answer.

    `failing` maps "wrap", "unwrap", "sign" or "verify" to the status that it returns instead of
    working; `successes` lets so many calls of it pass before.
    """

    def __init__(self) -> None:
        self.failing: dict[str, int] = {}
        self.successes = 0
        self._handle = ffi.new_handle(self)
        self._struct = ffi.new(
            "struct opswire_remctl_security *", (self._handle, _wrap, _unwrap, _sign, _verify)
        )

    @property
    def c(self) -> "CData":
        """The struct, by value."""
        struct: CData = self._struct[0]
        return struct

    def verdict(self, function: str) -> int:
        """The status that a function shall return."""
        if function not in self.failing:
            return lib.OPSWIRE_DONE
        if self.successes:
            self.successes -= 1
            return lib.OPSWIRE_DONE
        return self.failing[function]

    def append(self, function: str, octets: bytes | None, out: "CData") -> int:
        """Append a result, or fail as told; None is what cannot be unwrapped."""
        status = self.verdict(function)
        if status == lib.OPSWIRE_DONE and octets is None:
            status = lib.OPSWIRE_SECURITY_REFUSED
        if status == lib.OPSWIRE_DONE and octets is not None:
            status = lib.opswire_buffer_append(out, View(octets).c)
        return status


_MAKING = "enum opswire_status(void *, struct opswire_view, struct opswire_buffer *)"


@ffi.callback(_MAKING)
def _wrap(context: Any, plain: Any, out: Any) -> int:
    security: VisibleSecurity = ffi.from_handle(context)
    return security.append("wrap", wrapped(octets_of(plain)), out)


@ffi.callback(_MAKING)
def _unwrap(context: Any, token: Any, out: Any) -> int:
    security: VisibleSecurity = ffi.from_handle(context)
    octets = octets_of(token)
    return security.append("unwrap", unwrapped(octets) if octets[:1] == b"W" else None, out)


@ffi.callback(_MAKING)
def _sign(context: Any, plain: Any, out: Any) -> int:
    security: VisibleSecurity = ffi.from_handle(context)
    return security.append("sign", signature(octets_of(plain)), out)


@ffi.callback("enum opswire_status(void *, struct opswire_view, struct opswire_view)")
def _verify(context: Any, plain: Any, mic: Any) -> int:
    security: VisibleSecurity = ffi.from_handle(context)
    status = security.verdict("verify")
    if status == lib.OPSWIRE_DONE and signature(octets_of(plain)) != octets_of(mic):
        status = lib.OPSWIRE_SECURITY_REFUSED
    return status
