"""The claims of the fleet and of the command line; the peers are named in the titles."""

from functools import partial

from benchmarks.claim import Absolute, Claim, Clients, Difference, Programs, Ratio
from benchmarks.recipes import fleet, lame_hosts

_claim = partial(Claim, group="fleet")
_noop = partial(_claim, unit="µs", goal=Ratio(2.5), rounds=15, peer_rounds=15, pinned=True)

CLAIMS: tuple[Claim, ...] = (
    _claim(
        name="fleet_connections",
        title=(
            "64 open connections, one task group, a 0.2 s command on each; the peer is 64 threads"
        ),
        unit="s",
        goal=Absolute(0.35, "s"),
        rounds=7,
        peer_rounds=7,
        sides=Clients(fleet.connections, fleet.connections_on_threads),
    ),
    _claim(
        name="fleet_hosts",
        title=(
            "`Fleet`: 1,000 logical hosts on 8 servers, a 0.1 s command, 200 at once; the peer is "
            "what the servers can do, or the sleeping alone"
        ),
        unit="s",
        goal=Ratio(1.5),
        rounds=5,
        peer_rounds=5,
        sides=Clients(fleet.hosts, fleet.call_rate, fleet.SERVERS),
    ),
    _claim(
        name="fleet_memory",
        title=(
            "the same: peak memory of the process; the peer is 200 threads of one-call `remctl()`"
        ),
        unit="MB",
        goal=Absolute(150, "MB"),
        rounds=3,
        peer_rounds=3,
        sides=Clients(fleet.memory, fleet.memory_of_threads, fleet.SERVERS),
        fresh=True,
    ),
    _noop(
        name="fleet_noop",
        title=(
            "client CPU per `await noop()` on asyncio's own loop; the peer is our blocking `noop()`"
        ),
        sides=Clients(fleet.noop, fleet.blocking_noop),
    ),
    _noop(
        name="fleet_noop_uvloop",
        title="the same on uvloop",
        sides=Clients(fleet.noop_on_uvloop, fleet.blocking_noop),
    ),
    _claim(
        name="cli_cold_start",
        title="`opswire remctl`: wall time above remctl(1)",
        unit="ms",
        goal=Difference(80, "ms"),
        rounds=31,
        peer_rounds=31,
        sides=Programs(fleet.cold_start),
    ),
    _claim(
        name="fleet_lame",
        title=(
            "300 hosts, of which 30 are dead, 5 hang and 5 refuse, 5 s for each; the peer is 300 "
            "threads of one-call `remctl()`"
        ),
        unit="s",
        goal=Absolute(lame_hosts.DEADLINE * 1.1, "s"),
        rounds=3,
        peer_rounds=3,
        sides=Clients(lame_hosts.fleet, lame_hosts.threads, fleet.SERVERS),
        warm_up=False,
    ),
)
