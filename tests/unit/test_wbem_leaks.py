"""Memory after many messages: blocks, shapes and values go when the last one who has them goes."""

import gc
import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from opswire import wbem
from tests.interop import child
from tests.wbem.answers import answer

WHOLE = answer(50)
ROUNDS = 300
NUMBERS = itertools.count()
#: What AddressSanitizer keeps of what was freed, to notice its use.
QUARANTINE = 256 << 20 if child.SANITIZED else 0
#: Octets; one leaked object in each round would be more.
MOST_GROWTH = 1_500_000 + QUARANTINE


def resident() -> int:
    """Octets of memory in use."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def read_all() -> None:
    """Every value of every instance."""
    for item in wbem.parse(WHOLE).objects:
        assert [value for _, value in item.items()]
        assert item.path.keybindings


def change_all() -> None:
    """Thawed, changed, copied, written."""
    for item in wbem.parse(WHOLE).objects:
        item["Extra"] = "x"
        twin = item.copy()
        twin.path["Handle"] = "y"
        assert item != twin
        assert hash(item) != hash(twin)
        assert item.tocimxmlstr()
        assert item.tomof()


def break_all() -> None:
    """Cut answers, with objects in them that nobody takes."""
    for end in range(0, len(WHOLE), 4999):
        with pytest.raises(wbem.XMLParseError):
            wbem.parse(WHOLE[:end])


def leave() -> None:
    """Parsers and iterators that nobody finishes."""
    parser = wbem.Parser()
    parser.feed(WHOLE[: len(WHOLE) // 2])
    iterator = wbem.iterate(WHOLE)
    next(iterator)


def new_shapes() -> None:
    """Classes and names that no message had before."""
    number = next(NUMBERS)
    octets = WHOLE.replace(b"CIM_Process", b"C%d" % number).replace(b"Load", b"L%d" % number)
    assert wbem.parse(octets).objects[0][f"l{number}"] == 0.5


@pytest.mark.parametrize("once", [read_all, change_all, break_all, leave, new_shapes])
def test_nothing_is_left_over(once: Callable[[], None]) -> None:
    """After the first rounds, which fill what is kept for use again."""
    for _ in range(ROUNDS // 3):
        once()
    before = resident()
    for _ in range(ROUNDS):
        once()
    assert resident() - before < MOST_GROWTH


def test_one_object_does_not_keep_the_others() -> None:
    """Nor the octets: each has a block of its own."""
    octets = answer(20_000)
    before = resident()
    kept = [wbem.parse(octets).objects[i] for i in (0, 7, 19_999)]
    del octets
    assert resident() - before < 8_000_000 + QUARANTINE
    assert [item["Handle"] for item in kept] == ["0", "7", "19999"]


def instances() -> int:
    """How many the collector knows."""
    gc.collect()
    return sum(type(item) is wbem.CIMInstance for item in gc.get_objects())


def test_cycles_are_collected() -> None:
    """Instances that are embedded in themselves."""
    before = instances()
    for item in wbem.parse(WHOLE).objects:
        item["Me"] = wbem.CIMProperty("Me", item, embedded_object="instance")
        assert item["Me"] is item
    gc.disable()
    try:
        del item
        assert sum(type(each) is wbem.CIMInstance for each in gc.get_objects()) == before + 50
    finally:
        gc.enable()
    assert instances() == before
