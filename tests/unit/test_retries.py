"""When a host of a fleet is tried again, and after which pause."""

import asyncio
import random

import pytest

from opswire.errors import (
    OpswireError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlTimeoutError,
)
from opswire.remctl import FleetHost, Result
from opswire.remctl.fleet import host_visit
from tests.unit.clock import Clock
from tests.unit.test_deadlines import result_of


class Failing:
    """A connection that cannot be opened."""

    error: OpswireError = RemctlConnectError("refused")

    def __init__(self, **options: object) -> None:
        pass

    async def __aenter__(self) -> "Failing":
        return self

    async def __aexit__(self, *error: object) -> None:
        pass

    async def open(self, *where: object, deadline: float | None) -> None:
        raise self.error


class Pauses(list[float]):
    """The pauses that were made; each lets as much time pass."""

    clock = Clock()

    async def make(self, seconds: float) -> None:
        """In place of asyncio.sleep."""
        self.append(round(seconds, 6))
        self.clock.go_on(seconds)


class Chance(list[tuple[float, float]]):
    """The ranges of which a number was wanted; it is always the greatest."""

    def choose(self, least: float, greatest: float) -> float:
        """In place of random.uniform."""
        self.append((least, greatest))
        return greatest


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """No pause takes time."""
    made = Pauses()
    monkeypatch.setattr(host_visit, "AsyncRemctl", Failing)
    monkeypatch.setattr(host_visit, "monotonic", made.clock)
    monkeypatch.setattr(asyncio, "sleep", made.make)
    return made


@pytest.fixture(autouse=True)
def chance(monkeypatch: pytest.MonkeyPatch) -> Chance:
    """Nothing is left to chance."""
    made = Chance()
    monkeypatch.setattr(random, "uniform", made.choose)
    return made


def visited(retries: int, deadline: float | None = None) -> host_visit.Outcome:
    """The outcome of a host that cannot be reached."""
    orders = host_visit.Orders(
        [b"test"], None, None, None, deadline, retries, None, None, False, 100
    )
    return result_of(host_visit.run_on_host(FleetHost("db1"), orders))


def test_pauses_are_doubled_up_to_five_seconds(pauses: Pauses) -> None:
    outcome = visited(8)
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]
    assert outcome.attempts == 9
    assert outcome.seconds == pytest.approx(sum(pauses))


def test_a_pause_is_half_of_that_or_more(chance: Chance) -> None:
    """Hosts that failed together do not come again together."""
    visited(1)
    assert set(chance) == {(0.5, 1.0)}


def test_there_are_as_many_further_attempts_as_asked_for(pauses: Pauses) -> None:
    assert visited(0).attempts == 1
    assert pauses == []
    assert visited(2).attempts == 3


def test_no_pause_goes_beyond_the_deadline(pauses: Pauses) -> None:
    """After 0.2 and 0.4 seconds the next one would end after 1.4."""
    outcome = visited(8, deadline=1.0)
    assert pauses == [0.2, 0.4]
    assert (outcome.attempts, type(outcome.error)) == (3, RemctlConnectError)


def test_a_pause_to_the_deadline_itself_is_one_too_many(pauses: Pauses) -> None:
    """Nothing would be left for the attempt."""
    assert visited(8, deadline=0.2).attempts == 1
    assert pauses == []


@pytest.mark.parametrize(
    ("result", "ok"),
    [(Result(b"", b"", 0), True), (Result(b"", b"", 1), False), (None, False)],
)
def test_a_host_is_well_when_its_command_ended_with_status_0(
    result: Result | None, ok: bool
) -> None:
    assert host_visit.Outcome(FleetHost("db1"), result, None, 0.0, 1).ok is ok


def test_what_a_host_says_of_itself_wins_over_the_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port and principal."""
    where: list[tuple[object, ...]] = []

    async def opened(self: Failing, *arguments: object, deadline: float | None) -> None:
        where.append(arguments)
        raise self.error

    monkeypatch.setattr(Failing, "open", opened)
    orders = host_visit.Orders([b"test"], 4444, "host/fleet", None, None, 0, None, None, False, 100)
    for host in (FleetHost("db1"), FleetHost("db2", 1, "host/db2")):
        result_of(host_visit.run_on_host(host, orders))
    assert where == [("db1", 4444, "host/fleet"), ("db2", 1, "host/db2")]


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (RemctlConnectError("refused"), 3),
        (RemctlConnectTimeoutError("timed out"), 3),
        (RemctlTimeoutError("timed out"), 1),
        (RemctlError("broken off"), 1),
    ],
)
def test_only_what_no_server_has_seen_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, error: OpswireError, attempts: int
) -> None:
    """A command that may have run does not run twice."""
    monkeypatch.setattr(Failing, "error", error)
    outcome = visited(2)
    assert (outcome.attempts, outcome.error) == (attempts, error)
