"""A table on a terminal."""

import io
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Column(NamedTuple):
    """A column and what stands in it: numbers are on the right and never wrapped."""

    title: str
    number: bool = False


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
        if column.number:
            table.add_column(column.title, justify="right", no_wrap=True)
        else:
            table.add_column(column.title, overflow="fold")
    for cells, style in rows:
        # Text objects: what others say is no markup.
        table.add_row(*(Text(cell) for cell in cells), style=style)
    Console().print(table)
