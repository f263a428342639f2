"""Who stands before the drivers of all clients of this process: recordings do, in tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

__all__ = ["Interposer", "interposed"]


class Interposer(Protocol):
    """Does a step in place of a driver, or has the driver do it."""

    def perform(
        self, step: Any, creds: tuple[str, str] | None, driver: Callable[[Any], Any]
    ) -> Any:
        """Do a step of a blocking client."""

    async def perform_async(
        self, step: Any, creds: tuple[str, str] | None, driver: Callable[[Any], Awaitable[Any]]
    ) -> Any:
        """Do a step of an asyncio client."""


current: Interposer | None = None


@contextmanager
def interposed(interposer: Interposer) -> Iterator[None]:
    """Let it stand there.

    Raises:
        RuntimeError: there is one.
    """
    global current  # noqa: PLW0603 - one for all clients, wherever the program makes them
    if current is not None:
        raise RuntimeError("a recording is under way already")
    current = interposer
    try:
        yield
    finally:
        current = None
