"""Answers of a CIM server from octets to objects, by opswire, by pywbem, and by what makes none."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.claim import Recipe, Round
from benchmarks.recipes.cim_documents import (
    INSTANCES,
    MANY,
    PROPERTIES,
    chunks,
    instances,
    text_value,
)
from benchmarks.recipes.cim_growth import growth
from benchmarks.recipes.cim_rounds import cpu, parse, peer_parse, refused
from benchmarks.recipes.process_memory import peak_megabytes, resident
from benchmarks.recipes.xml_floor import floor

Document = Callable[[], bytes]
Parse = Callable[[bytes], list[Any]]

#: Answers that threads parse, of 3.45 MB each.
ANSWERS = 4
#: The best of them counts: two threads gain nothing while others have the second processor.
TRIES = 15


def read_values(by: Parse, octets: bytes) -> list[Any]:
    """Every value of every instance, as applications do it; the objects are kept meanwhile."""
    objects = by(octets)
    for instance in objects:
        for _ in instance.values():
            pass
    return objects


opswire_values: Parse = partial(read_values, parse)
pywbem_values: Parse = partial(read_values, peer_parse)


def parsed(document: Document, by: Parse = parse) -> Recipe:
    """To a list of objects."""

    def prepare(folder: str) -> Round:
        octets = document()
        return cpu(lambda: by(octets))

    return prepare


def refusal(document: Document) -> Recipe:
    """What opswire must refuse."""

    def prepare(folder: str) -> Round:
        octets = document()
        return cpu(lambda: refused(octets))

    return prepare


def scanned(document: Document) -> Recipe:
    """Start tags, texts and end tags with their attributes, by our scanner in C."""
    return lambda folder: floor(folder).scanner(document())


def packed(document: Document) -> Recipe:
    """Every value checked and packed, by our reader in C: to blocks, and no Python object."""
    return lambda folder: floor(folder).reader(document())


def expat(document: Document) -> Recipe:
    """By expat in C with empty handlers, to the end or to its own refusal."""
    return lambda folder: floor(folder).expat(document())


def instances_by_megabyte(count: int) -> Recipe:
    """Whether a megabyte costs the same in large answers."""
    return _by_megabyte(lambda: instances(count))


def references_by_megabyte(megabytes: int) -> Recipe:
    """A text that is all references."""
    return _by_megabyte(lambda: text_value("&lt;" * (megabytes * 250_000)))


def _by_megabyte(document: Document) -> Recipe:
    def prepare(folder: str) -> Round:
        octets = document()
        whole = cpu(lambda: parse(octets))
        return lambda: whole() / (len(octets) / 1e6)

    return prepare


def parsed_by_threads(threads: int) -> Recipe:
    """So many answers at once; wall time."""
    from concurrent.futures import ThreadPoolExecutor

    def once(pool: ThreadPoolExecutor, octets: bytes) -> float:
        started = time.perf_counter()
        counts = list(pool.map(lambda _: len(parse(octets)), range(ANSWERS)))
        spent = time.perf_counter() - started
        assert counts == [INSTANCES] * ANSWERS
        return spent * 1e3

    def prepare(folder: str) -> Round:
        octets = instances()

        def measure() -> float:
            with ThreadPoolExecutor(threads) as pool:
                return min(once(pool, octets) for _ in range(TRIES))

        return measure

    return prepare


def held_by_property(by: Parse) -> Recipe:
    """Memory that stays, in octets."""
    return lambda folder: lambda: growth(folder, by).held / (MANY * PROPERTIES)


def peak(by: Parse) -> Recipe:
    """The most memory while the large answer is read, in MB."""
    return lambda folder: lambda: growth(folder, by).peak / 1e6


def peak_of_iterator(folder: str) -> Round:
    """An answer that never ends: chunks as from a socket, and one instance at a time."""

    def measure() -> float:
        from opswire import wbem

        # Pages of the libraries that a first answer touches are code, and no growth.
        assert sum(1 for _ in wbem.iterate(chunks(1))) == 1
        start = resident()
        assert sum(1 for _ in wbem.iterate(chunks(10 * MANY))) == 10 * MANY
        return peak_megabytes() - start / 1e6

    return measure
