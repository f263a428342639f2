"""AsyncRemctl in the shape of Remctl, so that the same sentences can be tested of both."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from opswire.remctl import AsyncRemctl, Remctl, RemctlOutput
from tests.interop.event_loops import NewLoop, running

T = TypeVar("T")


class Awaited:
    """Every call runs the event loop until its end; between calls the loop stands still.

    Args:
        runner: of the event loop.
        host, options: as for Remctl, which opens at once when it is given a host.
    """

    def __init__(
        self, runner: asyncio.Runner, host: str | None = None, *arguments: Any, **options: Any
    ) -> None:
        """See the class."""
        self._runner = runner
        self._connection = AsyncRemctl(host, *arguments, **options)
        if host is not None:
            self._run(self._connection.__aenter__)

    def _run(self, call: Callable[..., Awaitable[T]], *arguments: Any, **options: Any) -> T:
        async def wait() -> T:
            return await call(*arguments, **options)

        return self._runner.run(wait())

    def __getattr__(self, name: str) -> Any:
        """Everything that AsyncRemctl has; what is to be awaited is awaited."""
        found = getattr(self._connection, name)
        if name not in {"open", "command", "output", "run", "noop"}:
            return found
        return lambda *arguments, **options: self._run(found, *arguments, **options)

    def close(self) -> None:
        """Close, and let the loop go round until the descriptor is gone."""

        async def close() -> None:
            await self._connection.__aexit__(None, None, None)

        self._runner.run(close())

    def __enter__(self) -> "Awaited":
        """Return the object itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def __iter__(self) -> Iterator[RemctlOutput]:
        """Iterate as ``async for`` does."""
        tokens = aiter(self._connection)
        while True:
            try:
                yield self._run(lambda: anext(tokens))
            except StopAsyncIteration:
                return


@contextmanager
def awaited(new_loop: NewLoop) -> Iterator[Callable[..., Remctl]]:
    """What makes such objects on one event loop; they are closed at the end."""
    made: list[Awaited] = []
    with running(new_loop) as runner:

        def make(*arguments: Any, **options: Any) -> Awaited:
            made.append(Awaited(runner, *arguments, **options))
            return made[-1]

        yield cast(Callable[..., Remctl], make)
        for each in made:
            each.close()
