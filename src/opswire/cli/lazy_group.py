"""Groups of sub-commands that are imported when somebody asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that knows its sub-commands by name.

    Args:
        modules: each sub-command and the module of it, which has a click command named ``command``,
            or this one among its ``COMMANDS``.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **settings: Any) -> None:
        """Import nothing."""
        super().__init__(*args, **settings)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all."""
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one, or return None when there is no such."""
        if cmd_name not in self._modules:
            return None
        module = import_module(self._modules[cmd_name])
        for each in getattr(module, "COMMANDS", ()):
            if isinstance(each, click.Command) and each.name == cmd_name:
                return each
        command = getattr(module, "command", None)
        return command if isinstance(command, click.Command) else None
