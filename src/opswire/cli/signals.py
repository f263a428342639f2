"""SIGINT and SIGTERM: they end the program at any moment, and no exception comes out of them.

An exception could come out in the middle of an import, of a destructor, where nobody sees it, or
between a result and whoever was to get it.
"""

# Not the module signal: its enumerations take longer than everything else until `end_by_them`.
import _signal  # type: ignore[import-not-found]  # typeshed has none
import os

NUMBERS = (_signal.SIGINT, _signal.SIGTERM)

_WORDS = {_signal.SIGINT: b"opswire: interrupted\n", _signal.SIGTERM: b"opswire: terminated\n"}


def end(number: int, frame: object = None) -> None:
    """End now, with one line and status 128 + number; a signal handler."""
    # A further signal ends it even if nobody reads standard error and writing never returns.
    die_of_them()
    try:  # noqa: SIM105 - contextlib is not loaded this early
        os.write(2, _WORDS[number])
    except OSError:
        pass  # there is nobody to tell
    os._exit(128 + number)


def end_by_them() -> None:
    """Let either of them call `end`."""
    _handle(end)


def die_of_them() -> None:
    """Let either of them kill the process, without a word and even where C waits."""
    _handle(_signal.SIG_DFL)


def _handle(action: object) -> None:
    """Leave alone what is ignored, as nohup does it, and what somebody else handles."""
    for number in NUMBERS:
        if _signal.getsignal(number) in (_signal.default_int_handler, _signal.SIG_DFL, end):
            _signal.signal(number, action)
