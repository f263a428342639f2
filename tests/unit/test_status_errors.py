"""A status of the C library becomes an exception in one place, whichever format reports it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import wire

ROOT = Path(__file__).parents[2]
CORE = ROOT / "src/opswire/_core"
#: The place.
TRANSLATOR = CORE / "foundation.pyx"
SOURCES = sorted(
    path
    for pattern in ("*.pyx", "*.pxi", "*.pxd")
    for path in CORE.rglob(pattern)
    if path.stem != TRANSLATOR.stem
)
each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CORE)))

HEADER = (ROOT / "include/opswire/status.h").read_text()
BROKEN = re.findall(r"(OPSWIRE_\w+) = -\d+", HEADER)
#: What a format may raise for a status: the exception that the translator made, or one of its own
#: methods that asks it.
TRANSLATED = re.compile(r"raise (status_error|(\w+\.)?failure)\(")
STATUS = re.compile(r"\b(OPSWIRE_DONE|" + "|".join(BROKEN) + r")\b")
#: An `if` and its condition, which may take several lines; what stands deeper below is its block.
CONDITION = re.compile(r"^( *)(?:if|elif) ((?:.*\n)*?.*):(?: *#.*)?$", re.MULTILINE)


def raised_for_a_status(text: str) -> Iterator[str]:
    """Every raise statement in the block of an `if` that asks for a status."""
    for found in CONDITION.finditer(text):
        if STATUS.search(found[2]):
            for line in text[found.end() + 1 :].splitlines():
                if line.strip() and len(line) - len(line.lstrip()) <= len(found[1]):
                    break
                if line.lstrip().startswith("raise "):
                    yield line.strip()


@each_source
def test_no_other_source_raises_its_own_exception_for_a_status(path: Path) -> None:
    """Neither a MemoryError nor one of the format."""
    others = [line for line in raised_for_a_status(path.read_text()) if not TRANSLATED.match(line)]
    assert others == []


@each_source
def test_no_other_source_asks_for_the_sentence_of_a_status(path: Path) -> None:
    """Nor for the status that is a MemoryError."""
    text = path.read_text()
    assert "opswire_status_message" not in text
    assert re.findall(r"(?:==|!=|\bin) *\(?[\w, ]*\bOPSWIRE_NO_MEMORY\b", text) == []


def test_it_is_found_what_raises_by_itself() -> None:
    """In the block of any condition that names a status, on whatever line of it."""
    source = """
if status == OPSWIRE_MORE:
    raise ValueError
if call(
        status) != OPSWIRE_DONE:
    with gil:
        raise MemoryError
    raise status_error(status, A, B)
elif x and status == OPSWIRE_OUT_OF_RANGE:
    raise self.failure(status)
raise TypeError
"""
    assert list(raised_for_a_status(source)) == [
        "raise MemoryError",
        "raise status_error(status, A, B)",
        "raise self.failure(status)",
    ]
    assert "OPSWIRE_NO_MEMORY" in BROKEN
    assert "OPSWIRE_CIM_INVALID" in BROKEN


CHILD = """
import ctypes, sys
from opswire._core import remctl as core

allocator = ctypes.PyDLL(sys.argv[1])
allocator.install()
said = set()
for number in range(1, 30):
    server = core.Connection(core.SERVER)
    server.receive(bytes.fromhex(sys.argv[2]))
    try:
        allocator.fail_at(number, 1)
        server.next_event()
    except MemoryError:
        allocator.seen()
        try:
            server.next_event()
        except MemoryError as error:
            said.add(str(error))
    allocator.seen()
print(said)
"""


def test_the_status_of_no_memory_is_a_memory_error(allocator: Path) -> None:
    """What a connection says ever after, when there was no memory for an event of it."""
    hello = wire.token(wire.NOOP | wire.CONTEXT_NEXT | wire.PROTOCOL)
    octets = hello + wire.token(wire.CONTEXT | wire.PROTOCOL, b"octets")
    command = [sys.executable, "-c", CHILD, str(allocator), octets.hex()]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (child.returncode, child.stdout) == (0, "{'out of memory'}\n"), child.stderr
