"""A command with a line of output on an open connection: how long a person waits for it."""

import time

from benchmarks.claim import Claim, Library, Ratio, Round, Target

CLAIM = Claim(
    name="remctl_latency",
    group="remctl",
    title="a command with a line of output on one connection, until its status",
    unit="ms",
    goal=Ratio(0.2),
    rounds=7,
    peer_rounds=7,
)
COMMANDS = 20


def prepare(library: Library, target: Target) -> Round:
    """One connection for all rounds."""
    connection = library.Remctl(*target)

    def measure() -> float:
        started = time.perf_counter()
        for _ in range(COMMANDS):
            connection.command(["test", "echo", "hello"])
            while connection.output()[0] == "output":
                pass
        return (time.perf_counter() - started) / COMMANDS * 1e3

    return measure
