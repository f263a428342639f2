"""How the outcomes of a fleet are shown: JSON lines, plain lines, or a table after a progress bar.

Each report is a context manager around the run: ``add()`` for every outcome as it comes,
``interrupted()`` for what is left after Ctrl-C, ``abandon()`` where not even that is waited for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from opswire.cli import fleet_records, streams
from opswire.cli.table import Column, draw
from opswire.remctl.fleet.host_visit import Outcome
from opswire.remctl.fleet.hosts import FleetHost

if TYPE_CHECKING:
    from rich.progress import Progress

SHOW_CURSOR = b"\x1b[?25h"


class Report(Protocol):
    """Where outcomes go."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; a table comes now, unless something is wrong with the run itself."""

    def add(self, outcome: Outcome) -> None:
        """Take an outcome."""

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        """Take the hosts that were not finished, and those of them that were sent the command."""

    def abandon(self) -> None:
        """Give the terminal back at any moment; a signal handler calls it, and nothing follows."""


def chosen(count: int, *, json_lines: bool) -> Report:
    """Return the report that fits the terminal, for so many hosts."""
    terminal = os.isatty(streams.OUTPUT)
    table = terminal and not json_lines
    report: Report = _Table() if table else _JSONLines() if json_lines else _PlainLines()
    # Lines on the same terminal would run into the bar.
    bar = os.isatty(streams.ERROR) and (table or not terminal)
    return _Bar(report, count) if bar else report


class _Lines:
    """A line for each outcome, as it comes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def abandon(self) -> None:
        pass

    def write(self, line: str) -> None:
        # At once: whoever reads the other end of a pipe acts on it.
        streams.write_line(line)


class _JSONLines(_Lines):
    """One JSON object a line."""

    def add(self, outcome: Outcome) -> None:
        self._write_record(fleet_records.record(outcome))

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        for unfinished in fleet_records.unfinished(hosts, sent):
            self._write_record(fleet_records.unfinished_record(unfinished))

    def _write_record(self, record: dict[str, Any]) -> None:
        self.write(json.dumps(record))


class _PlainLines(_Lines):
    """Host, status, seconds and first line, with tabs between them."""

    def add(self, outcome: Outcome) -> None:
        self.write("\t".join(fleet_records.row(outcome)))

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        for unfinished in fleet_records.unfinished(hosts, sent):
            self.write("\t".join(fleet_records.unfinished_row(unfinished)))


class _Table:
    """A table at the end."""

    def __init__(self) -> None:
        self._rows: list[tuple[tuple[str, str, str, str], str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            return
        columns = (Column("host"), Column("status", number=True), Column("seconds", number=True))
        draw((*columns, Column("first line")), self._rows)

    def add(self, outcome: Outcome) -> None:
        self._rows.append((fleet_records.row(outcome), "" if outcome.ok else "red"))

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        self._rows += (
            (fleet_records.unfinished_row(unfinished), "yellow")
            for unfinished in fleet_records.unfinished(hosts, sent)
        )

    def abandon(self) -> None:
        pass


class _Bar:
    """A progress bar on standard error around another report."""

    def __init__(self, report: Report, count: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self._report = report
        self._failed = 0
        self._progress: Progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("hosts", total=count)

    def __enter__(self) -> Self:
        self._report.__enter__()
        self._progress.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.__exit__(kind, error, traceback)
        self._report.__exit__(kind, error, traceback)

    def add(self, outcome: Outcome) -> None:
        self._failed += not outcome.ok
        description = f"hosts, {self._failed} failed" if self._failed else "hosts"
        self._progress.update(self._task, advance=1, description=description)
        self._report.add(outcome)

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        self._progress.stop()
        self._report.interrupted(hosts, sent)

    def abandon(self) -> None:
        # Not by the console's own method: its locks and its buffer may be in use.
        if not self._progress.console.is_dumb_terminal:
            with suppress(OSError):
                os.write(streams.ERROR, SHOW_CURSOR)
