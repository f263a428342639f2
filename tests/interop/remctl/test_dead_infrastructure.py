"""A KDC or a DNS that never answers: whoever waits can leave, and what was left frees itself."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.interop import child
from tests.servers.dead_dns import cut_off
from tests.servers.dead_kdc import DeadKDC
from tests.servers.realm import Realm

# Promised are 0.2 s after the deadline or the signal; a busy machine adds its own.
MARGIN = 2.0

PROGRAM = """
import asyncio, os, signal, sys, time
from opswire.remctl import AsyncRemctl, Remctl, remctl

# Whoever started the tests in the background has ignored it for all of us.
signal.signal(signal.SIGINT, signal.default_int_handler)

HOST, PORT = sys.argv[1], 9  # nobody gets as far as connect()

def descriptors():
    return len(os.listdir("/proc/self/fd"))

def settle(before):
    "Whether no descriptor is left, at last."
    end = time.monotonic() + 30
    while descriptors() > before and time.monotonic() < end:
        time.sleep(0.05)
    return descriptors() <= before

connection = Remctl()
before = descriptors()
print("ready", flush=True)
started = time.monotonic()
try:
    {call}
except BaseException as error:
    ended = time.monotonic()
    print(type(error).__name__)
    print(error)
    print(ended - started)
    print(ended)
print("left", flush=True)
sys.stdin.readline()
{then}
"""

KDC_TEXT = "error initializing context: timed out"
DNS_TEXT = "unknown host nowhere.opswire.test: timed out"
CALLS = {
    "open with a deadline": "connection.open(HOST, PORT, deadline=0.3)",
    "open with a timeout": "connection.set_timeout(0.3); connection.open(HOST, PORT)",
    "constructor with a timeout": "Remctl(HOST, PORT, timeout=0.3)",
    "asyncio with a deadline": "asyncio.run(AsyncRemctl().open(HOST, PORT, deadline=0.3))",
    "asyncio with a timeout": "asyncio.run(AsyncRemctl(timeout=0.3).open(HOST, PORT))",
    "simple with a deadline": "remctl(HOST, PORT, None, ['test'], deadline=0.3)",
    "simple with a timeout": "remctl(HOST, PORT, None, ['test'], timeout=0.3)",
}


class Waiting:
    """A process that waits for dead infrastructure in the `with` block; killed after it."""

    def __init__(
        self,
        call: str,
        host: str,
        *,
        then: str = "",
        extra: dict[str, str] | None = None,
        folder: Path | None = None,
        seconds: int = 30,
    ) -> None:
        program = PROGRAM.replace("{call}", call).replace("{then}", then)
        command: Sequence[str] = child.command(program, host)
        if folder is not None:
            command = cut_off(command, folder, seconds)
        self.process = subprocess.Popen(
            command,
            cwd=child.ROOT,
            env=child.environment(extra),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Waiting":
        assert self.line() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def line(self) -> str:
        """The next line that the process prints."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            _, errors = self.process.communicate()
            raise AssertionError(f"the process ended: {errors}")
        return line.rstrip("\n")

    def outcome(self) -> tuple[str, str, float, float]:
        """Class and text of the exception, after how long it came, and when."""
        return self.line(), self.line(), float(self.line()), float(self.line())

    def go_on(self) -> None:
        """Let the process do what comes after its wait."""
        assert self.line() == "left"
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@contextlib.contextmanager
def dead_kdc(realm: Realm, folder: Path, call: str, then: str = "") -> Iterator[Waiting]:
    """A process of which the KDC is dead inside the block."""
    with DeadKDC(realm, folder) as dead:
        extra = dead.environment
        with Waiting(call, "127.0.0.1", then=then, extra=extra) as waiting:
            yield waiting


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_limit_ends_the_wait_for_a_dead_kdc(realm: Realm, tmp_path: Path, call: str) -> None:
    with dead_kdc(realm, tmp_path, call) as waiting:
        kind, text, seconds, _ = waiting.outcome()
    assert (kind, text) == ("RemctlConnectTimeoutError", KDC_TEXT)
    assert 0.3 <= seconds < 0.3 + MARGIN


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_limit_ends_the_wait_for_a_dead_dns(tmp_path: Path, realm: Realm, call: str) -> None:
    with Waiting(call, "nowhere.opswire.test", folder=tmp_path) as waiting:
        kind, text, seconds, _ = waiting.outcome()
    assert (kind, text) == ("RemctlConnectTimeoutError", DNS_TEXT)
    assert 0.3 <= seconds < 0.3 + MARGIN


UNLIMITED = {
    "full": "connection.open(HOST, PORT)",
    "simple": "remctl(HOST, PORT, None, ['test'])",
    "asyncio": "asyncio.run(AsyncRemctl().open(HOST, PORT))",
}


def interrupt(waiting: Waiting) -> tuple[str, float]:
    """Send Ctrl-C; returns the class of the exception and after how long it came."""
    time.sleep(0.5)
    sent = time.monotonic()
    os.kill(waiting.process.pid, signal.SIGINT)
    kind, _, _, ended = waiting.outcome()
    return kind, ended - sent


@pytest.mark.parametrize("call", UNLIMITED.values(), ids=UNLIMITED)
def test_an_interrupt_ends_the_wait_for_a_dead_kdc(realm: Realm, tmp_path: Path, call: str) -> None:
    with dead_kdc(realm, tmp_path, call) as waiting:
        kind, seconds = interrupt(waiting)
    assert kind == "KeyboardInterrupt"
    assert seconds < MARGIN


@pytest.mark.parametrize("call", UNLIMITED.values(), ids=UNLIMITED)
def test_an_interrupt_ends_the_wait_for_a_dead_dns(realm: Realm, tmp_path: Path, call: str) -> None:
    with Waiting(call, "nowhere.opswire.test", folder=tmp_path) as waiting:
        kind, seconds = interrupt(waiting)
    assert kind == "KeyboardInterrupt"
    assert seconds < MARGIN


CLOSE = """
    import threading
    threading.Timer(0.3, connection.close).start()
    connection.open(HOST, PORT)
"""


def test_a_close_from_another_thread_ends_the_wait_for_a_dead_kdc(
    realm: Realm, tmp_path: Path
) -> None:
    with dead_kdc(realm, tmp_path, CLOSE.strip()) as waiting:
        kind, text, seconds, _ = waiting.outcome()
    assert (kind, text) == ("RemctlError", "the connection was closed by another thread")
    assert seconds < 0.3 + MARGIN


SETTLED = "print(settle(before))"


def test_what_was_left_to_a_dead_kdc_frees_its_descriptors(realm: Realm, tmp_path: Path) -> None:
    call = CALLS["open with a deadline"]
    with contextlib.ExitStack() as kdc:
        dead = kdc.enter_context(DeadKDC(realm, tmp_path))
        extra = dead.environment
        with Waiting(call, "127.0.0.1", then=SETTLED, extra=extra) as waiting:
            waiting.outcome()
            # Refused is an answer too: the library need not wait any longer.
            kdc.close()
            waiting.go_on()
            assert waiting.line() == "True"


def test_what_was_left_to_a_dead_dns_frees_its_descriptors(realm: Realm, tmp_path: Path) -> None:
    call = CALLS["open with a deadline"]
    with Waiting(call, "nowhere.opswire.test", then=SETTLED, folder=tmp_path, seconds=1) as waiting:
        waiting.outcome()
        waiting.go_on()
        assert waiting.line() == "True"


def test_the_process_ends_while_a_thread_is_stuck(realm: Realm, tmp_path: Path) -> None:
    with dead_kdc(realm, tmp_path, CALLS["open with a deadline"]) as waiting:
        waiting.outcome()
        waiting.go_on()
        assert waiting.process.wait(MARGIN + 3) == 0


def test_the_object_works_again_when_the_kdc_does(realm: Realm, tmp_path: Path) -> None:
    """Its ticket comes from a living KDC, its first open() was left to a dead one."""
    then = f"""
os.environ.update({realm.environment!r})
try:
    connection.open(HOST, 9)
except Exception as error:
    print(error)
"""
    with dead_kdc(realm, tmp_path, CALLS["open with a deadline"], then) as waiting:
        waiting.outcome()
        waiting.go_on()
        assert waiting.line() == "cannot connect to 127.0.0.1 (port 9): Connection refused"
