"""Calls of a remctl client, by either library.

What a function needs beyond `time` it imports itself: the memory of the process is a figure, too.
"""

import time

from benchmarks.claim import Connection, Library, Round, Target
from benchmarks.recipes.process_memory import peak_megabytes

CONNECTIONS = 64
OCTETS = 100_000_000


def noop(library: Library, target: Target, calls: int = 1_000) -> Round:
    """A round trip without a command: framing, wrap and unwrap, and two system calls."""
    connection = library.Remctl(*target)

    def measure() -> float:
        started = time.process_time()
        for _ in range(calls):
            connection.noop()
        return (time.process_time() - started) / calls * 1e6

    return measure


def command(library: Library, target: Target) -> Round:
    """A command without output on an open connection; the server forks for it, the client waits."""
    connection = library.Remctl(*target)
    commands = 100

    def measure() -> float:
        started = time.process_time()
        for _ in range(commands):
            _run(connection, "true")
        return (time.process_time() - started) / commands * 1e6

    return measure


def simple(library: Library, target: Target) -> Round:
    """The one-call function: name lookup, connection, authentication, command, end."""
    calls = 40

    def measure() -> float:
        started = time.process_time()
        for _ in range(calls):
            library.remctl(*target, ["test", "true"])
        return (time.process_time() - started) / calls * 1e6

    return measure


def latency(library: Library, target: Target) -> Round:
    """A command with a line of output on an open connection: how long a person waits for it."""
    connection = library.Remctl(*target)
    commands = 20

    def measure() -> float:
        started = time.perf_counter()
        for _ in range(commands):
            _run(connection, "echo", "hello")
        return (time.perf_counter() - started) / commands * 1e3

    return measure


def output(library: Library, target: Target) -> Round:
    """100 MB of output, token by token; remctld's tokens are 4 KB, so decryption is nearly all."""
    connection = library.Remctl(*target)

    def measure() -> float:
        started = time.process_time()
        octets = _run(connection, "bytes", str(OCTETS))
        spent = time.process_time() - started
        assert octets == OCTETS, octets
        return spent / (OCTETS / 1e6) * 1e3

    return measure


def output_memory(library: Library, target: Target) -> Round:
    """100 MB of output, token by token, do not stay in the process, which has this round only."""

    def measure() -> float:
        octets = _run(library.Remctl(*target), "bytes", str(OCTETS))
        assert octets == OCTETS, octets
        return peak_megabytes()

    return measure


def simple_memory(library: Library, target: Target) -> Round:
    """100 MB in one answer are held once, in a process that has this round only."""

    def measure() -> float:
        result = library.remctl(*target, ["test", "bytes", str(OCTETS)])
        assert len(result.stdout or b"") == OCTETS
        return peak_megabytes()

    return measure


def threads(library: Library, target: Target) -> Round:
    """Calls from a pool of threads wait for their servers at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    calls = 64

    def call(_: int) -> int:
        return library.remctl(*target, ["test", "sleep", "0.2"]).status

    def measure() -> float:
        started = time.perf_counter()
        # A pool for each round, so that its threads are counted in.
        with ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(call, range(calls)))
        spent = time.perf_counter() - started
        assert statuses == [0] * calls, statuses
        return spent

    return measure


def connections(library: Library, target: Target) -> Round:
    """As many threads as connections, all open and waiting before the clock runs."""
    from threading import Barrier, Thread

    opened = [library.Remctl(*target) for _ in range(CONNECTIONS)]

    def measure() -> float:
        start = Barrier(CONNECTIONS + 1)
        answers: list[str] = []

        def run(connection: Connection) -> None:
            start.wait()
            connection.command(["test", "sleep", "0.2"])
            answers.append(connection.output()[0])

        waiting = [Thread(target=run, args=(connection,)) for connection in opened]
        for thread in waiting:
            thread.start()
        start.wait()
        started = time.perf_counter()
        for thread in waiting:
            thread.join()
        spent = time.perf_counter() - started
        assert answers == ["status"] * CONNECTIONS, answers
        return spent

    return measure


def standstill(library: Library, target: Target) -> Round:
    """While one thread waits for output, the others run."""
    from threading import Event, Thread

    connection = library.Remctl(*target)
    tick_seconds = 0.0005

    def measure() -> float:
        finished = Event()
        longest = 0.0

        def tick() -> None:
            nonlocal longest
            previous = time.perf_counter()
            while not finished.is_set():
                time.sleep(tick_seconds)
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


def _run(connection: Connection, *words: str) -> int:
    """Octets of the command's output."""
    octets = 0
    connection.command(["test", *words])
    while (token := connection.output())[0] == "output":
        octets += len(token[1])
    return octets
