"""The command line: ``opswire SUB-COMMAND …``.

One file per sub-command, and a line in ``opswire.cli.program`` for each.  The others here are what
they are made of.
"""

import os
import sys

from opswire.cli import signals

TYPE_CHECKING = False  # typing's own would be loaded before the signals are ours
if TYPE_CHECKING:
    from typing import NoReturn

COMPLETION = "_OPSWIRE_COMPLETE"
"""The environment variable with which a shell asks for completions."""


def main() -> "NoReturn":
    """Run the program that ``sys.argv`` asks for, and end the process with its exit status."""
    arguments = sys.argv[1:]
    completing = COMPLETION in os.environ
    # No option before it takes a value.
    command = next((word for word in arguments if not word.startswith("-")), "")
    # Before anything else is imported: until here Ctrl-C is Python's, with a traceback.
    if completing or command == "remctl":
        # A line would stand in the middle of what somebody types.  Dying by the signal is what
        # remctl(1) does, and what a shell's loop wants to see.
        signals.die_of_them()
    else:
        signals.end_by_them()
    # remctl(1) starts within milliseconds and is called in loops: its stand-in does not load click,
    # which takes as long as everything else together.
    if arguments[:1] == ["remctl"] and not completing:
        from opswire.cli.remctl_program import run

        status = run(arguments[1:])
    else:
        status = _run_program(arguments, COMPLETION if completing else None)
    # Nothing is buffered; taking the interpreter down would be a tenth of the whole time, in which
    # the signals are nobody's.
    os._exit(status)


def _run_program(arguments: list[str], asked_by: str | None) -> int:
    try:
        from opswire.cli.program import run_program

        return run_program(arguments, asked_by)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in ("click", "rich"):
            raise
        # pip can be told to leave them out, and distributions do: the library does without.
        from opswire.cli.standard_streams import complain

        complain(f"opswire: the command line needs the package {package}: pip install click rich")
        return 1
