"""Event loops, and the clients that behave alike on all of them and on none."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from opswire.remctl import Remctl
from tests.interop.awaited import awaited
from tests.interop.event_loops import LOOPS, running


@pytest.fixture(params=list(LOOPS))
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    """What runs coroutines, on each event loop in turn."""
    with running(LOOPS[request.param]) as made:
        yield made


@pytest.fixture(params=["blocking", *LOOPS])
def client(request: pytest.FixtureRequest) -> Iterator[Callable[..., Remctl]]:
    """The class Remctl, and AsyncRemctl in its shape on each event loop in turn."""
    if request.param == "blocking":
        yield Remctl
        return
    with awaited(LOOPS[request.param]) as make:
        yield make
