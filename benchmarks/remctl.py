"""The claims of the remctl client; the peer is Debian's python3-pyremctl."""

from functools import partial

from benchmarks.claim import Absolute, Claim, Libraries, Ratio
from benchmarks.recipes import remctl

_claim = partial(Claim, group="remctl")
_cpu = partial(_claim, unit="µs", rounds=101, peer_rounds=101, pinned=True)
_memory = partial(_claim, unit="MB", rounds=3, peer_rounds=3, fresh=True)
_waiting = partial(_claim, rounds=7, warm_up=False)

CLAIMS: tuple[Claim, ...] = (
    _cpu(
        name="remctl_noop",
        title="client CPU per `noop()`",
        goal=Ratio(0.9),
        sides=Libraries(remctl.noop),
    ),
    _cpu(
        name="remctl_command",
        title="client CPU per trivial command on one connection",
        goal=Ratio(0.6),
        sides=Libraries(remctl.command),
    ),
    _cpu(
        name="remctl_simple",
        title="client CPU per one-call `remctl()`",
        goal=Ratio(0.75),
        sides=Libraries(remctl.simple),
    ),
    _claim(
        name="remctl_latency",
        title="a command with a line of output on one connection, until its status",
        unit="ms",
        goal=Ratio(0.2),
        rounds=7,
        peer_rounds=7,
        sides=Libraries(remctl.latency),
    ),
    _claim(
        name="remctl_output",
        title="100 MB of output: client CPU per MB",
        unit="ms",
        goal=Ratio(1.02),
        rounds=15,
        peer_rounds=15,
        sides=Libraries(remctl.output),
        pinned=True,
    ),
    _memory(
        name="remctl_output_memory",
        title="100 MB through `output()`: peak memory of the process",
        goal=Absolute(25, "MB"),
        sides=Libraries(remctl.output_memory),
    ),
    _memory(
        name="remctl_simple_memory",
        title="100 MB through one-call `remctl()`: peak memory of the process",
        goal=Absolute(140, "MB"),
        sides=Libraries(remctl.simple_memory),
    ),
    _waiting(
        name="remctl_threads",
        title="64 calls of a 0.2 s command from 16 threads",
        unit="s",
        goal=Absolute(1.1, "s"),
        peer_rounds=1,
        sides=Libraries(remctl.threads),
    ),
    _waiting(
        name="remctl_connections",
        title="64 open connections, 64 threads, a 0.2 s command on each",
        unit="s",
        goal=Absolute(0.35, "s"),
        peer_rounds=1,
        sides=Libraries(remctl.connections),
    ),
    _waiting(
        name="remctl_standstill",
        title="longest standstill of another thread during a 1 s `output()`",
        unit="ms",
        goal=Absolute(10, "ms"),
        peer_rounds=3,
        sides=Libraries(remctl.standstill),
    ),
)
