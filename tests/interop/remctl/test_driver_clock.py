"""The timeouts of the compiled driver, by a clock that only its own waits move.

The clock, poll() and recv() are replaced between the program and its C library, and the number of
octets that the peer has not acknowledged: no kernel can be made to tell of a few of them at a given
moment.  The socket and its buffers are real.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.interop import child
from tests.servers.realm import Realm
from tests.unit.binaries import output

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>

#define NEXT(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

static int driving, peer, each, every, takings, all_then, waits, unsent = 1 << 20;
static double clock_now = 1000, seconds_of_recv;

double now(void)
{
    return clock_now;
}

/* The peer acknowledges `size` octets at every `interval`th wait, so many times, which is too few
 * for the next piece to go; and then nothing more, or all that there is. */
void begin(int descriptor, int size, int interval, int times, int all, double of_recv)
{
    peer = descriptor, each = size, every = interval, takings = times, all_then = all;
    seconds_of_recv = of_recv;
    driving = 1;
}

int clock_gettime(clockid_t clock, struct timespec *moment)
{
    if (!driving || clock != CLOCK_MONOTONIC)
        return NEXT(clock_gettime)(clock, moment);
    moment->tv_sec = (time_t) clock_now;
    moment->tv_nsec = (long) ((clock_now - (double) moment->tv_sec) * 1e9);
    return 0;
}

int ioctl(int descriptor, unsigned long request, ...)
{
    va_list rest;
    void *argument;

    va_start(rest, request);
    argument = va_arg(rest, void *);
    va_end(rest);
    if (!driving || request != TIOCOUTQ)
        return NEXT(ioctl)(descriptor, request, argument);
    *(int *) argument = unsent;
    return 0;
}

int poll(struct pollfd *polled, nfds_t count, int milliseconds)
{
    int ready = NEXT(poll)(polled, count, driving ? 0 : milliseconds);

    if (!driving || ready != 0)
        return ready;
    clock_now += milliseconds * 1e-3;
    if (clock_now > 2000)
        abort(); /* it would wait for ever */
    if (++waits % every == 0 && takings > 0) {
        takings--;
        unsent -= each;
    } else if (takings == 0 && all_then) {
        static char room[1 << 20];

        NEXT(recv)(peer, room, sizeof(room), MSG_DONTWAIT);
    }
    return NEXT(poll)(polled, count, 0);
}

ssize_t recv(int descriptor, void *room, size_t size, int flags)
{
    if (driving)
        clock_now += seconds_of_recv;
    return NEXT(recv)(descriptor, room, size, flags);
}
"""

ESTABLISHED = """
import array, ctypes, fcntl, json, socket, sys, termios
from opswire._core import gss
from opswire._core import remctl as core
from opswire._core.remctl.driver import Driver

shim = ctypes.CDLL(sys.argv[1])
shim.now.restype = ctypes.c_double
client, server = core.Connection(core.CLIENT), core.Connection(core.SERVER)
ours, theirs = gss.Context.initiate(gss.Name("host@127.0.0.1")), gss.Context.accept()
client.send_hello()
client.send_context(ours.step())
server.receive(client.data_to_send())
server.send_context(theirs.step(server.next_event()[1]))
server.establish(theirs)
client.receive(server.data_to_send())
ours.step(client.next_event()[1])
client.establish(ours)
one, other = socket.socketpair()

def timed(call):
    begun = shim.now()
    try:
        call()
        result = "done"
    except TimeoutError:
        result = "timed out"
    return [result, round(shim.now() - begun, 3)]
"""

SENDING = """
size, interval, times, all_then, timeout, deadline = map(float, sys.argv[2:])
driver = Driver(client, one.detach(), timeout)
shim.begin(other.fileno(), *map(int, (size, interval, times, all_then)), ctypes.c_double(0))
until = shim.now() + deadline if deadline else 0.0
command = core.Arguments([b"test", bytes(1_000_000)])
print(json.dumps(timed(lambda: driver.send_command(command, until))))
"""

READING = """
client.send_command([b"test"])
server.receive(client.data_to_send())
server.next_event()
for _ in range(2):
    server.send_output(1, bytes(60_000))
other.sendall(server.data_to_send())
driver = Driver(client, one.detach())
shim.begin(other.fileno(), 0, 1, 0, 0, ctypes.c_double(0.010))
taken = []
until = shim.now() + 0.015
found = timed(lambda: driver.copy_output(taken.append, taken.append, until))
unread = array.array("i", [0])
fcntl.ioctl(driver.fileno(), termios.FIONREAD, unread)
print(json.dumps([*found, unread[0]]))
"""


class Taking(NamedTuple):
    """How the peer takes octets: a slice of waiting is 0.1 s.

    Attributes:
        size: octets at once, less than the kernel tells of.
        interval: slices from one time to the next.
        times: how often.
        all_then: whether it takes everything after that; else nothing.
    """

    size: int
    interval: int
    times: int
    all_then: bool


SLOWLY = Taking(1000, 5, 8, True)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clock, compiled."""
    folder = tmp_path_factory.mktemp("clock")
    source = folder / "clock.c"
    source.write_text(SHIM)
    made = folder / "clock.so"
    output("cc", "-shared", "-fPIC", source, "-o", made, "-ldl")
    return made


def run(shim: Path, program: str, *arguments: object) -> list[object]:
    """Run a program under the clock; what it printed."""
    environment = {
        "LD_PRELOAD": str(shim),
        # The sanitizers' run time wants to be first, though here it does not matter.
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0",
    }
    found: list[object] = json.loads(
        child.run(ESTABLISHED + program, shim, *arguments, extra=environment)
    )
    return found


def sent(
    shim: Path, taking: Taking, *, timeout: float = 0.0, deadline: float = 0.0
) -> tuple[object, int]:
    """Send a megabyte; what came of it, and after how many tenths of a second."""
    numbers = [*map(int, taking), timeout, deadline]
    result, seconds = run(shim, SENDING, *numbers)
    assert isinstance(seconds, float)
    return result, int(seconds * 10)


def test_a_peer_that_takes_slowly_is_not_silent(realm: Realm, shim: Path) -> None:
    """The kernel alone would say nothing until long after the timeout."""
    result, tenths = sent(shim, SLOWLY, timeout=1.0)
    assert result == "done"
    assert tenths >= 40


def test_a_peer_that_takes_nothing_is_silent(realm: Realm, shim: Path) -> None:
    assert sent(shim, Taking(0, 1, 0, False), timeout=1.0) == ("timed out", 10)


def test_a_peer_that_has_taken_something_may_fall_silent(realm: Realm, shim: Path) -> None:
    """A second after the second in which it took something."""
    assert sent(shim, Taking(1000, 5, 1, False), timeout=1.0) == ("timed out", 20)


def test_a_peer_that_takes_slowly_is_held_to_the_deadline(realm: Realm, shim: Path) -> None:
    endless = SLOWLY._replace(times=10_000)
    assert sent(shim, endless, timeout=1.0, deadline=3.0) == ("timed out", 30)


def test_a_peer_that_is_never_slow_is_held_to_the_deadline(realm: Realm, shim: Path) -> None:
    """There is always something to read, so that nothing ever waits; each read takes 10 ms."""
    result, seconds, unread = run(shim, READING)
    assert (result, seconds) == ("timed out", 0.02)
    assert unread
