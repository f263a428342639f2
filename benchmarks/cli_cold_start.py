"""What a shell script waits for: start the program, run a trivial command, end."""

import subprocess
import time

from benchmarks.claim import Claim, Difference, Programs, Round, Target

CLAIM = Claim(
    name="cli_cold_start",
    group="fleet",
    title="`opswire remctl`: wall time above remctl(1)",
    unit="ms",
    goal=Difference(80, "ms"),
    rounds=31,
    peer_rounds=31,
    sides=Programs(),
)


def prepare(program: list[str], target: Target) -> Round:
    """A process for each round; the disk caches are warm after the first."""
    command = [*program, "-p", str(target.port), "-s", target.principal, target.host]

    def measure() -> float:
        started = time.perf_counter()
        subprocess.run([*command, "test", "true"], check=True)
        return (time.perf_counter() - started) * 1e3

    return measure
