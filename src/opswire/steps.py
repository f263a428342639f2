"""Generators of steps: what happens and in which order, apart from how one waits for it.

An exchange with a peer is written once, as a generator that yields each step that may wait, takes
its outcome, and returns the result.  A thread performs the steps one after the other; on an event
loop they are awaited.
"""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")


def perform(
    steps: Generator[S, Any, T], perform_one: Callable[[S], object], begun: S | None = None
) -> T:
    """Return what a generator of steps returns, each of which is performed on this thread.

    Args:
        steps: the generator.
        perform_one: returns the outcome of a step; what it raises is raised at the step.
        begun: the step at which a generator waits that has begun.
    """
    try:
        step = next(steps) if begun is None else begun
        while True:
            try:
                outcome = perform_one(step)
            except BaseException as error:
                step = steps.throw(error)
            else:
                step = steps.send(outcome)
    except StopIteration as end:
        result: T = end.value
        return result


async def perform_awaiting(
    steps: Generator[S, Any, T],
    perform_one: Callable[[S], Awaitable[object]],
    begun: S | None = None,
) -> T:
    """Do the same on an event loop; ``perform_one`` returns what is to be awaited."""
    try:
        step = next(steps) if begun is None else begun
        while True:
            try:
                outcome = await perform_one(step)
            except BaseException as error:
                step = steps.throw(error)
            else:
                step = steps.send(outcome)
    except StopIteration as end:
        result: T = end.value
        return result
