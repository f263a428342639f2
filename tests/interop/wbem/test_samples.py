"""Answers of a real server: what pywbem reads in them is what we read."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pywbem

from opswire import wbem
from opswire._core import cimxml
from tests.servers.fixed_answer import FixedAnswer
from tests.wbem.plain import plain

CASES = sorted((Path(__file__).parents[2] / "cases/cimxml").glob("*.xml"))
NAMESPACE = "test/TestProvider"
PATH = pywbem.CIMInstanceName("C", {"k": "v"}, namespace=NAMESPACE)
CONTEXT = ("context", NAMESPACE)

#: How to make pywbem read the answer to an operation.
OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "GetClass": lambda conn: [conn.GetClass("C")],
    "EnumerateInstances": lambda conn: conn.EnumerateInstances("C"),
    "EnumerateInstanceNames": lambda conn: conn.EnumerateInstanceNames("C"),
    "Associators": lambda conn: conn.Associators(PATH),
    "AssociatorNames": lambda conn: conn.AssociatorNames(PATH),
    "References": lambda conn: conn.References(PATH),
    "ReferenceNames": lambda conn: conn.ReferenceNames("C"),
    "ExecQuery": lambda conn: conn.ExecQuery("WQL", "x"),
    "GetQualifier": lambda conn: [conn.GetQualifier("x")],
    "CreateInstance": lambda conn: [conn.CreateInstance(pywbem.CIMInstance("C"))],
    "GetInstance": lambda conn: [conn.GetInstance(PATH)],
    "OpenEnumerateInstances": lambda conn: conn.OpenEnumerateInstances("C", MaxObjectCount=9)[0],
    "PullInstancesWithPath": lambda conn: conn.PullInstancesWithPath(CONTEXT, 9)[0],
    "PullInstancePaths": lambda conn: conn.PullInstancePaths(CONTEXT, 9)[0],
}


@pytest.fixture(scope="module")
def server() -> Iterator[FixedAnswer]:
    """Gives pywbem the octets."""
    with FixedAnswer() as running:
        yield running


def without_place(value: Any) -> Any:
    """Without paths: clients add the namespace and the host of their connection to them."""
    if isinstance(value, tuple):
        return tuple(
            without_place(item)
            for item in value
            if not (isinstance(item, tuple) and item[0] in {"path", "host", "namespace"})
        )
    return [without_place(item) for item in value] if isinstance(value, list) else value


def keys(objects: list[Any]) -> Any:
    """The keys of the paths of the objects that have one."""
    paths = [getattr(item, "path", None) for item in objects]
    return [
        without_place(plain(path)) for path in paths if type(path).__name__ == "CIMInstanceName"
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_answer_has_the_values_that_pywbem_finds(path: Path, server: FixedAnswer) -> None:
    """Every attribute of every object."""
    server.answer = path.read_bytes()
    message = cimxml.parse(server.answer)
    name = message.name
    assert name is not None
    conn = pywbem.WBEMConnection(server.url, default_namespace=NAMESPACE)
    if message.element == "EXPMETHODCALL":
        ((parameter, indication),) = message.parameters
        assert parameter == "NewIndication"
        assert len(indication) == path.read_bytes().count(b"\n<PROPERTY")
    elif message.element == "METHODRESPONSE":
        value, parameters = conn.InvokeMethod(name, PATH)
        assert plain(message.return_value) == plain(value)
        assert [each.name for each in message.parameters] == list(parameters)
        for each in message.parameters:
            if each.type != "boolean":  # every FALSE is True there
                assert plain(each.value) == plain(parameters[each.name])
    elif message.error is not None:
        with pytest.raises(pywbem.CIMError) as caught:
            OPERATIONS[name](conn)
        assert message.error.args[:2] == caught.value.args[:2]
        assert plain(message.error.instances) == plain(caught.value.instances)
    else:
        objects = OPERATIONS[name](conn)
        assert len(objects) > 0
        assert without_place(plain(message.objects)) == without_place(plain(objects))
        if name != "GetInstance":  # its answer has no path
            assert keys(message.objects) == keys(objects)


def test_false_from_a_method_is_false() -> None:
    """Theirs is True."""
    path = next(path for path in CASES if "InvokeMethod_inout" in path.name)
    values = {each.name: each.value for each in cimxml.parse(path.read_bytes()).parameters}
    assert values["scalBool"] is False
    assert values["arrayBool"] == [True, False]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_an_answer_in_pieces_is_the_same(path: Path, size: int) -> None:
    """Fed as it comes from a socket."""
    octets = path.read_bytes()
    parser = cimxml.Parser()
    objects = []
    for start in range(0, len(octets), size):
        objects += parser.feed(octets[start : start + size])
    message = parser.close()
    whole = cimxml.parse(octets)
    assert plain(objects + message.objects) == plain(whole.objects)
    assert plain(message.return_value) == plain(whole.return_value)
    assert len(message.parameters) == len(whole.parameters)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_object_that_is_written_is_read_again(path: Path) -> None:
    """Objects to octets to objects: every attribute stays."""
    message = cimxml.parse(path.read_bytes())
    for item in message.objects:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wbem.MissingKeybindingsWarning)
            octets = wbem.tocimxmlstr(item).encode()
        (again,) = cimxml.parse(octets, fragment=True).objects
        assert plain(again) == plain(item)
        assert again == item
        assert hash(again) == hash(item)
