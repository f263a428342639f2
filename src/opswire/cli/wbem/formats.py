"""What is printed of objects as they come: a table, MOF, JSON lines or CIM-XML."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from itertools import islice
from typing import Any

import click

from opswire.cli import standard_streams
from opswire.cli.output import Column, Row, draw
from opswire.cli.wbem.progress import Progress

AT_ONCE = 1000
"""Rows of one table: an enumeration of any length is drawn in tables of so many."""

_FLAGS = {
    "mof": "MOF, as the DMTF writes classes and instances down.",
    "json": "One JSON object a line.",
    "xml": "CIM-XML, an element a line.",
}


def formats(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator for --mof, --json and --xml; the command gets their name as `form`.

    Args:
        names: those that the command has; all of them if none is named.
    """
    offered = names or tuple(_FLAGS)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def called(**given: Any) -> Any:
            chosen = [name for name in offered if given.pop(f"as_{name}")]
            if len(chosen) > 1:
                raise click.UsageError(f"Give --{chosen[0]} or --{chosen[1]}, not both.")
            return function(form=chosen[0] if chosen else "table", **given)

        for name in reversed(offered):
            called = click.option(f"--{name}", f"as_{name}", is_flag=True, help=_FLAGS[name])(
                called
            )
        return called

    return decorate


def show_rows(
    columns: Sequence[Column], rows: Iterable[Row], *, json_lines: bool, what: str
) -> None:
    """Write rows as they come: on a terminal in tables, elsewhere a line each, or JSON lines."""
    drawn = not json_lines and os.isatty(standard_streams.OUTPUT)
    progress = _progress(what, drawn=drawn)
    coming = progress.count(rows)
    if json_lines:
        for row in coming:
            standard_streams.write_line(json.dumps(row.record))
    elif not drawn:
        for row in coming:
            standard_streams.write_line("\t".join(row.cells))
    else:
        while part := list(islice(coming, AT_ONCE)):
            progress.hide()
            draw(columns, ((row.cells, "") for row in part))


def show_texts(texts: Iterable[str], what: str) -> None:
    """Write texts as they come, a line or several each."""
    for text in _progress(what, drawn=False).count(texts):
        standard_streams.write_line(text)


def _progress(what: str, *, drawn: bool) -> Progress:
    return Progress(what, wanted=drawn or not os.isatty(standard_streams.OUTPUT))


def xml_lines(objects: Iterable[Any]) -> Iterator[str]:
    """Return each object as an element."""
    return (each.tocimxmlstr() for each in objects)
