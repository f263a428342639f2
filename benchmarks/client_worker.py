"""The process of one function of a ClientBenchmark: a round for each line on its standard input.

``python -m benchmarks.client_worker BENCHMARK SIDE CPU [HOST PORT PRINCIPAL]…``; SIDE is "ours" or
"peer", CPU the number of the processor to stay on, or "any".
"""

import importlib
import os
import sys
from typing import cast

from benchmarks.claim import ClientBenchmark, Target


def main(arguments: list[str]) -> None:
    """Answer each line with the round's value, until the input ends."""
    benchmark_name, side, cpu, *places = arguments
    if cpu != "any":
        os.sched_setaffinity(0, {int(cpu)})
    targets = [
        Target(places[index], int(places[index + 1]), places[index + 2])
        for index in range(0, len(places), 3)
    ]
    benchmark = cast(ClientBenchmark, importlib.import_module(f"benchmarks.{benchmark_name}"))
    measure = (benchmark.ours if side == "ours" else benchmark.peer)(targets)
    for _ in sys.stdin:
        print(repr(measure()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
