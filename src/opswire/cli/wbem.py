"""``opswire wbem``: CIM objects, from the command line."""

import click

from opswire.cli.lazy_group import LazyGroup

COMMANDS = {
    "serve": "opswire.cli.wbem_serve",
}
"""Each sub-command and the file of it."""


@click.group("wbem", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Work with CIM objects: serve those of files."""
