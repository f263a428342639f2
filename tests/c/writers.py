"""Writers of include/opswire, which free what they have written."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from opswire._core.ffi import ffi, lib
from tests.c.octets import View, octets_of

if TYPE_CHECKING:
    from opswire._core._ffi import CData


class Writer:
    """What all have: text, and octets that are freed at the end of the `with` block."""

    def __init__(self, xml: "CData") -> None:
        self.xml = xml

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lib.opswire_buffer_free(ffi.addressof(self.xml, "out"))

    def text(self, octets: bytes) -> int:
        """Add text."""
        return lib.opswire_xml_write_text(self.xml, View(octets).c)

    @property
    def octets(self) -> bytes:
        """What was written."""
        return octets_of(self.xml.out)


class XmlWriter(Writer):
    """A struct opswire_xml_writer."""

    def __init__(self) -> None:
        self.c = ffi.new("struct opswire_xml_writer *")
        super().__init__(self.c)

    def start(self, name: bytes) -> int:
        """Begin an element."""
        return lib.opswire_xml_write_start(self.c, View(name).c)

    def attribute(self, name: bytes, value: bytes) -> int:
        """Add an attribute."""
        views = View(name), View(value)  # which keep the octets
        return lib.opswire_xml_write_attribute(self.c, views[0].c, views[1].c)

    def end(self, name: bytes) -> int:
        """End an element."""
        return lib.opswire_xml_write_end(self.c, View(name).c)


class CimWriter(Writer):
    """A struct opswire_cim_writer."""

    def __init__(self) -> None:
        self.c = ffi.new("struct opswire_cim_writer *")
        super().__init__(ffi.addressof(self.c, "xml"))

    def start(self, element: int) -> int:
        """Begin an element."""
        return lib.opswire_cim_write_start(self.c, element)

    def attribute(self, attribute: int, value: str) -> int:
        """Add an attribute."""
        view = View(value.encode())  # which keeps the octets
        return lib.opswire_cim_write_attribute(self.c, attribute, view.c)

    def end(self) -> int:
        """End an element."""
        return lib.opswire_cim_write_end(self.c)
