"""ValueMapping: what ValueMap and Values of real classes mean, and what its errors say."""

from collections.abc import Callable
from typing import Any

import pytest

from opswire.wbem import (
    CIMClass,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    ModelError,
    Real32,
    Uint8,
    ValueMapping,
)


class Server:
    """A connection that has one class: every element of it is mapped in the same way."""

    def __init__(self, binaries: Any, texts: Any, kind: str = "uint8") -> None:
        """Keep what GetClass() answers."""
        qualifiers = [
            CIMQualifier("ValueMap", binaries, type="string"),
            CIMQualifier("Values", texts, type="string"),
        ]
        parameter = CIMParameter("Par", kind, qualifiers=qualifiers)
        self.answer = CIMClass(
            "CIM_C",
            [CIMProperty("Prop", None, kind, qualifiers=qualifiers)],
            [CIMMethod("Met", kind, [parameter], qualifiers=qualifiers)],
        )

    def GetClass(self, ClassName: str, **_: Any) -> CIMClass:
        """Whatever is asked."""
        return self.answer


def mapping(binaries: Any, texts: Any, default: str | None = None) -> ValueMapping:
    """Of a property."""
    return ValueMapping.for_property(Server(binaries, texts), "ns", "CIM_C", "Prop", default)


@pytest.mark.parametrize(
    ("binaries", "texts", "expected"),
    [
        (["1", "2", "4.."], ["one"], [(1, "one"), (2, "none"), ((4, 255), "none")]),
        (["1", ".."], ["one"], [(1, "one"), (None, "none")]),
        (["1", "2"], [], [(1, "none"), (2, "none")]),
        (["1"], ["one", "two", "three"], [(1, "one")]),
        ([], ["one"], []),
    ],
)
def test_with_a_default_the_sizes_of_the_qualifiers_may_differ(
    binaries: list[str], texts: list[str], expected: list[tuple[object, str]]
) -> None:
    """Entries without a text have the default; texts without an entry are left out."""
    assert list(mapping(binaries, texts, "none").items()) == expected
    with pytest.raises(
        ModelError,
        match=f"^property 'Prop' of class 'CIM_C' in namespace 'ns' has {len(texts)} Values and "
        f"{len(binaries)} entries in ValueMap$",
    ):
        mapping(binaries, texts)


def test_the_default_is_no_text_for_numbers_that_are_not_in_the_map() -> None:
    """It stands for texts that the schema forgot, not for values that the server invented."""
    of_two = mapping(["1", "2"], ["one"], "none")
    assert of_two.tovalues([1, 2]) == ["one", "none"]
    assert of_two.tobinary("none") == 2
    with pytest.raises(ValueError, match="has no 3 in its ValueMap"):
        of_two.tovalues(3)


@pytest.mark.parametrize(
    ("entry", "binary"),
    [
        ("017", 15),
        ("+017", 15),
        ("00", 0),
        ("0", 0),
        ("010..020", (8, 16)),
        ("0x1f", 31),
        ("0X1F", 31),
        ("101b", 5),
        ("01B", 1),
        ("10", 10),
    ],
)
def test_integers_of_the_map_are_written_as_in_mof(entry: str, binary: object) -> None:
    """A zero before the digits means octal."""
    assert list(mapping([entry], ["text"]).items()) == [(binary, "text")]
    assert mapping([entry], ["text"]).tobinary("text") == binary


def test_an_open_range_ends_before_an_octal_number() -> None:
    """It is the same number at either place."""
    assert list(mapping(["1..", "017"], ["a", "b"]).items()) == [((1, 14), "a"), (15, "b")]


@pytest.mark.parametrize(
    "entry", ["08", "019", "0b11", "0o17", "1_0", "1.5", "...5", "", "x", "12b", "0x", "٣", "1..x"]
)
def test_an_entry_that_is_no_integer_is_told(entry: str) -> None:
    """With the whole entry."""
    with pytest.raises(
        ModelError,
        match=rf"^property 'Prop' of class 'CIM_C' in namespace 'ns' has {entry!r} in its ValueMap",
    ):
        mapping([entry], ["text"])


def test_lists_are_taken_as_any_sequence() -> None:
    """Lists, tuples and their subclasses; NULL stays NULL."""

    class Values(list[int]):
        pass

    numbers = mapping(["0", "1..3"], ["a", "b"])
    for sequence in ([0, 1], (0, 1), Values([0, 1]), [Uint8(0), Uint8(1)]):
        assert numbers.tovalues(sequence) == ["a", "b"]
    assert numbers.tovalues([None, 2]) == [None, "b"]
    assert numbers.tovalues(None) is None
    assert numbers.tovalues([]) == numbers.tovalues(()) == []


@pytest.mark.parametrize(
    "value", [0.0, 1.5, Real32(1), "1", b"1", {1}, range(2), [[1]], ["1"], (1.0,), object()]
)
def test_what_is_no_integer_is_a_type_error(value: Any) -> None:
    """A float that equals an integer too, and also where there are ranges."""
    for binaries in (["1", "2"], ["1..2", ".."]):
        with pytest.raises(TypeError, match=r"'Prop' of class 'CIM_C' .* and no integer$"):
            mapping(binaries, ["a", "b"]).tovalues(value)


@pytest.mark.parametrize("text", [None, 1, b"a", ["a"], ("a",), []])
def test_what_is_no_text_is_a_type_error(text: Any) -> None:
    """As pywbem has it."""
    with pytest.raises(TypeError, match=r"'Prop' of class 'CIM_C' .* and no text$"):
        mapping(["1"], ["a"]).tobinary(text)


def test_of_entries_with_one_text_or_one_number_the_last_counts() -> None:
    """DMTF's own schema has "DMTF Reserved" several times; items() gives them all."""
    twice = mapping(["1", "2..4", "7"], ["Reserved", "Reserved", "x"])
    assert twice.tobinary("Reserved") == (2, 4)
    assert list(twice.items()) == [(1, "Reserved"), ((2, 4), "Reserved"), (7, "x")]
    assert mapping(["1", "1"], ["a", "b"]).tovalues(1) == "b"


@pytest.mark.parametrize(("texts", "kind"), [(["a", None], "string"), ([1, 2], "uint8")])
def test_an_entry_that_is_no_text_is_told(texts: Any, kind: str) -> None:
    """A NULL in Values, or numbers where texts belong."""
    qualifier = CIMQualifier("Values", texts, type=kind)
    element = CIMProperty("Prop", None, "uint8", qualifiers=[qualifier])
    with pytest.raises(
        ModelError, match=r"^property 'Prop' has .* in its Values, which is no text"
    ):
        ValueMapping.from_element(element)


def test_a_qualifier_that_is_null_is_as_one_that_is_not_there() -> None:
    """Both of them."""
    assert list(mapping(None, ["a", "b"]).items()) == [(0, "a"), (1, "b")]
    with pytest.raises(ValueError, match=r"^property 'Prop' of class .* has no qualifier Values$"):
        mapping(["1"], None)


def test_messages_tell_the_element_the_class_and_the_value() -> None:
    """By the names that were asked for."""
    server = Server(["1"], ["a"])
    made = [
        (ValueMapping.for_property(server, "ns", "cim_c", "prop"), "property 'prop' of"),
        (ValueMapping.for_method(server, "ns", "cim_c", "met"), "method 'met' of"),
        (
            ValueMapping.for_parameter(server, "ns", "cim_c", "met", "par"),
            "parameter 'par' of method 'met' of",
        ),
    ]
    for of_element, start in made:
        whose = f"^{start} class 'cim_c' in namespace 'ns'"
        with pytest.raises(ValueError, match=f"{whose} has no 7 in its ValueMap$"):
            of_element.tovalues(Uint8(7))
        with pytest.raises(ValueError, match=f"{whose} has no 'x' in its Values$"):
            of_element.tobinary("x")
    method = ValueMapping.from_element(server.answer.methods["met"])
    with pytest.raises(ValueError, match=r"^method 'Met' has no 7 in its ValueMap$"):
        method.tovalues(7)
    with pytest.raises(ModelError, match=r"^property 'Prop' of class 'C' is of the type 'string'"):
        ValueMapping.for_property(Server(["1"], ["a"], "string"), None, "C", "Prop")


def test_an_element_that_the_class_does_not_have_is_told_with_the_class() -> None:
    """Where a NocaseDict tells the key alone."""
    server = Server(["1"], ["a"])
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: ValueMapping.for_property(server, None, "C", "x"), "class 'C' has no property"),
        (lambda: ValueMapping.for_method(server, None, "C", "x"), "class 'C' has no method"),
        (lambda: ValueMapping.for_parameter(server, None, "C", "x", "Par"), "'C' has no method"),
        (
            lambda: ValueMapping.for_parameter(server, None, "C", "Met", "x"),
            "method 'Met' of class 'C' has no parameter",
        ),
    ]
    for call, text in calls:
        with pytest.raises(KeyError, match=f"{text} 'x'"):
            call()


def test_a_range_has_both_of_its_ends() -> None:
    """And nothing beyond them."""
    found = mapping(["1", "3..5", "7.."], ["one", "few", "many"])
    assert [found.tovalues(number) for number in (3, 4, 5)] == ["few"] * 3
    assert [found.tovalues(number) for number in (7, 255)] == ["many"] * 2
    for number in (0, 2, 6, 256):
        with pytest.raises(ValueError, match=f"has no {number} in its ValueMap"):
            found.tovalues(number)
