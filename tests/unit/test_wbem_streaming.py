"""Answers in chunks: objects as soon as they are complete, and memory that does not grow."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opswire import wbem
from opswire.errors import ConnectionBusyError, LocalProtocolError
from tests.wbem.answers import BEGINNING, END, answer, chunks, named_instance
from tests.wbem.plain import plain

COUNT = 300
WHOLE = answer(COUNT)


def pieces(octets: bytes, size: int) -> Iterator[bytes]:
    """The octets, cut."""
    for start in range(0, len(octets), size):
        yield octets[start : start + size]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 4096, 1 << 20])
def test_an_answer_in_pieces_is_the_answer(size: int) -> None:
    """From a parser and from an iterator."""
    expected = plain(wbem.parse(WHOLE).objects)
    parser = wbem.Parser()
    objects = [each for piece in pieces(WHOLE, size) for each in parser.feed(piece)]
    message = parser.close()
    assert plain([*objects, *message.objects]) == expected
    assert plain(list(wbem.iterate(pieces(WHOLE, size)))) == expected
    assert (message.name, message.message_id) == ("EnumerateInstances", "1001")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_anything_with_a_buffer_is_read(kind: type) -> None:
    """And may be changed at once: nothing of it is kept."""
    octets = bytearray(WHOLE)
    view = kind(octets)
    objects = wbem.parse(view).objects
    if isinstance(view, memoryview):
        view.release()
    octets[:] = bytes(len(octets))
    octets.clear()
    assert [each["Handle"] for each in objects] == [str(i) for i in range(COUNT)]


def test_an_object_is_there_with_its_last_octet() -> None:
    """Not one octet later."""
    parser = wbem.Parser()
    assert parser.feed(BEGINNING.encode()) == []
    for number in range(3):
        octets = named_instance(number).encode()
        assert parser.feed(octets[:-1]) == []
        (instance,) = parser.feed(octets[-1:])
        assert instance["Handle"] == str(number)
    assert parser.feed(END.encode()) == []
    assert parser.close().error is None


def test_an_iterator_asks_for_no_chunk_before_it_needs_it() -> None:
    """Whoever reads from a socket does not wait for what is not needed."""
    asked = []

    def source() -> Iterator[bytes]:
        for chunk in chunks(5):
            asked.append(len(chunk))
            yield chunk

    iterator = wbem.iterate(source())
    assert asked == []
    for number in range(5):
        assert next(iterator)["Handle"] == str(number)
        assert len(asked) == number + 2
    assert list(iterator) == []
    assert iterator.message.part.error is None


def test_the_error_of_an_answer_is_told_at_its_end() -> None:
    """It counts more than the objects."""
    error = '<ERROR CODE="6" DESCRIPTION="gone"/>'
    octets = (BEGINNING + named_instance(1) + END).replace("</IRETURN", "</IRETURN")
    octets = octets.replace("</IRETURNVALUE>", f"</IRETURNVALUE>{error}")
    iterator = wbem.iterate(octets.encode())
    assert len(list(iterator)) == 1
    assert iterator.message.error is not None
    assert iterator.message.error.status_code == wbem.CIM_ERR_NOT_FOUND
    assert iterator.message.error.status_description == "gone"


def test_a_parser_at_its_end_takes_nothing() -> None:
    """Neither octets nor another end."""
    parser = wbem.Parser()
    parser.feed(WHOLE)
    parser.close()
    with pytest.raises(LocalProtocolError):
        parser.feed(b" ")
    with pytest.raises(LocalProtocolError):
        parser.close()


def test_text_is_no_octets() -> None:
    """A local mistake, not the peer's."""
    for call in (wbem.parse, wbem.Parser().feed):
        with pytest.raises(TypeError):
            call("<CIM/>")  # type: ignore[arg-type]  # a wrong type is tried
    with pytest.raises(TypeError):
        next(wbem.iterate(["<CIM/>"]))  # type: ignore[list-item]  # a wrong type is tried


def test_an_iterator_that_is_asked_while_it_asks_is_busy() -> None:
    """As it is for a second thread."""
    iterator: wbem.Iterator

    def source() -> Iterator[bytes]:
        yield from chunks(1)
        next(iterator)

    iterator = wbem.iterate(source())
    next(iterator)
    with pytest.raises(ConnectionBusyError):
        list(iterator)


def test_a_source_that_fails_fails_the_iterator() -> None:
    """With its own exception."""

    def source() -> Iterator[bytes]:
        yield BEGINNING.encode()
        raise OSError("the socket broke")

    with pytest.raises(OSError, match="the socket broke"):
        next(wbem.iterate(source()))


GROWTH = """
import resource, sys
from opswire import wbem
from tests.wbem.answers import chunks, answer

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def read(source):
    count = 0
    for instance in wbem.iterate(source):
        assert instance["Handle"] == str(count) and instance["Load"] == 0.5
        count += 1
    return count

read(chunks(1000))
read(answer(1000))
whole = answer(20_000) if sys.argv[1] == "whole" else None
before = peak()
assert read(whole or chunks(20_000)) == 20_000
print((peak() - before) * 1024)
"""


@pytest.mark.parametrize("source", ["whole", "chunks"])
def test_an_iterator_needs_the_memory_of_a_few_objects(source: str) -> None:
    """20,000 instances, 19 MB of octets."""
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, source],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(done.stdout) < 3_000_000
