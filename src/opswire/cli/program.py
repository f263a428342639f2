"""The program ``opswire``: its global options, and the table of its sub-commands."""

from __future__ import annotations

import os
import signal

import click
from click.shell_completion import shell_complete

from opswire import __version__
from opswire.cli.lazy_group import LazyGroup
from opswire.cli.standard_streams import complain, die_by, secure, show_log
from opswire.errors import OpswireError

COMMANDS = {
    "agents": "opswire.cli.agents",
    "completion": "opswire.cli.completion",
    "fleet": "opswire.cli.fleet",
    "remctl": "opswire.cli.remctl",
    "wbem": "opswire.cli.wbem.group",
}
"""Each sub-command and the file of it, which has a click command named ``command``."""

FAILED = 1
INTERRUPTED = 130


@click.group(
    cls=LazyGroup,
    name="opswire",
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", message="opswire %(version)s")
@click.option("-v", "--debug", is_flag=True, help="Show the log lines of opswire.")
def program(debug: bool) -> None:
    """Run fleets of machines: one command on one host, or on a thousand."""
    if debug:
        show_log()


def run_program(arguments: list[str], asked_by: str | None = None) -> int:
    """Run a command line; what fails is told in one line.

    Args:
        arguments: as in sys.argv, without the name of the program.
        asked_by: the environment variable with which a shell asks for completions; None if no shell
            does.

    Returns:
        The exit status: 2 for a wrong command line.
    """
    if asked_by is not None:
        return shell_complete(program, {}, "opswire", asked_by, os.environ[asked_by])
    secure()
    # Not program.main(): it makes status 1 of a closed pipe, and leaves other errors to Python.
    try:
        with program.make_context("opswire", arguments) as context:
            status = program.invoke(context)
    except click.exceptions.Exit as answered:  # --help, --version
        return answered.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):  # of a handler that is not ours; no answer given
        return INTERRUPTED
    except BrokenPipeError:
        die_by(signal.SIGPIPE)
    except (OpswireError, OSError) as error:
        complain(f"opswire: {_text(error)}")
        return FAILED
    return status if isinstance(status, int) else 0


def _text(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
