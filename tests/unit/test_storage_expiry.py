"""Storage and time: values that age and expire, what is left over, clocks that were set."""

import os
import stat
import time
from pathlib import Path

import pytest

from opswire.agents import Storage
from opswire.agents.storage.expiry import COARSENESS, expires
from opswire.agents.storage.tree import values

HOUR = 3600


def files(base: Path) -> set[str]:
    """The names of the files of agent for db1."""
    return set(os.listdir(base / "db1/agent"))


def age(path: Path, seconds: float) -> None:
    """Make a file older."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_value_older_than_asked_for_is_the_default(storage: Storage, base: Path) -> None:
    storage.write_json("key", 1)
    assert storage.read("key", None, max_age=HOUR) == "1"
    age(base / "db1/agent/key", 2 * HOUR)
    assert storage.read("key", None, max_age=HOUR) is None
    assert storage.read_json("key", None, max_age=HOUR) is None
    assert storage.read("key", None, max_age=3 * HOUR) == "1"
    assert storage.read("key", None) == "1"


def test_a_value_from_the_future_is_not_fresh(storage: Storage, base: Path) -> None:
    storage.write("key", "value")
    age(base / "db1/agent/key", -2 * HOUR)
    assert storage.read("key", None, max_age=HOUR) is None
    assert storage.read("key", None) == "value"


class Clock:
    """What the modules of values take for the time of day; files keep the real one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        for module in ("agents.storage.expiry", "folders"):
            monkeypatch.setattr(f"opswire.{module}.time", self.time)

    def time(self) -> float:
        """The time of day."""
        return time.time() + self.ahead


class StoppedClock(Clock):
    """One that shows the moment that it was set to: how long a test takes makes no difference."""

    now = 0.0

    def time(self) -> float:
        """That moment."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that can be put ahead and back."""
    return Clock(monkeypatch)


def end_of(path: Path) -> int:
    """The second from which on a value counts as missing."""
    end = expires(path.stat())
    assert end is not None
    return end


def test_a_value_counts_as_missing_when_its_time_is_over(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.write("key", "value", ttl=HOUR)
    assert storage.read("key", None) == "value"
    assert storage.read("key", None, max_age=HOUR / 2) == "value"
    assert storage.keys() == ["key"]
    end = end_of(base / "db1/agent/key")
    assert 0 < end - (base / "db1/agent/key").stat().st_ctime - HOUR < 60
    clock = StoppedClock(monkeypatch)
    clock.now = end - 0.001
    assert storage.read("key", None) == "value"
    assert storage.keys() == ["key"]
    clock.now = end
    assert storage.read("key", None) is None
    assert storage.keys() == []
    assert values() == []
    assert storage.update("key", lambda old: f"{old}, new", "default") == "default, new"


def test_a_time_to_live_is_rounded_up_to_a_whole_second(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = StoppedClock(monkeypatch)
    ends = []
    for clock.now, ttl in [(1e9, 1), (1e9, 0.5), (1e9 + 0.5, 1), (1e9 + 0.999, 0.001)]:
        storage.write("key", "value", ttl=ttl)
        ends.append(end_of(base / "db1/agent/key") - 10**9)
    assert ends == [2, 1, 2, 2]


def test_a_value_with_an_end_from_the_future_is_missing(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock went back after it had been written, so that nobody knows how old it is."""
    storage.write("key", "value", ttl=HOUR)
    written = (base / "db1/agent/key").stat().st_ctime
    clock = StoppedClock(monkeypatch)
    clock.now = written - COARSENESS
    assert storage.read("key", None) == "value"
    clock.now = written - COARSENESS - 0.001
    assert storage.read("key", None) is None
    assert storage.read("key", None, max_age=HOUR) is None
    assert storage.keys() == []
    assert values() == []
    assert storage.update("key", lambda old: f"{old}, new", "default") == "default, new"


def test_a_value_from_the_future_is_removed_only_when_its_own_time_is_over(
    storage: Storage, base: Path, clock: Clock
) -> None:
    """A clock that is wrong when a machine starts must not cost every token."""
    storage.write("key", "value", ttl=HOUR)
    clock.ahead = -HOUR
    assert storage.remove_leftovers() == 0
    clock.ahead = 0
    assert storage.read("key", None) == "value"


def test_values_that_have_expired_are_removed_with_the_first_write(
    storage: Storage, base: Path, clock: Clock
) -> None:
    for number in range(20):
        storage.write(f"token{number}", "secret", ttl=HOUR)
    storage.write("lasting", "value")
    storage.write("later", "value", ttl=5 * HOUR)
    clock.ahead = 2 * HOUR
    storage.write("key", "")
    assert len(files(base)) == 23
    Storage("agent", "db1").write("key", "")
    assert files(base) == {"key", "lasting", "later"}


def test_values_that_have_expired_are_leftovers(storage: Storage, base: Path, clock: Clock) -> None:
    for key in ("a", "b", ".."):
        storage.write(key, "secret", ttl=HOUR)
    storage.write("key", "")
    assert storage.remove_leftovers() == 0
    clock.ahead = 2 * HOUR
    assert storage.remove_leftovers() == 3
    assert files(base) == {"key"}


def test_a_value_is_removed_from_the_second_on_in_which_it_counts_as_missing(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.write("key", "secret", ttl=HOUR)
    clock = StoppedClock(monkeypatch)
    end = end_of(base / "db1/agent/key")
    clock.now = end - 0.001
    assert storage.remove_leftovers() == 0
    clock.now = end
    assert storage.remove_leftovers() == 1


def test_what_is_no_value_is_never_taken_for_one_that_has_expired(
    storage: Storage, base: Path, clock: Clock
) -> None:
    storage.write("key", "value", ttl=HOUR)
    (base / "db1/agent/key").rename(base / "db1/agent/not a key")
    clock.ahead = 2 * HOUR
    assert storage.remove_leftovers() == 0
    assert files(base) == {"not a key"}


def test_the_quota_counts_what_keys_tells(base: Path, clock: Clock) -> None:
    storage = Storage("agent", "db1", quota=10)
    storage.write("lasting", "123")
    storage.write("token", "1234567", ttl=HOUR)
    with pytest.raises(OSError, match="other values have 10, this one 1"):
        storage.write("new", "1")
    clock.ahead = 2 * HOUR
    assert storage.keys() == ["lasting"]
    with pytest.raises(OSError, match="other values have 3, this one 8"):
        storage.write("new", "12345678")
    storage.write("new", "1234567")
    assert storage.keys() == ["lasting", "new"]


def test_update_keeps_the_end_of_the_value(storage: Storage, base: Path, clock: Clock) -> None:
    storage.write("key", "value", ttl=5 * HOUR)
    end = end_of(base / "db1/agent/key")
    clock.ahead = HOUR
    storage.update("key", lambda old: f"{old}+")
    assert end_of(base / "db1/agent/key") == end
    assert storage.read("key", None) == "value+"
    clock.ahead = 6 * HOUR
    assert storage.read("key", None) is None
    storage.update("key", lambda _: "new")
    assert expires((base / "db1/agent/key").stat()) is None


def test_update_gives_another_end_or_none_when_told(storage: Storage, base: Path) -> None:
    storage.write("key", "value", ttl=HOUR)
    end = end_of(base / "db1/agent/key")
    storage.update("key", lambda old: old, ttl=3 * HOUR)
    assert end_of(base / "db1/agent/key") > end + HOUR
    storage.update("key", lambda old: old, ttl=None)
    assert expires((base / "db1/agent/key").stat()) is None
    storage.update("key", lambda old: old)
    assert expires((base / "db1/agent/key").stat()) is None


def test_the_text_of_a_value_with_an_end_is_the_value(storage: Storage, base: Path) -> None:
    storage.write("key", "value", ttl=HOUR)
    path = base / "db1/agent/key"
    assert path.read_bytes() == b"value"
    assert stat.S_IMODE(path.stat().st_mode) & 0o777 == 0o600


def test_a_value_overwritten_by_another_implementation_expires_no_more(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.write("key", "value", ttl=1)
    (base / "db1/agent/key").write_text("plain")
    monkeypatch.setattr("opswire.agents.storage.expiry.time", lambda: time.time() + HOUR)
    assert storage.read("key", None) == "plain"


def test_a_value_written_again_without_an_end_has_none(storage: Storage) -> None:
    storage.write("key", "value", ttl=HOUR)
    storage.write("key", "value")
    assert [value.expires for value in values()] == [None]


@pytest.mark.parametrize("ttl", [0, -1, float("inf"), float("nan")])
def test_a_time_to_live_must_be_a_positive_number(storage: Storage, ttl: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        storage.write("key", "value", ttl=ttl)
    assert storage.keys() == []


def test_leftovers_of_killed_writers_go_with_the_first_write(
    storage: Storage, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judged by when they were made: that of a value with an end has the end as its time."""
    storage.write("key", "value")
    folder = base / "db1/agent"
    for name in ("%tmp1", "%tmp2", "old"):
        (folder / name).touch()
    os.utime(folder / "%tmp1", (9e9, 9e9))
    age(folder / "%tmp2", 2 * HOUR)
    age(folder / "old", 2 * HOUR)
    made = [(folder / name).stat().st_ctime for name in ("%tmp1", "%tmp2")]
    clock = StoppedClock(monkeypatch)
    for clock.now in (min(made) + HOUR - 1, max(made) - HOUR + 1):
        Storage("agent", "db1").write("key", "value")
        assert {path.name for path in folder.iterdir()} == {"key", "%tmp1", "%tmp2", "old"}
    clock.now = max(made) + HOUR
    Storage("agent", "db1").write("key", "value")
    assert {path.name for path in folder.iterdir()} == {"key", "old"}


def test_leftovers_from_the_future_are_as_old_as_they_are_early(
    storage: Storage, base: Path, clock: Clock
) -> None:
    """A clock that went back must not keep a token for months."""
    storage.write("key", "value")
    (base / "db1/agent/%tmp1").touch()
    clock.ahead = -2 * HOUR
    assert storage.remove_leftovers(older_than=3 * HOUR) == 0
    assert storage.remove_leftovers() == 1
    assert files(base) == {"key"}


def test_leftovers_of_any_age_are_removed_when_told(storage: Storage, base: Path) -> None:
    storage.write("key", "value")
    (base / "db1/agent/%tmp1").touch()
    assert storage.remove_leftovers(older_than=-1) == 1
    assert files(base) == {"key"}
