"""Drivers that stand before those of the clients, to record what passes or to replay it."""

from __future__ import annotations

import difflib
import os
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from opswire.wbem.client import interposition
from opswire.wbem.client.exchange import Read, Send
from opswire.wbem.testing.exchanges import (
    Exchange,
    Kept,
    kept_answer,
    kept_request,
    octets,
    read,
    write,
)

__all__ = ["RequestDiffers", "record", "replay"]


class RequestDiffers(AssertionError):
    """A program asked for something else than when it was recorded; the text has the difference."""


@contextmanager
def record(path: str | os.PathLike[str]) -> Iterator[None]:
    """Write down, at the end, what clients of this process ask servers for, and the answers.

    Nothing of credentials is in the file.  Texts of properties, keys and parameters whose names say
    that they are secret are redacted; inside of embedded objects they are not.
    """
    recorder = _Recorder()
    with interposition.interposed(recorder):
        yield
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(write(recorder.exchanges))


@contextmanager
def replay(path: str | os.PathLike[str]) -> Iterator[None]:
    """Answer clients of this process from a file; nothing is sent anywhere.

    Each request is answered once, with the first recorded answer to the same; threads may ask in
    any order.

    Raises:
        RequestDiffers: a request is none of those that were recorded, in the client and again at
            the end, if the program went on; or not all of them were made.
        FileNotFoundError: there is no such recording.
        ValueError: the file is no recording.
    """
    with open(path, encoding="utf-8", newline="") as stream:
        text = stream.read()
    try:
        player = _Player(read(text))
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)} is no recording: {error}") from None
    with interposition.interposed(player):
        yield
    player.check()


class _Recorder:
    """Lets the drivers work, and keeps what passes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: list[tuple[Kept, Any, list[bytes], Any]] = []
        self._bodies: WeakKeyDictionary[Any, list[bytes]] = WeakKeyDictionary()

    @property
    def exchanges(self) -> list[Exchange]:
        """What there was, in the order of the answers."""
        return [
            Exchange(
                request,
                kept_answer(head.status, head.reason, dict(head.headers), b"".join(body), creds),
            )
            for request, head, body, creds in self._begun
        ]

    def perform(self, step: Any, creds: Any, driver: Callable[[Any], Any]) -> Any:
        return self._keep(step, creds, driver(step))

    async def perform_async(
        self, step: Any, creds: Any, driver: Callable[[Any], Awaitable[Any]]
    ) -> Any:
        return self._keep(step, creds, await driver(step))

    def _keep(self, step: Any, creds: Any, answer: Any) -> Any:
        if isinstance(step, Send):
            request = kept_request(step.path, dict(step.headers), step.body, creds)
            body: list[bytes] = []
            with self._lock:
                self._bodies[answer] = body
                self._begun.append((request, answer, body, creds))
        elif isinstance(step, Read):
            self._bodies[step.head].append(answer)
        return answer


class _Replayed:
    """The beginning of a recorded answer."""

    is_bounded = True

    def __init__(self, answer: Kept) -> None:
        first, *lines = answer.head.split("\n")
        status, _, self.reason = first.partition(" ")
        self.status = int(status)
        pairs = (line.split(": ", 1) for line in lines)
        self.headers = {pair[0]: pair[1] for pair in pairs}
        self.rest = octets(answer.body)

    def keep(self) -> None:
        """Nothing is open."""

    def drop(self) -> None:
        """Nothing is open."""


class _Player:
    """Answers from a recording."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self._lock = threading.Lock()
        self._left = exchanges
        self._problem = ""

    def perform(self, step: Any, creds: Any, driver: Callable[[Any], Any]) -> Any:
        if isinstance(step, Send):
            return self._answer(kept_request(step.path, dict(step.headers), step.body, creds))
        head: _Replayed = step.head
        rest, head.rest = head.rest, b""
        return rest

    async def perform_async(
        self, step: Any, creds: Any, driver: Callable[[Any], Awaitable[Any]]
    ) -> Any:
        return self.perform(step, creds, driver)

    def _answer(self, request: Kept) -> _Replayed:
        with self._lock:
            for number, each in enumerate(self._left):
                if each.request == request:
                    del self._left[number]
                    return _Replayed(each.answer)
            expected = self._left[0].request.text if self._left else ""
            difference = "\n".join(
                difflib.unified_diff(
                    expected.split("\n"), request.text.split("\n"), "recorded", "asked", lineterm=""
                )
            )
            self._problem = self._problem or difference
        raise RequestDiffers(f"this request was not recorded:\n{difference}")

    def check(self) -> None:
        """Raise what a program may have passed over, and what it did not ask for."""
        if self._problem:
            raise RequestDiffers(f"a request was not recorded:\n{self._problem}")
        if self._left:
            heads = "\n\n".join(each.request.head for each in self._left)
            raise RequestDiffers(f"recorded, and not asked for:\n{heads}")
