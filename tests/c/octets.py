"""Octets of Python as the views and buffers of include/opswire, and back."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from opswire._core.ffi import ffi, lib

if TYPE_CHECKING:
    from opswire._core._ffi import CData


class View:
    """A struct opswire_view of octets that stay in place as long as this object."""

    def __init__(self, octets: bytes) -> None:
        self._data = ffi.from_buffer("uint8_t[]", octets)
        self._view = ffi.new("struct opswire_view *", (self._data, len(octets)))

    @property
    def c(self) -> "CData":
        """The struct, by value."""
        view: CData = self._view[0]
        return view


def octets_of(view: "CData") -> bytes:
    """What a struct opswire_view shows."""
    return bytes(ffi.buffer(view.data, view.size)) if view.size else b""


class Buffer:
    """A struct opswire_buffer, freed at the end of the `with` block."""

    def __init__(self) -> None:
        self.c = ffi.new("struct opswire_buffer *")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lib.opswire_buffer_free(self.c)

    @property
    def octets(self) -> bytes:
        """What was written."""
        return octets_of(self.c)


class ArgumentWriter:
    """A struct opswire_remctl_argument_writer at its beginning, and the octets behind it."""

    def __init__(self, arguments: list[bytes]) -> None:
        self._keep = [View(each) for each in arguments]
        self.views = ffi.new("struct opswire_view[]", [each.c for each in self._keep])
        self.c = ffi.new("struct opswire_remctl_argument_writer *")
        self.c.arguments = self.views
        self.c.count = len(arguments)


def argument_list(arguments: list[bytes], count: int | None = None) -> bytes:
    """An argument list as the draft writes it; `count` may lie."""
    number = len(arguments) if count is None else count
    parts = [number.to_bytes(4)]
    for each in arguments:
        parts += [len(each).to_bytes(4), each]
    return b"".join(parts)
