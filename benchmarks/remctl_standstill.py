"""While one thread waits for output, the others run."""

import time
from threading import Event, Thread

from benchmarks.claim import Absolute, Claim, Library, Round, Target

CLAIM = Claim(
    name="remctl_standstill",
    group="remctl",
    title="longest standstill of another thread during a 1 s `output()`",
    unit="ms",
    goal=Absolute(10, "ms"),
    rounds=7,
    peer_rounds=3,
    warm_up=False,
)
TICK_SECONDS = 0.0005


def prepare(library: Library, target: Target) -> Round:
    """One connection for all rounds."""
    connection = library.Remctl(*target)

    def measure() -> float:
        finished = Event()
        longest = 0.0

        def tick() -> None:
            nonlocal longest
            previous = time.perf_counter()
            while not finished.is_set():
                time.sleep(TICK_SECONDS)
                now = time.perf_counter()
                longest = max(longest, now - previous)
                previous = now

        other = Thread(target=tick)
        connection.command(["test", "sleep", "1"])
        other.start()
        answer = connection.output()[0]
        finished.set()
        other.join()
        assert answer == "status", answer
        return longest * 1e3

    return measure
