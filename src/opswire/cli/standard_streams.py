"""Standard output and standard error of a program that passes octets on."""

import errno
import os
import signal
from typing import NoReturn

OUTPUT = 1
ERROR = 2


def secure() -> None:
    """Occupy descriptors 0 to 2 where the caller closed them, so that no socket gets the number.

    Writing to one that was closed fails as it would have before.
    """
    for number in (0, OUTPUT, ERROR):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest free number is this one


def write(descriptor: int, octets: bytes) -> None:
    """Write octets at once and completely.

    Raises:
        BrokenPipeError: the reader has gone.
        OSError: no space, closed …
    """
    while octets:
        try:
            octets = octets[os.write(descriptor, octets) :]
        except BlockingIOError:
            _wait_until_writable(descriptor)


def write_line(text: str) -> None:
    """Write a line to standard output at once; raises as `write` does."""
    write(OUTPUT, f"{text}\n".encode("utf-8", "surrogateescape"))


def complain(text: str) -> None:
    """Write a line to standard error; there is nobody to tell if that fails."""
    try:
        write(ERROR, f"{text}\n".encode("utf-8", "surrogateescape"))
    except BrokenPipeError:
        die_by(signal.SIGPIPE)
    except OSError as error:
        if error.errno not in {errno.EBADF, errno.ENOSPC, errno.EIO}:
            raise


def show_log() -> None:
    """Show on standard error all that opswire logs.

    No secret is ever logged, nor what commands say or answer.
    """
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(name)s: %(message)s", "%T"))
    logger = logging.getLogger("opswire")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)


def die_by(number: signal.Signals) -> NoReturn:
    """End as the default action of a signal does, so that the caller sees the same."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # it was blocked by whoever started us


def _wait_until_writable(descriptor: int) -> None:
    """Somebody who shares the terminal or pipe made it non-blocking."""
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.poll()
