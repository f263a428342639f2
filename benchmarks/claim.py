"""What a benchmark file declares: a claim with its goal, and how it is measured.

Named tuples, because the workers import this file and dataclasses would show in their memory.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol


class SimpleResult(Protocol):
    """The answer of the one-call function."""

    @property
    def stdout(self) -> bytes | None:
        """What the command wrote."""

    @property
    def status(self) -> int:
        """The command's exit status."""


class Connection(Protocol):
    """The full interface, as far as both libraries and the claims use it."""

    def command(self, command: list[str]) -> None:
        """Send a command."""

    def output(self) -> tuple[Any, ...]:
        """Wait for the next token of the answer: its type ("output", "status" …), its octets …

        The peer gives a bare tuple, so nobody reads it by names.
        """

    def noop(self) -> object:
        """Make a round trip without a command."""

    def close(self) -> None:
        """Leave."""


class Library(Protocol):
    """opswire.remctl or the peer's module."""

    @property
    def Remctl(self) -> Callable[[str, int, str], Connection]:
        """Open a connection to host, port, principal."""

    @property
    def remctl(self) -> Callable[[str, int, str, list[str]], SimpleResult]:
        """Run one command on a connection of its own."""


class Target(NamedTuple):
    """Where the server is."""

    host: str
    port: int
    principal: str


class Ratio(NamedTuple):
    """A goal: ours over the peer's, median of the rounds' ratios."""

    at_most: float

    def __str__(self) -> str:
        return f"≤ {self.at_most:g} ×"  # noqa: RUF001 - the sign for "times"


class Absolute(NamedTuple):
    """A goal: the median of ours, in the claim's unit."""

    at_most: float
    unit: str

    def __str__(self) -> str:
        return f"≤ {self.at_most:g} {self.unit}"


class Difference(NamedTuple):
    """A goal: ours minus the peer's, median of the rounds' differences, in the claim's unit."""

    at_most: float
    unit: str

    def __str__(self) -> str:
        return f"≤ peer + {self.at_most:g} {self.unit}"


Goal = Ratio | Absolute | Difference
Round = Callable[[], float]


class Libraries(NamedTuple):
    """The two sides are modules, clients of a server, and the file is a Benchmark."""


class Programs(NamedTuple):
    """The two sides are programs to be started, and the file is a ProgramBenchmark."""


#: In place of a folder: an ext4 that is made for the run (see ext4_disk.py).
EXT4 = "ext4"


class Recipes(NamedTuple):
    """The two sides are functions of the file, without a server: it is a RecipeBenchmark."""

    #: Where each gets an empty folder of its own: an existing one, or EXT4.
    folder: str


class Clients(NamedTuple):
    """The two sides are functions of the file, clients of servers: it is a ClientBenchmark."""

    #: How many.
    servers: int = 1


Sides = Libraries | Programs | Recipes | Clients


class Claim(NamedTuple):
    """One figure. `peer_rounds` is smaller where the peer takes seconds for each."""

    name: str
    group: str
    title: str
    unit: str
    goal: Goal
    rounds: int
    peer_rounds: int
    #: Client and server share one CPU: CPU times then spread by 3 %, else by a factor.
    pinned: bool = False
    #: A new process for each round, without a warm-up: for what a process keeps, as memory.
    fresh: bool = False
    #: Whether the first round is thrown away; not where only seconds of waiting are compared.
    warm_up: bool = True
    #: What is compared.
    sides: Sides = Libraries()


class Benchmark(Protocol):
    """A benchmark file whose two sides are libraries, as a module."""

    CLAIM: Claim

    def prepare(self, library: Library, target: Target) -> Round:
        """Open what the rounds need; what is returned measures one round, in the claim's unit."""


class ProgramBenchmark(Protocol):
    """A benchmark file whose two sides are programs, as a module."""

    CLAIM: Claim

    def prepare(self, program: list[str], target: Target) -> Round:
        """What is returned measures one round; program: the first words of its command line."""


class RecipeBenchmark(Protocol):
    """A benchmark file with two recipes, as a module; what each returns measures one round."""

    CLAIM: Claim

    def ours(self, folder: str) -> Round:
        """With opswire."""

    def peer(self, folder: str) -> Round:
        """Without."""


class ClientBenchmark(Protocol):
    """A benchmark file with two ways to use servers, as a module; each returns what measures."""

    CLAIM: Claim

    def ours(self, targets: list[Target]) -> Round:
        """The way that the claim is about."""

    def peer(self, targets: list[Target]) -> Round:
        """The way that it is compared with."""
