"""CIM objects of any library as plain tuples, so that two libraries' objects can be compared."""

from typing import Any

ATTRIBUTES = {
    "CIMInstance": ("classname", "properties", "qualifiers", "path"),
    "CIMInstanceName": ("classname", "keybindings", "host", "namespace"),
    "CIMClass": ("classname", "superclass", "properties", "methods", "qualifiers", "path"),
    "CIMClassName": ("classname", "host", "namespace"),
    "CIMProperty": (
        "name",
        "value",
        "type",
        "class_origin",
        "array_size",
        "propagated",
        "is_array",
        "reference_class",
        "qualifiers",
        "embedded_object",
    ),
    "CIMMethod": ("name", "return_type", "parameters", "class_origin", "propagated", "qualifiers"),
    "CIMParameter": (
        "name",
        "type",
        "reference_class",
        "is_array",
        "array_size",
        "qualifiers",
        "value",
        "embedded_object",
    ),
    "CIMQualifier": (
        "name",
        "value",
        "type",
        "propagated",
        "overridable",
        "tosubclass",
        "toinstance",
        "translatable",
    ),
    "CIMQualifierDeclaration": (
        "name",
        "type",
        "value",
        "is_array",
        "array_size",
        "scopes",
        "overridable",
        "tosubclass",
        "toinstance",
        "translatable",
    ),
}


def plain(value: Any) -> Any:
    """The value without its library: names of classes, attributes by name, texts and numbers."""
    name = type(value).__name__
    if name in ATTRIBUTES:
        attributes = {key: plain(getattr(value, key)) for key in ATTRIBUTES[name]}
        if "scopes" in attributes:  # written in the order of the alphabet
            attributes["scopes"].sort()
        return (name, *attributes.items())
    if name == "NocaseDict":
        return [(key, plain(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if name == "CIMDateTime":
        return (name, str(value), value.datetime, value.timedelta, value.precision)
    if isinstance(value, float):
        return (name, repr(float(value)))
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return (name, int(value))
    assert isinstance(value, str), value
    return (name, str(value))
