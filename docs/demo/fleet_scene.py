"""One command on three hundred hosts at once, some of them dead, from one process.

`./demo` runs this. The hosts are three real servers under many names, and ports that refuse or say
nothing; all are on loopback and gone at the end.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack

from opswire.remctl import Fleet, Outcome
from tests.servers.lame import hanging_port, refusing_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

SERVERS = 3
HOSTS = 300
DEADLINE = 3.0
COMMAND = ("test", "sleep", "0.1")


def verdict(outcome: Outcome) -> str:
    """Tell in a few words what became of a host."""
    if outcome.result is not None:
        return f"status {outcome.result.status}"
    return type(outcome.error).__name__


def library(hosts: list[str]) -> None:
    """Visit all of them from Python."""
    print(f">>> Fleet({len(hosts)} hosts, concurrency=100, deadline={DEADLINE:g}).run({COMMAND})")
    started = time.perf_counter()
    verdicts = Counter(
        verdict(outcome)
        for outcome in Fleet(hosts, concurrency=100, deadline=DEADLINE).run(COMMAND)
    )
    spent = time.perf_counter() - started
    for name, count in verdicts.most_common():
        print(f"    {count:4} x {name}")
    print(f"    {spent:.1f} seconds; one after the other it would be {HOSTS * 0.1:.0f} and more")
    if verdicts["status 0"] != HOSTS:
        raise SystemExit("a host that works has no status 0")


def command_line(hosts: list[str]) -> None:
    """Visit a few of them from the command line, as an administrator does."""
    arguments = ["opswire", "fleet", "run", "--hosts", "-", "--deadline", f"{DEADLINE:g}", "--"]
    arguments += ["test", "echo", "hello"]
    print(f">>> {' '.join(arguments)}")
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        input="\n".join(hosts),
        capture_output=True,
        text=True,
        check=False,
    )
    for line in (done.stdout + done.stderr).splitlines():
        print(f"    {line}")
    print(f"    exit status {done.returncode}")


def main() -> None:
    """Start the servers, visit them, stop them."""
    with ExitStack() as stack:
        realm = stack.enter_context(Realm())
        os.environ.update(realm.environment)
        servers = [stack.enter_context(Remctld(realm)) for _ in range(SERVERS)]
        refusing = f"localhost:{stack.enter_context(refusing_port())}"
        hanging = f"localhost:{stack.enter_context(hanging_port())}"
        print(f"A fleet: {SERVERS} real servers, a port that refuses, one that says nothing.\n")
        working = [f"localhost:{server.port}" for server in servers]
        library([hanging, refusing, *working * (HOSTS // SERVERS)])
        print()
        command_line([*working[:2], refusing])


if __name__ == "__main__":
    main()
