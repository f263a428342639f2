"""Whatever leaves a parser's loop ends the parser: nothing borrows what others own then.

Each allocation of Python fails in turn, a few in a row or many, while a message is read; and what a
program can reach meanwhile raises.
"""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from opswire import wbem
from opswire.errors import LocalProtocolError
from tests.wbem.answers import BEGINNING, END, named_instance

WAYS = ("parse", "feed", "close", "iterate", "iterate_over_chunks")
CHILD = """
import ctypes, sys
from opswire import wbem
from opswire.errors import LocalProtocolError
from tests.wbem.answers import answer, named_instance

METHOD = b'''<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1" PROTOCOLVERSION="1.0">
<SIMPLERSP><METHODRESPONSE NAME="M"><RETURNVALUE PARAMTYPE="uint32"><VALUE>3</VALUE></RETURNVALUE>
<PARAMVALUE NAME="D" PARAMTYPE="datetime"><VALUE>20260102030405.000006+060</VALUE></PARAMVALUE>
<PARAMVALUE NAME="E" PARAMTYPE="string" EmbeddedObject="instance"><VALUE>&lt;INSTANCE CLASSNAME="C"
&gt;&lt;PROPERTY NAME="P" TYPE="real32"&gt;&lt;VALUE&gt;1.5&lt;/VALUE&gt;&lt;/PROPERTY&gt;
&lt;/INSTANCE&gt;</VALUE></PARAMVALUE></METHODRESPONSE></SIMPLERSP></MESSAGE></CIM>'''
FRAGMENT = named_instance(7).encode()
DOCUMENTS = {"answer": answer(3), "method": METHOD, "fragment": FRAGMENT}
allocator = ctypes.PyDLL(sys.argv[1])
fail_at, seen = allocator.fail_at, allocator.seen
fail_at.argtypes = (ctypes.c_ulong, ctypes.c_ulong)
seen.restype = ctypes.c_ulong


def result(way, octets, parser):
    if way == "parse":
        return wbem.parse(octets).parts
    if way == "fragment":
        return wbem.parse(octets, fragment=True).parts
    if way == "feed":
        return parser.feed(octets), parser.close().parts
    if way == "close":
        for piece in octets:
            parser.feed(piece)
        return parser.close().parts
    return list(wbem.iterate(octets))  # a buffer, or pieces


def shown(given):
    if isinstance(given, tuple):
        return repr(given[0]) + shown(given[1])
    return repr([
        (p.objects, p.parameters, p.return_value) if hasattr(p, "parameters") else p for p in given
    ])


def own_copy(way, octets):
    if way in ("close", "iterate_over_chunks"):
        return [bytearray(octets[start : start + 100]) for start in range(0, len(octets), 100)]
    return bytearray(octets)


def sweep(way, octets, many):
    expected = shown(result(way, own_copy(way, octets), wbem.Parser()))
    number = failed = 0
    while True:
        number += 1
        parser = wbem.Parser()
        copy = own_copy(way, octets)  # gone after the call
        fail_at(number, many)
        try:
            given = result(way, copy, parser)
        except MemoryError:
            seen()
            failed += 1
            del copy
            check_ended(way, parser)
        else:
            if seen() < number:
                return failed
            assert shown(given) == expected, number  # made up for, as by a free list
        assert shown(result(way, own_copy(way, octets), wbem.Parser())) == expected, number


def check_ended(way, parser):
    if way not in ("feed", "close") or parser.message.cim_version is None:
        return  # the loop around it failed, before its first octet
    for call in (lambda: parser.feed(b" "), parser.close):
        try:
            call()
        except LocalProtocolError:
            continue
        raise AssertionError("a parser goes on after a failure")


allocator.install()
way, name = sys.argv[2:]
print(*(sweep(way, DOCUMENTS[name], many) for many in (1, 20)))
"""


def tampering(parser: wbem.Parser) -> None:
    """Make what a parser does next with its message raise."""
    part: Any = parser.message.parts[0]
    part.parameters = None


PARAMETER = '<PARAMVALUE NAME="P" PARAMTYPE="string"><VALUE>v</VALUE></PARAMVALUE>'


@pytest.mark.parametrize("ending", ["feed", "close"])
def test_a_parser_whose_message_a_program_has_spoilt_is_at_its_end(ending: str) -> None:
    """The exception is the program's own, and the octets are read no further."""
    parser = wbem.Parser()
    parser.feed(BEGINNING.encode())
    tampering(parser)
    with pytest.raises(AttributeError):
        parser.feed(bytearray(f"</IRETURNVALUE>{PARAMETER}".encode()))
    with pytest.raises(LocalProtocolError):
        getattr(parser, ending)(*[b" "] if ending == "feed" else [])


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, OSError, StopIteration])
def test_an_iterator_whose_source_raises_is_at_its_end(failure: type[BaseException]) -> None:
    """Objects that were complete came before; nothing comes after, and nothing is called whole."""

    class Source:
        """Two chunks, then the failure, then more."""

        def __init__(self) -> None:
            self.calls = 0

        def __iter__(self) -> "Source":
            return self

        def __next__(self) -> bytes:
            self.calls += 1
            if self.calls == 3:
                raise failure
            return [b"", BEGINNING.encode(), named_instance(1).encode()][self.calls]

    iterator = wbem.iterate(Source())
    # A source that says that it is at its end has told half a message.
    expected = wbem.XMLParseError if failure is StopIteration else failure
    assert next(iterator)["Handle"] == "1"
    with pytest.raises(expected):
        next(iterator)
    assert list(iterator) == []


SIGNALLED = """
import signal, sys
from opswire import wbem
from opswire.errors import ConnectionBusyError, LocalProtocolError
from tests.wbem.answers import answer

octets = answer(20_000)
inside = 0

def interrupt(*_):
    global inside
    try:
        parser.feed(b"")
    except ConnectionBusyError:
        inside += 1
    except LocalProtocolError:
        return  # it was interrupted already
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, interrupt)
for number in range(60):
    parser = wbem.Parser()
    before = inside
    try:
        signal.setitimer(signal.ITIMER_REAL, 1e-5 * 1.2**number)
        parser.feed(bytearray(octets))
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        pass
    if inside == before:
        continue
    for call in (lambda: parser.feed(b" "), parser.close):
        try:
            call()
        except LocalProtocolError:
            continue
        raise AssertionError("a parser goes on after it was interrupted")
    assert len(wbem.parse(answer(3)).objects) == 3
print(inside)
"""


def test_a_parser_is_interrupted_while_it_reads() -> None:
    """By a signal's handler, at moments from its start to its end; the next message is read."""
    child = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", SIGNALLED],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) > 5


def test_warnings_that_are_errors_leave_a_parser_closed() -> None:
    """The message was read to its end, and its objects are in the message."""
    octets = (BEGINNING + '<INSTANCENAME CLASSNAME="C"/>' + END).encode()
    parser = wbem.Parser()
    assert len(parser.feed(octets)) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(wbem.MissingKeybindingsWarning):
            parser.close()
        with pytest.raises(LocalProtocolError):
            parser.close()
        with pytest.raises(wbem.MissingKeybindingsWarning):
            wbem.parse(octets)
        iterator = wbem.iterate(octets)
        assert len([next(iterator)]) == 1
        with pytest.raises(wbem.MissingKeybindingsWarning):
            next(iterator)


@pytest.mark.parametrize(
    ("way", "name"),
    [*((way, name) for way in WAYS for name in ("answer", "method")), ("fragment", "fragment")],
)
def test_every_allocation_may_fail(way: str, name: str, allocator: Path) -> None:
    """A MemoryError, never a crash or half a message; and the next message is read."""
    child = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", CHILD, str(allocator), way, name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert all(int(failed) > 5 for failed in child.stdout.split())
