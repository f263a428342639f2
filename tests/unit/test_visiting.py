"""How far visits go when nobody takes their outcomes."""

import asyncio

from opswire.remctl import FleetHost, Result
from opswire.remctl.fleet.host_visit import Outcome
from opswire.visiting import Visits

HOSTS = [FleetHost(f"db{number}") for number in range(20)]


async def visit(host: FleetHost) -> Outcome:
    """Take a turn of the event loop."""
    await asyncio.sleep(0)
    return Outcome(host, Result(b"", b"", 0), None, 0.0, 1)


async def standing_still(visits: Visits[FleetHost, Outcome]) -> int:
    """Begin, go on until nothing happens any more, and tell how many outcomes came at once."""
    visits.start()
    for _ in range(200):
        await asyncio.sleep(0)
    outcomes = await visits.take()
    await visits.end()
    return len(outcomes)


def test_one_host_at_once_leaves_one_outcome_to_be_taken() -> None:
    """The next one is begun when that was taken."""
    assert asyncio.run(standing_still(Visits(HOSTS, 1, visit))) == 1


def test_outcomes_that_wait_are_fewer_than_twice_as_many_as_hosts_at_once() -> None:
    """Those that were being visited when there were enough."""
    for concurrency in (2, 3, 7):
        count = asyncio.run(standing_still(Visits(HOSTS, concurrency, visit)))
        assert concurrency <= count < 2 * concurrency


def test_everything_comes_to_those_who_take() -> None:
    async def taken() -> list[FleetHost]:
        visits = Visits(HOSTS, 3, visit)
        visits.start()
        found = []
        while outcomes := await visits.take():
            found += [outcome.host for outcome in outcomes]
        return found

    assert sorted(asyncio.run(taken())) == sorted(HOSTS)
