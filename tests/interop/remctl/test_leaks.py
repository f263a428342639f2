"""Memory and descriptors after many commands and openings; each in a process of its own.

In the short form the counts are a quarter, and under AddressSanitizer (OPSWIRE_BUILD=sanitize) a
tenth: it is several times slower, and has a look at every access instead.
"""

import pytest

from tests.forms import LONG_SECONDS, two_forms
from tests.interop import child
from tests.servers.embedded import EmbeddedServer
from tests.servers.realm import Realm

COMMANDS = 20_000
OPENINGS = 2_000
shared = pytest.mark.parametrize("share", two_forms(10 if child.SANITIZED else 4, 1))
MOST_GROWTH = 1.02

PROGRAM = """
import gc, os, sys, time
from opswire.remctl import Remctl, RemctlError, _remctl, remctl

HOST, PORT, COUNT = "127.0.0.1", int(sys.argv[1]), int(sys.argv[2])

def resident():
    gc.collect()
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

def descriptors():
    return len(os.listdir("/proc/self/fd"))

def fails(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except RemctlError:
        return
    raise AssertionError("it did not fail")

connection = Remctl(HOST, PORT)

def once():
    {once}

# After the pause lookups are made anew, on a new thread: that memory is taken once, and not leaked.
for pause in (0.0, 1.2):
    time.sleep(pause)
    for _ in range(10):
        once()
before = descriptors()
for _ in range(COUNT // 2):
    once()
half = resident()
for _ in range(COUNT // 2):
    once()
print(half, resident(), before, descriptors())
"""

COMMANDS_OF = {
    "run": 'assert connection.run(["test", "echo", "hello"]).stdout == b"hello\\n"',
    "output": 'connection.command(["test", "both"]); assert len(list(connection)) == 3',
    "low level": '_remctl.remctl_commandv(handle, ["test", "true"]); _remctl.remctl_output(handle)',
    "noop": "assert connection.noop()",
    "refusals": 'fails(connection.run, ["nonsense"])',
    "mistakes": """
    fails(connection.set_timeout, -1)
    try:
        connection.command([])
    except ValueError:
        pass""",
}
OPENINGS_OF = {
    "open": "connection.open(HOST, PORT)",
    "close and open": "connection.close(); connection.open(HOST, PORT)",
    "objects": 'assert Remctl(HOST, PORT).run(["test", "true"]).status == 0',
    "one call": 'assert remctl(HOST, PORT, None, ["test", "true"]).status == 0',
    "refused connections": "fails(connection.open, HOST, 1)",
    "unknown principals": 'fails(connection.open, HOST, PORT, "nobody/nowhere")',
    "unknown caches": 'fails(Remctl, HOST, PORT, credentials="nonsense:x")',
    "wrong protection": 'fails(remctl, HOST, PORT, "host/localhost", ["nonsense"])',
    "too much output": 'fails(connection.run, ["test", "bytes", "3000"], max_output=2000)',
}


def check(once: str, count: int) -> None:
    """Do something that often; at most 2 % more memory after the second half, no descriptor."""
    program = PROGRAM.replace("{once}", once.strip())
    if "handle" in once:
        program = program.replace(
            "def once",
            "handle = _remctl.remctl_new()\n_remctl.remctl_open(handle, HOST, PORT)\n\ndef once",
        )
    with EmbeddedServer() as server:
        told = child.run(program, server.port, count, timeout=LONG_SECONDS, measured=True)
    half, whole, before, after = map(int, told.split())
    assert after <= before, "descriptors were left open"
    assert whole <= half * MOST_GROWTH, f"{half} kB after half of it, {whole} kB after the whole"


@shared
@pytest.mark.parametrize("once", COMMANDS_OF.values(), ids=COMMANDS_OF)
def test_commands_leave_nothing_behind(realm: Realm, once: str, share: int) -> None:
    count = COMMANDS if once == COMMANDS_OF["run"] else COMMANDS // 5
    check(once, count // share)


@shared
@pytest.mark.parametrize("once", OPENINGS_OF.values(), ids=OPENINGS_OF)
def test_openings_leave_nothing_behind(realm: Realm, once: str, share: int) -> None:
    count = OPENINGS if once == OPENINGS_OF["open"] else OPENINGS // 4
    check(once, count // share)
