"""The headers of a request: names without regard to case, octets as they came."""

from collections.abc import Iterator, Mapping

from opswire.public_names import public_in


@public_in("opswire.http")
class Headers(Mapping[str, str]):
    """The headers of one request.

    A mapping of names, in any case, to values as text (Latin-1, which loses no octet).  A header
    that came more than once has its values joined by ``", "`` (RFC 9110, section 5.3).

    Attributes:
        raw: every header line, name and value as they came.
    """

    __slots__ = ("_joined", "raw")

    raw: tuple[tuple[bytes, bytes], ...]

    def __init__(
        self, raw: tuple[tuple[bytes, bytes], ...], joined: dict[bytes, bytes] | None = None
    ) -> None:
        """Keep the lines; `joined` is ``join(raw)`` where that is known."""
        self.raw = raw
        self._joined = join(raw) if joined is None else joined

    def __getitem__(self, name: str) -> str:
        """Return the value of a header; KeyError where it is not."""
        try:
            return self._joined[name.lower().encode("latin-1")].decode("latin-1")
        except (KeyError, UnicodeEncodeError):
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in lower case."""
        return (name.decode("latin-1") for name in self._joined)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._joined)

    def all(self, name: str) -> list[str]:
        """Return every value of a header, in order; none is an empty list."""
        wanted = name.lower().encode("latin-1", "replace")
        return [value.decode("latin-1") for key, value in self.raw if key.lower() == wanted]

    def __repr__(self) -> str:
        """Show the names alone: values may be credentials."""
        return f"<Headers: {', '.join(self)}>"


def join(raw: tuple[tuple[bytes, bytes], ...]) -> dict[bytes, bytes]:
    """Return the values by name in lower case, those of one name joined."""
    joined: dict[bytes, bytes] = {}
    for name, value in raw:
        key = name.lower()
        joined[key] = joined[key] + b", " + value if key in joined else value
    return joined
