"""When a value with a time to live counts as missing, by a clock of the test."""

import os
import stat

import pytest

from opswire.agents.storage import expiry
from opswire.agents.storage.expiry import expires, is_current, modified_ns
from tests.unit.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of values."""
    made = Clock()
    monkeypatch.setattr(expiry, "time", made)
    return made


def stored(modified: int, *, mode: int = 0o1600, changed: float = 1000.0) -> os.stat_result:
    """The status of a value's file; nanoseconds of the epoch, and when it was last changed."""
    seconds = modified // 10**9
    times = (seconds, seconds, int(changed), modified / 1e9, modified / 1e9, changed)
    whole = (modified, modified, int(changed * 10**9))
    return os.stat_result((stat.S_IFREG | mode, 1, 1, 1, 0, 0, 5, *times, *whole))


@pytest.mark.parametrize(
    ("now", "ttl", "end"),
    [(1000.25, 1.5, 1002), (1000.25, 1.25, 1002), (1000.75, 0.5, 1002), (1000.5, 3600.0, 4601)],
)
def test_a_time_to_live_is_rounded_up_to_a_whole_second(
    clock: Clock, now: float, ttl: float, end: int
) -> None:
    """Never down: the value would be gone before its time."""
    clock.now = now
    assert expires(stored(modified_ns(ttl))) == end


def test_a_value_is_there_until_its_second_begins(clock: Clock) -> None:
    clock.now = 1000.5
    status = stored(modified_ns(1.0))
    clock.now = 1001.999
    assert is_current(status, None)
    clock.now = 1002.0
    assert not is_current(status, None)


def test_a_value_is_as_old_as_allowed_or_younger(clock: Clock) -> None:
    """A value without a time to live is as old as its text."""
    status = stored(1000 * 10**9, mode=0o600)
    clock.now = 1010.0
    assert is_current(status, 10.0)
    clock.now = 1010.001
    assert not is_current(status, 10.0)
    assert is_current(status, None)


@pytest.mark.parametrize("mode", [0o600, 0o1600])
def test_a_time_that_we_did_not_write_ends_nothing(clock: Clock, mode: int) -> None:
    """Whoever overwrites the text in place changes the time, and the mode stays."""
    assert expires(stored(1000 * 10**9, mode=mode)) is None


@pytest.mark.parametrize("ttl", [0.0, -1.0, float("inf"), float("nan")])
def test_a_time_to_live_is_above_0_and_finite(ttl: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        modified_ns(ttl)
