"""The process of one side: measures one round for each line on its standard input.

``python -m benchmarks.worker GROUP NAME SIDE CPU WHERE…``; SIDE is "ours" or "peer", or a module or
the first words of a command line where these are compared; CPU is the number of the processor to
stay on, or "any"; WHERE is a folder, or HOST PORT PRINCIPAL for each server. Plain lines instead of
JSON keep the process small, because its memory is one of the figures.
"""

import importlib
import os
import shlex
import sys
from typing import cast

from benchmarks.claim import Claim, Clients, Library, Programs, Recipes, Round, Target, declared


def main(arguments: list[str]) -> None:
    """Answer each line with the round's value, until the input ends."""
    group, name, side, cpu, *where = arguments
    if cpu != "any":
        os.sched_setaffinity(0, {int(cpu)})
    measure = _prepared(declared(group, name), side, where)
    for _ in sys.stdin:
        print(repr(measure()), flush=True)


def _prepared(claim: Claim, side: str, where: list[str]) -> Round:
    sides = claim.sides
    if isinstance(sides, Recipes):
        return (sides.ours if side == "ours" else sides.peer)(*where)
    targets = [
        Target(where[index], int(where[index + 1]), where[index + 2])
        for index in range(0, len(where), 3)
    ]
    if isinstance(sides, Clients):
        return (sides.ours if side == "ours" else sides.peer)(targets)
    if isinstance(sides, Programs):
        return sides.prepare(shlex.split(side), targets[0])
    return sides.prepare(cast(Library, importlib.import_module(side)), targets[0])


if __name__ == "__main__":
    main(sys.argv[1:])
