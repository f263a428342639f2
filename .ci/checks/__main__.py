"""Runs the checks of `./test`, some at a time, and ends with "N passed, M failed".

A check that fails stops only those that need it.
"""

import argparse
import concurrent.futures
import os
import signal
import sys
from collections.abc import Iterable
from types import FrameType

import interpreters
from check import FOLDER, MARK, Check, Outcome, end_marked, run
from plan import Extent, plan

# One more than there are cores: everything waits for a disk or a process now and then.
SLOTS = max(3, len(os.sched_getaffinity(0)) + 1)
SHOWN_LINES = 200


class Board:
    """What waits, what runs and what came out."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._waiting = list(checks)
        self._running: dict[concurrent.futures.Future[Outcome], Check] = {}
        self.outcomes: list[Outcome] = []

    def work(self) -> None:
        """Run everything; when interrupted, end what runs."""
        # _start_ready() says how many run at once.
        pool = concurrent.futures.ThreadPoolExecutor(len(self._waiting) or 1)
        try:
            while self._waiting or self._running:
                self._start_ready(pool)
                done, _ = concurrent.futures.wait(
                    self._running, return_when=concurrent.futures.FIRST_COMPLETED
                )
                for future in done:
                    del self._running[future]
                    self._finish(future.result())
        finally:
            for check in self._running.values():
                end_marked(f"{os.getpid()}/{check.name}")
            pool.shutdown(cancel_futures=True)

    def _start_ready(self, pool: concurrent.futures.ThreadPoolExecutor) -> None:
        for check in list(self._waiting):
            if self._drop_hopeless(check) or not self._ready(check):
                continue
            free = SLOTS - sum(running.cores for running in self._running.values())
            if check.cores <= free:
                self._waiting.remove(check)
                self._running[pool.submit(run, check)] = check
            elif check.cores > 1:
                return  # or the small ones would keep it waiting for ever

    def _ready(self, check: Check) -> bool:
        passed = {outcome.check.name for outcome in self.outcomes if not outcome.problems}
        return passed.issuperset(check.after)

    def _drop_hopeless(self, check: Check) -> bool:
        failed = {outcome.check.name for outcome in self.outcomes if outcome.problems}
        cause = failed.intersection(check.after)
        if cause:
            self._waiting.remove(check)
            problem = f"{check.name}: not run, because {', '.join(cause)} failed"
            self._finish(Outcome(check, 0.0, 0, [problem]))
        return bool(cause)

    def _finish(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        word = "FAILED" if outcome.problems else "ok"
        count = f"  ({outcome.passed} tests)" if outcome.check.tests else ""
        if outcome.output:
            lines = outcome.output.splitlines()
            print(f"--- {outcome.check.name}: the end of {outcome.check.log}")
            print("\n".join(lines[-SHOWN_LINES:]))
            print("---")
        print(f"{word:6} {outcome.seconds:6.1f} s  {outcome.check.name}{count}", flush=True)


def chosen(checks: list[Check], names: list[str]) -> list[Check]:
    """The checks whose names begin with one of `names`, and those that they need."""
    if not names:
        return checks
    wanted = {check.name for check in checks if check.name.startswith(tuple(names))}
    for check in reversed(checks):
        if check.name in wanted:
            wanted.update(check.after)
    return [check for check in checks if check.name in wanted]


def terminate(number: int, frame: FrameType | None) -> None:
    """A signal ends the run in the same way as Ctrl-C, so that no process stays behind."""
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """Run and count; the exit status is 0 when something ran and everything passed."""
    parser = argparse.ArgumentParser(prog="./test", description="Run the checks of opswire.")
    parser.add_argument(
        "names", nargs="*", help="only checks whose names begin so, and their needs"
    )
    parser.add_argument(
        "--long", action="store_true", help="whole matrices, fuzzing for time, every CPython: hours"
    )
    options = parser.parse_args(arguments)
    names: list[str] = options.names
    signal.signal(signal.SIGTERM, terminate)
    os.environ.pop(MARK, None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = interpreters.found()
    missing = []
    for minor in interpreters.SUPPORTED:
        path = sys.executable if minor == sys.version_info.minor else found.get(minor)
        print(f"CPython 3.{minor}: {path or 'not found, so its unit suite does not run'}")
        if options.long and not names and path is None:
            missing.append(f"CPython 3.{minor} was not found")
    sys.stdout.flush()
    board = Board(chosen(plan(found, Extent(options.long)), names))
    board.work()
    problems = missing + [problem for done in board.outcomes for problem in done.problems]
    if not board.outcomes:
        problems = [f"no check is called {' or '.join(names)}"]
    for problem in problems:
        print(f"failed: {problem}")
    print(f"{sum(outcome.passed for outcome in board.outcomes)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
