"""``opswire wbem`` itself: its sub-commands, and how their failures are told."""

from __future__ import annotations

import warnings

import click

from opswire.cli.lazy_group import LazyGroup
from opswire.cli.standard_streams import complain

COMMANDS = {
    "associators": "opswire.cli.wbem.associations",
    "class": "opswire.cli.wbem.schema",
    "classes": "opswire.cli.wbem.schema",
    "enumerate": "opswire.cli.wbem.instances",
    "export": "opswire.cli.wbem.export",
    "get": "opswire.cli.wbem.instances",
    "invoke": "opswire.cli.wbem.methods",
    "names": "opswire.cli.wbem.instances",
    "namespaces": "opswire.cli.wbem.servers",
    "profiles": "opswire.cli.wbem.servers",
    "qualifiers": "opswire.cli.wbem.schema",
    "query": "opswire.cli.wbem.instances",
    "references": "opswire.cli.wbem.associations",
    "serve": "opswire.cli.wbem.serve",
    "survey": "opswire.cli.wbem.servers",
}
"""Each sub-command and the file that has it among its ``COMMANDS``."""

FAILED = 1


class Wbem(LazyGroup):
    """A group that knows what goes wrong with servers."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a sub-command; what a server says goes to a terminal without its control characters.

        What is tolerated of a server is a line, too, and no place in our source.
        """
        from opswire.cli.wbem.advice import one_line
        from opswire.errors.wbem import Error

        warnings.showwarning = lambda message, *_: complain(f"opswire: {one_line(message)}")
        try:
            return super().invoke(ctx)
        except Error as error:
            complain(f"opswire: {one_line(error)}")
            return FAILED


@click.group("wbem", cls=Wbem, modules=COMMANDS)
def command() -> None:
    """Ask WBEM servers: instances, classes, methods, profiles; or be one."""
