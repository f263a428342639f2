"""Crash reports in the words of the command line: for people and for machines.

A report is a file that anybody may have changed: whatever it has in place of a text is shown too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opswire.agents.crashes.archive import StoredCrash, load, local_variables
from opswire.cli.output import NOTHING, Column, Row, moment, printable

COLUMNS = (
    Column("time"),
    Column("type"),
    Column("program"),
    Column("exception"),
    Column("ID", whole=True),
)


def row(crash: StoredCrash, base: str) -> Row | None:
    """Return what the list says of a report; None if it was removed in this moment."""
    report: dict[str, Any] = {}
    failure = None
    try:
        report = load(crash, base)
    except LookupError:
        return None
    except (OSError, ValueError) as error:
        failure = str(error)
    program = _program(report)
    shown = failure or f"{report.get('exc_type')}: {report.get('exc_value')}"
    return Row(
        (
            moment(crash.time),
            crash.type,
            NOTHING if program is None else printable(str(program)),
            printable(shown.partition("\n")[0]),
            crash.crash_id,
        ),
        {
            "crash_id": crash.crash_id,
            "type": crash.type,
            "time": crash.time,
            "program": program,
            "version": report.get("version"),
            "exc_type": report.get("exc_type"),
            "exc_value": report.get("exc_value"),
            "path": crash.path,
            "error": failure,
        },
    )


def lines(report: dict[str, Any]) -> Iterator[str]:
    """Return a report as text, line by line."""
    when = report.get("time")
    yield _field("ID", report.get("crash_id"))
    yield _field("time", moment(when) if isinstance(when, int | float) else when)
    yield _field("type", report.get("crash_type"))
    yield _field("program", _program(report))
    yield _field("version", report.get("version"))
    yield _field("Python", report.get("python_version"))
    yield ""
    rows = report.get("exc_traceback")
    if isinstance(rows, list) and rows:
        yield "Calls, the innermost last:"
        for call in rows:
            yield from _call(call)
        yield ""
    yield from _text(f"{report.get('exc_type')}: {report.get('exc_value')}")
    yield ""
    yield "Local variables of the innermost call:"
    try:
        variables = local_variables(report)
    except ValueError as error:
        variables = f"not readable: {error}"
    yield from (f"  {line}" for line in _text(variables))


def _program(report: dict[str, Any]) -> Any:
    details = report.get("details")
    return details.get("program_name") if isinstance(details, dict) else None


def _field(name: str, value: object) -> str:
    return f"{name + ':':9}{NOTHING if value is None else printable(str(value))}"


def _call(call: object) -> Iterator[str]:
    match call:
        case [file, line, function, text]:
            yield printable(f"  {file}, line {line}, in {function}")
            yield printable(f"    {text}")
        case _:
            yield printable(f"  {call}")


def _text(text: str) -> list[str]:
    return [printable(line) for line in text.split("\n")]
