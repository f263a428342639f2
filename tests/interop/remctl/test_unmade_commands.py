"""A command for which there is no memory: nothing is sent, held or left behind."""

from pathlib import Path

from tests.interop import child

CHILD = """
import ctypes, itertools, sys
from opswire._core.remctl import Arguments

allocator = ctypes.PyDLL(sys.argv[1])
fail_at, seen = allocator.fail_at, allocator.seen
fail_at.argtypes = (ctypes.c_ulong, ctypes.c_ulong)
seen.restype = ctypes.c_ulong
allocator.install()

# Each kind of argument, and more of them than have room in the object.
buffer = bytearray(b"octets")
command = ["word", b"octets", "h\\xe9", 5, buffer, *["more"] * 20]
expected = [b"word", b"octets", "h\\xe9".encode(), b"5", b"octets", *[b"more"] * 20, b"input"]
failures = 0
for number in itertools.count(1):
    fail_at(number, 1)
    try:
        arguments = Arguments(command, "input")
        octets = arguments.octets
        reached = seen()
    except MemoryError:
        reached = seen()
        failures += 1
    else:
        assert [bytes(each) for each in octets] == expected
    arguments = octets = None
    buffer.append(33)
    buffer.pop()
    if reached < number:
        break
print(failures)
"""


def test_every_allocation_may_fail(allocator: Path) -> None:
    assert int(child.run(CHILD, allocator)) > 5
