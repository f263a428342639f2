"""The command line: ``opswire SUB-COMMAND …``.

One file per sub-command, and a line in ``opswire.cli.program`` for each.  The others here are what
they are made of.
"""

import os
import signal
import sys

COMPLETION = "_OPSWIRE_COMPLETE"
"""The environment variable with which a shell asks for completions."""


def main() -> int:
    """Run the program that ``sys.argv`` asks for.

    Returns:
        The exit status, for sys.exit().
    """
    arguments = sys.argv[1:]
    # remctl(1) starts within milliseconds and is called in loops: its stand-in does not load click,
    # which takes as long as everything else together.
    if arguments[:1] == ["remctl"] and COMPLETION not in os.environ:
        # Dying by the signal is what remctl(1) does, what a shell's loop wants to see, and possible
        # at any moment: no traceback comes even from the middle of an import.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        from opswire.cli.remctl_program import run

        # Nothing is buffered; taking the interpreter down would be a tenth of the whole time.
        os._exit(run(arguments[1:]))
    from opswire.cli.program import run_program

    return run_program(arguments)
