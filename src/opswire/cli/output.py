"""What goes to standard output: a table on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from opswire.cli import standard_streams

NOTHING = "-"


class Column(NamedTuple):
    """A column; numbers stand on the right, and they and what is `whole` are never wrapped."""

    title: str
    number: bool = False
    whole: bool = False


class Row(NamedTuple):
    """One of them: printable cells for people, an object for machines."""

    cells: tuple[str, ...]
    record: dict[str, object]


def show(columns: Sequence[Column], rows: Iterable[Row], *, json_lines: bool) -> None:
    """Write them to standard output."""
    if json_lines:
        for row in rows:
            standard_streams.write_line(json.dumps(row.record))
    elif os.isatty(standard_streams.OUTPUT):
        draw(columns, ((row.cells, "") for row in rows))
    else:
        for row in rows:
            standard_streams.write_line("\t".join(row.cells))


def draw(columns: Sequence[Column], rows: Iterable[tuple[Sequence[str], str]]) -> None:
    """Draw a table on standard output; each row has its cells and a style ("red", "" …)."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if isinstance(sys.stdout, io.TextIOWrapper):  # whose encoding may be that of an old terminal
        sys.stdout.reconfigure(errors="replace")
    table = Table(box=box.SIMPLE)
    for column in columns:
        table.add_column(
            column.title,
            justify="right" if column.number else "left",
            no_wrap=column.number or column.whole,
            overflow="fold",
        )
    for cells, style in rows:
        # Text objects: what others say is no markup.
        table.add_row(*(Text(cell) for cell in cells), style=style)
    Console().print(table)


def moment(seconds: float | None) -> str:
    """Return a time in seconds of the epoch as people write it, in UTC; "-" for none.

    The blank in it is where a narrow table breaks it.
    """
    if seconds is None:
        return NOTHING
    try:
        return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):  # of a file from beyond the year 9999
        return f"@{seconds}"


def printable(text: str) -> str:
    """Replace control characters: what a remote host says must not drive this terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
