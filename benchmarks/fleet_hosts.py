"""A thousand hosts on eight servers, two hundred at once."""

import time
from multiprocessing import get_context

from benchmarks.claim import Claim, Clients, Ratio, Round, Target

SERVERS = 8
HOSTS = 1000
CONCURRENCY = 200
SECONDS = 0.1

CLAIM = Claim(
    name="fleet_hosts",
    group="fleet",
    title=(
        "`Fleet`: 1,000 logical hosts on 8 servers, a 0.1 s command, 200 at once; the peer is what "
        "the servers can do, or the sleeping alone"
    ),
    unit="s",
    goal=Ratio(1.5),
    rounds=5,
    peer_rounds=5,
    sides=Clients(SERVERS),
)


def ours(targets: list[Target]) -> Round:
    """Every host has a connection of its own."""
    from opswire.remctl import Fleet, FleetHost

    hosts = [FleetHost(*targets[number % SERVERS]) for number in range(HOSTS)]
    fleet = Fleet(hosts, concurrency=CONCURRENCY, deadline=60)

    def measure() -> float:
        started = time.perf_counter()
        outcomes = list(fleet.run(["test", "sleep", str(SECONDS)]))
        spent = time.perf_counter() - started
        assert len(outcomes) == HOSTS
        assert all(outcome.ok for outcome in outcomes), [o for o in outcomes if not o.ok][:3]
        return spent

    return measure


def peer(targets: list[Target]) -> Round:
    """The servers' own call rate: as many trivial commands, by a blocking client for each server.

    The clients share the processors with the servers, as the fleet does; upstream's own program
    would take longer for starting a process each time.
    """

    def measure() -> float:
        fork = get_context("fork")
        clients = [fork.Process(target=_call, args=(target,)) for target in targets]
        started = time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        spent = time.perf_counter() - started
        assert [client.exitcode for client in clients] == [0] * SERVERS
        return max(spent, HOSTS / CONCURRENCY * SECONDS)

    return measure


def _call(target: Target) -> None:
    from opswire.remctl import remctl

    for _ in range(HOSTS // SERVERS):
        assert remctl(*target, ["test", "true"]).status == 0
