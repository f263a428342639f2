"""DSP0201 as one table of octets and objects: read whole and octet by octet, and written."""

import copy
import json
import pickle
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from opswire import wbem
from opswire._core import cimxml
from tests.wbem import built
from tests.wbem.plain import plain

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases/cimxml_elements.toml").read_text())
#: A key that constructors refuse: it is the path of an instance, if it is a path. And scopes in an
#: order, and denied, of which the table does not tell; see test_wbem_tolerance.py.
ONLY_READ = {
    "an unnamed key that is a reference",
    "scopes in an order of their own, some of them denied",
}
#: Elements that are part of a call or an answer, and no objects of their own.
PAIRS = {"IPARAMVALUE", "EXPPARAMVALUE", "CORRELATOR"}


class Case(NamedTuple):
    """An element and the object that it is."""

    name: str
    octets: bytes
    element: str
    expected: Any


def load_cases() -> list[Case]:
    """The table, with objects made by constructors."""
    cases = []
    for entry in TABLE["element"]:
        xml = entry["xml"]
        element = xml[1:].split(">")[0].split(" ")[0].strip("/")
        cases.append(Case(entry["name"], xml.encode(), element, json.loads(entry["object"])))
    return [case for case in cases if case.name not in ONLY_READ]


CASES = load_cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def expected(case: Case) -> Any:
    """The object that a case tells of."""
    entry = case.expected
    if case.element in {*PAIRS, "RETURNVALUE"}:
        content = [(key, value) for key, value in entry.items() if key.isupper()]
        if not content:
            return None
        ((holder, value),) = content
        if holder == "QUALIFIER.DECLARATION":
            return built.member_of(value)
        if holder in {"CLASSNAME", "INSTANCENAME"}:
            return built.path_of(value)
        return built.value_of(value, entry.get("type"))
    if isinstance(entry, list):
        return [built.path_of(item) if isinstance(item, dict) else item for item in entry]
    if not isinstance(entry, dict):
        return entry
    if case.element == "PARAMVALUE":
        # What has no type of its own: names of classes and instances are references.
        for holder in ("CLASS", "INSTANCE", "VALUE.NAMEDINSTANCE"):
            if holder in entry:
                value = built.object_of(entry[holder])
                return wbem.CIMParameter(entry["name"], "string", value=value)
        for holder in ("CLASSNAME", "INSTANCENAME"):
            if holder in entry:
                value = built.path_of(entry[holder])
                return wbem.CIMParameter(entry["name"], "reference", value=value)
    if "element" in entry:
        return built.member_of(entry)
    if "instance" in entry or case.element in built.HOLD_CLASSES:
        return built.object_of(entry)
    return built.path_of(entry)


def read(octets: bytes, size: int) -> Any:
    """The one thing that an element is, wherever the message has it."""
    parser = cimxml.Parser(fragment=True)
    objects = []
    for start in range(0, len(octets), size):
        objects += parser.feed(octets[start : start + size])
    message = parser.close()
    part = message.part
    if part.has_return:
        return part.return_value
    pairs = [pair for pair in [*part.parameters, *part.correlators] if isinstance(pair, tuple)]
    parameters = [each for each in part.parameters if not isinstance(each, tuple)]
    found = [*objects, *message.objects, *parameters, *(value for _, value in pairs)]
    (only,) = found
    return only


def written(item: Any, case: Case) -> bytes:
    """The octets of an object; a parameter is a declaration or a value."""
    if isinstance(item, wbem.CIMParameter):
        return item.tocimxmlstr(as_value=case.element == "PARAMVALUE").encode()
    return wbem.tocimxmlstr(item).encode()


@each_case
@pytest.mark.parametrize("size", [1 << 20, 7, 1], ids=["whole", "by seven", "by one"])
@pytest.mark.filterwarnings("ignore::opswire.errors.wbem.MissingKeybindingsWarning")
def test_an_element_is_the_object_that_constructors_make(case: Case, size: int) -> None:
    """Every attribute of it, in depth."""
    assert plain(read(case.octets, size)) == plain(expected(case))


@each_case
@pytest.mark.filterwarnings("ignore::opswire.errors.wbem.MissingKeybindingsWarning")
def test_the_object_is_written_as_an_element_that_is_the_same_object(case: Case) -> None:
    """Objects to octets to objects; and what was read is written like what was made."""
    item = expected(case)
    if not isinstance(item, wbem.CIMObject):
        return
    if isinstance(item, wbem.CIMClass):
        item.path = None  # a class is written without it
    if isinstance(item, wbem.CIMParameter) and isinstance(item.value, wbem.CIMInstance):
        item.value.path = None  # so is an instance in a parameter
    octets = written(item, case)
    assert plain(read(octets, 1)) == plain(item)
    assert written(read(case.octets, 1 << 20), case) == octets


@each_case
@pytest.mark.filterwarnings("ignore::opswire.errors.wbem.MissingKeybindingsWarning")
def test_what_was_read_is_equal_to_what_was_made(case: Case) -> None:
    """In both directions, with equal hashes, and so is a copy that was pickled."""
    item, other = read(case.octets, 1 << 20), expected(case)
    assert item == other
    assert other == item
    if isinstance(item, wbem.CIMObject):
        assert hash(item) == hash(other)
        assert repr(item) == repr(other)
        unpickled = pickle.loads(pickle.dumps(item))  # noqa: S301 (our own)
        for twin in (unpickled, copy.copy(item), copy.deepcopy(item)):
            assert plain(twin) == plain(other)


@each_case
def test_an_element_that_is_cut_anywhere_is_refused(case: Case) -> None:
    """Typed, and with its place."""
    for end in range(len(case.octets)):
        with pytest.raises(wbem.XMLParseError) as caught:
            cimxml.parse(case.octets[:end], fragment=True)
        assert caught.value.offset == end
