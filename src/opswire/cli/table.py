"""A table on a terminal."""

import io
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Column(NamedTuple):
    """A column; numbers stand on the right, and they and what is `whole` are never wrapped."""

    title: str
    number: bool = False
    whole: bool = False


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
