"""Calls on threads that their caller can leave."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from opswire import calls
from opswire.calls import Call
from opswire.errors import StuckCallsError
from opswire.remctl.connecting import asyncio_dialing

NEVER = 0.0


def soon() -> float:
    """A deadline that is near."""
    return time.monotonic() + 0.05


def test_a_call_returns_what_its_function_returned() -> None:
    assert Call(lambda: 42).wait(NEVER) == 42


def test_a_call_raises_what_its_function_raised() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        Call(fail).wait(NEVER)


def test_a_deadline_leaves_the_call_behind_and_it_ends_alone() -> None:
    gate, ended = threading.Event(), threading.Event()

    def stuck() -> None:
        gate.wait(30)
        ended.set()

    with pytest.raises(TimeoutError):
        Call(stuck).wait(soon())
    gate.set()
    assert ended.wait(30)


def test_another_thread_can_wake_the_waiter() -> None:
    gate = threading.Event()
    call = Call(lambda: gate.wait(30))
    threading.Timer(0.05, call.cancel).start()
    with pytest.raises(ConnectionAbortedError):
        call.wait(NEVER)
    gate.set()


def test_cancelling_a_call_that_has_ended_changes_nothing() -> None:
    call = Call(lambda: 42)
    assert call.wait(NEVER) == 42
    call.cancel()


def test_calls_at_once_run_side_by_side() -> None:
    meeting = threading.Barrier(5)
    made = [Call(lambda: meeting.wait(30)) for _ in range(4)]
    meeting.wait(30)
    assert sorted(call.wait(NEVER) for call in made) != []


def test_threads_go_home_when_nobody_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "IDLE_SECONDS", 0.01)
    Call(lambda: None).wait(NEVER)
    for _ in range(3000):
        if not calls._alive:
            break
        time.sleep(0.01)
    assert calls._alive == []
    assert Call(lambda: 42).wait(NEVER) == 42


def test_too_many_stuck_calls_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MAX_THREADS", 0)
    monkeypatch.setattr(calls, "_idle", [])
    with pytest.raises(StuckCallsError, match="0 calls that cannot be interrupted are stuck"):
        Call(lambda: None)


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No thread of another test is there, and none of this one stays; what changes the module."""
    _send_home(monkeypatch)
    yield monkeypatch
    _send_home(monkeypatch)


def _send_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wake the idle threads, so that they wait anew, and no time at all."""
    with monkeypatch.context() as patch:
        patch.setattr(calls, "IDLE_SECONDS", 0)
        until = time.monotonic() + 30
        while calls._alive:
            assert time.monotonic() < until, "a thread does not end"
            if calls._idle:
                Call(lambda: None).wait(NEVER)
            time.sleep(0.001)


def test_a_thread_is_counted_until_it_ends(nobody_waits: pytest.MonkeyPatch) -> None:
    """As many as are allowed may be stuck, and no more."""
    nobody_waits.setattr(calls, "MAX_THREADS", 2)
    gate = threading.Event()
    made = [Call(lambda: gate.wait(30)) for _ in range(2)]
    with pytest.raises(StuckCallsError, match="2 calls"):
        Call(lambda: None)
    gate.set()
    assert [call.wait(NEVER) for call in made] == [True, True]


class LateList(list["calls._Worker"]):
    """The idle workers; whoever leaves the list is given a call in that very moment."""

    late: "Call[int] | None" = None

    def remove(self, worker: "calls._Worker") -> None:
        """As list.remove(), a moment later."""
        if self.late is None:
            self.late = Call(lambda: 42)
        super().remove(worker)


def test_a_call_to_a_thread_that_is_about_to_leave_is_served(
    nobody_waits: pytest.MonkeyPatch,
) -> None:
    """Nobody waits for it any more, but somebody has taken it from the list."""
    idle = LateList()
    nobody_waits.setattr(calls, "_idle", idle)
    nobody_waits.setattr(calls, "IDLE_SECONDS", 0)
    assert Call(lambda: 1).wait(NEVER) == 1
    while idle.late is None:
        time.sleep(0.001)
    assert idle.late.wait(time.monotonic() + 20) == 42


def test_no_more_than_a_few_threads_wait_for_calls(nobody_waits: pytest.MonkeyPatch) -> None:
    """Those beyond go home at once."""
    nobody_waits.setattr(calls, "MAX_IDLE", 2)
    nobody_waits.setattr(calls, "IDLE_SECONDS", 30)
    gate = threading.Event()
    made = [Call(lambda: gate.wait(30)) for _ in range(5)]
    gate.set()
    assert all(call.wait(NEVER) for call in made)
    until = time.monotonic() + 20
    while len(calls._alive) > 2:
        assert time.monotonic() < until, "more than two threads wait"
        time.sleep(0.001)
    assert len(calls._idle) <= 2


def test_a_call_whose_event_loop_is_closed_ends_alone(nobody_waits: pytest.MonkeyPatch) -> None:
    """Its thread then serves the next call; an exception of it would be told as unraisable."""
    nobody_waits.setattr(calls, "IDLE_SECONDS", 30)
    gate = threading.Event()

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio_dialing._call(lambda: gate.wait(30)), 0.01)

    asyncio.run(leave())
    gate.set()
    until = time.monotonic() + 20
    while not calls._idle:
        assert time.monotonic() < until, "the thread has died"
        time.sleep(0.001)
    assert Call(threading.get_ident).wait(NEVER) != threading.get_ident()
    assert len(calls._alive) == 1
