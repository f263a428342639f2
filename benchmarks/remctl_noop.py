"""A round trip without a command: framing, wrap and unwrap, and two system calls."""

import time

from benchmarks.claim import Claim, Library, Ratio, Round, Target

CLAIM = Claim(
    name="remctl_noop",
    group="remctl",
    title="client CPU per `noop()`",
    unit="µs",
    goal=Ratio(0.9),
    rounds=101,
    peer_rounds=101,
    pinned=True,
)
CALLS = 1_000


def prepare(library: Library, target: Target) -> Round:
    """One connection for all rounds."""
    connection = library.Remctl(*target)

    def measure() -> float:
        started = time.process_time()
        for _ in range(CALLS):
            connection.noop()
        return (time.process_time() - started) / CALLS * 1e6

    return measure
