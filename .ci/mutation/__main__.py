"""Breaks named rules in copies of the checkout, and prints what no test noticed.

The exit status is 1 when a mutant survived or its tests took too long, and when a rule says nothing
any more: its text or a test is not there, or the mutant does not compile.
"""

import argparse
import concurrent.futures
import fnmatch
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

sys.path.append(str(Path(__file__).parents[1] / "checks"))
import tree
from check import FOLDER, MARK, Check, end_marked, run
from rule import RULES, Rule, load

CHECKOUT = Path.cwd()
BUILT = CHECKOUT / "build/mutants/built"
EACH_SECONDS = 60
"""Of one test; in a mutant, whatever waits for ever has noticed."""

UNMUTATED_SECONDS = 900.0


@dataclass(frozen=True)
class Verdict:
    """What became of one rule, and by or for what.

    Attributes:
        word: "killed", "SURVIVED", "undecided", "stale" or "broken".
    """

    rule: Rule
    word: str
    reason: str
    seconds: float


class Laboratory:
    """A folder with an unmutated copy, and for a while one for each mutant."""

    def __init__(self, folder: Path) -> None:
        """Nothing happens before `prepare()`."""
        self._folder = folder
        self._unmutated = folder / "unmutated"
        self._running: set[str] = set()

    def prepare(self, rules: list[Rule]) -> str:
        """Copy and build; return why the tests fail without a mutant, empty when they pass."""
        tree.copy_checkout(CHECKOUT, self._unmutated)
        if (CHECKOUT / "setup.py").exists():
            tree.build(CHECKOUT, BUILT)
            tree.add_built(BUILT, self._unmutated)
        tests = list(dict.fromkeys(test for rule in rules for test in rule.tests))
        return self._fault("unmutated", self._unmutated, tests, UNMUTATED_SECONDS, [])

    def examine(self, rule: Rule) -> Verdict:
        """Break one rule and run its tests."""
        begun = time.monotonic()
        # Without a colon: it would part the copy's name in PYTHONPATH.
        copy = self._folder / re.sub(r"[^\w.-]", "-", rule.name)
        shutil.copytree(self._unmutated, copy, symlinks=True)
        try:
            rule.break_in(copy)
            if rule.built:
                tree.rebuild(BUILT, copy, rule.file)
            reason = self._fault(rule.name, copy, list(rule.tests), rule.seconds, ["--exitfirst"])
            word = "killed" if reason else "SURVIVED"
            if reason.startswith("took more than"):
                # One that waits for ever is ended by the limit of its test.
                word = "undecided"
        except tree.BuildError as error:
            word, reason = "broken", str(error)
        finally:
            shutil.rmtree(copy)
        return Verdict(rule, word, reason, time.monotonic() - begun)

    def _fault(
        self, name: str, copy: Path, tests: list[str], seconds: float, options: list[str]
    ) -> str:
        """Run tests in a copy; return what failed, empty when all passed."""
        blank = Check(f"mutant {name}", [], 0)
        command = ["env", "-C", str(copy), sys.executable, "-m", "pytest", "-q"]
        command += ["-p", "no:cacheprovider", f"--timeout={EACH_SECONDS}", *options]
        # A folder of its own, outside of the copy: the names of sockets are short.
        command += [f"--basetemp={copy}.tmp", f"--junit-xml={CHECKOUT / blank.junit}", *tests]
        environment = {"PYTHONPATH": str(copy / "src")}
        check = Check(blank.name, [command], seconds, tests=True, environment=environment)
        self._running.add(check.name)
        try:
            problems = run(check).problems
        finally:
            self._running.discard(check.name)
            shutil.rmtree(f"{copy}.tmp", ignore_errors=True)
        return "; ".join(problem.removeprefix(f"{check.name}: ") for problem in problems)

    def end(self) -> None:
        """End what runs."""
        for name in list(self._running):
            end_marked(f"{os.getpid()}/{name}")


def chosen(rules: list[Rule], patterns: list[str]) -> list[Rule]:
    """The rules whose names have a pattern in them."""
    if not patterns:
        return rules
    return [
        rule
        for rule in rules
        if any(fnmatch.fnmatchcase(rule.name, f"*{pattern}*") for pattern in patterns)
    ]


def examine_all(rules: list[Rule], jobs: int) -> list[Verdict]:
    """Examine the rules, so many at a time; print each verdict when it is there."""
    found = [(rule, rule.fault(CHECKOUT)) for rule in rules]
    verdicts = [Verdict(rule, "stale", fault, 0.0) for rule, fault in found if fault]
    for verdict in verdicts:
        show(verdict)
    sound = [rule for rule, fault in found if not fault]
    if not sound:
        return verdicts
    with tempfile.TemporaryDirectory(prefix="opswire-mutants-") as folder:
        laboratory = Laboratory(Path(folder))
        pool = concurrent.futures.ThreadPoolExecutor(jobs)
        try:
            if fault := laboratory.prepare(sound):
                raise SystemExit(f"without a mutant, too: {fault}")
            futures = [pool.submit(laboratory.examine, rule) for rule in sound]
            for future in concurrent.futures.as_completed(futures):
                verdicts.append(future.result())
                show(verdicts[-1])
        except tree.BuildError as error:
            raise SystemExit(f"without a mutant, too: {error}") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            laboratory.end()
            pool.shutdown()
    return verdicts


def show(verdict: Verdict) -> None:
    """Print one line of the table; more when the compiler has something to say."""
    line = f"{verdict.word:9} {verdict.seconds:6.1f} s  {verdict.rule.name}"
    print(f"{line}  ({verdict.reason})" if verdict.reason else line, flush=True)


def terminate(number: int, frame: FrameType | None) -> None:
    """A signal ends the run in the same way as Ctrl-C, so that no process stays behind."""
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """Run and count."""
    parser = argparse.ArgumentParser(prog=".ci/mutants", description=__doc__)
    parser.add_argument("patterns", nargs="*", metavar="PATTERN", help="part of a rule's name")
    parser.add_argument(
        "-j", type=int, default=len(os.sched_getaffinity(0)), metavar="N", help="mutants at a time"
    )
    parser.add_argument("--rules", type=Path, default=RULES, help="the folder of the rules")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, terminate)
    os.environ.pop(MARK, None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    rules = chosen(load(options.rules), options.patterns)
    if not rules:
        parser.error("no rule is called so")
    begun = time.monotonic()
    verdicts = examine_all(rules, options.j)
    bad = [verdict for verdict in verdicts if verdict.word != "killed"]
    for verdict in bad:
        print(f"{verdict.word}: {verdict.rule.name} ({verdict.rule.file})")
    print(f"{len(verdicts) - len(bad)} killed, {len(bad)} not, {time.monotonic() - begun:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
