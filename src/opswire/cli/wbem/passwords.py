"""Passwords: of a file, of the environment, or typed, when nobody sees them."""

from __future__ import annotations

import os
import signal
import termios
from types import FrameType

import click

from opswire.cli import signals, standard_streams

_LOCAL_FLAGS = 3
"""Where tcgetattr() has what ECHO is a bit of."""


PASSWORD = "OPSWIRE_WBEM_PASSWORD"  # noqa: S105 - the name of a variable
"""The environment variable that may have the password."""
MAX_PASSWORD = 4096
"""Octets that are read of a password file: its first line; somebody may have named a device."""


def password_of(user: str, file: str | None) -> str:
    """Return a user's password; no option has it: a command line is seen by all of the machine.

    Args:
        user: who is asked, where the password is nowhere else.
        file: whose first line it is, before the environment is looked at; or None.
    """
    if file is not None:
        return _first_line(file)
    # An empty variable is none: a server with an empty password would let everybody in.
    if found := os.environ.get(PASSWORD):
        return found
    if not os.isatty(0):
        raise click.UsageError(
            f"Nobody can be asked for the password here: --password-file, or ${PASSWORD}."
        )
    return _asked(f"Password of {user}: ")


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as file:
            password = file.readline(MAX_PASSWORD).rstrip(b"\r\n").decode()
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not UTF-8 text.") from None
    if not password:
        raise click.UsageError(f"{path} has no password in its first line.")
    return password


def _asked(question: str) -> str:
    """Ask on the terminal that is standard input.

    It does not show what is typed, and everything after it again.  A signal ends the program
    without unwinding anything, so the terminal is given back first.
    """
    before = termios.tcgetattr(0)
    silent = termios.tcgetattr(0)
    silent[_LOCAL_FLAGS] &= ~termios.ECHO

    def end(number: int, frame: FrameType | None) -> None:
        termios.tcsetattr(0, termios.TCSANOW, before)
        signals.end(number)

    # Where one is ignored, as by nohup, it stays so.
    caught = [number for number in signals.NUMBERS if signal.getsignal(number) is signals.end]
    for number in caught:
        signal.signal(number, end)
    try:
        # Not getpass(): it throws away what was typed before it asked.
        termios.tcsetattr(0, termios.TCSADRAIN, silent)
        standard_streams.write(standard_streams.ERROR, question.encode())
        return _line()
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        for number in caught:
            signal.signal(number, signals.end)
        standard_streams.write(standard_streams.ERROR, b"\n")


def _line() -> str:
    typed = b""
    while not typed.endswith(b"\n"):
        piece = os.read(0, 1024)
        if not piece:
            raise click.Abort
        typed += piece
    return os.fsdecode(typed.rstrip(b"\r\n"))
