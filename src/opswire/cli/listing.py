"""A list of things: a table on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from opswire.cli import streams
from opswire.cli.table import Column, draw

NOTHING = "-"


class Row(NamedTuple):
    """One of them: printable cells for people, an object for machines."""

    cells: tuple[str, ...]
    record: dict[str, Any]


def show(columns: Sequence[Column], rows: Iterable[Row], *, json_lines: bool) -> None:
    """Write them to standard output."""
    if json_lines:
        for row in rows:
            streams.write_line(json.dumps(row.record))
    elif os.isatty(streams.OUTPUT):
        draw(columns, ((row.cells, "") for row in rows))
    else:
        for row in rows:
            streams.write_line("\t".join(row.cells))


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
