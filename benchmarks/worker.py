"""The client process: measures one round for each line on its standard input.

``python -m benchmarks.worker BENCHMARK SIDE CPU HOST PORT PRINCIPAL``; SIDE is a module, or the
first words of a command line for a benchmark of programs; CPU is the number of the processor to
stay on, or "any". Plain lines instead of JSON keep the process small, because
its memory is one of the figures.
"""

import importlib
import os
import shlex
import sys
from typing import cast

from benchmarks.claim import Benchmark, Library, ProgramBenchmark, Programs, Target


def main(arguments: list[str]) -> None:
    """Answer each line with the round's value, until the input ends."""
    benchmark_name, side, cpu, host, port, principal = arguments
    if cpu != "any":
        os.sched_setaffinity(0, {int(cpu)})
    target = Target(host, int(port), principal)
    module = importlib.import_module(f"benchmarks.{benchmark_name}")
    if isinstance(module.CLAIM.sides, Programs):
        measure = cast(ProgramBenchmark, module).prepare(shlex.split(side), target)
    else:
        library = cast(Library, importlib.import_module(side))
        measure = cast(Benchmark, module).prepare(library, target)
    for _ in sys.stdin:
        print(repr(measure()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
