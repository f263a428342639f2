"""A printed traceback taken apart: what Python says of frames, source lines, and what is said."""

from __future__ import annotations

import enum
import re
from collections.abc import Container, Iterator

__all__ = ["Part", "parts_of"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# The margin of exception groups, and the two columns of a frame or the four of its source.
_MARGIN = re.compile(r"^[-+| ]*")
_SOURCE = re.compile(r"[ |]*    ")
_ALWAYS = re.compile(
    r"Traceback \(most recent call last\):|Exception Group Traceback \(most recent call last\):"
    r"|During handling of the above exception, another exception occurred:"
    r"|The above exception was the direct cause of the following exception:"
    r"|\[Previous line repeated [0-9]+ more times?\]|-* [0-9.]+ -{16}|"
)


class Part(enum.Enum):
    """What a part of a traceback is."""

    FRAME = "frame"
    SOURCE = "source"
    TEXT = "text"


def parts_of(text: str, heads: Container[str]) -> Iterator[tuple[Part, str]]:
    """Yield a traceback in parts of one kind each, in order; together they are the text.

    Args:
        text: as the module traceback prints it.
        heads: `File "…", line N, in NAME` of each frame; the same words elsewhere are no frame.
    """
    kind, lines = Part.TEXT, list[str]()
    after_frame = False
    for line in _LINE.findall(text):
        words = _MARGIN.sub("", line, count=1).rstrip("\n")
        if words in heads:
            found, after_frame = Part.FRAME, True
        elif _ALWAYS.fullmatch(words) and (words or line.strip()):
            found, after_frame = Part.FRAME, False
        elif after_frame and _SOURCE.match(line):
            found = Part.SOURCE
        else:
            found, after_frame = Part.TEXT, False
        if found is not kind and lines:
            yield kind, "".join(lines)
            lines = []
        kind = found
        lines.append(line)
    if lines:
        yield kind, "".join(lines)
