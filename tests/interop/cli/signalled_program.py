"""``opswire`` with a signal at its n-th step: a step is a call of a function, or its end.

A program of its own: ``python -m tests.interop.cli.signalled_program MOMENT SIGNAL DESCRIPTOR
WORD…``. The steps of all threads count, of Python's functions and of those in C, from the moment at
which ``main()`` has the signals to that of its os._exit(); moment 0 never comes.
What is written to the descriptor is "sent" with the signal, and how many steps there were at last.
"""

import os
import sys
import threading
from types import FrameType
from typing import NoReturn

from opswire.cli import main, signals

HANDLING = {signals.end_by_them.__code__, signals.die_of_them.__code__}


class Steps:
    """Counts them."""

    def __init__(self, moment: int, number: int, descriptor: int) -> None:
        """number: of the signal."""
        self._moment = moment
        self._number = number
        self._descriptor = descriptor
        self._count = 0
        self._exit = os._exit

    def watch(self) -> None:
        """Begin to look for main(), and then to count."""
        os._exit = self._leave
        threading.setprofile(self._step)
        sys.setprofile(self._wait)

    def _wait(self, frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code in HANDLING:
            sys.setprofile(self._step)

    def _step(self, frame: FrameType, event: str, argument: object) -> None:
        self._count += 1
        # Threads may count one another's steps away: not one value only.
        if 0 < self._moment <= self._count:
            self._moment = 0
            os.write(self._descriptor, b"sent ")
            os.kill(os.getpid(), self._number)

    def _leave(self, status: int) -> NoReturn:
        os.write(self._descriptor, b"%d" % self._count)
        self._exit(status)


if __name__ == "__main__":
    steps = Steps(*map(int, sys.argv[1:4]))
    sys.argv[1:] = sys.argv[4:]
    steps.watch()
    main()
