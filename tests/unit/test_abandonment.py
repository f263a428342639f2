"""Calls on threads that their caller can leave."""

import threading
import time

import pytest

from opswire.errors import RemctlError
from opswire.remctl import abandonment
from opswire.remctl.abandonment import Call

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
    calls = [Call(lambda: meeting.wait(30)) for _ in range(4)]
    meeting.wait(30)
    assert sorted(call.wait(NEVER) for call in calls) != []


def test_threads_go_home_when_nobody_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abandonment, "IDLE_SECONDS", 0.01)
    Call(lambda: None).wait(NEVER)
    for _ in range(3000):
        if not abandonment._alive:
            break
        time.sleep(0.01)
    assert abandonment._alive == []
    assert Call(lambda: 42).wait(NEVER) == 42


def test_too_many_stuck_calls_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abandonment, "MAX_THREADS", 0)
    monkeypatch.setattr(abandonment, "_idle", [])
    with pytest.raises(RemctlError, match="stuck already: check the DNS servers"):
        Call(lambda: None)
