"""``opswire agents``: what the programs of a monitoring server leave behind."""

import click

from opswire.cli.agents_crashes import crashes
from opswire.cli.agents_storage import storage


@click.group("agents")
def command() -> None:
    """Look at what special agents and active checks keep, and at their crashes."""


command.add_command(storage)
command.add_command(crashes)
