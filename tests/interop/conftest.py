"""Event loops, and the clients that behave alike on all of them and on none."""

import asyncio
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from opswire.remctl import Remctl
from opswire.remctl.client import BlockingExchanges
from tests.interop import descriptors
from tests.interop.awaited import awaited
from tests.interop.event_loops import LOOPS, running
from tests.servers.realm import Realm


@pytest.fixture(params=list(LOOPS))
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    """What runs coroutines, on each event loop in turn."""
    with running(LOOPS[request.param]) as made:
        yield made


class Unshortened(BlockingExchanges):
    """Remctl without its compiled shortcuts: whatever these do, the exchanges do too."""


@pytest.fixture(params=["blocking", "unshortened", *LOOPS])
def client(request: pytest.FixtureRequest) -> Iterator[Callable[..., Remctl]]:
    """The class Remctl, also without its shortcuts, and AsyncRemctl in its shape on each loop."""
    if request.param == "blocking":
        yield Remctl
        return
    if request.param == "unshortened":
        yield cast(Callable[..., Remctl], Unshortened)
        return
    with awaited(LOOPS[request.param]) as make:
        yield make


@pytest.fixture
def bounded(realm: Realm, request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that ends in time, in SECONDS of its module, and leaves no descriptor."""
    seconds = getattr(request.module, "SECONDS", 60.0)
    with descriptors.none_left(), descriptors.within(seconds):
        yield
