"""What happens when a program has crashed: traceback, report, last words; nothing escapes."""

from __future__ import annotations

import json
import os
import sys
from typing import NamedTuple

from opswire.agents.crashes.archive import store
from opswire.agents.crashes.content import Content
from opswire.redaction.values import text_of
from opswire.redaction.watched_signals import WatchedSignals, pass_signal

MAX_PRINTED = 64 * 1024
"""Characters of a report that goes to standard error because it can go nowhere else."""


class Program(NamedTuple):
    """Which program crashed; `kind` is "agent" or "active_check"."""

    kind: str
    name: str
    version: str


def handle(
    error: Exception, program: Program, base: str, keep: int, keep_days: float | None
) -> int:
    """Tell and keep what there is to know of a crash, and return the exit code, 1.

    Raises:
        BaseException: only what the handler of a signal raised meanwhile: KeyboardInterrupt.
    """
    with WatchedSignals():
        _tell_and_keep(error, program, base, keep, keep_days)
    return 1


def _tell_and_keep(
    error: Exception, program: Program, base: str, keep: int, keep_days: float | None
) -> None:
    try:
        content = Content(error)
        _tell(content.traceback() + "\n")
        if isinstance(error, BrokenPipeError):
            return
        summary = content.redact(text_of(error))
    except BaseException as why:  # nothing is known to lead here; the program must end as it should
        pass_signal()
        kind = type(error).__name__
        _tell(f"Failed: {kind} - failed to create a crash report: {type(why).__name__}\n")
        return
    try:
        # Whatever a program has called itself: the report is written in JSON.
        report = content.report(program.kind, text_of(program.name), text_of(program.version))
    except BaseException as why:
        pass_signal()
        reason = content.redact(text_of(why))
        _tell(f"Failed: {summary} - failed to create a crash report: {reason}\n")
        return
    failure = _store(report, base, keep, keep_days)
    if failure:
        _tell(f"Failed: {summary} - failed to create a crash report: {failure}\n")
        _tell(_short(report) + "\n")
    else:
        identifier = report["crash_id"]
        text = f"Failed: {summary} - please submit a crash report! (Crash-ID: {identifier})\n"
        _tell(text)


def _store(report: dict[str, object], base: str, keep: int, keep_days: float | None) -> str:
    """Store a report in its folder or in the spare one; return why neither was possible."""
    try:
        store(report, base, keep=keep, keep_days=keep_days)
        return ""
    except Exception as error:
        reason = text_of(error)
    try:
        path = store(report, _spare_folder(), private=True, keep=keep, keep_days=keep_days)
    except Exception as error:
        return f"{reason}; {text_of(error)}"
    _tell(f"The crash report is in {path}, because: {reason}\n")
    return ""


def _spare_folder() -> str:
    from tempfile import gettempdir

    return os.path.join(gettempdir(), f"opswire-crashes-{os.geteuid()}")


def _short(report: dict[str, object]) -> str:
    text = json.dumps(report, indent=4)
    if len(text) > MAX_PRINTED:
        text = json.dumps({**report, "local_vars": "", "python_paths": []}, indent=4)
    return text[:MAX_PRINTED]


def _tell(text: str) -> None:
    """Write to standard error if that is possible at all."""
    stream = sys.stderr
    try:
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BaseException:  # closed, full, None, or a program's own object
        pass_signal()
