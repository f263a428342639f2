"""Both faces of the client as one, for tests that are run with each."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opswire import wbem

FACES = ("blocking", "asyncio")


class Driven:
    """An AsyncWBEMConnection whose operations are waited for."""

    def __init__(self, connection: wbem.AsyncWBEMConnection, runner: asyncio.Runner) -> None:
        """Take the connection, and what runs its loop."""
        self.connection = connection
        self._run = runner.run

    def __getattr__(self, name: str) -> Any:
        """An attribute, or an operation to be called as that of the other face."""
        value = getattr(self.connection, name)
        if not callable(value):
            return value

        def call(*args: Any, **named: Any) -> Any:
            async def operation() -> Any:
                found = value(*args, **named)
                if asyncio.iscoroutine(found):
                    found = await found
                return found

            found = self._run(operation())
            if isinstance(found, wbem.IterQueryInstancesReturn):
                generator = self._drained(found.generator)
                return wbem.IterQueryInstancesReturn(generator, found.query_result_class)
            return self._drained(found) if hasattr(found, "__anext__") else found

        return call

    def _drained(self, iterator: Any) -> Iterator[Any]:
        """One object after the other; closed when this generator is."""
        end = object()

        async def following() -> Any:
            return await anext(iterator, end)

        try:
            while (each := self._run(following())) is not end:
                yield each
        finally:

            async def close() -> None:
                await iterator.aclose()

            self._run(close())


@contextmanager
def opened(face: str, *args: Any, **settings: Any) -> Iterator[Any]:
    """A client of either face, whose operations return what they return."""
    if face == "blocking":
        with wbem.WBEMConnection(*args, **settings) as connection:
            yield connection
        return
    with asyncio.Runner() as runner:

        async def begin() -> wbem.AsyncWBEMConnection:
            return await wbem.AsyncWBEMConnection(*args, **settings).__aenter__()

        made = runner.run(begin())
        try:
            yield Driven(made, runner)
        finally:

            async def end() -> None:
                await made.__aexit__(None, None, None)

            runner.run(end())
            gc.collect()  # a transport that was left open is told of now


Opener = Callable[..., Any]
