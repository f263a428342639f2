"""``opswire remctl`` as click sees it: for help, completion and global options before its name."""

from __future__ import annotations

import click

from opswire.cli.remctl_program import OPTIONS, run, usage


class Remctl(click.Command):
    """Reads its command line as remctl(1) does; click only knows the options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words as they are; for completion, read them as click does."""
        ctx.meta[__name__] = list(args)
        return super().parse_args(ctx, args) if ctx.resilient_parsing else []

    def invoke(self, ctx: click.Context) -> int:
        """Run."""
        return run(ctx.meta[__name__])

    def get_help(self, ctx: click.Context) -> str:
        """Show what ``opswire remctl -h`` shows."""
        return usage()


def _options() -> list[click.Parameter]:
    return [
        click.Option(
            [f"--{option.long}", *([f"-{option.short}"] if option.short else [])],
            metavar=option.metavar or None,
            is_flag=not option.metavar,
            help=option.help,
        )
        for option in OPTIONS
    ]


command = Remctl(
    "remctl",
    short_help="Run one command on one host, as remctl(1) does.",
    params=[
        *_options(),
        click.Argument(["host"]),
        click.Argument(["command"], nargs=-1, type=click.UNPROCESSED),
    ],
    add_help_option=False,
    context_settings={"allow_interspersed_args": False},
)
