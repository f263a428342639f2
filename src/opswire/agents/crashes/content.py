"""What a crash report says: the exception, its causes, and the variables where it was raised."""

from __future__ import annotations

import base64
import os
import pprint
import sys
import time
import traceback
import uuid
from collections.abc import Iterator
from types import TracebackType

from opswire.agents.crashes.traceback_parts import Part, parts_of
from opswire.redaction.known_secrets import Secrets
from opswire.redaction.values import Redaction, text_of
from opswire.redaction.watched_signals import pass_signal

MAX_VARIABLES = 5 * 1024 * 1024
MAX_TRACEBACK = 4 * 1024 * 1024
"""Characters of a traceback, and of what an exception says."""

MAX_ROWS = 10_000
MAX_EXCEPTIONS = 100
MAX_FRAMES_SEARCHED = 200
UNKNOWN = "N/A"


class Content:
    """What there is to know of one exception, without secrets."""

    def __init__(self, error: BaseException) -> None:
        """Look through the exception and the frames that it came through."""
        self._error = error
        self._chain = list(_chain(error))
        # The innermost ones, of a recursion that has thousands of them.
        frames = [
            frame
            for one in self._chain
            for frame, _ in list(traceback.walk_tb(one.__traceback__))[-MAX_FRAMES_SEARCHED:]
        ]
        modules = {id(frame.f_globals): frame.f_globals for frame in frames}
        self._secrets = Secrets(
            # The exceptions too: those of HTTP libraries carry the request.
            [*(frame.f_locals for frame in frames), {"argv": sys.argv, "": self._chain}],
            [*modules.values(), os.environ],
            [text_of(one)[:MAX_TRACEBACK] for one in self._chain],
        )

    def redact(self, text: str) -> str:
        """Return the text without the secrets that were found and those that it names itself."""
        return self._secrets.redact(text[:MAX_TRACEBACK])

    def traceback(self) -> str:
        """Return the traceback as Python prints it, without secrets in its source and texts.

        What says which file, line and function it was is never changed.
        """
        try:
            text = "".join(traceback.format_exception(self._error))
        except BaseException:  # an exception class of the program's own
            pass_signal()
            rows = "".join(f'  File "{r[0]}", line {r[1]}, in {r[2]}\n' for r in self._rows())
            text = f"Traceback:\n{rows}{type(self._error).__name__}: {text_of(self._error)}\n"
        heads = {f'File "{row[0]}", line {row[1]}, in {row[2]}' for row in self._rows()}
        return "".join(
            part if kind is Part.FRAME else self._redacted(part, kind)
            for kind, part in parts_of(text[:MAX_TRACEBACK], heads)
        )

    def _redacted(self, part: str, kind: Part) -> str:
        secrets = self._secrets
        return secrets.redact_code(part) if kind is Part.SOURCE else secrets.redact(part)

    def report(self, kind: str, name: str, version: str) -> dict[str, object]:
        """Return the report of a program's crash, ready for JSON; it has a new identifier."""
        return {
            "crash_id": str(uuid.uuid1()),
            "crash_type": kind,
            "exc_type": type(self._error).__name__,
            "exc_value": self.redact(_value(self._error)),
            "exc_traceback": self._rows(),
            "local_vars": self._variables(),
            "details": {"program_type": kind, "program_name": name},
            "core": UNKNOWN,
            "edition": UNKNOWN,
            "os": UNKNOWN,
            "python_version": sys.version,
            "python_paths": [text_of(path) for path in sys.path],
            "version": version,
            "time": time.time(),
        }

    def _rows(self) -> list[list[object]]:
        """File, line, function and text of each call, the outermost exception's first."""
        rows: list[list[object]] = []
        for error in self._chain:
            try:
                found = traceback.extract_tb(error.__traceback__)
            except BaseException:  # sources that cannot be read as text
                pass_signal()
                found = traceback.StackSummary()
            for row in found[: MAX_ROWS - len(rows)]:
                code = self._secrets.redact_code(row.line or "")
                rows.append([row.filename, row.lineno, row.name, code])
        return rows

    def _variables(self) -> str:
        last: TracebackType | None = self._error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        variables = {} if last is None else last.tb_frame.f_locals
        text = pprint.pformat(Redaction(self._secrets).copy(variables))
        # Once more, for what is a secret only when put together.
        octets = self._secrets.redact_values(text).encode("utf-8", "backslashreplace")
        return base64.b64encode(octets[:MAX_VARIABLES]).decode()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception, its causes, and the members of groups, each once."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < MAX_EXCEPTIONS:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        if current.__cause__ is not None:
            waiting.append(current.__cause__)
        elif current.__context__ is not None and not current.__suppress_context__:
            waiting.append(current.__context__)


def _value(error: BaseException) -> str:
    """Its text, and of a group those of its members, MAX_EXCEPTIONS in all."""
    room = iter(range(MAX_EXCEPTIONS))

    def value(one: BaseException) -> str:
        if not isinstance(one, BaseExceptionGroup):
            return text_of(one)
        members = [
            f"{type(member).__name__}: {value(member)}"
            for member, _ in zip(one.exceptions, room, strict=False)
        ]
        return f"{text_of(one)}: {'; '.join(members)}" if members else text_of(one)

    return value(error)
