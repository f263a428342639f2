"""100 MB of output, token by token; remctld's tokens are 4 KB, so decryption is nearly all."""

import time

from benchmarks.claim import Claim, Library, Ratio, Round, Target

CLAIM = Claim(
    name="remctl_output",
    group="remctl",
    title="100 MB of output: client CPU per MB",
    unit="ms",
    goal=Ratio(1.02),
    rounds=15,
    peer_rounds=15,
    pinned=True,
)
MEGABYTES = 100


def prepare(library: Library, target: Target) -> Round:
    """One connection for all rounds."""
    connection = library.Remctl(*target)

    def measure() -> float:
        started = time.process_time()
        octets = 0
        connection.command(["test", "bytes", str(MEGABYTES * 1_000_000)])
        while (token := connection.output())[0] == "output":
            octets += len(token[1])
        spent = time.process_time() - started
        assert octets == MEGABYTES * 1_000_000, octets
        return spent / MEGABYTES * 1e3

    return measure
