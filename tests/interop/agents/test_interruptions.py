"""Storage when signals, forks and other processes come in at any moment."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from opswire.agents import Storage
from tests.interop import child

STORAGE = "SERVER_SIDE_PROGRAM_STORAGE_PATH"

# Another process: it updates the key when it is asked to, and tells what came of it.
OTHER = """
import sys
from opswire.agents import Storage
for _ in sys.stdin:
    try:
        Storage("agent", "db1").update("key", lambda old: "other's", timeout=0)
        print("updated", flush=True)
    except BaseException as error:
        print(repr(error), flush=True)
"""

BESIDE = """
import os, subprocess, sys
from opswire.agents import Storage
other = subprocess.Popen(
    [sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)

def of_the_other():
    other.stdin.write("\\n")
    other.stdin.flush()
    return other.stdout.readline().strip()

def descriptors():
    return len(os.listdir("/proc/self/fd"))
"""

# The exception is kept while the others are asked: it has every frame that it passed, with what
# these frames hold.
SWEEP = (
    BESIDE
    + """
import gc, json, shutil

class Interrupted(BaseException):
    pass

def interrupted(call, number):
    left = number

    def trace(frame, event, _):
        nonlocal left
        if not frame.f_globals.get("__name__", "").startswith("opswire.agents"):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            left -= 1
            if left == 0:
                raise Interrupted
        return trace

    sys.settrace(trace)
    try:
        call()
    except Interrupted as error:
        return error
    finally:
        sys.settrace(None)

base = os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"]
os.mkdir(base)

def prepared(case):
    if case == "cold":
        shutil.rmtree(base)
        os.mkdir(base)
    storage = Storage("agent", "db1", quota=1000 if case == "quota" else None)
    if case != "cold":
        storage.write("key", "old", ttl=3600 if case == "kept end" else None)
        storage.update("other", lambda _: "value")
    if case == "leftovers":
        for name in ("expired", "%tmp1"):
            path = f"{base}/db1/agent/{name}"
            open(path, "w").close()
            os.chmod(path, 0o1600)
            os.utime(path, ns=(1_271828182, 1_271828182))
    return storage

CASES = {
    "cold": lambda storage: storage.update("key", lambda _: "new"),
    "warm": lambda storage: storage.update("key", lambda _: "new"),
    "kept end": lambda storage: storage.update("key", lambda _: "new"),
    "end": lambda storage: storage.update("key", lambda _: "new", ttl=3600, timeout=60),
    "quota": lambda storage: storage.update("key", lambda _: "new"),
    "removal": lambda storage: storage.update("key", lambda _: None),
    "leftovers": lambda storage: storage.remove_leftovers(older_than=-1),
    "write": lambda storage: storage.write("key", "new", ttl=3600),
    "keys": lambda storage: storage.keys(),
    "clear": lambda storage: storage.clear(),
    "unset": lambda storage: storage.unset("key"),
}
call = CASES[sys.argv[2]]
call(prepared(sys.argv[2]))
of_the_other()
number, faults = 0, []
while True:
    storage = prepared(sys.argv[2])
    before = descriptors()
    number += 1
    error = interrupted(lambda: call(storage), number)
    if error is None:
        break
    assert storage.read("key", "none") in {"old", "new", "none"}
    try:
        storage.update("key", lambda _: "mine", timeout=0)
    except BaseException as problem:
        faults.append([number, repr(problem)])
    if (said := of_the_other()) != "updated":
        faults.append([number, said])
    del error
    if descriptors() != before:
        gc.collect()
    if descriptors() != before:
        faults.append([number, "a descriptor is lost"])
print(json.dumps([number, faults]))
"""
)


@pytest.mark.parametrize(
    "case",
    [
        "cold",
        "warm",
        "kept end",
        "end",
        "quota",
        "removal",
        "leftovers",
        "write",
        "keys",
        "clear",
        "unset",
    ],
)
def test_an_exception_at_any_instruction_leaves_no_lock_and_no_descriptor(
    tmp_path: Path, case: str
) -> None:
    """Each instruction of Python code in turn; the same process and another one go on at once."""
    extra = {STORAGE: str(tmp_path / "storage")}
    number, faults = json.loads(child.run(SWEEP, OTHER, case, extra=extra))
    assert faults == []
    assert number > 50


SIGNALS = (
    BESIDE
    + """
import gc, random, signal

class Disturbed(Exception):
    pass

armed = False
chance = random.Random(7)

def disturb(*_):
    global armed
    if armed:
        armed = False
        raise Disturbed

signal.signal(signal.SIGALRM, disturb)
storage = Storage("agent", "db1", quota=1000)
storage.update("key", lambda _: "0")
of_the_other()
storage.write("key", "0")
disturbed = begun = 0

def count(old):
    global begun
    begun += 1
    return str(begun)

before = descriptors()
while disturbed < 2000:
    signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 3e-4))
    try:
        armed = True
        storage.update("key", count, timeout=60 if disturbed % 2 else None)
        armed = False
    except Disturbed:
        disturbed += 1
    assert int(storage.read("key", "none")) <= begun
signal.setitimer(signal.ITIMER_REAL, 0)
gc.collect()
print(descriptors() - before, of_the_other(), storage.update("key", lambda old: old, timeout=0))
base = os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"]
print(sorted(os.listdir(f"{base}/db1/agent")))
"""
)


def test_signals_that_raise_in_the_middle_of_updates_poison_nothing(tmp_path: Path) -> None:
    """2,000 real ones, in Python code and in system calls alike."""
    lines = child.run(SIGNALS, OTHER, extra={STORAGE: str(tmp_path)}).splitlines()
    assert lines == ["0 updated other's", "['%lock', '%lock-key', 'key']"]


FORK_BESIDE = """
import os, sys, threading
from opswire.agents import Storage
storage = Storage("agent", "db1")
inside, leave = threading.Event(), threading.Event()

def hold(_):
    inside.set()
    leave.wait()
    return "parent's"

holder = threading.Thread(target=lambda: storage.update("key", hold))
holder.start()
inside.wait()
if not os.fork():
    # A new thread gets the number of the one that held the lock, which has not come along.
    outcomes = []

    def update(go_on):
        try:
            storage.update("key", lambda _: "child's", timeout=0)
        except BaseException as error:
            outcomes.append((threading.get_ident() == holder.ident, type(error).__name__))
        go_on.wait()

    go_on = threading.Event()
    threads = [threading.Thread(target=update, args=(go_on,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    while len(outcomes) < 20:
        pass
    go_on.set()
    print(sorted({name for _, name in outcomes}), any(same for same, _ in outcomes), flush=True)
    os._exit(0)
os.wait()
leave.set()
holder.join()
print(storage.read("key", None))
"""


def test_a_fork_while_another_thread_updates_leaves_the_child_nothing(tmp_path: Path) -> None:
    """It waits as any other process, and is not told of a nested update."""
    lines = child.run(FORK_BESIDE, extra={STORAGE: str(tmp_path)}).splitlines()
    assert lines == ["['TimeoutError'] True", "parent's"]


FORK_INSIDE = """
import os, sys
from opswire.agents import Storage
storage = Storage("agent", "db1")
storage.write("key", "old")
forked = 0

def fork(old):
    global forked
    forked = os.fork()
    if forked:
        os.waitpid(forked, 0)
        return "parent's"
    try:
        storage.update("key", lambda _: "nested", timeout=0)
    except TimeoutError as error:
        print(type(error).__name__, flush=True)
    return "child's"

try:
    storage.update("key", fork)
except RuntimeError as error:
    print(error, flush=True)
if not forked:
    print(storage.read("key", None), len(os.listdir("/proc/self/fd")), flush=True)
    os._exit(0)
print(storage.read("key", None), len(os.listdir("/proc/self/fd")))
"""


def test_a_child_that_returns_from_the_function_stores_nothing(tmp_path: Path) -> None:
    """The lock is its parent's, which it can wait for like anybody."""
    lines = child.run(FORK_INSIDE, extra={STORAGE: str(tmp_path)}).splitlines()
    text = "a process that was forked in the function of update() stores nothing"
    assert lines[:3] == ["TimeoutError", f"{text}: the lock is its parent's", lines[2]]
    (value, descriptors), (last, left) = (line.split() for line in lines[2:])
    assert (value, last, descriptors) == ("old", "parent's", left)


# The child says that it is there and lives as long as it is listened to.
ORPHAN = """
import os, pathlib, sys, threading
from opswire.agents import Storage
storage = Storage("agent", "db1")

def live_on():
    os.write(1, b"forked\\n")  # whole, though two processes tell at once
    sys.stdin.read()
    os._exit(0)

def fork_inside(_):
    if not os.fork():
        live_on()
    threading.Event().wait()

def fork_while_waiting():
    inside, leave = threading.Event(), threading.Event()

    def first(_):
        inside.set()
        leave.wait()

    def second(_):
        os.write(1, b"held\\n")
        threading.Event().wait()

    threading.Thread(target=lambda: storage.update("key", first)).start()
    inside.wait()
    waiting = threading.Thread(target=lambda: storage.update("key", second))
    waiting.start()
    # The kernel says that it waits.
    lock = os.stat(os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"] + "/db1/agent/%lock-key")
    while not any(
        "->" in line and f":{lock.st_ino} " in line
        for line in pathlib.Path("/proc/locks").read_text().splitlines()
    ):
        pass
    if not os.fork():
        live_on()
    leave.set()
    waiting.join()

if sys.argv[1] == "inside":
    storage.update("key", fork_inside)
else:
    fork_while_waiting()
"""


@contextmanager
def orphaned(how: str) -> Iterator[None]:
    """While the child of a killed holder lives."""
    command = child.command(ORPHAN, how)
    with subprocess.Popen(
        command, cwd=child.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        try:
            said = {holder.stdout.readline() for _ in range(1 if how == "inside" else 2)}
        finally:
            holder.kill()
            holder.wait()
        assert said == ({"forked\n"} if how == "inside" else {"forked\n", "held\n"})
        yield


@pytest.mark.parametrize("how", ["inside", "waiting"])
def test_a_child_does_not_keep_the_lock_of_a_holder_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whether its parent held the lock when it was forked, or waited for it and got it later."""
    monkeypatch.setenv(STORAGE, str(tmp_path))
    with orphaned(how):
        assert Storage("agent", "db1").update("key", lambda _: "mine", timeout=0) == "mine"


# What has expired stands there again before each value, so that a clean-up has something to remove.
REWRITER = """
import select, sys
from opswire._core.folder_files import Seen, replace_file
from opswire.agents import Storage
base, turn = sys.argv[1], 0
storage, seen = Storage("agent", "db1"), Seen()
storage.write("key", "")
lost, names = 0, ("db1", "agent")
while not select.select([sys.stdin], [], [], 0)[0]:
    turn += 1
    replace_file(base, names, "key", b"expired", seen, "%tmp", False, 0o1600, 1_271828182)
    storage.write("key", str(turn), ttl=3600 if turn % 2 else None)
    lost += storage.read("key", None) != str(turn)
print(lost)
"""


def test_a_clean_up_never_removes_what_has_just_been_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look at an expired value and the removal, others write a new one."""
    monkeypatch.setenv(STORAGE, str(tmp_path))
    storage = Storage("agent", "db1")
    removed = 0
    with subprocess.Popen(
        child.command(REWRITER, tmp_path),
        cwd=child.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        while removed < 200:
            removed += storage.remove_leftovers()
            assert writer.poll() is None
        lost, _ = writer.communicate()
    assert lost == "0\n"
