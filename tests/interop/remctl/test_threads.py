"""Threads: many connections at once, one connection in many hands, forks, and pacing."""

import itertools
import random
import threading
import time
from collections.abc import Callable

import pytest

from opswire._core.remctl import Arguments
from opswire._core.remctl.driver import Driver
from opswire.errors import (
    ConnectionBusyError,
    OpswireError,
    RemctlError,
    RemctlNotOpenedError,
    RemctlUsageError,
)
from opswire.remctl import Remctl, remctl
from tests.interop import child, descriptors
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

pytestmark = pytest.mark.usefixtures("bounded")

HOST = "127.0.0.1"
THREADS = 64
MANY = 64 if child.SANITIZED else 200
ROUNDS = 60 if child.SANITIZED else 300


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Call `work(number)` in that many threads at the same moment; results or exceptions."""
    results: list[object] = [None] * count
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait(30)
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a thread does not end"
    return results


def echoes(connection: Remctl, number: int) -> bool:
    """Whether several commands on a connection return what they were given."""
    for again in range(3):
        word = f"{number}.{again}"
        if connection.run(["test", "echo", word]).stdout != f"{word}\n".encode():
            return False
    return True


# ---- many connections ----


def test_64_threads_on_64_connections_get_their_own_answers(remctld: Remctld) -> None:
    def work(number: int) -> bool:
        with Remctl(HOST, remctld.port) as connection:
            return echoes(connection, number)

    assert at_once(THREADS, work) == [True] * THREADS


def test_one_call_from_each_of_many_threads_succeeds(remctld: Remctld) -> None:
    """A server with a backlog of 5 loses connections when all of them come at once."""

    def work(number: int) -> object:
        return remctl(HOST, remctld.port, None, ["test", "echo", number]).stdout

    assert at_once(MANY, work) == [b"%d\n" % number for number in range(MANY)]


def test_waiting_threads_wait_at_the_same_time(remctld: Remctld) -> None:
    connections = [Remctl(HOST, remctld.port) for _ in range(16)]
    started = time.monotonic()
    results = at_once(16, lambda number: connections[number].run(["test", "sleep", "0.5"]).status)
    assert results == [0] * 16
    assert time.monotonic() - started < 16 * 0.5 / 2
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("waits", ["output", "run", "open"])
def test_other_threads_run_while_one_waits(remctld: Remctld, realm: Realm, waits: str) -> None:
    stop, moments = threading.Event(), []

    def count() -> None:
        while not stop.wait(0.001):
            moments.append(time.monotonic())

    counter = threading.Thread(target=count)
    with EmbeddedServer(hostile=lambda server: time.sleep(0.6)) as silent:
        connection = Remctl(HOST, remctld.port)
        counter.start()
        if waits == "output":
            connection.command(["test", "sleep", "0.6"])
            assert connection.output().status == 0
        elif waits == "run":
            assert connection.run(["test", "sleep", "0.6"]).status == 0
        else:
            with pytest.raises(RemctlError):
                connection.open(HOST, silent.port)
        stop.set()
        counter.join()
        connection.close()
    assert len(moments) > 50
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert max(gaps) < 0.4, "somebody held the interpreter for most of the wait"


# ---- one connection in many hands ----


def test_of_eight_threads_on_one_object_one_works_and_the_others_are_told(
    remctld: Remctld,
) -> None:
    with Remctl(HOST, remctld.port) as connection:
        results = at_once(8, lambda _: connection.run(["test", "sleep", "0.5"]).status)
        assert results.count(0) == 1
        for result in results:
            assert result == 0 or isinstance(result, (RemctlError, ConnectionBusyError)), result
        assert echoes(connection, 0)


def test_a_second_thread_inside_a_noop_is_told_and_ends_nothing(realm: Realm) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(server: HandMade) -> None:
        server.establish_and_read()
        asked.set()
        answer.wait(30)
        server.send(wire.noop())
        server.wait_for_close()

    with EmbeddedServer(hostile=slow) as server, Remctl(HOST, server.port) as connection:
        answers: list[bool] = []
        first = threading.Thread(target=lambda: answers.append(connection.noop()))
        first.start()
        assert asked.wait(30)
        for call in (connection.noop, lambda: connection.run(["test"])):
            with pytest.raises(RemctlUsageError, match="another thread is inside a call"):
                call()
        answer.set()
        first.join(30)
        assert answers == [True]
        assert server.hellos == [], "it was one connection"


def test_of_eight_threads_on_one_driver_one_works_and_the_others_are_told(realm: Realm) -> None:
    with EmbeddedServer() as server, Remctl(HOST, server.port) as connection:
        driver = connection._link
        assert isinstance(driver, Driver)

        def work(_: int) -> object:
            driver.send_command(Arguments(["test", "sleep", "0.3"]))
            return driver.next_event()

        results = at_once(8, work)
        assert sum(not isinstance(result, Exception) for result in results) == 1
        assert all(isinstance(result, (tuple, OpswireError)) for result in results), results


def test_anything_from_eight_threads_on_one_object_breaks_nothing(realm: Realm) -> None:
    """Only typed errors come out of it, and the object works afterwards."""
    with EmbeddedServer() as server:
        connection = Remctl(HOST, server.port)
        calls: list[Callable[[], object]] = [
            lambda: connection.run(["test", "bytes", "200000"]),
            lambda: connection.command(["test", "both"]),
            connection.output,
            connection.noop,
            connection.close,
            lambda: connection.open(HOST, server.port),
            lambda: connection.set_timeout(20),
            connection.error,
            lambda: list(connection),
        ]

        def work(number: int) -> list[object]:
            chance = random.Random(number)  # noqa: S311 - a test, not a secret
            found: list[object] = []
            for _ in range(ROUNDS):
                try:
                    chance.choice(calls)()
                except (RemctlError, ConnectionBusyError):
                    pass
                except Exception as error:
                    found.append(error)
            return found

        assert at_once(8, work) == [[]] * 8
        connection.close()
        connection.open(HOST, server.port)
        assert echoes(connection, 1)
        connection.close()


@pytest.mark.parametrize(
    "wait",
    [
        lambda connection: connection.run(["test", "sleep", "20"]),
        lambda connection: [connection.command(["test", "sleep", "20"]), connection.output()],
    ],
    ids=["run", "output"],
)
def test_closing_from_another_thread_wakes_the_one_that_waits(
    remctld: Remctld, wait: Callable[[Remctl], object]
) -> None:
    connection = Remctl(HOST, remctld.port)
    timer = threading.Timer(0.3, connection.close)
    timer.start()
    with descriptors.within(10), pytest.raises(RemctlError):
        wait(connection)
    timer.join()
    with pytest.raises(RemctlNotOpenedError):
        connection.noop()
    with descriptors.untouched():
        connection.open(HOST, remctld.port)
        assert echoes(connection, 0)
        connection.close()


def test_a_timeout_set_by_another_thread_ends_the_wait(remctld: Remctld) -> None:
    with Remctl(HOST, remctld.port) as connection:
        timer = threading.Timer(0.3, connection.set_timeout, [0.2])
        timer.start()
        with descriptors.within(10), pytest.raises(RemctlError, match="timed out"):
            connection.run(["test", "sleep", "20"])
        timer.join()


# ---- forks ----

FORK = """
import gc, os, sys, warnings
from opswire.remctl import Remctl, remctl

warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, which is the point
HOST, PORT = "127.0.0.1", int(sys.argv[1])

def word(text):
    return remctl(HOST, PORT, None, ["test", "echo", text]).stdout.decode().strip()

connection = Remctl(HOST, PORT)
connection.run(["test", "true"])
print(word("before"), flush=True)
for _ in range(3):
    child = os.fork()
    if child == 0:
        connection = None
        gc.collect()
        print(word("child"), flush=True)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    print(word("parent"), connection.run(["test", "echo", "same"]).stdout_text, end="", flush=True)
"""


def test_a_forked_child_and_its_parent_both_go_on(remctld: Remctld) -> None:
    """What the child drops stays the parent's: nobody says goodbye in its name."""
    lines = child.run(FORK, remctld.port).splitlines()
    assert lines == ["before", *["child", "parent same"] * 3]


# ---- pacing ----


class Counting:
    """How many connections stand between connect() and the first answered token, at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0
        self.total = 0

    def begin(self) -> None:
        """A connection was accepted."""
        with self._lock:
            self._now += 1
            self.total += 1
            self.most = max(self.most, self._now)

    def end(self) -> None:
        """Its first token is about to be answered."""
        with self._lock:
            self._now -= 1


def test_at_most_four_connections_are_being_made_at_once(realm: Realm) -> None:
    counting = Counting()
    slow = EmbeddedServer(backlog=5, greeted=counting.begin, answering=counting.end, delay=0.02)
    with slow as server:

        def work(number: int) -> bool:
            with Remctl(HOST, server.port) as connection:
                return echoes(connection, number)

        assert at_once(THREADS, work) == [True] * THREADS
    assert counting.total == THREADS
    assert counting.most <= 4
    assert counting.most > 1, "they are paced, not queued one by one"


def test_a_failed_connection_gives_its_place_back(realm: Realm) -> None:
    """More failures than places, then a success."""
    for _ in range(10):
        with EmbeddedServer(hostile=lambda server: None) as server:
            port = server.port
            with pytest.raises(RemctlError):
                Remctl(HOST, port)
            assert remctl(HOST, port, None, ["test", "true"]).status == 0


def test_places_are_given_back_to_one_server_that_fails_often(realm: Realm) -> None:
    with EmbeddedServer(delay=30) as server:
        for _ in range(6):
            with pytest.raises(RemctlError):
                Remctl().open(HOST, server.port, deadline=0.1)
        server.delay = 0
        assert remctl(HOST, server.port, None, ["test", "true"], deadline=10).status == 0


def test_a_server_that_is_slow_holds_up_no_other(realm: Realm, remctld: Remctld) -> None:
    with EmbeddedServer(delay=30) as slow:

        def work(_: int) -> object:
            Remctl().open(HOST, slow.port, deadline=2)
            return None

        waiting = threading.Thread(target=at_once, args=(8, work))
        waiting.start()
        time.sleep(0.2)
        assert remctl(HOST, remctld.port, None, ["test", "true"], deadline=1.5).status == 0
        waiting.join()
