"""How an operation that is written once becomes a method of the blocking and the asyncio client.

An operation is a method that returns the generator of its steps. Found in a blocking client it is
a method that returns what the operation returns, found in an asyncio client one that returns an
awaitable of it; name, arguments and documentation are the same.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from functools import wraps
from types import MethodType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from opswire.wbem.client.exchange import Steps

if TYPE_CHECKING:
    from opswire.wbem.client.client_state import ClientState

__all__ = ["AsyncioFace", "BlockingFace", "Iteration", "Operation", "iteration", "operation"]

P = ParamSpec("P")
T = TypeVar("T")


class BlockingFace:
    """A client that waits on the caller's thread."""

    def _perform(self, steps: Steps[T]) -> T:
        raise NotImplementedError

    def _iterate(self, steps: Steps[None]) -> Generator[Any, None, None]:
        raise NotImplementedError


class AsyncioFace:
    """A client that waits on an event loop."""

    async def _perform(self, steps: Steps[T]) -> T:
        raise NotImplementedError

    def _iterate(self, steps: Steps[None]) -> AsyncGenerator[Any, None]:
        raise NotImplementedError


class _Method:
    """What Operation and Iteration have in common."""

    def __init__(self, steps: Callable[..., Steps[Any]]) -> None:
        self.name = steps.__name__
        self.steps = steps
        self.__doc__ = steps.__doc__
        self._signature = inspect.signature(steps)

    def publish(self, method: Any) -> Any:
        """Have help() tell what users get in place of the steps to it."""
        returned = str(self._signature.return_annotation).removeprefix("Steps[").removesuffix("]")
        method.__signature__ = self._signature.replace(return_annotation=returned)
        return method

    def arguments(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call, by name and without the client."""
        bound = self._signature.bind(None, *args, **named)
        found = dict(list(bound.arguments.items())[1:])
        found.update(found.pop("params", {}))  # InvokeMethod's own
        return found

    def observed(self, client: ClientState, args: Any, named: Any) -> Steps[Any]:
        """The steps of a call, with whoever looks at them."""
        steps = self.steps(client, *args, **named)
        if not client._observers.are_there:
            return steps
        return client._observers.observe(
            client, self.name, lambda: self.arguments(args, named), steps
        )


class Operation(_Method, Generic[P, T]):
    """An operation that returns something."""

    def __init__(self, steps: Callable[Concatenate[Any, P], Steps[T]]) -> None:
        """Make the methods of both faces."""
        super().__init__(steps)

        @wraps(steps)
        def method(client: Any, *args: P.args, **named: P.kwargs) -> Any:
            return client._perform(self.observed(client, args, named))

        self._method = self.publish(method)

    @overload
    def __get__(self, client: BlockingFace, owner: Any = None) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, client: AsyncioFace, owner: Any = None
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, client: None, owner: Any = None) -> Callable[Concatenate[Any, P], Any]: ...
    def __get__(self, client: Any, owner: Any = None) -> Any:
        """Return the method of a client, or of its class."""
        return self._method if client is None else MethodType(self._method, client)


class Iteration(_Method, Generic[P, T]):
    """An operation whose objects are iterated over as they arrive."""

    def __init__(self, steps: Callable[Concatenate[Any, P], Steps[None]]) -> None:
        """Make the methods of both faces."""
        super().__init__(steps)

        @wraps(steps)
        def method(client: Any, *args: P.args, **named: P.kwargs) -> Any:
            self._signature.bind(client, *args, **named)
            return client._iterate(steps(client, *args, **named))

        self._method = self.publish(method)

    @overload
    def __get__(
        self, client: BlockingFace, owner: Any = None
    ) -> Callable[P, Generator[T, None, None]]: ...
    @overload
    def __get__(
        self, client: AsyncioFace, owner: Any = None
    ) -> Callable[P, AsyncGenerator[T, None]]: ...
    @overload
    def __get__(self, client: None, owner: Any = None) -> Callable[Concatenate[Any, P], Any]: ...
    def __get__(self, client: Any, owner: Any = None) -> Any:
        """Return the method of a client, or of its class."""
        return self._method if client is None else MethodType(self._method, client)


def operation(steps: Callable[Concatenate[Any, P], Steps[T]]) -> Operation[P, T]:
    """Make an operation of the generator of its steps."""
    return Operation(steps)


def iteration(
    kind: type[T],
) -> Callable[[Callable[Concatenate[Any, P], Steps[None]]], Iteration[P, T]]:
    """Make an operation that is iterated over of the generator of its steps.

    Args:
        kind: the class of the objects.
    """

    def made(steps: Callable[Concatenate[Any, P], Steps[None]]) -> Iteration[P, T]:
        return Iteration(steps)

    return made
