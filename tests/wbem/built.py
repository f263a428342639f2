"""CIM objects built with their constructors, from what tests/cases/cimxml_elements.toml says.

That table is the C reader's: it tells which attributes were there. What an object has for one that
was not there is the default of DSP0201, which is written down here.
"""

from typing import Any

from opswire import wbem
from opswire._core.cimxml.objects import restore_void_method
from opswire.wbem import CIMParameter, CIMProperty, CIMQualifier

SCOPES = ["CLASS", "ASSOCIATION", "REFERENCE", "PROPERTY", "METHOD", "PARAMETER", "INDICATION"]
EXTRAS = {"class_origin", "reference_class", "lang", "flags", "array_size"}
#: Elements whose content is a class when it looks like {"class": …}, and a path elsewhere.
HOLD_CLASSES = {
    "CLASS",
    "VALUE.OBJECT",
    "VALUE.NAMEDOBJECT",
    "VALUE.OBJECTWITHPATH",
    "VALUE.OBJECTWITHLOCALPATH",
}


def value_of(value: Any, type_name: str | None) -> Any:
    """A value of the type; lists of them; objects and paths."""
    if isinstance(value, list):
        return [value_of(item, type_name) for item in value]
    if isinstance(value, dict):
        return path_of(value) if type_name == "reference" else object_of(value)
    if value is None or type_name in {None, "integer", "natural"}:
        return value
    return float(value) if type_name == "real" else wbem.cimvalue(value, type_name)


def path_of(entry: dict[str, Any]) -> Any:
    """The path of an instance or a class; a namespace alone is its text."""
    where = {name: entry.get(name) for name in ("host", "namespace")}
    if "keys" in entry:
        keys = [(name, value_of(value, kind)) for name, kind, value in entry["keys"]]
        return wbem.CIMInstanceName(entry["class"], keys, **where)
    return wbem.CIMClassName(entry["class"], **where) if "class" in entry else entry["namespace"]


def object_of(entry: dict[str, Any]) -> Any:
    """An instance or a class."""
    path = path_of(entry["path"]) if "path" in entry else None
    qualifiers = [member_of(item) for item in entry.get("qualifiers", ())]
    if "instance" in entry:
        instance = wbem.CIMInstance(
            entry["instance"], [property_of(*item) for item in entry["properties"]], qualifiers
        )
        instance.path = path
        return instance
    return wbem.CIMClass(
        entry["class"],
        [member_of(item) for item in entry.get("properties", ())],
        [member_of(item) for item in entry.get("methods", ())],
        entry.get("superclass"),
        qualifiers,
        path,
    )


def embedded(flags: list[str]) -> str | None:
    """What an element says about objects in its text."""
    named = {"embedded_instance": "instance", "embedded_object": "object"}
    return next((word for flag, word in named.items() if flag in flags), None)


def property_of(name: str, type_name: str, *rest: Any) -> CIMProperty:
    """A property of an instance: name, type, extras if any, value, qualifiers if any."""
    extras: dict[str, Any] = {}
    if isinstance(rest[0], dict) and rest[0].keys() <= EXTRAS:
        extras, *rest = rest  # type: ignore[assignment]  # a list from here on
    qualifiers = [member_of(item) for item in rest[1]] if len(rest) > 1 else None
    flags = extras.get("flags", [])
    return CIMProperty(
        name,
        value_of(rest[0], type_name),
        type_name,
        extras.get("class_origin"),
        extras.get("array_size"),
        "propagated" in flags,
        "is_array" in flags,
        extras.get("reference_class"),
        qualifiers,
        embedded(flags),
    )


def member_of(entry: dict[str, Any]) -> Any:
    """A qualifier, property, method or parameter; a qualifier's declaration."""
    element, name = entry["element"], entry["name"]
    type_name: Any = entry.get("type")
    flags = entry.get("flags", [])
    content = next((value for key, value in entry.items() if key.isupper()), None)
    value = value_of(content, type_name)
    qualifiers = [member_of(item) for item in entry.get("qualifiers", ())]
    flavors = {
        flag: flag in flags or (default and f"{flag}_given" not in flags)
        for flag, default in (
            ("overridable", True),
            ("tosubclass", True),
            ("toinstance", False),
            ("translatable", False),
        )
    }
    if element == "QUALIFIER":
        return CIMQualifier(name, value, type_name, "propagated" in flags, **flavors)
    if element == "QUALIFIER.DECLARATION":
        scopes = {word: True for word in SCOPES if f"scope_{word.lower()}" in flags}
        array, size = "is_array" in flags, entry.get("array_size")
        return wbem.CIMQualifierDeclaration(name, type_name, value, array, size, scopes, **flavors)
    if element == "METHOD":
        make = wbem.CIMMethod if type_name else restore_void_method
        return make(
            name,
            type_name,
            [member_of(item) for item in entry.get("parameters", ())],
            entry.get("class_origin"),
            "propagated" in flags,
            qualifiers,
        )
    reference = element.endswith((".REFERENCE", ".REFARRAY")) or isinstance(value, wbem.CIMObject)
    kind = type_name or ("reference" if reference and not embedded(flags) else "string")
    array = isinstance(value, list) or "is_array" in flags or element.endswith("ARRAY")
    if element.startswith("PROPERTY"):
        return CIMProperty(
            name,
            value,
            kind,
            entry.get("class_origin"),
            entry.get("array_size"),
            "propagated" in flags,
            array,
            entry.get("reference_class"),
            qualifiers,
            embedded(flags),
        )
    return CIMParameter(
        name,
        kind,
        entry.get("reference_class"),
        array,
        entry.get("array_size"),
        qualifiers,
        value,
        embedded(flags),
    )
