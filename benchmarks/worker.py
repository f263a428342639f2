"""The client process: measures one round for each line on its standard input.

``python -m benchmarks.worker BENCHMARK LIBRARY CPU HOST PORT PRINCIPAL``; CPU is the number of
the processor to stay on, or "any". Plain lines instead of JSON keep the process small, because
its memory is one of the figures.
"""

import importlib
import os
import sys
from typing import cast

from benchmarks.claim import Benchmark, Library, Target


def main(arguments: list[str]) -> None:
    """Answer each line with the round's value, until the input ends."""
    benchmark_name, library_name, cpu, host, port, principal = arguments
    if cpu != "any":
        os.sched_setaffinity(0, {int(cpu)})
    benchmark = cast(Benchmark, importlib.import_module(f"benchmarks.{benchmark_name}"))
    library = cast(Library, importlib.import_module(library_name))
    measure = benchmark.prepare(library, Target(host, int(port), principal))
    for _ in sys.stdin:
        print(repr(measure()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
