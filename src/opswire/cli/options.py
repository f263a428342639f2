"""Options that several sub-commands have, and what is refused as their value."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from opswire.cli.standard_streams import complain


def not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse what the library would take for "not given": a script's variable was empty."""
    if value == "":
        raise click.BadParameter("must not be empty.")
    return value


def base_option(name: str, variable: str, text: str) -> Callable[[Any], Any]:
    """Return the decorator for the option; the command gets the folder as `base`."""
    return click.option(
        name,
        "base",
        metavar="FOLDER",
        envvar=variable,
        show_envvar=True,
        required=True,
        callback=not_empty,
        help=text,
    )


def use_base(base: str, variable: str) -> None:
    """Let the library use the folder; one that is missing has nothing in it, as it is told."""
    # The library looks the variable up on every call, as the programs do whose files these are.
    os.environ[variable] = base
    try:
        os.lstat(base)
    except FileNotFoundError:
        complain(f"opswire: {base} does not exist yet")
    except OSError:
        return  # the library will tell why it cannot be looked at
