"""Decorators for ``main()`` of agents and active checks: a crash becomes a report for support.

This file is all that a program loads that does not crash.
"""

from __future__ import annotations

import os

from opswire.agents.crashes import KEEP, VARIABLE
from opswire.public_names import public_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    P = ParamSpec("P")

ROWS_SHOWN = 1000
"""Calls of a traceback that is printed without our other modules."""


@public_in("opswire.agents")
def report_agent_crashes(
    name: str, version: str, *, keep: int = KEEP, keep_days: float | None = None
) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Return a decorator for the ``main`` of a special agent.

    With SERVER_SIDE_PROGRAM_CRASHES_PATH unset or empty the function is returned as it is.
    Otherwise an exception ends in a traceback and a sentence on standard error, a report
    base/agent/ID/crash.info, and the return value 1.  Secrets are redacted in all three.
    SystemExit and KeyboardInterrupt pass; a BrokenPipeError leaves no report.  No other exception
    leaves the function: a report that cannot be stored goes to a private folder below the system's
    folder for temporary files, or to standard error.  While the function runs, a pipe is kept open
    whose two descriptors are there for the report of a program that has none left.

    Args:
        name: of the program.
        version: of the program.
        keep: how many reports of this type stay; older ones are removed with each new one.
        keep_days: after how many days a report is removed; None for never.
    """
    return _reporting("agent", name, version, keep, keep_days)


@public_in("opswire.agents")
def report_check_crashes(
    name: str, version: str, *, keep: int = KEEP, keep_days: float | None = None
) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Return a decorator for the ``main`` of an active check: as `report_agent_crashes`.

    The report is base/active_check/ID/crash.info.
    """
    return _reporting("active_check", name, version, keep, keep_days)


def _reporting(
    kind: str, name: str, version: str, keep: int, keep_days: float | None
) -> Callable[[Callable[P, int]], Callable[P, int]]:
    base = os.environ.get(VARIABLE)

    def decorate(function: Callable[P, int]) -> Callable[P, int]:
        if not base:
            return function

        def reporting(*args: P.args, **kwargs: P.kwargs) -> int:
            reserve = _reserved()
            try:
                return function(*args, **kwargs)
            except Exception as error:
                _free(reserve)
                try:
                    from opswire.agents.crashes.handling import Program, handle
                except Exception as why:  # no descriptors left, for one
                    return _without_report(error, why)
                try:
                    return handle(error, Program(kind, name, version), base, keep, keep_days)
                except BaseException as signalled:  # Python would print the crash, unredacted
                    raise signalled from None
            finally:
                _free(reserve)

        _look_like(function, reporting)
        return reporting

    return decorate


def _reserved() -> list[tuple[int, tuple[int, int]]]:
    """Descriptors that a crash without any left can be reported with, and what they are of.

    Two are enough to load modules, and to store a file in a folder.  Loading them beforehand would
    take longer than all else of a start; a pipe takes microseconds.
    """
    try:
        # A pipe has an inode of its own: nobody else's descriptor is mistaken for it.
        return [(one, _identity(one)) for one in os.pipe()]
    except OSError:
        return []


def _free(reserve: list[tuple[int, tuple[int, int]]]) -> None:
    """Close what is still ours: a daemon closes all descriptors, and opens others."""
    while reserve:
        descriptor, identity = reserve.pop()
        try:
            if _identity(descriptor) == identity:
                os.close(descriptor)
        except OSError:
            continue


def _identity(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _without_report(error: Exception, why: Exception) -> int:
    """What is left when not even our own modules can be loaded.

    Nobody can say then what is a secret: no text is shown but the system's own.
    """
    import sys

    try:
        rows: list[str] = []
        trace = error.__traceback__
        while trace is not None and len(rows) < ROWS_SHOWN:
            code = trace.tb_frame.f_code
            rows.append(f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}\n')
            trace = trace.tb_next
        kind, text = type(error).__name__, _system_text(error)
        said = f"{kind}: {text}" if text else kind
        sys.stderr.write(f"Traceback (most recent call last):\n{''.join(rows)}{said}\n\n")
        sys.stderr.write(f"Failed: {text or kind} - failed to create a crash report: {why}\n")
        sys.stderr.flush()
    except Exception:
        return 1
    return 1


def _system_text(error: Exception) -> str:
    """What the system says of its own errors, whatever words a class has for them."""
    if not isinstance(error, OSError) or not error.errno:
        return ""
    text = f"[Errno {error.errno}] {os.strerror(error.errno)}"
    return text if error.filename is None else f"{text}: {error.filename!r}"


def _look_like(function: object, wrapper: object) -> None:
    """What functools.wraps does; loading functools costs as much as this module."""
    # From Python 3.14 on annotations are evaluated when they are asked for, and may fail then.
    annotations = "__annotate__" if hasattr(function, "__annotate__") else "__annotations__"
    names = ("__module__", "__name__", "__qualname__", "__doc__", "__type_params__", annotations)
    for name in names:
        if hasattr(function, name):
            setattr(wrapper, name, getattr(function, name))
    vars(wrapper).update(getattr(function, "__dict__", {}))
    vars(wrapper)["__wrapped__"] = function
