"""include/opswire/cimxml.h: every element as objects, read and written."""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.cim_objects import Reader, element_name
from tests.c.documents import PIECES

each_piece = pytest.mark.parametrize("piece", PIECES, ids=["whole", "by seven", "by one"])


class Case(NamedTuple):
    """An element, the object in it, and the element as we write it."""

    name: str
    xml: str
    written: str
    object: Any
    flags: list[int]


def load_cases() -> list[Case]:
    """The table of cases."""
    table = tomllib.loads((Path(__file__).parents[1] / "cases/cimxml_elements.toml").read_text())
    return [
        Case(
            entry["name"],
            entry["xml"],
            entry.get("written", entry["xml"]),
            json.loads(entry["object"]),
            [entry["flags"]] if "flags" in entry else [],
        )
        for entry in table["element"]
    ]


CASES = load_cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def fragments() -> Reader:
    """A reader of elements alone."""
    return Reader(lib.OPSWIRE_CIM_FRAGMENT)


@each_case
@each_piece
def test_an_element_is_read(case: Case, piece: int) -> None:
    """However it is cut."""
    reader = fragments()
    read = reader.read(case.xml.encode(), piece)
    assert read.fault is None
    name = case.xml.split(">")[0].split(" ")[0].strip("</")
    assert read.events == [["object", name, case.object, *case.flags]]


@each_case
def test_an_element_is_written(case: Case) -> None:
    """As the table says; and that is read as the same object."""
    reader = fragments()
    reader.read(case.xml.encode())
    assert reader.written == [case.written.encode()]
    again = reader.read(case.written.encode())
    assert again.events[0][2] == case.object
    assert reader.written == [case.written.encode()]


@each_case
def test_white_space_between_elements_means_nothing(case: Case) -> None:
    """Where no text belongs."""
    if "VALUE> a" in case.xml or "&lt;" in case.xml or "CDATA" in case.xml:
        xml = " \r\n" + case.xml + "\t"
    else:
        xml = case.xml.replace("><", ">\r\n <").replace(">\r\n </VALUE>", "></VALUE>")
    assert fragments().read(xml.encode()).events[0][2] == case.object


@each_case
def test_an_element_that_is_cut_anywhere_is_not_closed(case: Case) -> None:
    """No object comes of a part of one."""
    reader = fragments()
    octets = case.xml.encode()
    for end in range(len(octets)):
        assert reader.outcome(octets[:end]) in {"UNCLOSED", "NO_ELEMENT"}


def test_every_element_of_the_dtd_is_in_the_table_or_in_the_envelope() -> None:
    """A new one finds itself here."""
    text = "".join(case.xml for case in CASES)
    envelope = (Path(__file__).parent / "test_cimxml_messages.py").read_text()
    for number in range(lib.OPSWIRE_CIM_ELEMENT_COUNT):
        name = element_name(number)
        assert f"<{name}" in text or f"<{name}" in envelope, name


def test_shapes_are_shared() -> None:
    """Instances with the same properties have the same one, however their tags are spelt."""
    first = '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="uint8"/></INSTANCE>'
    second = "<INSTANCE CLASSNAME='C' ><PROPERTY TYPE='uint8' NAME='P' ></PROPERTY></INSTANCE>"
    third = '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="uint16"/></INSTANCE>'
    reader = fragments()
    counts = []
    for xml in (first, second, first, third):
        reader.read(xml.encode())
        counts.append(lib.opswire_cim_table_count(lib.opswire_cim_reader_table(reader.c)))
    assert counts == [1, 1, 1, 2]


def test_a_table_does_not_grow_without_end() -> None:
    """A new one is begun; blocks keep their own."""
    reader = fragments()
    first = lib.opswire_cim_reader_table(reader.c)
    for i in range(lib.OPSWIRE_CIM_MAX_SHAPES + 2):
        name = f"C{i}"
        xml = f'<INSTANCE CLASSNAME="{name}"><PROPERTY NAME="P" TYPE="uint8"/></INSTANCE>'
        assert reader.read(xml.encode()).events[0][2]["instance"] == name
        xml = '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="uint8"/></INSTANCE>'
        assert reader.read(xml.encode()).events[0][2]["instance"] == "C"
    table = lib.opswire_cim_reader_table(reader.c)
    assert table != first
    assert lib.opswire_cim_table_count(table) < lib.OPSWIRE_CIM_MAX_SHAPES


def test_a_block_outlives_its_reader() -> None:
    """With its shapes."""
    taken = []
    xml = b'<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="uint8"/></INSTANCE>'
    reader = fragments()
    reader.outcome(xml)
    event = ffi.new("struct opswire_cim_event *")
    lib.opswire_cim_reader_reset(reader.c)
    data = ffi.from_buffer("uint8_t[]", xml)
    lib.opswire_cim_feed(reader.c, ffi.new("struct opswire_view *", (data, len(xml)))[0])
    lib.opswire_cim_feed_end(reader.c)
    assert lib.opswire_cim_next(reader.c, event) == lib.OPSWIRE_DONE
    taken.append(lib.opswire_cim_take(reader.c))
    assert lib.opswire_cim_take(reader.c) == ffi.NULL
    ffi.release(reader.c)
    block = lib.opswire_cim_block_share(taken[0])
    lib.opswire_cim_block_free(taken[0])
    shape = lib.opswire_cim_shape_at(block, 0)
    assert ffi.string(ffi.cast("char *", shape.class_name.data), shape.class_name.size) == b"C"
    lib.opswire_cim_block_free(block)
