"""``opswire agents crashes``: the reports that programs of a monitoring server leave."""

from __future__ import annotations

import click

from opswire.cli.base_folder import base_option, use_base
from opswire.cli.streams import complain, write_line

FAILED = 1
VARIABLE = "SERVER_SIDE_PROGRAM_CRASHES_PATH"

_folder = base_option("--crashes", VARIABLE, "The folder of all reports.")


@click.group("crashes")
def crashes() -> None:
    """Look at the reports of programs that crashed."""


@crashes.command("ls")
@_folder
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
def list_crashes(base: str, json_lines: bool) -> None:
    """List the reports, the newest first: when, type, program, exception, identifier."""
    from opswire.agents.crashes.archive import stored
    from opswire.cli.crash_records import COLUMNS, row
    from opswire.cli.listing import show

    use_base(base, VARIABLE)
    found = (row(crash, base) for crash in stored(base))
    show(COLUMNS, (one for one in found if one is not None), json_lines=json_lines)


@crashes.command("show")
@_folder
@click.option("--json", "as_json", is_flag=True, help="The whole report as a JSON object.")
@click.argument("crash_id", metavar="ID")
def show_crash(base: str, as_json: bool, crash_id: str) -> int:
    """Show a report; the beginning of an ID is enough where no other begins so.

    Secrets were redacted when the report was stored, and nothing is added here.
    """
    import json

    from opswire.agents.crashes.archive import read
    from opswire.cli.crash_records import lines

    use_base(base, VARIABLE)
    try:
        report = read(crash_id, base)
    except (LookupError, ValueError) as error:
        complain(f"opswire: {error}")
        return FAILED
    for line in [json.dumps(report)] if as_json else lines(report):
        write_line(line)
    return 0
