"""100 MB of output, token by token, does not stay in the process."""

from benchmarks.claim import Absolute, Claim, Library, Round, Target
from benchmarks.process_memory import peak_megabytes

CLAIM = Claim(
    name="remctl_output_memory",
    group="remctl",
    title="100 MB through `output()`: peak memory of the process",
    unit="MB",
    goal=Absolute(25, "MB"),
    rounds=3,
    peer_rounds=3,
    fresh=True,
)
OCTETS = 100_000_000


def prepare(library: Library, target: Target) -> Round:
    """A process of its own for each round."""

    def measure() -> float:
        connection = library.Remctl(*target)
        octets = 0
        connection.command(["test", "bytes", str(OCTETS)])
        while (token := connection.output())[0] == "output":
            octets += len(token[1])
        assert octets == OCTETS, octets
        return peak_megabytes()

    return measure
