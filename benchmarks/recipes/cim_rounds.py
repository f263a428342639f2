"""Both libraries' ways to parse, and rounds in CPU time."""

import gc
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.claim import Round

#: Calls in a round of something that takes microseconds.
CALLS = 300


def parse(octets: bytes) -> list[Any]:
    """The objects of an answer, by opswire."""
    from opswire import wbem

    return wbem.parse(octets).objects


def peer_parse(octets: bytes) -> list[Any]:
    """The objects of an answer, by pywbem: what its WBEMConnection does with the octets."""
    from pywbem._tupleparse import TupleParser
    from pywbem._tupletree import xml_to_tupletree_sax

    warnings.simplefilter("ignore")
    tree = TupleParser().parse_cim(xml_to_tupletree_sax(octets, "benchmark"))
    # CIM, MESSAGE, SIMPLERSP, IMETHODRESPONSE: name, attributes, content.
    response: Any = tree[2][2][2][2]
    objects: list[Any] = response[0][2]
    return objects


def refused(octets: bytes) -> None:
    """Parse what must be refused."""
    from opswire import wbem

    try:
        parse(octets)
    except wbem.ParseError:
        return
    raise AssertionError("it was read")


def cpu(call: Callable[[], object]) -> Round:
    """A round: CPU time of one call in ms; what it gives is dropped behind the time."""

    def measure() -> float:
        gc.collect()
        started = time.process_time()
        result = call()
        spent = time.process_time() - started
        del result
        return spent * 1e3

    return measure


def cpu_of_many(call: Callable[[], object]) -> Round:
    """A round: CPU time of a call in µs, the mean of CALLS."""

    def measure() -> float:
        gc.collect()
        started = time.process_time()
        for _ in range(CALLS):
            call()
        return (time.process_time() - started) / CALLS * 1e6

    return measure
