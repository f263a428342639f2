"""Names of CIM are one name in any case, read late or at once; and nobody fills memory with them.

Some of the names look alike on purpose.
"""
# ruff: noqa: RUF001 - lookalikes are the subject

import pytest

from opswire import wbem
from opswire._core.cimxml import objects as cim_objects
from opswire._core.cimxml.nocase import NocaseDict
from tests.wbem.answers import BEGINNING, END

VALUE = '<PROPERTY NAME="{}" TYPE="string"><VALUE>{}</VALUE></PROPERTY>'
KEY = '<KEYBINDING NAME="{}"><KEYVALUE>{}</KEYVALUE></KEYBINDING>'
SAID = '<QUALIFIER NAME="Of" TYPE="string"><VALUE>{}</VALUE></QUALIFIER>'
#: Names in the order in which they are given; the last one of those that are one counts.
NAMES = [
    ["État", "état", "Owner"],
    ["état", "Owner", "ÉTAT", "État"],
    ["Ärger", "ärger", "ÄRGER"],
    ["owner", "OWNER", "État"],
    ["Σ", "σ", "ς"],
    ["İ", "i̇", "I", "ı"],
    ["ß", "SS", "ẞ"],
    ["K", "\u212a", "k"],  # the sign of kelvin
    ["a", "ａ", "Ａ"],
]


def instance(names: list[str]) -> wbem.CIMInstance:
    """As it is read."""
    xml = "".join(VALUE.format(name, number) for number, name in enumerate(names))
    xml = f'<INSTANCE CLASSNAME="C">{xml}</INSTANCE>'
    made: wbem.CIMInstance = wbem.parse(xml.encode(), fragment=True).objects[0]
    return made


def path(names: list[str]) -> wbem.CIMInstanceName:
    """The same."""
    xml = "".join(KEY.format(name, number) for number, name in enumerate(names))
    xml = f'<INSTANCENAME CLASSNAME="C">{xml}</INSTANCENAME>'
    made: wbem.CIMInstanceName = wbem.parse(xml.encode(), fragment=True).objects[0]
    return made


@pytest.mark.parametrize("names", NAMES)
def test_a_name_has_one_value_whenever_it_is_asked_for(names: list[str]) -> None:
    """Before and after the properties were made, and as a mapping would have it."""
    expected = NocaseDict[str]((name, str(number)) for number, name in enumerate(names))
    for name in names:
        assert instance(names)[name] == expected[name]
        touched = instance(names)
        assert touched.properties[name].value == expected[name]
        assert touched[name] == expected[name]
        assert path(names)[name] == expected[name]
        assert path(names).keybindings[name] == expected[name]
    for made in (instance(names), path(names)):
        assert len(made) == len(expected)
        assert list(made.items()) == list(expected.items())
        assert list(made.keys()) == list(expected.keys())
        assert list(made.copy().items()) == list(expected.items())
    assert instance(names) == instance(names)
    assert hash(instance(names)) == hash(instance(names).copy())
    assert path(names) == wbem.CIMInstanceName("C", expected)


def test_qualifiers_belong_to_the_property_that_counts() -> None:
    """Not to the one that had its name before."""
    xml = '<INSTANCE CLASSNAME="C">'
    for number, name in enumerate(("État", "état", "ÉTAT")):
        said = SAID.format(number) if number != 1 else ""
        xml += f'<PROPERTY NAME="{name}" TYPE="string">{said}</PROPERTY>'
    xml += "</INSTANCE>"
    [made] = wbem.parse(xml.encode(), fragment=True).objects
    assert made.properties["état"].qualifiers["Of"].value == "2"
    xml = xml.replace('"ÉTAT" TYPE="string">' + SAID.format(2), '"ÉTAT" TYPE="string">')
    [made] = wbem.parse(xml.encode(), fragment=True).objects
    assert not made.properties["état"].qualifiers


def test_names_that_are_kept_are_bounded_in_octets() -> None:
    """Many short ones, and few long ones, which are not kept at all."""
    name = "N" * 900_000
    octets = f'{BEGINNING}<INSTANCE CLASSNAME="{name}">{VALUE.format(name, 1)}</INSTANCE>{END}'
    before = cim_objects.known_names()
    [made] = wbem.parse(octets.encode()).objects
    assert made.properties[name].name == made.classname == name
    assert cim_objects.known_names() == before
    for start in range(0, 20_000, 1000):
        xml = "".join(VALUE.format(f"名{number:0250}", 1) for number in range(start, start + 1000))
        octets = f'{BEGINNING}<INSTANCE CLASSNAME="C">{xml}</INSTANCE>{END}'
        assert len(wbem.parse(octets.encode()).objects[0].properties) == 1000
        number, size = cim_objects.known_names()
        assert number * 200 <= size <= 2**20
