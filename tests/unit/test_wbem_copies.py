"""Copies of CIM objects: what they share, what they own, and what becomes of subclasses."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    NocaseDict,
)

QUALIFIERS = [CIMQualifier("Q", ["a", "b"])]
PARAMETER = CIMParameter("A", "string", value=["x"], is_array=True, qualifiers=QUALIFIERS)


def parsed(text: str) -> Any:
    """What a reader makes of it: its values are still in the block of the message."""
    return wbem.parse(text.encode(), fragment=True).objects[0]


def instance() -> CIMInstance:
    """With a path, a qualifier, and a list for a value."""
    path = CIMInstanceName("C", {"K": "k"}, host="h", namespace="n")
    return CIMInstance("C", {"K": "k", "L": ["a", "b"]}, QUALIFIERS, path)


MADE: dict[str, Callable[[], Any]] = {
    "an instance": instance,
    "an instance that was read": lambda: parsed(instance().tocimxmlstr()),
    "a path": lambda: instance().path,
    "a path that was read": lambda: parsed(instance().tocimxmlstr()).path,
    "a property": lambda: CIMProperty("P", ["a", "b"], qualifiers=QUALIFIERS),
    "a property without qualifiers": lambda: CIMProperty("P", "a"),
    "a parameter": lambda: copy.deepcopy(PARAMETER),
    "a method": lambda: CIMMethod("M", "uint8", [PARAMETER], "O", True, QUALIFIERS),
    "a method without TYPE": lambda: parsed('<CLASS NAME="C"><METHOD NAME="M"/></CLASS>').methods[
        "M"
    ],
    "a class": lambda: CIMClass(
        "C", [CIMProperty("P", "a")], [CIMMethod("M", "uint8")], "S", QUALIFIERS, CIMClassName("C")
    ),
    "a class that was read": lambda: parsed(MADE["a class"]().tocimxmlstr()),
    "the name of a class": lambda: CIMClassName("C", "h", "n"),
    "a qualifier": lambda: CIMQualifier("Q", ["a", "b"], "string", True, False, True, False, True),
    "a declaration": lambda: CIMQualifierDeclaration(
        "Q", "string", ["a"], True, 3, {"CLASS": True}, True, False, True, False
    ),
}
ATTRIBUTES = [
    "keybindings", "path", "properties", "qualifiers", "value", "methods", "parameters", "scopes",
]  # fmt: skip


def sharing(one: Any, other: Any) -> dict[str, bool]:
    """Which of the attributes that can be changed in place are the same objects."""
    found = {name: getattr(one, name, None) for name in ATTRIBUTES}
    return {
        name: getattr(other, name) is value
        for name, value in found.items()
        if value is not None and not isinstance(value, str)
    }


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_shallow_copy_shares_all_that_its_original_holds(make: Callable[[], Any]) -> None:
    """As Python copies an object: its attributes are the same."""
    original = make()
    twin = copy.copy(original)
    assert twin is not original
    assert type(twin) is type(original)
    assert twin == original
    assert repr(twin) == repr(original)
    assert all(sharing(original, twin).values())


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_copy_has_mappings_and_lists_of_its_own(make: Callable[[], Any]) -> None:
    """Of copy() and of copy.deepcopy()."""
    hows: list[Callable[[Any], Any]] = [lambda original: original.copy(), copy.deepcopy]
    for how in hows:
        original = make()
        twin = how(original)
        assert twin == original
        assert repr(twin) == repr(original)
        assert not any(sharing(original, twin).values())


def test_what_is_set_in_a_shallow_copy_is_set_in_the_original() -> None:
    """And what is given to one of them as a whole is that one's."""
    for make in (MADE["an instance"], MADE["an instance that was read"]):
        original = make()
        twin = copy.copy(original)
        twin["New"] = "x"
        twin.path["K"] = "other"
        assert original["new"] == "x"
        assert original.path["k"] == "other"
        twin.properties = {"P": "own"}
        twin.path = None
        twin.classname = "D"
        assert (len(original), original.path["K"], original.classname) == (3, "other", "C")


def test_facts_of_a_shallow_copy_are_its_own() -> None:
    """What is no mapping is changed in one only."""
    original = CIMProperty("P", "a", class_origin="O")
    twin = copy.copy(original)
    twin.class_origin = "other"
    twin.name = "Q"
    assert (original.class_origin, original.name) == ("O", "P")


class Noted:
    """Takes another argument than the class of ours that stands behind it."""

    note: list[str]

    def __init__(self, note: list[str], *arguments: Any) -> None:
        """Keep the note; the class behind has the rest."""
        super().__init__(*arguments)
        self.note = note


class NotedInstance(Noted, CIMInstance):
    """An instance with a note."""


class NotedPath(Noted, CIMInstanceName):
    """A path with a note."""


class NotedProperty(Noted, CIMProperty):
    """A property with a note."""


class NotedParameter(Noted, CIMParameter):
    """A parameter with a note."""


class NotedMethod(Noted, CIMMethod):
    """A method with a note."""


class NotedClass(Noted, CIMClass):
    """A class with a note."""


class NotedClassName(Noted, CIMClassName):
    """A name with a note."""


class NotedQualifier(Noted, CIMQualifier):
    """A qualifier with a note."""


class NotedDeclaration(Noted, CIMQualifierDeclaration):
    """A declaration with a note."""


class NotedDict(Noted, NocaseDict[Any]):
    """A dictionary with a note."""


def void_method() -> Any:
    """One that was given no type, as those that are read."""
    function, arguments = MADE["a method without TYPE"]().__reduce__()[:2]
    made = function(*arguments[:-1], NotedMethod)
    made.note = []
    return made


SUBCLASSES: dict[str, Callable[[], Any]] = {
    "instance": lambda: NotedInstance([], "C", {"K": "k"}),
    "path": lambda: NotedPath([], "C", {"K": "k"}, "h", "n"),
    "property": lambda: NotedProperty([], "P", ["a"]),
    "parameter": lambda: NotedParameter([], "A", "uint8"),
    "method": lambda: NotedMethod([], "M", "uint8"),
    "method without a type": void_method,
    "class": lambda: NotedClass([], "C"),
    "name of a class": lambda: NotedClassName([], "C"),
    "qualifier": lambda: NotedQualifier([], "Q", "a"),
    "declaration": lambda: NotedDeclaration([], "Q", "string"),
    "dictionary": lambda: NotedDict([], {"a": 1}),
}


@pytest.mark.parametrize("make", SUBCLASSES.values(), ids=SUBCLASSES)
def test_a_subclass_keeps_its_class_and_attributes(make: Callable[[], Any]) -> None:
    """Whatever its __init__() takes; copy() makes an object of ours, as in pywbem."""
    original = make()
    hows: list[tuple[Callable[[Any], Any], bool]] = [
        (copy.copy, True),
        (copy.deepcopy, False),
        (lambda made: pickle.loads(pickle.dumps(made)), False),  # noqa: S301  # our own
    ]
    for how, shared in hows:
        twin = how(original)
        assert type(twin) is type(original)
        assert twin == original
        assert (twin.note is original.note) is shared
        assert twin.note == []
    assert type(original.copy()) is type(original).__mro__[2]


def test_a_shallow_copy_of_a_dictionary_is_a_dictionary_of_its_own() -> None:
    """As of dict, and other than in pywbem, where both would be one."""
    original = NocaseDict({"a": [1]})
    twin = copy.copy(original)
    twin["b"] = [2]
    assert list(original) == ["a"]
    assert twin["A"] is original["a"]


def test_a_value_of_a_subclass_equals_one_of_its_base() -> None:
    """An embedded instance, and a reference."""
    plain = CIMInstance("C", {"K": "k"})
    for value, base in (
        (NotedInstance([], "C", {"K": "k"}), plain),
        (NotedPath([], "C", {"K": "k"}), CIMInstanceName("C", {"K": "k"})),
    ):
        assert CIMProperty("P", value) == CIMProperty("P", base)
        assert CIMProperty("P", [value]) == CIMProperty("P", [base])
    assert CIMProperty("P", plain) != CIMProperty("P", CIMClass("C"), embedded_object="instance")


@pytest.mark.parametrize("way", ["constructor", "assignment"])
def test_an_instance_keeps_a_copy_of_the_path_that_it_is_given(way: str) -> None:
    """What becomes of the other one is no concern of the instance, nor the other way round."""
    path = CIMInstanceName("C", {"K": "k"})
    made = CIMInstance("C", path=path if way == "constructor" else None)
    if way == "assignment":
        made.path = path
    path["K"] = "another"
    assert made.path == CIMInstanceName("C", {"K": "k"})
    assert made.path is not None
    made.path["K"] = "a third"
    assert path["K"] == "another"
