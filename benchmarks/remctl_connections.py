"""As many threads as open connections, all waiting at the same time."""

import time
from threading import Barrier, Thread

from benchmarks.claim import Absolute, Claim, Connection, Library, Round, Target

CLAIM = Claim(
    name="remctl_connections",
    group="remctl",
    title="64 open connections, 64 threads, a 0.2 s command on each",
    unit="s",
    goal=Absolute(0.35, "s"),
    rounds=7,
    peer_rounds=1,
    warm_up=False,
)
CONNECTIONS = 64


def prepare(library: Library, target: Target) -> Round:
    """The connections are open before the clock runs, and so are the threads."""
    connections = [library.Remctl(*target) for _ in range(CONNECTIONS)]

    def measure() -> float:
        start = Barrier(CONNECTIONS + 1)
        answers: list[str] = []

        def run(connection: Connection) -> None:
            start.wait()
            connection.command(["test", "sleep", "0.2"])
            answers.append(connection.output()[0])

        threads = [Thread(target=run, args=(connection,)) for connection in connections]
        for thread in threads:
            thread.start()
        start.wait()
        started = time.perf_counter()
        for thread in threads:
            thread.join()
        spent = time.perf_counter() - started
        assert answers == ["status"] * CONNECTIONS, answers
        return spent

    return measure
