"""What a test knows about the descriptors of its process: how many, and whether they are intact."""

import contextlib
import gc
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 10.0


def open_descriptors() -> list[str]:
    """What every open descriptor of this process points to, sorted."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(entry.readlink()))
    return sorted(found)


@contextlib.contextmanager
def none_left() -> Iterator[None]:
    """Fail unless as many descriptors are open after the block as before.

    Threads of servers, and those left behind by an impatient caller, close theirs a little later.
    """
    before = open_descriptors()
    yield
    gc.collect()
    deadline = time.monotonic() + PATIENCE
    while len(after := open_descriptors()) > len(before) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(after) <= len(before), f"before: {before}\nafter: {after}"


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """Fail if somebody else uses or closes descriptors that are opened here and now.

    The kernel gives the lowest free numbers, so these are the ones that were closed last.
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
        pairs = [socket.socketpair() for _ in range(4)]
        for sock in (end for pair in pairs for end in pair):
            stack.enter_context(sock)
        before = [os.fstat(file.fileno()) for file in files]
        yield
        assert [os.fstat(file.fileno()) for file in files] == before
        assert [os.lseek(file.fileno(), 0, os.SEEK_CUR) for file in files] == [0] * len(files)
        for sock in (end for pair in pairs for end in pair):
            with contextlib.suppress(BlockingIOError):
                octets = sock.recv(1, socket.MSG_DONTWAIT)
                raise AssertionError(f"a foreign socket got {octets!r}")


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail when the block takes longer: generous, because the machine has other things to do."""
    started = time.monotonic()
    yield
    taken = time.monotonic() - started
    assert taken < seconds, f"took {taken:.1f} s"
