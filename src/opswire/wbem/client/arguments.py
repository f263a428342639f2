"""What users pass to an operation, checked and as the writer of requests takes it.

Each function names the argument in what it raises: TypeError for what has the wrong type,
ValueError for a wrong value.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from opswire._core.cimxml.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMQualifierDeclaration,
)
from opswire._core.cimxml.types import cimtype

__all__ = [
    "boolean",
    "class_name",
    "count",
    "instance",
    "instance_name",
    "method_parameters",
    "object_name",
    "of_type",
    "property_list",
    "qualifier_declaration",
    "text",
]


def of_type(value: Any, kind: type, name: str) -> Any:
    """Return an object of a class of ours."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, not {type(value).__name__}")
    return value


def class_name(value: Any, name: str, *, optional: bool = False) -> CIMClassName | None:
    """Return the name of a class, given as text or with its path."""
    if value is None and optional:
        return None
    if isinstance(value, str):
        return CIMClassName(value)
    found: CIMClassName = of_type(value, CIMClassName, name)
    return found


def instance_name(value: Any, name: str) -> CIMInstanceName:
    """Return the path of an instance."""
    path: CIMInstanceName = of_type(value, CIMInstanceName, name)
    return path


def object_name(value: Any, name: str) -> CIMInstanceName | CIMClassName:
    """Return the path of an instance or of a class; text is the name of a class."""
    if isinstance(value, CIMInstanceName):
        return value
    if isinstance(value, (str, CIMClassName)):
        found = class_name(value, name)
        if found is not None:
            return found
    raise TypeError(
        f"{name} must be a CIMInstanceName, a CIMClassName or the name of a class, "
        f"not {type(value).__name__}"
    )


def instance(value: Any, name: str) -> CIMInstance:
    """Return an instance."""
    found: CIMInstance = of_type(value, CIMInstance, name)
    return found


def boolean(value: Any, name: str) -> bool | None:
    """Return True, False or None."""
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} must be True, False or None, not {type(value).__name__}")
    return value


def text(value: Any, name: str, *, optional: bool = True) -> str | None:
    """Return a text, or None where that is allowed."""
    if (value is None and not optional) or not isinstance(value, (str, type(None))):
        raise TypeError(f"{name} must be a text, not {type(value).__name__}")
    return value


def count(value: Any, name: str, *, least: int = 0, optional: bool = True) -> int | None:
    """Return a whole number that is not too small, or None where that is allowed."""
    if value is None:
        if optional:
            return None
        raise ValueError(f"{name} must be a number of {least} or more, not None")
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} must be {least} or more, not {value}")
    return value


def property_list(value: Any, name: str = "PropertyList") -> list[str] | None:
    """Return names of properties: of one text, or of an iterable of texts."""
    if value is None:
        return None
    if isinstance(value, str):
        return [value]
    if isinstance(value, (bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be names of properties, not {type(value).__name__}")
    names = list(value)
    for each in names:
        if not isinstance(each, str):
            raise TypeError(f"{name} must be names of properties, not {type(each).__name__}")
    return names


def method_parameters(
    given: Iterable[Any] | None, named: Mapping[str, Any]
) -> list[CIMParameter | str]:
    """Return the parameters of a method, which may be CIMParameter objects or pairs.

    A text is the name of one that is NULL: nothing tells its type.
    """
    if isinstance(given, (str, bytes)) or (given is not None and not isinstance(given, Iterable)):
        raise TypeError(f"Params must be an iterable, not {type(given).__name__}")
    items = given.items() if isinstance(given, Mapping) else given or ()
    parameters = [_parameter(item) for item in items]
    parameters += [_parameter(item) for item in named.items()]
    return parameters


def _parameter(item: Any) -> CIMParameter | str:
    if isinstance(item, CIMParameter):
        return item
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise TypeError("each of Params must be a CIMParameter or a pair of name and value")
    name, value = item
    if not isinstance(name, str):
        raise TypeError(f"the name of a parameter must be a text, not {type(name).__name__}")
    if value is None:
        return name
    kind, is_array, embedded = _kind(name, value)
    return CIMParameter(name, kind, is_array=is_array, value=value, embedded_object=embedded)


def _kind(name: str, value: Any) -> tuple[str, bool, str | None]:
    """The CIM type of a value, whether it is an array, and what is embedded in it."""
    is_array = isinstance(value, (list, tuple))
    # An item that is NULL has the type of its neighbours; where there are none, any will do.
    first = next((each for each in value if each is not None), None) if is_array else value
    if first is None:
        return "string", is_array, None
    if isinstance(first, CIMInstance):
        return "string", is_array, "instance"
    if isinstance(first, CIMClass):
        return "string", is_array, "object"
    if isinstance(first, (CIMInstanceName, CIMClassName)):
        return "reference", is_array, None
    if isinstance(first, (int, float)) and type(first) in (int, float):
        raise TypeError(
            f"the parameter {name!r} needs a CIM type, like Uint32({first}): a Python "
            f"{type(first).__name__} does not tell which"
        )
    return str(cimtype(first)), is_array, None


def qualifier_declaration(value: Any, name: str) -> CIMQualifierDeclaration:
    """Return the declaration of a qualifier."""
    found: CIMQualifierDeclaration = of_type(value, CIMQualifierDeclaration, name)
    return found
