"""``opswire agents``: the values that programs of a monitoring server keep, and their crashes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from opswire.cli.options import base_option, use_base
from opswire.cli.standard_streams import OUTPUT, complain, write, write_line

if TYPE_CHECKING:
    from opswire.agents.storage.tree import StoredValue

FAILED = 1
# Told here too: help and completion load nothing of opswire.agents.
STORAGE = "SERVER_SIDE_PROGRAM_STORAGE_PATH"
CRASHES = "SERVER_SIDE_PROGRAM_CRASHES_PATH"

_storage_folder = base_option("--storage", STORAGE, "The folder of all values.")
_crashes_folder = base_option("--crashes", CRASHES, "The folder of all reports.")


@click.group("agents")
def command() -> None:
    """Look at what special agents and active checks keep, and at their crashes."""


@command.group("storage")
def storage() -> None:
    """Look at the values that programs keep between two runs."""


@storage.command("ls")
@_storage_folder
@click.option("--host", metavar="NAME", help="Only those of this host.")
@click.option("--program", metavar="NAME", help="Only those of this program.")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
def list_values(base: str, host: str | None, program: str | None, json_lines: bool) -> None:
    """List the values: host, program, key, octets, when written, when they expire."""
    from opswire.cli.output import Column, Row, moment, printable, show

    use_base(base, STORAGE)
    columns = [Column("host"), Column("program"), Column("key"), Column("octets", number=True)]
    rows = (
        Row(
            (
                *(printable(name) for name in value[:3]),
                str(value.size),
                moment(value.written),
                moment(value.expires),
            ),
            value._asdict(),
        )
        for value in _chosen(host, program)
    )
    show(
        [*columns, Column("written"), Column("expires")],
        rows,
        json_lines=json_lines,
    )


@storage.command("show")
@_storage_folder
@click.argument("host")
@click.argument("program")
@click.argument("key")
def show_value(base: str, host: str, program: str, key: str) -> int:
    """Write a value to standard output, octet by octet."""
    from opswire.agents.storage.tree import content

    use_base(base, STORAGE)
    try:
        octets = content(host, program, key)
    except LookupError as error:
        complain(f"opswire: {error}")
        return FAILED
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    write(OUTPUT, octets)
    return 0


@storage.command("rm")
@_storage_folder
@click.option("--host", "of_host", metavar="NAME", help="All values of this host.")
@click.option("--program", "of_program", metavar="NAME", help="All values of this program.")
@click.option("-y", "--yes", is_flag=True, help="Remove all of them without a question.")
@click.argument("names", metavar="[HOST PROGRAM KEY...]", nargs=-1)
def remove_values(
    base: str, of_host: str | None, of_program: str | None, yes: bool, names: tuple[str, ...]
) -> int:
    """Remove the values with these exact names, or all of a host, a program, or both."""
    use_base(base, STORAGE)
    everything = of_host is not None or of_program is not None
    if everything and names:
        raise click.UsageError("Give exact names, or --host and --program, not both.")
    try:
        if everything:
            return _purge(base, of_host, of_program, yes)
        if len(names) < 3:
            raise click.UsageError("Give HOST PROGRAM KEY..., or --host or --program.")
        return _remove(*names)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _chosen(host: str | None, program: str | None) -> list[StoredValue]:
    from opswire.agents.storage.tree import values

    return [one for one in values() if host in {None, one.host} and program in {None, one.program}]


def _remove(host: str, program: str, *keys: str) -> int:
    from opswire.agents.storage.tree import remove

    status = 0
    for key in keys:
        try:
            remove(host, program, key)
        except LookupError as error:
            complain(f"opswire: {error}")
            status = FAILED
    return status


def _purge(base: str, host: str | None, program: str | None, yes: bool) -> int:
    """What has no value any more is removed too: expired ones, leftovers, empty folders."""
    from opswire.agents.storage.tree import programs, purge

    pairs = [pair for pair in programs() if host in {None, pair[0]} and program in {None, pair[1]}]
    whose = " and ".join(
        f"{what} {name!r}"
        for what, name in (("program", program), ("host", host))
        if name is not None
    )
    if not pairs:
        complain(f"opswire: {base} has nothing of {whose}")
        return FAILED
    if not yes:
        if not os.isatty(0):
            raise click.UsageError("Nobody can be asked here: add --yes to remove all of them.")
        number = len(_chosen(host, program))
        if not click.confirm(f"Remove all values ({number}) of {whose} in {base}?", err=True):
            complain("opswire: nothing was removed")
            return FAILED
    for one_host, one_program in pairs:
        purge(one_host, one_program)
    return 0


@command.group("crashes")
def crashes() -> None:
    """Look at the reports of programs that crashed."""


@crashes.command("ls")
@_crashes_folder
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
def list_crashes(base: str, json_lines: bool) -> None:
    """List the reports, the newest first: when, type, program, exception, identifier."""
    from opswire.agents.crashes.archive import stored
    from opswire.cli.crash_records import COLUMNS, row
    from opswire.cli.output import show

    use_base(base, CRASHES)
    found = (row(crash, base) for crash in stored(base))
    show(COLUMNS, (one for one in found if one is not None), json_lines=json_lines)


@crashes.command("show")
@_crashes_folder
@click.option("--json", "as_json", is_flag=True, help="The whole report as a JSON object.")
@click.argument("crash_id", metavar="ID")
def show_crash(base: str, as_json: bool, crash_id: str) -> int:
    """Show a report; the beginning of an ID is enough where no other begins so.

    Secrets were redacted when the report was stored, and nothing is added here.
    """
    import json

    from opswire.agents.crashes.archive import read
    from opswire.cli.crash_records import lines

    use_base(base, CRASHES)
    try:
        report = read(crash_id, base)
    except (LookupError, ValueError) as error:
        complain(f"opswire: {error}")
        return FAILED
    for line in [json.dumps(report)] if as_json else lines(report):
        write_line(line)
    return 0
