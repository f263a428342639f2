"""How the outcomes of a fleet are shown: JSON lines, plain lines, or a table after a progress bar.

Each report is a context manager around the run: ``add()`` for every outcome as it comes,
``interrupted()`` for what is left after Ctrl-C, ``abandon()`` where not even that is waited for.
"""

from __future__ import annotations

import base64
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from opswire.cli import standard_streams
from opswire.cli.output import NOTHING, Column, draw, printable
from opswire.errors import (
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlRefusedError,
    RemctlTimeoutError,
)
from opswire.remctl.fleet.host_visit import Outcome
from opswire.remctl.fleet.hosts import FleetHost

if TYPE_CHECKING:
    from rich.progress import Progress

SHOW_CURSOR = b"\x1b[?25h"

UNFINISHED = "not finished"
SENT = "not finished: sent, may have run"

# The first that fits; "error" is the rest, most of all an answer that broke off.
_KINDS = (
    (RemctlConnectTimeoutError, "connect_timeout"),
    (RemctlConnectError, "connect"),
    (RemctlTimeoutError, "timeout"),
    (RemctlRefusedError, "refused"),
    (RemctlAuthenticationError, "authentication"),
)


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
    terminal = os.isatty(standard_streams.OUTPUT)
    table = terminal and not json_lines
    report: Report = _Table() if table else _JSONLines() if json_lines else _PlainLines()
    # Lines on the same terminal would run into the bar.
    bar = os.isatty(standard_streams.ERROR) and (table or not terminal)
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
        standard_streams.write_line(line)


class _JSONLines(_Lines):
    """One JSON object a line."""

    def add(self, outcome: Outcome) -> None:
        self._write_record(record(outcome))

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        for host in unfinished(hosts, sent):
            self._write_record(unfinished_record(host))

    def _write_record(self, record: dict[str, object]) -> None:
        self.write(json.dumps(record))


class _PlainLines(_Lines):
    """Host, status, seconds and first line, with tabs between them."""

    def add(self, outcome: Outcome) -> None:
        self.write("\t".join(row(outcome)))

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        for host in unfinished(hosts, sent):
            self.write("\t".join(unfinished_row(host)))


class _Table:
    """A table at the end."""

    def __init__(self) -> None:
        # Now: were it found missing at the end, what the hosts have answered would be lost.
        import_module("rich.table")
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
        self._rows.append((row(outcome), "" if outcome.ok else "red"))

    def interrupted(self, hosts: Sequence[FleetHost], sent: Sequence[FleetHost]) -> None:
        self._rows += ((unfinished_row(host), "yellow") for host in unfinished(hosts, sent))

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
                os.write(standard_streams.ERROR, SHOW_CURSOR)


def kind_of(error: BaseException) -> str:
    """Name the kind of an error, for machines."""
    return next((name for cls, name in _KINDS if isinstance(error, cls)), "error")


def record(outcome: Outcome) -> dict[str, object]:
    """Return the JSON object of an outcome."""
    result, error = outcome.result, outcome.error
    return {
        "host": str(outcome.host),
        "status": None if result is None else result.status,
        "seconds": round(outcome.seconds, 6),
        "attempts": outcome.attempts,
        **_octets("stdout", None if result is None else result.stdout),
        **_octets("stderr", None if result is None else result.stderr),
        "error": None if error is None else str(error),
        "error_kind": None if error is None else kind_of(error),
    }


class Unfinished(NamedTuple):
    """A host that was not finished when the run was interrupted; `sent`: the command was sent."""

    host: FleetHost
    sent: bool


def unfinished(hosts: Iterable[FleetHost], sent: Iterable[FleetHost]) -> Iterator[Unfinished]:
    """Mark those of the hosts that are in `sent` too, as often as they stand there."""
    left = Counter(sent)
    for host in hosts:
        yield Unfinished(host, left[host] > 0)
        left[host] -= 1


def unfinished_record(host: Unfinished) -> dict[str, object]:
    """Return the JSON object of a host that was not finished."""
    return {
        "host": str(host.host),
        "status": None,
        "seconds": None,
        "attempts": None,
        **_octets("stdout", None),
        **_octets("stderr", None),
        "error": SENT if host.sent else UNFINISHED,
        "error_kind": "sent" if host.sent else "unfinished",
    }


def _octets(name: str, octets: bytes | None) -> dict[str, str | None]:
    """A field with text; for what is no UTF-8 it is null, and a second field has the octets."""
    try:
        return {name: None if octets is None else octets.decode()}
    except UnicodeDecodeError:
        return {name: None, f"{name}_base64": base64.b64encode(octets or b"").decode()}


def row(outcome: Outcome) -> tuple[str, str, str, str]:
    """Return host, status, seconds, and the first line of output or the error."""
    return (
        printable(str(outcome.host)),
        NOTHING if outcome.result is None else str(outcome.result.status),
        f"{outcome.seconds:.2f}",
        _first_line(outcome),
    )


def unfinished_row(host: Unfinished) -> tuple[str, str, str, str]:
    """Return the row of a host that was not finished."""
    return printable(str(host.host)), NOTHING, NOTHING, SENT if host.sent else UNFINISHED


def _first_line(outcome: Outcome) -> str:
    if outcome.result is None:
        return printable(str(outcome.error))
    # A command that failed says why on standard error, if anywhere.
    streams = [outcome.result.stdout, outcome.result.stderr]
    if outcome.result.status != 0:
        streams.reverse()
    text = next((stream.strip() for stream in streams if stream.strip()), b"")
    return printable(text.partition(b"\n")[0].decode("utf-8", "replace").rstrip())
