"""The process of one recipe: measures one round for each line on its standard input.

``python -m benchmarks.recipe_worker BENCHMARK SIDE FOLDER CPU``; SIDE is "ours" or "peer"; CPU
is the number of the processor to stay on, or "any".
"""

import importlib
import os
import sys
from typing import cast

from benchmarks.claim import RecipeBenchmark


def main(arguments: list[str]) -> None:
    """Answer each line with the round's value, until the input ends."""
    benchmark_name, side, folder, cpu = arguments
    if cpu != "any":
        os.sched_setaffinity(0, {int(cpu)})
    benchmark = cast(RecipeBenchmark, importlib.import_module(f"benchmarks.{benchmark_name}"))
    measure = (benchmark.ours if side == "ours" else benchmark.peer)(folder)
    for _ in sys.stdin:
        print(repr(measure()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
