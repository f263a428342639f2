"""100 MB in one answer are held once."""

from benchmarks.claim import Absolute, Claim, Library, Round, Target
from benchmarks.process_memory import peak_megabytes

CLAIM = Claim(
    name="remctl_simple_memory",
    group="remctl",
    title="100 MB through one-call `remctl()`: peak memory of the process",
    unit="MB",
    goal=Absolute(140, "MB"),
    rounds=3,
    peer_rounds=3,
    fresh=True,
)
OCTETS = 100_000_000


def prepare(library: Library, target: Target) -> Round:
    """A process of its own for each round."""

    def measure() -> float:
        result = library.remctl(*target, ["test", "bytes", str(OCTETS)])
        assert len(result.stdout or b"") == OCTETS
        return peak_megabytes()

    return measure
