"""Values of options that nobody meant."""

import click


def not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse what the library would take for "not given": a script's variable was empty."""
    if value == "":
        raise click.BadParameter("must not be empty.")
    return value
