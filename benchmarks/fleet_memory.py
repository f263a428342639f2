"""What a thousand hosts take of memory, two hundred at once."""

import resource
from concurrent.futures import ThreadPoolExecutor

from benchmarks import fleet_hosts
from benchmarks.claim import Absolute, Claim, Clients, Round, Target

CLAIM = Claim(
    name="fleet_memory",
    group="fleet",
    title="the same: peak memory of the process; the peer is 200 threads of one-call `remctl()`",
    unit="MB",
    goal=Absolute(150, "MB"),
    rounds=3,
    peer_rounds=3,
    fresh=True,
    sides=Clients(fleet_hosts.SERVERS),
)


def ours(targets: list[Target]) -> Round:
    """The fleet of fleet_hosts."""
    run = fleet_hosts.ours(targets)

    def measure() -> float:
        run()
        return _peak()

    return measure


def peer(targets: list[Target]) -> Round:
    """A pool of threads."""
    from opswire.remctl import remctl

    def call(number: int) -> int:
        target = targets[number % len(targets)]
        return remctl(*target, ["test", "sleep", str(fleet_hosts.SECONDS)]).status

    def measure() -> float:
        with ThreadPoolExecutor(fleet_hosts.CONCURRENCY) as pool:
            assert sum(pool.map(call, range(fleet_hosts.HOSTS))) == 0
        return _peak()

    return measure


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
