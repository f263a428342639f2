"""Forks at the wrong moment: whatever another thread held or was to end, the child goes on."""

import pytest

from tests.interop import child
from tests.servers.embedded import EmbeddedServer
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

PRELUDE = """
import os, signal, sys, threading, time, warnings

warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, which is the point

def forked(work):
    # A child that hangs is killed by its alarm, and told.
    sys.stdout.flush()  # or both would print what waits there
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            print(work(), flush=True)
        except BaseException as error:
            print(repr(error), flush=True)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        print("the child ended with", status, flush=True)
"""

HELD = """
import importlib, pkgutil
import opswire

LOCKS = (type(threading.Lock()), type(threading.RLock()))
for found in pkgutil.walk_packages(opswire.__path__, "opswire."):
    if not found.name.startswith(("opswire.__main__", "opswire.cli")):  # they are programs
        importlib.import_module(found.name)

# A fork waits for this one, so that nobody holds it then.
from opswire.http.descriptors import making

def locks():
    return [
        (name, attribute, value)
        for name, module in sorted(sys.modules.items()) if name.startswith("opswire.")
        for attribute, value in sorted(vars(module).items())
        if isinstance(value, LOCKS) and value is not making
    ]

held, done = threading.Event(), threading.Event()

def hold():
    for _, _, lock in locks():
        lock.acquire()
    held.set()
    done.wait()
    for _, _, lock in locks():
        lock.release()

holder = threading.Thread(target=hold)
holder.start()
held.wait()
print(len(locks()))
forked(lambda: [name for name, _, lock in locks() if not lock.acquire(timeout=0)])
done.set()
holder.join()
"""


def test_no_lock_that_another_thread_held_stays_held_in_a_child() -> None:
    count, still_held = child.run(PRELUDE + HELD).splitlines()
    assert int(count) >= 3, "those of pacing, kept credentials and elements of a DOM"
    assert still_held == "[]"


HANDLER = """
from opswire.calls import Call
from opswire.pacing import MAX_CONNECTING, Slot

parent = os.getpid()
go_on = threading.Event()
taken = [Slot("place") for _ in range(MAX_CONNECTING)]
for slot in taken:
    slot.enter()

def handler(number, frame):
    if os.fork():
        go_on.set()
        taken[0].release()
        assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
    else:
        signal.alarm(60)

signal.signal(signal.SIGUSR1, handler)

def interrupt():
    while not waiting():
        time.sleep(0.001)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)

def in_line():
    return [slot for queue in pacing._queues.values() for slot in queue.waiting]

from opswire import calls, pacing
threading.Thread(target=interrupt).start()
try:
    outcome = wait()
except ConnectionAbortedError:
    outcome = "aborted"
assert outcome == ("aborted" if os.getpid() != parent else expected)
if os.getpid() != parent:
    os._exit(0)
print("both went on")
"""

WAITS = {
    "call": """
waiting = lambda: calls._running
wait = lambda: Call(go_on.wait).wait(0.0)
expected = True
""",
    "slot": """
waiting = lambda: in_line()
wait = lambda: Slot("place").take(0.0)
expected = None
""",
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_a_child_does_not_wait_for_a_thread_that_it_has_not(wait: str) -> None:
    """Forked by a signal handler, of which the thread waits for another one."""
    assert child.run(PRELUDE + wait + HANDLER) == "both went on\n"


PLACES = """
import gc
from opswire import pacing
from opswire.pacing import MAX_CONNECTING, Slot

inherited = [Slot("place") for _ in range(MAX_CONNECTING)]
for slot in inherited:
    slot.enter()

def places():
    own = [Slot("place") for _ in range(MAX_CONNECTING)]
    found = [slot.enter() for slot in own]
    for slot in inherited:
        slot.release()
    more = Slot("place").enter()
    for slot in own:
        slot.release()
    return found, more, pacing._queues

forked(places)
"""


def test_places_that_were_taken_before_a_fork_are_none_of_the_childs() -> None:
    assert child.run(PRELUDE + PLACES) == "([True, True, True, True], False, {})\n"


OPENING = """
from opswire._core.remctl.driver import Driver
from opswire.remctl import Remctl, RemctlError

connection = Remctl(timeout=100)

def open_slow():
    try:
        connection.open("127.0.0.1", sys.argv[1])
    except RemctlError as error:
        print(error, flush=True)

opener = threading.Thread(target=open_slow)
opener.start()
# Beyond the name lookup and Kerberos, whose libraries have locks of their own.
while connection._dialing is None or not isinstance(connection._dialing._waiting, Driver):
    time.sleep(0.001)

def open_well():
    connection.open("127.0.0.1", sys.argv[2])
    return connection.run(["test", "echo", "child"]).stdout_text.strip()

forked(open_well)
connection.close()
opener.join()
"""


def test_an_object_that_another_thread_was_opening_can_be_opened_by_the_child(
    realm: Realm, remctld: Remctld
) -> None:
    with EmbeddedServer(delay=30) as slow:
        told = child.run(PRELUDE + OPENING, slow.port, remctld.port)
    assert told.splitlines() == ["child", "the connection was closed by another thread"]
