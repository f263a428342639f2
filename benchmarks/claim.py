"""What a row of the tables declares: a claim with its goal, and how it is measured.

Named tuples, because the workers import this file and dataclasses would show in their memory.
"""

import importlib
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


#: In place of a folder: an ext4 that is made for the run (see ext4_disk.py).
EXT4 = "ext4"


class Libraries(NamedTuple):
    """The two sides are modules, clients of a server.

    `prepare` opens what the rounds need; what it returns measures one round, in the claim's unit.
    """

    prepare: Callable[[Library, Target], Round]


class Programs(NamedTuple):
    """The two sides are programs; `prepare` is given the first words of the command line."""

    prepare: Callable[[list[str], Target], Round]


Recipe = Callable[[str], Round]


class Recipes(NamedTuple):
    """The two sides are functions without a server: with opswire, and without."""

    ours: Recipe
    peer: Recipe
    #: Where each gets an empty folder of its own: an existing one, or EXT4.
    folder: str = "."


class Clients(NamedTuple):
    """The two sides are functions, clients of servers: the claim's way, and another."""

    ours: Callable[[list[Target]], Round]
    peer: Callable[[list[Target]], Round]
    #: How many.
    servers: int = 1


Sides = Libraries | Programs | Recipes | Clients


class Claim(NamedTuple):
    """One figure. `peer_rounds` is smaller where the peer takes seconds for each."""

    name: str
    #: The module of its table, too.
    group: str
    title: str
    unit: str
    goal: Goal
    rounds: int
    peer_rounds: int
    #: What is compared.
    sides: Sides
    #: Client and server share one CPU: CPU times then spread by 3 %, else by a factor.
    pinned: bool = False
    #: A new process for each round, without a warm-up: for what a process keeps, as memory.
    fresh: bool = False
    #: Whether the first round is thrown away; not where only seconds of waiting are compared.
    warm_up: bool = True


def declared(group: str, name: str) -> Claim:
    """A row, of which only its own table is imported: what workers import shows in their memory."""
    table: tuple[Claim, ...] = importlib.import_module(f"benchmarks.{group}").CLAIMS
    (claim,) = (claim for claim in table if claim.name == name)
    return claim
