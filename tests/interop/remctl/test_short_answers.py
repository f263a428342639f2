"""A status that comes after its output is not held up by an acknowledgement that we delay.

remctld sends them in two writes with Nagle's delay on: the second waits for our kernel to
acknowledge the first, 40 ms if nobody hurries it.  How often that is done is counted between the
program and its C library, for a clock would tell it on a machine with nothing else to do only.
"""

from pathlib import Path

import pytest

from tests.interop import child
from tests.interop.event_loops import LOOPS
from tests.servers.realm import Realm
from tests.unit.binaries import output

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static __thread int count;

/* By this thread: the server has threads of its own. */
int acknowledged_at_once(void)
{
    return count;
}

int setsockopt(int descriptor, int level, int name, const void *value, socklen_t size)
{
    int (*next)(int, int, int, const void *, socklen_t) =
        (int (*)(int, int, int, const void *, socklen_t)) dlsym(RTLD_NEXT, "setsockopt");

    if (level == IPPROTO_TCP && name == TCP_QUICKACK && *(const int *) value == 1)
        count++;
    return next(descriptor, level, name, value, size);
}
"""

PROGRAM = """
import asyncio, ctypes, sys, threading
from opswire.remctl import AsyncRemctl, Remctl
from tests.interop.event_loops import LOOPS
from tests.servers.embedded import EmbeddedServer

shim, kind = sys.argv[1:]
count = ctypes.CDLL(shim).acknowledged_at_once
output = bytes(100)
read = threading.Event()

def answer(driver, arguments):
    driver.connection.send_output(1, output)
    driver.flush_queued()
    read.wait(30)  # or both might be read at once
    driver.connection.send_status(0)

def on_a_thread(port):
    with Remctl("127.0.0.1", port) as connection:
        connection.command(["test"])
        assert connection.output().output == output
        before = count()
        read.set()
        assert connection.output().status == 0
        return count() - before

async def in_a_task(port):
    async with AsyncRemctl("127.0.0.1", port) as connection:
        await connection.command(["test"])
        assert (await connection.output()).output == output
        before = count()
        read.set()
        assert (await connection.output()).status == 0
        return count() - before

with EmbeddedServer(answer) as server:
    if kind == "blocking":
        print(on_a_thread(server.port))
    else:
        with asyncio.Runner(loop_factory=LOOPS[kind]) as runner:
            print(runner.run(in_a_task(server.port)))
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What counts."""
    folder = tmp_path_factory.mktemp("shim")
    source = folder / "acknowledgements.c"
    source.write_text(SHIM)
    made = folder / "acknowledgements.so"
    output("cc", "-shared", "-fPIC", source, "-o", made, "-ldl")
    return made


@pytest.mark.parametrize("kind", ["blocking", *LOOPS])
def test_a_short_output_is_acknowledged_before_the_wait_for_its_status(
    realm: Realm, shim: Path, kind: str
) -> None:
    environment = {
        "LD_PRELOAD": str(shim),
        # The sanitizers' run time wants to be first, though here it does not matter.
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0",
    }
    assert int(child.run(PROGRAM, shim, kind, extra=environment)) > 0
