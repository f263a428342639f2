"""The mappings of CIM objects: what they take, and what they are compared and combined with."""

import copy
import gc
import pickle
import weakref
from collections.abc import Callable, ItemsView, KeysView
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    NocaseDict,
)

PROPERTY = CIMProperty("N", "v")
METHOD = CIMMethod("N", "uint8")
PARAMETER = CIMParameter("N", "uint8")
QUALIFIER = CIMQualifier("N", "v")


def parsed(xml: str) -> Any:
    """What a reader makes of it."""
    return wbem.parse(xml.encode(), fragment=True).objects[0]


PATH = (
    '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><KEYVALUE>v</KEYVALUE></KEYBINDING>'
    "</INSTANCENAME>"
)
SAID = '<QUALIFIER NAME="N" TYPE="string"><VALUE>v</VALUE></QUALIFIER>'
INSTANCE = (
    f'<INSTANCE CLASSNAME="C">{SAID}<PROPERTY NAME="N" TYPE="string">{SAID}</PROPERTY></INSTANCE>'
)
CLASS = (
    f'<CLASS NAME="C">{SAID}<PROPERTY NAME="N" TYPE="string">{SAID}</PROPERTY><METHOD NAME="N" '
    f'TYPE="uint8">{SAID}<PARAMETER NAME="N" TYPE="uint8">{SAID}</PARAMETER></METHOD></CLASS>'
)
#: Where a mapping is, and what belongs into it.
MAPPINGS: dict[str, tuple[Callable[[], NocaseDict[Any]], object]] = {
    "properties of an instance": (lambda: CIMInstance("C", [PROPERTY]).properties, PROPERTY),
    "qualifiers of an instance": (lambda: CIMInstance("C").qualifiers, QUALIFIER),
    "properties of an instance that was read": (lambda: parsed(INSTANCE).properties, PROPERTY),
    "qualifiers of an instance that was read": (lambda: parsed(INSTANCE).qualifiers, QUALIFIER),
    "qualifiers of its property": (lambda: parsed(INSTANCE).properties["N"].qualifiers, QUALIFIER),
    "properties of a copy": (lambda: parsed(INSTANCE).copy().properties, PROPERTY),
    "properties of a class": (lambda: CIMClass("C").properties, PROPERTY),
    "methods of a class": (lambda: CIMClass("C").methods, METHOD),
    "qualifiers of a class": (lambda: CIMClass("C").qualifiers, QUALIFIER),
    "properties of a class that was read": (lambda: parsed(CLASS).properties, PROPERTY),
    "methods of a class that was read": (lambda: parsed(CLASS).methods, METHOD),
    "qualifiers of a class that was read": (lambda: parsed(CLASS).qualifiers, QUALIFIER),
    "parameters of a method": (lambda: CIMMethod("M", "uint8").parameters, PARAMETER),
    "qualifiers of a method": (lambda: CIMMethod("M", "uint8").qualifiers, QUALIFIER),
    "parameters of a method that was read": (
        lambda: parsed(CLASS).methods["N"].parameters,
        PARAMETER,
    ),
    "qualifiers of a method that was read": (
        lambda: parsed(CLASS).methods["N"].qualifiers,
        QUALIFIER,
    ),
    "qualifiers of a parameter": (lambda: CIMParameter("P", "uint8").qualifiers, QUALIFIER),
    "qualifiers of a parameter that was read": (
        lambda: parsed(CLASS).methods["N"].parameters["N"].qualifiers,
        QUALIFIER,
    ),
    "qualifiers of a property": (lambda: CIMProperty("P", "v").qualifiers, QUALIFIER),
    "a mapping that was copied": (lambda: copy.copy(CIMClass("C").properties), PROPERTY),
    "a mapping that was deeply copied": (
        lambda: copy.deepcopy(CIMInstance("C", [PROPERTY])).properties,
        PROPERTY,
    ),
    "a mapping of an object that was pickled": (
        lambda: pickle.loads(pickle.dumps(CIMClass("C"))).methods,  # noqa: S301 - our own
        METHOD,
    ),
}


def emptied(mapping: NocaseDict[Any]) -> NocaseDict[Any]:
    """The mapping without what was in it."""
    mapping.clear()
    return mapping


WAYS_IN: dict[str, Callable[[NocaseDict[Any], object], object]] = {
    "[]": lambda mapping, value: mapping.__setitem__("n", value),
    "update with a mapping": lambda mapping, value: mapping.update({"n": value}),
    "update with a NocaseDict": lambda mapping, value: mapping.update(NocaseDict({"n": value})),
    "update with pairs": lambda mapping, value: mapping.update([("n", value)]),
    "update with keywords": lambda mapping, value: mapping.update(n=value),
    # mypy would rather see an object made once.
    "__init__": lambda mapping, value: mapping.__init__({"n": value}),  # type: ignore[misc]  # called again on purpose
    "setdefault": lambda mapping, value: emptied(mapping).setdefault("n", value),
}
WRONG = ["v", b"v", 7, None, [PROPERTY], {"N": PROPERTY}, object(), CIMInstance("C"), CIMProperty]


@pytest.mark.parametrize("way", WAYS_IN)
@pytest.mark.parametrize("where", MAPPINGS)
def test_a_mapping_refuses_what_does_not_belong_there(where: str, way: str) -> None:
    """At once, with a TypeError; what was there stays."""
    mapping, right = MAPPINGS[where][0](), MAPPINGS[where][1]
    for value in (*WRONG, PROPERTY, METHOD, QUALIFIER, PARAMETER):
        if type(value) is type(right):
            continue
        with pytest.raises(TypeError, match="is needed as"):
            WAYS_IN[way](mapping, value)
        assert all(type(member) is type(right) for member in mapping.values())
    WAYS_IN[way](mapping, right)
    assert mapping["n"] is right


@pytest.mark.parametrize("way", WAYS_IN)
@pytest.mark.parametrize("where", MAPPINGS)
def test_an_object_is_put_under_its_own_name(where: str, way: str) -> None:
    """In any case of it: under another one nobody would find it again."""
    mapping = MAPPINGS[where][0]()
    right: Any = copy.copy(MAPPINGS[where][1])
    right.name = "Other"
    with pytest.raises(ValueError, match="'Other' is given under the name 'n'"):
        WAYS_IN[way](mapping, right)
    mapping["OTHER"] = right
    with pytest.raises(ValueError, match="None"):
        mapping[None] = right


NO_KEYS = [["a"], {"a": 1}, CIMInstance("D"), CIMClass("D"), wbem.CIMClassName("D"), object(), 1j]


@pytest.mark.parametrize("way", WAYS_IN)
@pytest.mark.parametrize(
    "keys",
    [
        lambda: CIMInstanceName("C").keybindings,
        lambda: parsed(PATH).keybindings,
        lambda: CIMInstanceName("C"),
    ],
    ids=["made", "read", "the path itself"],
)
def test_keys_are_what_keys_can_be(keys: Callable[[], Any], way: str) -> None:
    """Texts, booleans, numbers, datetimes and paths; a property's value too."""
    if isinstance(keys(), CIMInstanceName) and not way.startswith(("[", "update")):
        way = "[]"
    for value in NO_KEYS:
        with pytest.raises(TypeError, match="a key is no"):
            WAYS_IN[way](keys(), value)
    with pytest.raises(ValueError, match="never None"):
        WAYS_IN[way](keys(), None)
    for value in ("v", True, 7, 1.5, wbem.Uint8(3), wbem.Char16("x"), CIMInstanceName("D")):
        mapping = keys()
        WAYS_IN[way](mapping, value)
        assert mapping["N"] == value
        assert type(mapping["N"]) is type(value)
    mapping = keys()
    WAYS_IN[way](mapping, PROPERTY)
    assert mapping["N"] == "v"


class Odd:
    """Attributes that subclasses may well put in the place of ours."""

    properties = methods = qualifiers = parameters = keybindings = {"N": "v"}  # noqa: RUF012 (left alone)
    host = namespace = classname = name = superclass = path = 7


def test_a_subclass_that_hides_attributes_confuses_nobody() -> None:
    """Its own are not what the compiled code relies on: exceptions perhaps, crashes never."""
    made: list[Any] = []
    for kind, arguments in (
        (CIMInstance, ("C", {"P": "v"})),
        (CIMClass, ("C", [PROPERTY])),
        (CIMMethod, ("M", "uint8")),
        (CIMInstanceName, ("C", {"K": "v"})),
        (CIMProperty, ("P", "v")),
    ):
        try:
            made.append(type("OddOne", (Odd, kind), {})(*arguments))
        except (AttributeError, TypeError):
            continue  # what is read-only now cannot be set
    for one in made:
        for call in (
            repr,
            str,
            hash,
            copy.copy,
            pickle.dumps,
            lambda one: one == type(one).__mro__[2]("C", "uint8"),
            lambda one: one == one.copy(),
            lambda one: one.tomof(),
            lambda one: one.tocimxmlstr(),
            lambda one: one.tocimxml(),
            lambda one: one.to_wbem_uri(),
            lambda one: CIMInstanceName.from_instance(CIMClass("C"), one),
        ):
            try:
                call(one)
            except (AttributeError, TypeError, ValueError, pickle.PicklingError):
                continue


def test_a_mapping_is_equal_to_a_dictionary_with_the_same_names() -> None:
    """In any case of them, and in any order."""
    keys = CIMInstanceName("C", {"Name": "sda", "Slot": 3}).keybindings
    assert keys == {"Name": "sda", "Slot": 3}
    assert dict.__eq__({"slot": 3, "NAME": "sda"}, keys) is NotImplemented
    assert keys == {"slot": 3, "NAME": "sda"}
    for other in ({}, {"Name": "sda"}, {"Name": "sda", "Slot": 4}, {"Name": "sda", "Other": 3}):
        assert keys != other
    assert NocaseDict(a=1) != {"a": 1, "A": 1}
    assert NocaseDict(a=1) != {7: 1}
    assert NocaseDict() == {}
    assert NocaseDict(a=1) != [("a", 1)]


def test_a_mapping_that_is_not_there_says_which_name() -> None:
    """As pywbem does, in each kind of mapping."""
    for mapping in (
        NocaseDict(a=1),
        CIMInstance("C", {"P": "v"}),
        CIMInstanceName("C", {"K": "v"}),
        parsed(INSTANCE),
        parsed(PATH),
        CIMClass("C").properties,
    ):
        with pytest.raises(KeyError) as raised:
            mapping["x"]
        assert raised.value.args == ("Key 'x' not found",)
        with pytest.raises(KeyError) as raised:
            del mapping["x"]
        assert raised.value.args == ("Key 'x' not found",)
    with pytest.raises(KeyError) as raised:
        NocaseDict().pop("x")
    assert raised.value.args == ("Key 'x' not found",)


def test_views_combine_as_sets_do() -> None:
    """With each other, with sets, and with any iterable."""
    one, other = NocaseDict(A=1, b=2), NocaseDict(b=2, c=3)
    assert one.keys() & other.keys() == {"b"}
    assert one.keys() | {"x"} == {"A", "b", "x"}
    assert one.keys() - ["A"] == {"b"}
    assert {"A", "x"} - one.keys() == {"x"}
    assert one.keys() ^ {"A", "x"} == {"b", "x"}
    assert one.items() & other.items() == {("b", 2)}
    assert one.keys() <= {"A", "b"} < {"A", "b", "c"}
    assert one.keys() >= {"A"}
    assert one.keys().isdisjoint({"x"})
    items: Any = one.items()
    assert [*reversed(items)] == [*items][::-1]
    assert isinstance(one.keys(), KeysView)
    assert isinstance(one.items(), ItemsView)


def test_views_follow_the_mapping() -> None:
    """They are no copies."""
    mapping = NocaseDict(a=1)
    keys, items = mapping.keys(), mapping.items()
    mapping["B"] = 2
    del mapping["a"]
    assert (list(keys), list(items), len(keys)) == (["B"], [("B", 2)], 1)


def test_a_mapping_may_be_referred_to_weakly() -> None:
    """And goes when nobody else has it."""
    mapping = NocaseDict(a=1)
    reference = weakref.ref(mapping)
    assert reference() is mapping
    del mapping
    gc.collect()
    assert reference() is None
    instance = CIMInstance("C", {"P": "v"})
    assert weakref.ref(instance.properties)() is instance.properties


def test_unnamed_keys_are_allowed_where_the_mapping_says_so() -> None:
    """In the keys of a path; in others when somebody allows them."""
    assert CIMInstanceName("C").keybindings.allow_unnamed_keys
    mapping = NocaseDict[int]()
    assert not mapping.allow_unnamed_keys
    with pytest.raises(ValueError, match="None is no name"):
        mapping[None] = 1
    mapping.allow_unnamed_keys = True
    mapping[None] = 1
    assert mapping[None] == 1


def test_a_name_is_folded_by_its_characters_whatever_its_class_says() -> None:
    """lower() of a subclass of str is the subclass's affair."""

    class Name(str):
        """Says that everything is the same in lower case."""

        __slots__ = ()

        def lower(self) -> str:
            return "x"

        def __str__(self) -> str:
            return "shown"

    mapping = NocaseDict({Name("A"): 1, Name("B"): 2})
    assert list(mapping) == ["A", "B"]
    assert mapping["a"] == 1
    named: dict[str, str] = {Name("P"): "v"}
    instance = CIMInstance(Name("C"), named)
    assert (instance.classname, instance["p"]) == ("C", "v")
