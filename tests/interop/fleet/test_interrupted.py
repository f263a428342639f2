"""A signal's exception at every instruction of a fleet's run: nothing is left, nothing hangs."""

import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, Self

import pytest

from opswire import visiting
from opswire.remctl import Fleet, FleetHost, Outcome
from opswire.remctl.fleet import fleet, host_visit
from tests.interop import descriptors

MOST = 2000
OURS = {fleet.__file__, visiting.__file__}


HOSTS = 3


async def visited(host: FleetHost, orders: host_visit.Orders) -> Outcome:
    """In place of a visit: it is over at once."""
    return Outcome(host, None, None, 0.0, 1)


class OneByOne:
    """In place of visits of which there must not be two at once."""

    def __init__(self) -> None:
        self._now = self.most = 0

    async def __call__(self, host: FleetHost, orders: host_visit.Orders) -> Outcome:
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            await asyncio.sleep(0)
        finally:
            self._now -= 1
        return await visited(host, orders)


class InterruptedInstruction:
    """Raises KeyboardInterrupt at the n-th instruction of a run in this thread.

    What a destructor does is not counted: Python ignores what is raised there, whatever it is.
    """

    def __init__(self, number: int) -> None:
        """number: from 1 on."""
        self._left = number

    @property
    def reached(self) -> bool:
        """Whether there were that many."""
        return self._left <= 0

    def run(self, function: Callable[[], object]) -> None:
        """Call the function."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            function()
        except KeyboardInterrupt:
            assert self.reached
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename not in OURS or _in_destructor(frame):
            return None
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "opcode" and self._left > 0:
            self._left -= 1
            if not self._left:
                raise KeyboardInterrupt
        return self._step


class InterruptedCall:
    """Raises KeyboardInterrupt behind the n-th call that our code makes, as a signal would."""

    def __init__(self, number: int) -> None:
        """number: from 1 on."""
        self._left = number

    @property
    def reached(self) -> bool:
        """Whether there were that many."""
        return self._left <= 0

    def __enter__(self) -> Self:
        """Begin to count."""
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        """Count no more."""
        sys.setprofile(None)

    def _look(self, frame: FrameType, event: str, argument: object) -> None:
        caller = frame.f_back if event == "return" else frame
        if event not in {"return", "c_return"} or caller is None or _in_destructor(caller):
            return
        if caller.f_code.co_filename in OURS and self._left > 0:
            self._left -= 1
            if not self._left:
                raise KeyboardInterrupt


def _in_destructor(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    return frame is not None


def fleet_threads() -> list[threading.Thread]:
    """The threads of runs that there are."""
    return [thread for thread in threading.enumerate() if "fleet" in thread.name]


def iterated(hosts: Fleet) -> None:
    """A run to its end."""
    for _ in hosts.run(["x"]):
        pass


def left_early(hosts: Fleet) -> None:
    """A run that is left after its first outcome."""
    with hosts.run(["x"]) as run:
        next(run)
        run.cancel()


def begun_again(hosts: Fleet) -> None:
    """A run whose beginning and whose iteration go on where they were interrupted."""
    with hosts.prepared(["x"]) as run:
        interrupted = False
        try:
            run.begin()
        except KeyboardInterrupt:
            interrupted = True
            run.begin()
        outcomes: list[Outcome] = []
        try:
            outcomes.extend(run)
        except KeyboardInterrupt:
            interrupted = True
            outcomes.extend(run)
        # One that is on its way out of next() has nobody, and is lost.
        assert HOSTS - interrupted <= len(outcomes) <= HOSTS


# Between making an event loop and keeping it, asyncio's own destructor closes it, with a warning.
@pytest.mark.filterwarnings("ignore:unclosed event loop:ResourceWarning")
@pytest.mark.parametrize("use", [iterated, left_early, begun_again])
def test_an_exception_at_any_instruction_leaves_nothing(
    use: Callable[[Fleet], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = OneByOne()
    monkeypatch.setattr(fleet, "run_on_host", visits)
    hosts = Fleet(["web1"] * HOSTS, concurrency=1)
    iterated(hosts)
    wrong: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", wrong.append)
    monkeypatch.setattr(threading, "excepthook", wrong.append)
    for number in range(1, MOST):
        interrupted = InterruptedInstruction(number)
        with descriptors.none_left():
            interrupted.run(lambda: use(hosts))
            gc.collect(0)
        assert (number, fleet_threads(), wrong) == (number, [], [])
        if not interrupted.reached:
            break
    else:
        pytest.fail(f"more than {MOST} instructions")
    assert number > 100
    assert visits.most == 1


def test_an_exception_where_python_looks_for_signals_loses_no_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever goes on with the iteration gets each of them, once."""
    monkeypatch.setattr(fleet, "run_on_host", OneByOne())
    names = [f"web{number}" for number in range(HOSTS)]
    for number in range(1, MOST):
        with Fleet(names, concurrency=1).prepared(["x"]) as run:
            outcomes: list[Outcome] = []
            with InterruptedCall(number) as interrupted:
                while True:
                    try:
                        outcome = next(run, None)
                    except KeyboardInterrupt:
                        continue
                    if outcome is None:
                        break
                    outcomes.append(outcome)
        assert [each.host.host for each in outcomes] == names
        if not interrupted.reached:
            break
    else:
        pytest.fail(f"more than {MOST} calls")
    assert number > 30


def test_a_run_in_a_cycle_can_be_collected_by_its_own_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The collector runs wherever it is its turn, and there waiting for oneself is for ever."""
    released, collected = threading.Event(), threading.Event()

    async def collecting(host: FleetHost, orders: host_visit.Orders) -> Outcome:
        released.wait(60)
        gc.collect()
        collected.set()
        return await visited(host, orders)

    monkeypatch.setattr(fleet, "run_on_host", collecting)
    cycle: list[object] = [Fleet(["web1"]).run(["x"])]
    cycle.append(cycle)
    del cycle
    released.set()
    assert collected.wait(60)
    for thread in fleet_threads():
        thread.join(60)
    assert fleet_threads() == []


def test_a_run_that_is_prepared_begins_nothing_before_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fleet, "run_on_host", visited)
    run = Fleet(["web1"] * 2).prepared(["x"])
    assert fleet_threads() == []
    assert len(run.unfinished) == 2
    assert len(list(run.begin())) == 2
    assert run.unfinished == run.sent == ()
    with Fleet(["web1"] * 2).prepared(["x"]) as run:
        assert len(list(run)) == 2, "iterating begins it"
    with Fleet(["web1"] * 2).prepared(["x"]):
        pass


def test_a_run_that_is_cancelled_before_it_begins_begins_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fleet, "run_on_host", visited)
    with Fleet(["web1"] * 2).prepared(["x"]) as run:
        run.cancel()
        assert list(run.begin()) == []
    assert len(run.unfinished) == 2


def test_from_the_cancelling_on_no_command_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by a visit that was about to, before its task knows that it is cancelled."""
    connected, cancelled = threading.Event(), threading.Event()
    begun: list[FleetHost] = []
    sent: list[FleetHost] = []

    async def sending(host: FleetHost, orders: host_visit.Orders) -> Outcome:
        begun.append(host)
        connected.set()
        cancelled.wait(60)
        visiting.ask_before_sending()
        sent.append(host)
        return await visited(host, orders)

    monkeypatch.setattr(fleet, "run_on_host", sending)
    with Fleet(["web1"] * 2).run(["x"]) as run:
        assert connected.wait(60)
        run.cancel()
        cancelled.set()
        assert list(run) == []
    assert (sent, run.sent, len(run.unfinished)) == ([], (), 2)
    assert len(begun) == 1, "and no host is begun"


def test_what_was_sent_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    sending = threading.Event()

    async def waiting(host: FleetHost, orders: host_visit.Orders) -> Outcome:
        if host.host == "web2":
            visiting.ask_before_sending()
            sending.set()
        await asyncio.sleep(60)
        return await visited(host, orders)

    monkeypatch.setattr(fleet, "run_on_host", waiting)
    with Fleet(["web1", "web2", "web3"], concurrency=2).run(["x"]) as run:
        assert sending.wait(60)
        run.cancel()
        assert list(run) == []
    assert [host.host for host in run.sent] == ["web2"]
    assert [host.host for host in run.unfinished] == ["web1", "web2", "web3"]


def test_what_was_submitted_to_an_executor_counts_as_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    submitted, over = threading.Event(), threading.Event()

    def waiting(host: FleetHost, orders: host_visit.Orders, unique: str) -> Outcome:
        submitted.set()
        over.wait(60)
        return Outcome(host, None, None, 0.0, 1)

    monkeypatch.setattr(fleet, "run_alone", waiting)
    with ThreadPoolExecutor() as executor:
        hosts = Fleet(
            ["web1", "web2"], concurrency=1, credentials="FILE:/nowhere", executor=executor
        )
        with hosts.run(["x"]) as run:
            assert submitted.wait(60)
            run.cancel()
            assert list(run) == []
        over.set()
    assert [host.host for host in run.sent] == ["web1"]
    assert [host.host for host in run.unfinished] == ["web1", "web2"]
