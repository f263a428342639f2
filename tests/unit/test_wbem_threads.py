"""Threads: many parse at once, and many read the same objects for the first time."""

import gc
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from opswire import wbem
from tests.wbem.answers import answer
from tests.wbem.plain import plain

THREADS = 8
COUNT = 200
WHOLE = answer(COUNT)
NAMES = ["Handle", "GRÖßE", "creationdate", "Caption", "Parameters", "Load"]


def in_threads(task: Callable[[int], Any]) -> list[Any]:
    """What each of the threads returns; all begin at once."""
    results: list[Any] = [None] * THREADS
    start = threading.Barrier(THREADS)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = task(number)
        except BaseException as error:  # told below
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def test_threads_parse_at_once() -> None:
    """Each its own answer, whole, in chunks and broken, with parsers that are used again."""
    expected = plain(wbem.parse(WHOLE).objects)

    def task(number: int) -> None:
        rnd = random.Random(number)  # noqa: S311 (equal seeds, equal runs)
        for _ in range(6):
            assert len(wbem.parse(WHOLE).objects) == COUNT
            size = rnd.randint(100, 100_000)
            octets = (WHOLE[i : i + size] for i in range(0, len(WHOLE), size))
            assert len(list(wbem.iterate(octets))) == COUNT
            with pytest.raises(wbem.XMLParseError):
                wbem.parse(WHOLE[: rnd.randint(0, len(WHOLE) - 10)])
        assert plain(wbem.parse(WHOLE).objects) == expected

    in_threads(task)


@pytest.mark.parametrize("by", ["name", "properties", "path", "hash", "copy", "octets"])
def test_threads_read_the_same_values_for_the_first_time(by: str) -> None:
    """Whoever is first makes a value for all: everyone gets the same object, and it is right."""
    readers: dict[str, Callable[[Any], list[Any]]] = {
        "name": lambda item: [item[name] for name in NAMES],
        "properties": lambda item: [item.properties, *item.properties.values()],
        "path": lambda item: [item.path, item.path.keybindings, item.path["handle"]],
        "hash": lambda item: [hash(item)],
        "copy": lambda item: [plain(item.copy())],
        "octets": lambda item: [item.tocimxmlstr(), item.tomof()],
    }
    read = readers[by]
    same = by in {"name", "properties", "path"}
    for _ in range(4):
        objects = wbem.parse(WHOLE).objects

        def task(number: int, objects: list[Any] = objects) -> list[list[Any]]:
            # From different ends, so that each is the first somewhere.
            order = range(len(objects)) if number % 2 else range(len(objects) - 1, -1, -1)
            found: list[list[Any]] = [[]] * len(objects)
            for i in order:
                found[i] = read(objects[i])
                if i % 50 == 0:
                    gc.collect(0)
            return found

        results = in_threads(task)
        for i, item in enumerate(objects):
            first = results[0][i]
            for other in results[1:]:
                assert other[i] == first
                if same:
                    assert all(a is b for a, b in zip(other[i], first, strict=True))
            assert item["Handle"] == str(i)
            assert item["größe"] == i * 4096
    assert plain(objects) == plain(wbem.parse(WHOLE).objects)


def test_threads_share_what_paths_and_classes_have() -> None:
    """Keys and class members are read late, too."""
    octets = wbem.tocimxmlstr(
        wbem.CIMClass(
            "C",
            [wbem.CIMProperty(f"P{i}", i, "uint8", qualifiers={"Key": True}) for i in range(50)],
            [wbem.CIMMethod(f"M{i}", "uint32") for i in range(50)],
        )
    ).encode()
    for _ in range(50):
        (item,) = wbem.parse(octets, fragment=True).objects
        results = in_threads(
            lambda _, item=item: [item.properties, item.methods, item.qualifiers]  # type: ignore[misc]  # mypy cannot infer it
        )
        for other in results:
            assert all(a is b for a, b in zip(other, results[0], strict=True))
        assert item.properties["p7"].value == 7
