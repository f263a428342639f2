"""Operations of both libraries' clients, end to end on loopback, against answers that stand."""

import re
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.claim import Recipe, Round
from benchmarks.recipes.cim_documents import INSTANCES, instances
from benchmarks.recipes.cim_rounds import cpu
from benchmarks.recipes.cim_server import Answer, serve, whole
from benchmarks.recipes.process_memory import peak_megabytes, resident

#: Calls in a round of GetInstance.
CALLS = 300
#: Instances that are iterated over.
MILLION = 1_000_000
#: Enumerations that threads share.
ENUMERATIONS = 8
_NAMED = re.compile(
    rb"<VALUE.NAMEDINSTANCE>\s*<INSTANCENAME.*?</INSTANCENAME>(.*?)</VALUE.NAMED", re.S
)


def _library(name: str) -> Any:
    if name == "pywbem":
        warnings.simplefilter("ignore")
        import pywbem

        return pywbem
    from opswire import wbem

    return wbem


def _one() -> bytes:
    """The answer to GetInstance: the first instance of the usual answer."""
    octets = instances(1)
    found = _NAMED.search(octets)
    assert found is not None
    start = octets.index(b"<IRETURNVALUE>") + len(b"<IRETURNVALUE>")
    named = octets[:start].replace(b"EnumerateInstances", b"GetInstance") + found[1]
    return named + octets[octets.index(b"</IRETURNVALUE>") :]


def got(name: str) -> Recipe:
    """CPU of a GetInstance, in microseconds."""

    def prepare(folder: str) -> Round:
        library = _library(name)
        port = serve(whole(_one()))
        connection = library.WBEMConnection(f"http://127.0.0.1:{port}", ("user", "password"))
        path = library.CIMInstanceName("CIM_UnixProcess", {"Handle": "1000"})
        assert len(connection.GetInstance(path).properties) == 30

        def measure() -> float:
            start = time.process_time()
            for _ in range(CALLS):
                connection.GetInstance(path)
            return (time.process_time() - start) / CALLS * 1e6

        return measure

    return prepare


def sent_and_received(folder: str) -> Round:
    """CPU of the same octets over a bare socket, in microseconds."""
    import socket

    body = _one()
    port = serve(whole(body))
    link = socket.create_connection(("127.0.0.1", port))
    request = (
        b"POST /cimom HTTP/1.1\r\nHost: localhost\r\nCIMOperation: MethodCall\r\n"
        b"CIMMethod: GetInstance\r\nCIMObject: root/cimv2\r\nContent-Length: 560\r\n\r\n"
        + b" "
        * 560
    )

    def measure() -> float:
        start = time.process_time()
        for _ in range(CALLS):
            link.sendall(request)
            received = 0
            while received < len(body):
                received += len(link.recv(1 << 16))
        return (time.process_time() - start) / CALLS * 1e6

    return measure


def enumerated(name: str) -> Recipe:
    """CPU of an EnumerateInstances, in milliseconds."""

    def prepare(folder: str) -> Round:
        connection = _connection(name)
        return cpu(lambda: connection.EnumerateInstances("CIM_UnixProcess"))

    return prepare


def enumerated_by_threads(threads: int) -> Recipe:
    """Wall time of eight EnumerateInstances over one connection, in milliseconds."""

    def prepare(folder: str) -> Round:
        connection = _connection("opswire")
        pool = ThreadPoolExecutor(threads)

        def ask(_: int) -> int:
            return len(connection.EnumerateInstances("CIM_UnixProcess"))

        def measure() -> float:
            start = time.perf_counter()
            assert sum(pool.map(ask, range(ENUMERATIONS))) == ENUMERATIONS * INSTANCES
            return (time.perf_counter() - start) * 1e3

        return measure

    return prepare


def _connection(name: str) -> Any:
    port = serve(whole(instances()))
    connection = _library(name).WBEMConnection(f"http://127.0.0.1:{port}", ("user", "password"))
    assert len(connection.EnumerateInstances("CIM_UnixProcess")) == INSTANCES
    return connection


def iterated(count: int) -> Recipe:
    """Peak memory above the start of an iteration in one answer, in MB."""

    def prepare(folder: str) -> Round:
        octets = instances(1)
        start, end = octets.index(b"<VALUE.NAMED"), octets.index(b"</IRETURNVALUE>")
        port = serve(Answer(octets[:start], octets[start:end], count, octets[end:]))
        # An operation's time is that of a million objects.
        connection = _library("opswire").WBEMConnection(f"http://127.0.0.1:{port}", timeout=None)
        next(connection.IterEnumerateInstances("CIM_UnixProcess"))

        def measure() -> float:
            before = resident()
            found = sum(1 for _ in connection.IterEnumerateInstances("CIM_UnixProcess"))
            assert found == count
            return peak_megabytes() - before / 1e6

        return measure

    return prepare
