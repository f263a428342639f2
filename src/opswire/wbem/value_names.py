"""The names of numbers, as the qualifiers ValueMap and Values of their classes have them."""

from __future__ import annotations

from typing import Any

from opswire.errors.wbem import CIMError, ModelError
from opswire.wbem.objects import CIMClass
from opswire.wbem.value_mapping import Element, ValueMapping

__all__ = ["ValueNames"]


class ValueNames:
    """Asks for each class once, when a number of it is first met.

    Threads may share it; two that meet a class at once may both ask.

    Args:
        connection: a WBEMConnection.
    """

    def __init__(self, connection: Any) -> None:
        """Ask for nothing yet."""
        self._connection = connection
        self._classes: dict[tuple[str, str], CIMClass | None] = {}
        self._mappings: dict[tuple[str, str, str], ValueMapping | None] = {}

    def of(self, namespace: str | None, classname: str, name: str, value: Any) -> Any:
        """Return the name of a number, or the list of names of a list; None where there is none.

        Raises:
            Error: there is no answer from the server; one that refuses has no names.
        """
        mapping = self.mapping(namespace, classname, name)
        if mapping is None or value is None:
            return None
        if isinstance(value, list):
            return [_name(mapping, each) for each in value]
        return _name(mapping, value)

    def mapping(self, namespace: str | None, classname: str, name: str) -> ValueMapping | None:
        """Return the mapping of a property, or None."""
        key = ((namespace or "").lower(), classname.lower(), name.lower())
        if key not in self._mappings:
            found = self._class(namespace, classname)
            element = None if found is None else found.properties.get(name)
            self._mappings[key] = None if element is None else mapping_of(element)
        return self._mappings[key]

    def _class(self, namespace: str | None, classname: str) -> CIMClass | None:
        key = ((namespace or "").lower(), classname.lower())
        if key not in self._classes:
            try:
                found = self._connection.GetClass(
                    classname, namespace, LocalOnly=False, IncludeQualifiers=True
                )
            except CIMError:
                found = None
            self._classes[key] = found
        return self._classes[key]


def mapping_of(element: Element) -> ValueMapping | None:
    """Return the mapping of a property, method or parameter; None where it has none that fits."""
    try:
        # Vendors leave texts out at the end.
        return ValueMapping.from_element(element, values_default="")
    except (ValueError, ModelError):
        return None


def _name(mapping: ValueMapping, value: Any) -> str | None:
    try:
        name: str | None = mapping.tovalues(value)
    except (ValueError, TypeError):
        return None
    return name or None
