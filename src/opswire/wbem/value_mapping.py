"""What the numbers of a property, parameter or method mean: its qualifiers ValueMap and Values."""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from opswire._core.cim_objects import CIMClass, CIMMethod, CIMParameter, CIMProperty
from opswire._core.cim_types import CIMInt, type_from_name
from opswire.errors.wbem import ModelError

Element = CIMProperty | CIMMethod | CIMParameter
#: What a text stands for: a number, a range of both its ends, or None for all the rest.
Binary = int | tuple[int, int] | None

_ENTRY = re.compile(r"(?P<low>[+-]?\w+)|(?P<from>[+-]?\w+)?\s*\.\.\s*(?P<to>[+-]?\w+)?")
_NUMBER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|[01]+[bB]|[0-9]+)")


class ClassSource(Protocol):
    """A WBEMConnection, as far as value mappings need it."""

    def GetClass(self, ClassName: str, namespace: str | None = None, **options: Any) -> CIMClass:
        """Return a class with its qualifiers."""


class ValueMapping:
    """A translation between the numbers of an element and their texts, both ways.

    Made by for_property(), for_method(), for_parameter() or from_element(); it never changes, so
    threads may share it.
    """

    def __init__(
        self,
        element: Element,
        values_default: str | None = None,
        *,
        conn: object = None,
        namespace: str | None = None,
        classname: str | None = None,
    ) -> None:
        """Read the qualifiers of an element; see from_element()."""
        self._element = element
        self._default = values_default
        self._conn = conn
        self._namespace = namespace
        self._classname = classname
        self._propname: str | None = None
        self._methodname: str | None = None
        self._parametername: str | None = None
        self._entries: list[tuple[Binary, str]] = []
        self._numbers: dict[int, str] = {}
        self._ranges: list[tuple[int, int, str]] = []
        self._rest: str | None = None
        self._read()

    @classmethod
    def from_element(cls, element: Element, values_default: str | None = None) -> "ValueMapping":
        """Return the mapping of a property, method or parameter with its qualifiers.

        Args:
            element: of an integer type; arrays too.
            values_default: the text for numbers that the qualifiers do not have; None: such a
                number is a ValueError.

        Raises:
            ValueError: the element has no qualifier Values.
            ModelError: its qualifiers do not fit together, or it is of no integer type.
        """
        return cls(element, values_default)

    @classmethod
    def for_property(
        cls,
        server: Any,
        namespace: str | None,
        classname: str,
        propname: str,
        values_default: str | None = None,
    ) -> "ValueMapping":
        """Return the mapping of a property of a class that the server is asked for.

        Args:
            server: a WBEMConnection, or a WBEMServer.
            namespace: None: the connection's default.
            classname: the class.
            propname: the property; KeyError when the class has none of that name.
            values_default: as from_element().

        Raises:
            Error: the server did not give the class.
        """
        conn, cim_class = _ask(server, namespace, classname)
        new = cls(
            cim_class.properties[propname],
            values_default,
            conn=conn,
            namespace=namespace,
            classname=classname,
        )
        new._propname = propname
        return new

    @classmethod
    def for_method(
        cls,
        server: Any,
        namespace: str | None,
        classname: str,
        methodname: str,
        values_default: str | None = None,
    ) -> "ValueMapping":
        """Return the mapping of what a method returns; as for_property()."""
        conn, cim_class = _ask(server, namespace, classname)
        new = cls(
            cim_class.methods[methodname],
            values_default,
            conn=conn,
            namespace=namespace,
            classname=classname,
        )
        new._methodname = methodname
        return new

    @classmethod
    def for_parameter(
        cls,
        server: Any,
        namespace: str | None,
        classname: str,
        methodname: str,
        parametername: str,
        values_default: str | None = None,
    ) -> "ValueMapping":
        """Return the mapping of a parameter of a method; as for_property()."""
        conn, cim_class = _ask(server, namespace, classname)
        new = cls(
            cim_class.methods[methodname].parameters[parametername],
            values_default,
            conn=conn,
            namespace=namespace,
            classname=classname,
        )
        new._methodname = methodname
        new._parametername = parametername
        return new

    @property
    def element(self) -> Element:
        """The property, method or parameter."""
        return self._element

    @property
    def conn(self) -> object:
        """The connection that was asked for the class, or None."""
        return self._conn

    @property
    def namespace(self) -> str | None:
        """The namespace of the class, or None."""
        return self._namespace

    @property
    def classname(self) -> str | None:
        """The name of the class, or None."""
        return self._classname

    @property
    def propname(self) -> str | None:
        """The name of the property, or None."""
        return self._propname

    @property
    def methodname(self) -> str | None:
        """The name of the method, or None."""
        return self._methodname

    @property
    def parametername(self) -> str | None:
        """The name of the parameter, or None."""
        return self._parametername

    @property
    def values_default(self) -> str | None:
        """The text for numbers that the qualifiers do not have, or None."""
        return self._default

    def __repr__(self) -> str:
        """Tell whose mapping it is, and the mapping."""
        return (
            f"ValueMapping(classname={self._classname!r}, propname={self._propname!r}, "
            f"methodname={self._methodname!r}, parametername={self._parametername!r}, "
            f"items={self._entries!r})"
        )

    def tovalues(self, element_value: int | list[int | None] | None) -> Any:
        """Return the text for a number, or the list of texts for a list; None stays None.

        Raises:
            ValueError: the mapping does not have the number, and there is no default.
        """
        if element_value is None:
            return None
        if isinstance(element_value, list):
            return [self.tovalues(item) for item in element_value]
        if (text := self._numbers.get(element_value)) is not None:
            return text
        for low, high, text in self._ranges:
            if low <= element_value <= high:
                return text
        found = self._rest if self._rest is not None else self._default
        if found is None:
            raise ValueError(f"{self._element.name!r} has no value {element_value} in its ValueMap")
        return found

    def tobinary(self, values_str: str) -> Binary:
        """Return what a text stands for: a number, a range of both its ends, or None for the rest.

        Raises:
            ValueError: the mapping does not have the text.
        """
        for binary, text in self._entries:
            if text == values_str:
                return binary
        raise ValueError(f"{self._element.name!r} has no value {values_str!r} in its Values")

    def items(self) -> Iterator[tuple[Binary, str]]:
        """Iterate over what each text stands for, and the text, as the qualifiers have them."""
        return iter(self._entries)

    def _read(self) -> None:
        element = self._element
        name = element.name
        type_name = element.return_type if isinstance(element, CIMMethod) else element.type
        kind = type_from_name(type_name) if type_name is not None else None
        if kind is None or not issubclass(kind, CIMInt):
            raise ModelError(f"{name!r} is of the type {type_name!r}, and only integers are mapped")
        if "Values" not in element.qualifiers:
            raise ValueError(f"{name!r} has no qualifier Values")
        texts = element.qualifiers["Values"].value
        if "ValueMap" in element.qualifiers:
            binaries = element.qualifiers["ValueMap"].value
        else:
            # Without ValueMap, the texts count from 0 (DSP0004, 5.6.3.55).
            binaries = [str(number) for number in range(len(texts))]
        if len(binaries) != len(texts):
            raise ModelError(
                f"{name!r} has {len(texts)} Values and {len(binaries)} entries in ValueMap"
            )
        previous_end: int | None = None
        for number, (entry, text) in enumerate(zip(binaries, texts, strict=True)):
            if entry.strip() == "..":
                self._rest = text
                self._entries.append((None, text))
                continue
            low, high = self._bounds(entry, kind, previous_end, binaries[number + 1 :])
            previous_end = high
            if ".." in entry and low != high:
                self._ranges.append((low, high, text))
                self._entries.append(((low, high), text))
            else:
                self._numbers.setdefault(low, text)
                self._entries.append((low, text))

    def _bounds(
        self, entry: str, kind: type[CIMInt], previous_end: int | None, following: list[str]
    ) -> tuple[int, int]:
        """The two ends of "5", "1..9", "..9" or "10.."."""
        match = _ENTRY.fullmatch(entry.strip())
        if match is None:
            raise ModelError(f"{self._element.name!r} has {entry!r} in its ValueMap")
        if match["low"] is not None:
            number = self._number(match["low"])
            return number, number
        low = kind.minvalue if previous_end is None else previous_end + 1
        if match["from"] is not None:
            low = self._number(match["from"])
        high = kind.maxvalue
        if match["to"] is not None:
            high = self._number(match["to"])
        else:
            for later in following:
                if starts := _NUMBER.match(later.strip()):
                    high = self._number(starts[0]) - 1
                    break
        return low, high

    def _number(self, text: str) -> int:
        if _NUMBER.fullmatch(text) is None:
            raise ModelError(f"{self._element.name!r} has {text!r} in its ValueMap")
        if text[-1] in "bB" and "x" not in text.lower():
            return int(text[:-1], 2)
        return int(text, 16 if "x" in text.lower() else 10)


def _ask(server: Any, namespace: str | None, classname: str) -> tuple[ClassSource, CIMClass]:
    """The connection behind the argument, and the class."""
    conn: ClassSource = getattr(server, "conn", server)
    return conn, conn.GetClass(
        ClassName=classname,
        namespace=namespace,
        LocalOnly=False,
        IncludeQualifiers=True,
        IncludeClassOrigin=False,
    )
