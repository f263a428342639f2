"""How much time is left for a step; one deadline is for all steps together."""

from _thread import LockType
from collections.abc import Coroutine
from typing import Any, ClassVar, TypeVar, cast

import pytest

from opswire import calls, pacing
from opswire.errors import RemctlUsageError
from opswire.remctl import FleetHost, Remctl, Result, client_settings
from opswire.remctl.connecting import dialing
from opswire.remctl.connecting.dialing import Destination, Dialing
from opswire.remctl.fleet import host_visit
from tests.unit.clock import Clock

T = TypeVar("T")
DONE = Result(b"", b"", 0)
DESTINATION = Destination("db1", (4373,), None, None, None, False, 2)


def result_of(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    raise AssertionError("it waits")


class SlowToOpen:
    """A connection whose opening takes three seconds of the clock, and which runs nothing.

    Attributes:
        clock: that of the test.
        left: the deadlines that were given, for opening and running.
    """

    clock: ClassVar[Clock]
    left: ClassVar[list[float | None]]

    def __init__(self, **options: object) -> None:
        pass

    async def __aenter__(self) -> "SlowToOpen":
        return self

    async def __aexit__(self, *error: object) -> None:
        pass

    async def open(self, *where: object, deadline: float | None) -> None:
        self.left.append(deadline)
        self.clock.go_on(3)

    async def run(self, command: object, *, deadline: float | None, max_output: int) -> Result:
        self.left.append(deadline)
        return DONE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every module that counts what is left."""
    made = SlowToOpen.clock = Clock()
    SlowToOpen.left = []
    for module in (host_visit, client_settings, dialing, pacing, calls):
        monkeypatch.setattr(module, "monotonic", made)
    monkeypatch.setattr(host_visit, "AsyncRemctl", SlowToOpen)
    return made


@pytest.mark.parametrize(
    ("deadline", "left"),
    [(10.0, [10.0, 7.0]), (2.0, [2.0, 0.0]), (None, [None, None])],
)
def test_a_visit_takes_the_opening_off_the_deadline(
    clock: Clock, deadline: float | None, left: list[float | None]
) -> None:
    orders = host_visit.Orders([b"test"], None, None, None, deadline, 0, None, None, False, 100)
    outcome = result_of(host_visit.run_on_host(FleetHost("db1"), orders))
    assert (outcome.result, outcome.seconds, outcome.attempts) == (DONE, 3.0, 1)
    assert SlowToOpen.left == left


@pytest.mark.parametrize(
    ("timeout", "deadline", "until"),
    [
        (0.0, 0.0, 0.0),
        (0.0, 1050.0, 1050.0),
        (5.0, 0.0, 1005.0),
        (5.0, 1003.0, 1003.0),
        (5.0, 1050.0, 1005.0),
    ],
)
def test_a_step_ends_with_the_timeout_or_with_the_deadline(
    clock: Clock, timeout: float, deadline: float, until: float
) -> None:
    """Whichever comes first; 0 is neither."""
    assert Dialing[Any](DESTINATION, timeout, deadline).until() == until


class NeverFree:
    """A lock that nobody lets go, and nobody waits for.

    Attributes:
        timeouts: how long it was to be waited for, -1 for ever.
    """

    def __init__(self) -> None:
        self.timeouts: list[float] = []

    def acquire(self, timeout: float = -1) -> bool:
        """Do not get it."""
        self.timeouts.append(timeout)
        return False

    def release(self) -> None:
        """It is not held."""


WAITS = pytest.mark.parametrize(
    ("deadline", "timeout"), [(1003.0, 3.0), (1000.0, 0.0), (999.0, 0.0)]
)


@WAITS
def test_a_turn_is_waited_for_until_the_deadline(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, deadline: float, timeout: float
) -> None:
    where = ("192.0.2.1", 4373)
    taken = [pacing.Slot(where) for _ in range(pacing.MAX_CONNECTING)]
    for slot in taken:
        slot.take(0.0)
    lock = NeverFree()
    with monkeypatch.context() as patch:
        patch.setattr(pacing, "allocate_lock", lambda: lock)
        with pytest.raises(TimeoutError):
            pacing.Slot(where).take(deadline)
    for slot in taken:
        slot.release()
    assert lock.timeouts == [-1, timeout]  # its own, before anybody can give the turn


@WAITS
def test_a_call_is_waited_for_until_the_deadline(
    clock: Clock, deadline: float, timeout: float
) -> None:
    call = calls.Call(lambda: None)
    call.wait(0.0)
    lock = NeverFree()
    call._done = cast(LockType, lock)
    with pytest.raises(TimeoutError):
        call.wait(deadline)
    assert lock.timeouts == [timeout]


def test_a_deadline_is_counted_from_its_call(clock: Clock) -> None:
    assert Remctl()._until(5.0) == 1005.0
    assert Remctl()._until(None) == 0.0


@pytest.mark.parametrize("limit", [-1.0, float("inf"), float("nan")])
def test_a_limit_is_a_number_of_seconds(limit: float) -> None:
    """An infinite one is told as None."""
    with pytest.raises(RemctlUsageError, match="invalid timeout"):
        Remctl(timeout=limit)
    with pytest.raises(RemctlUsageError, match="invalid deadline"):
        Remctl()._until(limit)
