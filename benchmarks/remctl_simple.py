"""The one-call function: name lookup, connection, authentication, command, end."""

import time

from benchmarks.claim import Claim, Library, Ratio, Round, Target

CLAIM = Claim(
    name="remctl_simple",
    group="remctl",
    title="client CPU per one-call `remctl()`",
    unit="µs",
    goal=Ratio(0.75),
    rounds=101,
    peer_rounds=101,
    pinned=True,
)
CALLS = 40


def prepare(library: Library, target: Target) -> Round:
    """A connection for each call, as the function does."""

    def measure() -> float:
        started = time.process_time()
        for _ in range(CALLS):
            library.remctl(*target, ["test", "true"])
        return (time.process_time() - started) / CALLS * 1e6

    return measure
