"""Agent output: sections, JSON lines in them, and data for other hosts (piggyback).

>>> from opswire.agents.section import Section, piggyback
>>> with Section("tasks", separator=0) as section:
...     section.json({"name": "backup", "age": 3600})
<<<tasks:sep(0)>>>
{"name": "backup", "age": 3600}
>>> with piggyback("db1"), Section("uptime") as section:
...     section.row(4711)
<<<<db1>>>>
<<<uptime>>>
4711
<<<<>>>>
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager

from opswire.public_names import public_in

TYPE_CHECKING = False  # typing's own costs a short process too much
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import IO, Self

__all__ = ["Section", "piggyback"]

# What a monitoring site takes for a name; it would drop or rename anything else without a word.
_SECTION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_HOST_NAME = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
_ENCODING = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
LARGEST_SEPARATOR = 127  # one ASCII character, by its number


@public_in("opswire.agents")
class Section:
    """One section of an agent's output; use it with ``with``.

    ``name`` is made of letters, digits, ``_``, ``.`` and ``-``.  ``separator`` is the ASCII number
    (0..127) of what stands between columns, None for white space; 0 is usual for JSON.
    ``cached=(made, interval)`` tells when the data were made (seconds since 1970) and for how many
    seconds they are good; ``persist`` until when the site keeps them.  ``encoding`` is what the
    site decodes with, and what is written to a stream of octets; UTF-8 if it is None.
    ``nostrip`` keeps white space at the ends of lines.

    ``stream`` takes text or octets; the default is standard output, whatever its locale is.  The
    header is written by ``__enter__``.  Not to be shared by threads.
    """

    def __init__(
        self,
        name: str,
        *,
        separator: int | None = None,
        cached: tuple[int, int] | None = None,
        persist: int | None = None,
        encoding: str | None = None,
        nostrip: bool = False,
        stream: IO[str] | IO[bytes] | None = None,
    ) -> None:
        """Check everything; nothing is written yet.

        Raises:
            ValueError: a name or a number that a header cannot have.
            TypeError: one that is of no such type.
            LookupError: Python has no such encoding.
        """
        if not _SECTION_NAME.fullmatch(name):
            raise ValueError(
                f"section name {name!r}: use letters, digits, '_', '.' and '-', a letter first"
            )
        options = [name]
        if separator is not None:
            options.append(f"sep({_number('separator', separator, LARGEST_SEPARATOR)})")
        if cached is not None:
            made, interval = cached
            options.append(f"cached({_number('cached', made)},{_number('cached', interval)})")
        if persist is not None:
            options.append(f"persist({_number('persist', persist)})")
        if encoding is not None:
            if not _ENCODING.fullmatch(encoding):
                raise ValueError(f"encoding {encoding!r} is not the name of an encoding")
            "".encode(encoding)  # an unknown one fails here, not in the middle of a section
            options.append(f"encoding({encoding})")
        if nostrip:
            options.append("nostrip")
        self._header = f"<<<{':'.join(options)}>>>"
        self._separator = " " if separator is None else chr(separator)
        self._output = _Output(stream, encoding or "utf-8")
        self._open = False

    def __enter__(self) -> Self:
        """Write the header."""
        self._output.line(self._header)
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hand everything to the stream; a section has no end mark."""
        self._open = False
        self._output.flush()

    def line(self, text: str) -> None:
        """Write one line as it is.

        ValueError for a line break in it, and for a line that would begin a section or a host.
        """
        _check_text(text)
        if not self._open:
            raise ValueError("the section is not open: write to it inside its with block")
        if "\n" in text or "\r" in text:
            raise ValueError(f"a line break in a line: {_short(text)}; use lines() or json()")
        if text.lstrip().startswith("<<<"):
            raise ValueError(f"a line that would begin a section: {_short(text)}; use json()")
        self._output.line(text)

    def lines(self, text: str) -> None:
        """Write a text of any number of lines, each one as with ``line``."""
        _check_text(text)
        for each in text.splitlines():
            self.line(each)

    def row(self, *columns: object) -> None:
        """Write one line of columns with the section's separator between them.

        ValueError for a column that has the separator in it.
        """
        texts = [str(column) for column in columns]
        for text in texts:
            if self._separator in text and len(texts) > 1:
                raise ValueError(f"a column has the separator in it: {_short(text)}")
        self.line(self._separator.join(texts))

    def json(self, value: object) -> None:
        """Write a value as one line of JSON, in ASCII.

        ValueError for what JSON cannot say (NaN, circles, nesting without end), TypeError for
        objects of other types.
        """
        from json import dumps  # not every agent needs it

        try:
            self.line(dumps(value, allow_nan=False))
        except RecursionError:
            raise ValueError("the value is nested too deeply for JSON") from None


@contextmanager
def piggyback(host: str, *, stream: IO[str] | IO[bytes] | None = None) -> Iterator[None]:
    """Attribute the sections that are written inside the ``with`` block to another host.

    ``host`` is made of letters, digits, ``_``, ``.`` and ``-``.  The end mark is written whatever
    happens, so that nothing that follows is taken for that host's.  Blocks do not nest.
    """
    if not _HOST_NAME.fullmatch(host):
        raise ValueError(f"host name {host!r}: use letters, digits, '_', '.' and '-'")
    output = _Output(stream, "utf-8")
    output.line(f"<<<<{host}>>>>")
    try:
        yield
    finally:
        output.line("<<<<>>>>")
        output.flush()


class _Output:
    """Lines for a stream of text or of octets."""

    def __init__(self, stream: IO[str] | IO[bytes] | None, encoding: str) -> None:
        if stream is not None and not hasattr(stream, "write"):
            raise TypeError(f"a stream is needed, not {type(stream).__name__}")
        self._stream = stream
        self._encoding = encoding

    def line(self, text: str) -> None:
        """Write one line, which ends with a newline and nothing else on every platform."""
        stream = self._stream or sys.stdout
        text += "\n"
        below = getattr(stream, "buffer", None)
        if below is not None:  # past the locale's encoding; after what the text layer still holds
            stream.flush()
            below.write(text.encode(self._encoding))
            return
        try:
            stream.write(text)  # type: ignore[call-overload]  # text or octets: the stream's class tells
        except TypeError:
            stream.write(text.encode(self._encoding))  # type: ignore[arg-type]  # it was octets

    def flush(self) -> None:
        """Hand everything on."""
        (self._stream or sys.stdout).flush()


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(f"a line must be str, not {type(text).__name__}")


def _number(name: str, value: int, most: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < 0 or (most is not None and value > most):
        raise ValueError(
            f"{name} is {value}; it must be 0 or more" + (f", {most} at most" if most else "")
        )
    return value


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
