"""A command without output on an open connection; the server forks for it, the client waits."""

import time

from benchmarks.claim import Claim, Library, Ratio, Round, Target

CLAIM = Claim(
    name="remctl_command",
    group="remctl",
    title="client CPU per trivial command on one connection",
    unit="µs",
    goal=Ratio(0.6),
    rounds=101,
    peer_rounds=101,
    pinned=True,
)
COMMANDS = 100


def prepare(library: Library, target: Target) -> Round:
    """One connection for all rounds."""
    connection = library.Remctl(*target)

    def measure() -> float:
        started = time.process_time()
        for _ in range(COMMANDS):
            connection.command(["test", "true"])
            while connection.output()[0] == "output":
                pass
        return (time.process_time() - started) / COMMANDS * 1e6

    return measure
