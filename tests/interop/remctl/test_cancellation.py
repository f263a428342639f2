"""A task that is cancelled, or closed by another, at whatever step: nothing is left behind.

Every scenario is run again and again, interrupted at its first suspension, at its second …, until
it ends by itself.  The object works again each time.
"""

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine, Iterator
from time import monotonic
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from opswire import calls, pacing
from opswire._core import gss
from opswire.errors import RemctlError
from opswire.pacing import MAX_CONNECTING, Slot
from opswire.remctl import AsyncRemctl
from opswire.remctl.connecting import credentials, dialing, recent_addresses
from tests.forms import two_forms
from tests.interop import descriptors
from tests.interop.remctl.interrupted_step import MOST_STEPS, InterruptedStep, Moment
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
ECHO = ["test", "echo", "hello"]
BIG = bytes(4_000_000)

Act = Callable[[AsyncRemctl, int], Coroutine[Any, Any, object]]


# ---- what is counted ----


class Ledger:
    """Every GSS-API context and credential that clients made, and who still has it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        """From now on."""
        self._contexts: list[gss.Context] = []
        self._credentials: list[gss.Credential] = []
        recorded = SimpleNamespace(initiate=self._initiate)
        patch.setattr(dialing, "gss", SimpleNamespace(Name=gss.Name, Context=recorded))
        patch.setattr(dialing, "borrow", self._borrow)

    def _initiate(self, *arguments: Any) -> gss.Context:
        context = gss.Context.initiate(*arguments)
        self._contexts.append(context)
        return context

    def _borrow(self, *arguments: Any, warm: bool) -> credentials.Loan:
        loan = credentials.borrow(*arguments, warm=warm)
        assert loan.credential is not None, "the realm's cache is a file"
        self._credentials.append(loan.credential)
        return loan

    @property
    def made(self) -> int:
        """How many there were."""
        return len(self._contexts)

    def others_have(self) -> int:
        """How many of them somebody else holds, once what is kept on purpose is forgotten."""
        forget()
        gc.collect()
        ours = 2  # the list, and the argument
        held = 0
        while self._contexts:
            held += sys.getrefcount(self._contexts[-1]) > ours
            self._contexts.pop()
        while self._credentials:
            credential = self._credentials.pop()
            held += sys.getrefcount(credential) > ours + self._credentials.count(credential)
        return held


def forget() -> None:
    """Let the next opening ask for everything again."""
    recent_addresses._forget()
    with credentials._lock:
        credentials._kept.clear()


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """See the class."""
    return Ledger(monkeypatch)


@pytest.fixture(autouse=True)
def nothing_left(realm: Realm) -> Iterator[None]:
    """Every test here ends in time and leaves nothing."""
    calls.Call(lambda: None).wait(0.0)
    with descriptors.none_left(), descriptors.within(100):
        yield
        assert pacing._queues == {}


async def settled(condition: Callable[[], bool]) -> bool:
    """Whether it comes true; what is left to a thread ends a little later."""
    end = monotonic() + 10
    while not condition() and monotonic() < end:
        await asyncio.sleep(0.005)
    return condition()


def calls_have_ended() -> bool:
    """Whether every thread for lookups and Kerberos waits for work, or has gone home."""
    return len(calls._alive) == len(calls._idle)


async def check_nothing_left(before: list[str]) -> None:
    """Fail if anything of a closed connection is still there."""
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert await settled(calls_have_ended), "a thread does not end"
    assert len(calls._idle) <= calls.MAX_IDLE
    assert await settled(lambda: pacing._queues == {}), "a place is still taken"
    gone = await settled(lambda: len(descriptors.open_descriptors()) <= len(before))
    assert gone, f"before: {before}\nafter: {descriptors.open_descriptors()}"


# ---- what is cancelled ----


async def nothing(connection: AsyncRemctl, port: int) -> None:
    """Prepare nothing: the object was never opened."""


async def forgotten(connection: AsyncRemctl, port: int) -> None:
    """Nothing is known of the host, so that the name lookup and the KDC are asked on a thread."""
    forget()


async def known(connection: AsyncRemctl, port: int) -> None:
    """Everything is known of the host, so that no thread is needed."""
    async with AsyncRemctl(HOST, port) as other:
        await other.noop()


async def places_taken(connection: AsyncRemctl, port: int) -> None:
    """Four others are connecting, and take a moment."""
    slots = [Slot((HOST, port)) for _ in range(MAX_CONNECTING)]
    for slot in slots:
        assert slot.enter(lambda: None)
        asyncio.get_running_loop().call_later(0.02, slot.release)


async def opened(connection: AsyncRemctl, port: int) -> None:
    """There is a connection."""
    await connection.open(HOST, port)


async def dropped(connection: AsyncRemctl, port: int) -> None:
    """There was a connection; the next command makes another."""
    await connection.open(HOST, port)
    connection._drop()


async def open_it(connection: AsyncRemctl, port: int) -> None:
    """Open by address."""
    await connection.open(HOST, port)


async def open_by_name(connection: AsyncRemctl, port: int) -> None:
    """Open by name, which may have an address where no server is."""
    await connection.open("localhost", port)


async def command_and_output(connection: AsyncRemctl, port: int) -> None:
    """The documented loop."""
    await connection.command(["test", "both"])
    assert [token.status async for token in connection][-1] == 3


async def run_with_output(connection: AsyncRemctl, port: int) -> None:
    """Output that comes in many pieces."""
    assert len((await connection.run(["test", "bytes", "1000000"])).stdout) == 1_000_000


async def run_with_input(connection: AsyncRemctl, port: int) -> None:
    """A command that the server takes in many pieces."""
    result = await connection.run(["test", "count"], stdin=BIG)
    assert int(result.stdout) == len(BIG)


async def run_with_limits(connection: AsyncRemctl, port: int) -> None:
    """With the timers of both time limits."""
    connection.set_timeout(20)
    assert (await connection.run(ECHO, deadline=20)).status == 0


async def noop(connection: AsyncRemctl, port: int) -> None:
    """A sign of life."""
    assert await connection.noop()


async def whole_life(connection: AsyncRemctl, port: int) -> None:
    """From nothing to nothing."""
    async with connection:
        assert (await connection.run(ECHO)).stdout == b"hello\n"


class Scenario(NamedTuple):
    """What comes before, and what is cancelled."""

    prepare: Act
    act: Act


SCENARIOS = {
    "open": Scenario(forgotten, open_it),
    "open a name": Scenario(forgotten, open_by_name),
    "open what is known": Scenario(known, open_it),
    "open in line": Scenario(places_taken, open_it),
    "open again": Scenario(opened, open_it),
    "reconnect": Scenario(dropped, run_with_limits),
    "reconnect for a noop": Scenario(dropped, noop),
    "command and output": Scenario(opened, command_and_output),
    "run with output": Scenario(opened, run_with_output),
    "run with much input": Scenario(opened, run_with_input),
    "run with limits": Scenario(opened, run_with_limits),
    "noop": Scenario(opened, noop),
    "whole life": Scenario(nothing, whole_life),
}


# ---- the driver ----

Once = Callable[[Scenario, int, int, Moment], Coroutine[Any, Any, bool]]


async def cancel_once(scenario: Scenario, port: int, number: int, moment: Moment) -> bool:
    """Cancel a scenario at a step, look at what is left; return whether there was such a step."""
    before = descriptors.open_descriptors()
    connection = AsyncRemctl(HOST, port)
    await scenario.prepare(connection, port)
    step = InterruptedStep(scenario.act(connection, port), number, moment)
    task = asyncio.create_task(step.run())
    await asyncio.wait([task])
    assert task.cancelled() == step.reached, "a cancellation was swallowed"
    if not step.reached:
        task.result()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await works_again(connection, port)
    connection.close()
    await check_nothing_left(before)
    return step.reached


async def close_once(scenario: Scenario, port: int, number: int, moment: Moment) -> bool:
    """The same for close() by somebody else, which is an error to the one inside."""
    before = descriptors.open_descriptors()
    connection = AsyncRemctl(HOST, port)
    await scenario.prepare(connection, port)
    act = scenario.act(connection, port)
    step = InterruptedStep(act, number, moment, lambda _: connection.close())
    task = asyncio.create_task(step.run())
    await asyncio.wait([task])
    assert not task.cancelled()
    assert task.cancelling() == 0, "what close() cancelled looks cancelled to the rest of the task"
    if step.reached:
        # At the end of its block it waits for nothing but the end of its own close().
        leaving = scenario.act is whole_life and task.exception() is None
        assert leaving or isinstance(task.exception(), RemctlError), task.exception()
        assert connection._host is None, "closed is closed"
    else:
        task.result()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await works_again(connection, port)
    connection.close()
    await check_nothing_left(before)
    return step.reached


async def works_again(connection: AsyncRemctl, port: int) -> None:
    """Fail unless the object can be used, at once or after open()."""
    if connection._host is None:
        await connection.open(HOST, port)
    if connection._link is not None and connection._link.outstanding:
        # It was cancelled within output(), where nothing is lost.
        assert [token.status async for token in connection][-1] == 3
    assert (await connection.run(ECHO)).stdout == b"hello\n"


async def everywhere(once: Once, scenario: Scenario, port: int, moment: Moment) -> int:
    """Interrupt a scenario at every step; return at how many."""
    number = 1
    while await once(scenario, port, number, moment):
        number += 1
        assert number < MOST_STEPS, "it does not end by itself"
    return number - 1


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.name.lower())
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
@pytest.mark.parametrize("once", [cancel_once, close_once], ids=["cancelled", "closed"])
@pytest.mark.parametrize("runner", two_forms("asyncio", "uvloop"), indirect=True)
def test_an_interrupted_step_leaves_nothing_and_the_object_works(
    runner: asyncio.Runner,
    remctld: Remctld,
    ledger: Ledger,
    once: Once,
    scenario: Scenario,
    moment: Moment,
) -> None:
    assert runner.run(everywhere(once, scenario, remctld.port, moment)) > 0
    assert ledger.made > 0
    assert ledger.others_have() == 0
