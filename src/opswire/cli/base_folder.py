"""The folder that an option or an environment variable names."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from opswire.cli.option_values import not_empty
from opswire.cli.streams import complain


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
