"""Objects made by chance, written and read again: nothing is lost, whole or octet by octet."""

import copy
import pickle
from typing import Any

import pytest

from opswire import wbem
from opswire._core import cimxml
from tests.wbem.plain import plain
from tests.wbem.recipes import KINDS, Recipes, made

# Some paths have no key.
pytestmark = pytest.mark.filterwarnings("ignore::opswire.wbem.MissingKeybindingsWarning")

SEEDS = range(200)
each_kind = pytest.mark.parametrize("kind", KINDS)


def only(octets: bytes) -> Any:
    """The object of an element, whole; and the same fed in pieces."""
    (item,) = wbem.parse(octets, fragment=True).objects
    parser = wbem.Parser(fragment=True)
    pieces = [each for i in range(0, len(octets), 5) for each in parser.feed(octets[i : i + 5])]
    (other,) = [*pieces, *parser.close().objects]
    assert plain(other) == plain(item)
    return item


@each_kind
def test_what_was_read_is_written_as_the_same_octets(kind: str) -> None:
    """Octets to objects to octets, thawed or not; equal, with equal hashes."""
    for item in made(wbem, kind, SEEDS):
        octets = wbem.tocimxmlstr(item).encode()
        first, second = only(octets), only(octets)
        expected = wbem.tocimxmlstr(first)
        assert plain(second) == plain(first)  # every attribute of second is read now
        assert wbem.tocimxmlstr(second) == expected
        assert only(expected.encode()) == first == second
        assert hash(first) == hash(second)
        assert wbem.tocimxmlstr(wbem.parse(expected.encode(), fragment=True).objects[0]) == expected


@each_kind
def test_copies_are_equal_and_apart(kind: str) -> None:
    """Those of copy, deepcopy, pickle, and the object's own; read or made."""
    for made_here in made(wbem, kind, SEEDS):
        for item in (made_here, only(wbem.tocimxmlstr(made_here).encode())):
            before = plain(item)
            unpickled = pickle.loads(pickle.dumps(item))  # noqa: S301 (our own)
            for twin in (item.copy(), copy.copy(item), copy.deepcopy(item), unpickled):
                assert twin == item
                assert hash(twin) == hash(item)
                assert plain(twin) == before
                if kind == "declaration":
                    twin.name = "Other"
                else:
                    twin.classname = "Other"
                assert plain(item) == before
                assert twin != item


def other_case(name: str) -> str:
    """Letter by letter; one that would become two stays."""
    return "".join(ch.swapcase() if len(ch.swapcase()) == 1 else ch for ch in name)


@each_kind
def test_case_means_nothing_in_names(kind: str) -> None:
    """For comparison and hashes."""
    for item in made(wbem, kind, SEEDS):
        twin = item.copy()
        if kind == "declaration":
            twin.name = other_case(twin.name)
        else:
            twin.classname = other_case(twin.classname)
        assert twin == item
        assert hash(twin) == hash(item)


def test_calls_are_read_as_they_were_written() -> None:
    """Operations, methods and exports, with all kinds of parameters."""
    for seed in range(100):
        recipes = Recipes(wbem, seed)
        instance, path = recipes.instance(path=False), recipes.path(where=False)
        given: list[tuple[str, Any]] = [
            ("InstanceName", path),
            ("ModifiedInstance", instance),
            ("ClassName", wbem.CIMClassName("C")),
            ("NewClass", recipes.cim_class()),
            ("QualifierDeclaration", recipes.declaration()),
            ("PropertyList", ["a", "b"]),
        ]
        octets = cimxml.imethodcall("1", "Op", "root/cimv2", given)
        message = wbem.parse(octets)
        assert (message.element, message.name) == ("IMETHODCALL", "Op")
        assert message.target == "root/cimv2"
        assert [name for name, _ in message.parameters] == [name for name, _ in given]
        again = cimxml.imethodcall("1", "Op", "root/cimv2", message.parameters)
        assert plain(wbem.parse(again).parameters) == plain(message.parameters)
        parameters = [
            wbem.CIMParameter("I", "string", value=instance),
            wbem.CIMParameter("R", "reference", value=path),
            wbem.CIMParameter("N", "uint8", value=[1, None], is_array=True),
        ]
        target = recipes.path(where=False)
        target.namespace = "root/cimv2"
        message = wbem.parse(cimxml.methodcall("2", "M", target, parameters))
        assert plain(message.target) == plain(target)
        assert [each.name for each in message.parameters] == ["I", "R", "N"]
        assert message.parameters[2] == parameters[2]
        message = wbem.parse(cimxml.export_request("3", instance))
        ((name, indication),) = message.parameters
        assert name == "NewIndication"
        assert indication.classname == instance.classname
        message = wbem.parse(cimxml.export_response("3", "ExportIndication", 1, "full & busy"))
        assert message.error is not None
        assert message.error.args[:2] == (1, "full & busy")


@pytest.mark.parametrize("text", ["\x00", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_text_that_xml_cannot_carry_is_refused(text: str) -> None:
    """Before anything is sent, with the name of what has it."""
    instance = wbem.CIMInstance("C", {"Caption": f"a{text}"})
    with pytest.raises(ValueError, match=r"Caption|surrogates"):
        instance.tocimxmlstr()


@pytest.mark.parametrize("text", ["\r", "\r\n", "\n", "\t", "<&>\"'", "]]>", "\x7f", "😀", " "])
def test_other_text_arrives_as_it_was(text: str) -> None:
    """In values, names of keys, and descriptions."""
    instance = wbem.CIMInstance("C", {"Caption": text})
    assert only(wbem.tocimxmlstr(instance).encode())["Caption"] == text
    path = wbem.CIMInstanceName("C", {"k": text})
    assert only(wbem.tocimxmlstr(path).encode())["k"] == text
