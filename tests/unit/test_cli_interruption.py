"""The first signal is a request, the second one an end; each in a process of its own."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys
from opswire.cli import signals
from opswire.cli.interruption import Interruption, TOGETHER

def send(name):
    os.kill(os.getpid(), getattr(signal, name))

now = 0.0
signals.end_by_them()
said = lambda text: os.write(1, text.encode() + b"\\n")
listening = Interruption(lambda: said("cancel"), lambda: said("abandon"), clock=lambda: now)
with listening:
    for word in sys.argv[1:]:
        if word == "later":
            now += TOGETHER
        elif word == "almost":
            now += TOGETHER * 0.99
        else:
            send(word)
print(listening.number)
"""


def left(*words: str, program: str = PROGRAM) -> tuple[str, str, int]:
    """What a process prints to which signals and times happen, and its status."""
    done = subprocess.run(
        ["env", "--default-signal=INT,TERM", sys.executable, "-W", "error", "-c", program, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_cancels_and_is_remembered(number: signal.Signals) -> None:
    assert left(number.name) == (f"cancel\n{int(number)}\n", "", 0)


def test_without_a_signal_nothing_is_called() -> None:
    assert left("later") == ("0\n", "", 0)


@pytest.mark.parametrize(
    ("second", "line"),
    [("SIGINT", "opswire: interrupted\n"), ("SIGTERM", "opswire: terminated\n")],
)
def test_the_second_signal_ends_the_program_at_once(second: str, line: str) -> None:
    status = 128 + getattr(signal, second)
    assert left("SIGINT", "later", second) == ("cancel\nabandon\n", line, status)


def test_signals_that_come_together_are_one() -> None:
    """timeout(1) sends its signal to the process and to its group."""
    assert left("SIGTERM", "SIGTERM", "almost", "SIGINT") == ("cancel\n15\n", "", 0)


BEFORE_AND_AFTER = """
import signal, sys
from opswire.cli import signals
from opswire.cli.interruption import Interruption

own = lambda number, frame: None
before = {"own": own, "ignored": signal.SIG_IGN, "default": signal.SIG_DFL}[sys.argv[1]]
signal.signal(signal.SIGTERM, before)
signals.end_by_them()
at_first = signal.getsignal(signal.SIGTERM)
with Interruption(print, print):
    within = signal.getsignal(signal.SIGTERM)
print(at_first is before, at_first is signals.end, within is at_first)
assert signal.getsignal(signal.SIGTERM) is at_first
"""


@pytest.mark.parametrize(
    ("before", "verdict"),
    [("own", "True False True"), ("ignored", "True False True"), ("default", "False True False")],
)
def test_only_what_ends_the_program_is_replaced_and_it_comes_back(
    before: str, verdict: str
) -> None:
    assert left(before, program=BEFORE_AND_AFTER) == (f"{verdict}\n", "", 0)


IMPORTED = """
import signal
before = [signal.getsignal(number) for number in signal.valid_signals()]
import opswire, opswire.cli, opswire.cli.program, opswire.cli.fleet, opswire.cli.remctl
print(before == [signal.getsignal(number) for number in signal.valid_signals()])
"""


def test_importing_touches_no_signal() -> None:
    """Only main() is the program."""
    assert left(program=IMPORTED) == ("True\n", "", 0)
