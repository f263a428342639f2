"""Which headers and C files are one library, and which extension it is linked into."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Library:
    """The C of one format: a folder of csrc, its headers, and the libraries that it calls."""

    name: str
    home: str
    headers: tuple[str, ...]
    uses: tuple[str, ...] = field(default=())

    @property
    def sources(self) -> list[str]:
        """Its C files, in one order on every machine."""
        return [str(path) for path in sorted(Path("csrc", self.name).glob("*.c"))]


LIBRARIES = {
    library.name: library
    for library in (
        Library("foundation", "foundation", ("view.h", "status.h", "buffer.h", "keyed_hash.h")),
        Library("xml", "xml", ("xml_scanner.h", "xml_writer.h"), ("foundation",)),
        Library(
            "cimxml",
            "cimxml.library",
            (
                "cimxml_vocabulary.h",
                "cimxml_block.h",
                "cimxml_reader.h",
                "cimxml_writer.h",
                "cimxml.h",
            ),
            ("foundation", "xml"),
        ),
        Library(
            "remctl",
            "remctl.protocol",
            (
                "remctl_token.h",
                "remctl_message.h",
                "remctl_transitions.h",
                "remctl_connection.h",
            ),
            ("foundation",),
        ),
        Library("gss", "gss.binding", ("gss_dynload.h",)),
        Library(
            "performance_data",
            "performance_data",
            ("performance_number.h", "performance_data.h"),
            ("foundation",),
        ),
    )
}
