"""What the numbers of a property, parameter or method mean: its qualifiers ValueMap and Values."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Protocol, TypeVar, overload

from opswire._core.cimxml.nocase import NocaseDict
from opswire._core.cimxml.objects import CIMClass, CIMMethod, CIMParameter, CIMProperty
from opswire._core.cimxml.types import CIMInt, type_from_name
from opswire.errors.wbem import ModelError
from opswire.public_names import public_in

Element = CIMProperty | CIMMethod | CIMParameter
#: What a text stands for: a number, a range of both its ends, or None for all the rest.
Binary = int | tuple[int, int] | None
Member = TypeVar("Member")
Number = TypeVar("Number", bound=int | None)

_ENTRY = re.compile(r"(?P<low>[+-]?\w+)|(?P<from>[+-]?\w+)?\s*\.\.\s*(?P<to>[+-]?\w+)?")
#: The integers of MOF (DSP0004 2.8, annex A): a leading zero means octal.
_INTEGER = re.compile(
    r"(?P<sign>[+-]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|(?P<binary>[01]+)[bB]"
    r"|(?P<octal>0[0-7]+)|(?P<decimal>[1-9][0-9]*|0))"
)
_BASES = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}


class ClassSource(Protocol):
    """A WBEMConnection, as far as value mappings need it."""

    def GetClass(
        self,
        *,
        ClassName: str,
        namespace: str | None,
        LocalOnly: bool,
        IncludeQualifiers: bool,
        IncludeClassOrigin: bool,
    ) -> CIMClass:
        """Return a class with its qualifiers."""


class Connected(Protocol):
    """A WBEMServer, as far as value mappings need it."""

    @property
    def conn(self) -> ClassSource:
        """The connection."""


@public_in("opswire.wbem")
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
        propname: str | None = None,
        methodname: str | None = None,
        parametername: str | None = None,
    ) -> None:
        """Read the qualifiers of an element; see from_element()."""
        self._element = element
        self._default = values_default
        self._conn = conn
        self._namespace = namespace
        self._classname = classname
        self._propname = propname
        self._methodname = methodname
        self._parametername = parametername
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
            values_default: the text for entries of ValueMap that Values has none for; texts
                that ValueMap has no entry for are left out. None: the two must be of one size.

        Raises:
            ValueError: the element has no qualifier Values.
            ModelError: its qualifiers do not fit together, or it is of no integer type.
        """
        return cls(element, values_default)

    @classmethod
    def for_property(
        cls,
        server: ClassSource | Connected,
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
        return cls(
            _member(cim_class.properties, propname, f"class {classname!r} has no property"),
            values_default,
            conn=conn,
            namespace=namespace,
            classname=classname,
            propname=propname,
        )

    @classmethod
    def for_method(
        cls,
        server: ClassSource | Connected,
        namespace: str | None,
        classname: str,
        methodname: str,
        values_default: str | None = None,
    ) -> "ValueMapping":
        """Return the mapping of what a method returns; as for_property()."""
        conn, cim_class = _ask(server, namespace, classname)
        return cls(
            _member(cim_class.methods, methodname, f"class {classname!r} has no method"),
            values_default,
            conn=conn,
            namespace=namespace,
            classname=classname,
            methodname=methodname,
        )

    @classmethod
    def for_parameter(
        cls,
        server: ClassSource | Connected,
        namespace: str | None,
        classname: str,
        methodname: str,
        parametername: str,
        values_default: str | None = None,
    ) -> "ValueMapping":
        """Return the mapping of a parameter of a method; as for_property()."""
        conn, cim_class = _ask(server, namespace, classname)
        method = _member(cim_class.methods, methodname, f"class {classname!r} has no method")
        return cls(
            _member(
                method.parameters,
                parametername,
                f"method {methodname!r} of class {classname!r} has no parameter",
            ),
            values_default,
            conn=conn,
            namespace=namespace,
            classname=classname,
            methodname=methodname,
            parametername=parametername,
        )

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
        """The text for entries of ValueMap that Values has none for, or None."""
        return self._default

    def __repr__(self) -> str:
        """Tell whose mapping it is, and the mapping."""
        return (
            f"ValueMapping(classname={self._classname!r}, propname={self._propname!r}, "
            f"methodname={self._methodname!r}, parametername={self._parametername!r}, "
            f"items={self._entries!r})"
        )

    @overload
    def tovalues(self, element_value: list[Number] | tuple[Number, ...]) -> list[str | None]: ...
    @overload
    def tovalues(self, element_value: int) -> str: ...
    @overload
    def tovalues(self, element_value: None) -> None: ...
    def tovalues(self, element_value: object) -> list[str | None] | str | None:
        """Return the text for a number, or the list of texts for a list or tuple.

        None stays None, also in a list.

        Raises:
            ValueError: the mapping does not have the number.
            TypeError: the value is no integer.
        """
        if isinstance(element_value, list | tuple):
            return [self._text(item) for item in element_value]
        return self._text(element_value)

    def tobinary(self, values_str: str) -> Binary:
        """Return what a text stands for: a number, a range of both its ends, or None for the rest.

        Where several entries have the text, as with "DMTF Reserved", it is the last of them.

        Raises:
            ValueError: the mapping does not have the text.
            TypeError: the argument is no text.
        """
        if not isinstance(values_str, str):
            kind = type(values_str).__name__
            raise TypeError(f"{self._whose()} is asked for {values_str!r}, a {kind} and no text")
        for binary, text in reversed(self._entries):
            if text == values_str:
                return binary
        raise ValueError(f"{self._whose()} has no {values_str!r} in its Values")

    def items(self) -> Iterator[tuple[Binary, str]]:
        """Iterate over what each text stands for, and the text, as the qualifiers have them."""
        return iter(self._entries)

    def _text(self, number: object) -> str | None:
        if number is None:
            return None
        if not isinstance(number, int):
            kind = type(number).__name__
            raise TypeError(f"{self._whose()} is asked for {number!r}, a {kind} and no integer")
        if (text := self._numbers.get(number)) is not None:
            return text
        for low, high, text in self._ranges:
            if low <= number <= high:
                return text
        if self._rest is None:
            raise ValueError(f"{self._whose()} has no {number} in its ValueMap")
        return self._rest

    def _whose(self) -> str:
        """Whose mapping it is, for messages: the names as they were asked for."""
        if self._parametername is not None:
            whose = f"parameter {self._parametername!r} of method {self._methodname!r}"
        else:
            kind = type(self._element).__name__.removeprefix("CIM").lower()
            whose = f"{kind} {self._propname or self._methodname or self._element.name!r}"
        if self._classname is not None:
            whose += f" of class {self._classname!r}"
        if self._namespace is not None:
            whose += f" in namespace {self._namespace!r}"
        return whose

    def _read(self) -> None:
        element = self._element
        type_name = element.return_type if isinstance(element, CIMMethod) else element.type
        kind = type_from_name(type_name) if type_name is not None else None
        if kind is None or not issubclass(kind, CIMInt):
            raise ModelError(
                f"{self._whose()} is of the type {type_name!r}, and only integers are mapped"
            )
        texts = self._qualifier("Values")
        if texts is None:
            raise ValueError(f"{self._whose()} has no qualifier Values")
        binaries = self._qualifier("ValueMap")
        if binaries is None:
            # Without ValueMap, the texts count from 0 (DSP0004, 5.6.3.55).
            binaries = [str(number) for number in range(len(texts))]
        if self._default is None and len(binaries) != len(texts):
            raise ModelError(
                f"{self._whose()} has {len(texts)} Values and {len(binaries)} entries in ValueMap"
            )
        previous_end: int | None = None
        pairs = zip_longest(binaries, texts[: len(binaries)], fillvalue=self._default or "")
        for number, (entry, text) in enumerate(pairs):
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
                self._numbers[low] = text
                self._entries.append((low, text))

    def _qualifier(self, name: str) -> list[str] | None:
        """The texts of a qualifier; None when it is not there, or NULL."""
        qualifier = self._element.qualifiers.get(name)
        if qualifier is None or qualifier.value is None:
            return None
        values = qualifier.value if isinstance(qualifier.value, list) else [qualifier.value]
        for value in values:
            if not isinstance(value, str):
                raise ModelError(f"{self._whose()} has {value!r} in its {name}, which is no text")
        return values

    def _bounds(
        self, entry: str, kind: type[CIMInt], previous_end: int | None, following: list[str]
    ) -> tuple[int, int]:
        """The two ends of "5", "1..9", "..9" or "10.."."""
        match = _ENTRY.fullmatch(entry.strip())
        if match is None:
            raise self._wrong(entry)
        if match["low"] is not None:
            number = self._number(match["low"], entry)
            return number, number
        low = kind.minvalue if previous_end is None else previous_end + 1
        if match["from"] is not None:
            low = self._number(match["from"], entry)
        high = kind.maxvalue
        if match["to"] is not None:
            high = self._number(match["to"], entry)
        else:
            for later in following:
                if starts := _INTEGER.match(later.strip()):
                    high = _integer(starts) - 1
                    break
        return low, high

    def _number(self, text: str, entry: str) -> int:
        match = _INTEGER.fullmatch(text)
        if match is None:
            raise self._wrong(entry)
        return _integer(match)

    def _wrong(self, entry: str) -> ModelError:
        return ModelError(
            f"{self._whose()} has {entry!r} in its ValueMap, which is no integer or range"
        )


def _integer(match: re.Match[str]) -> int:
    base = match.lastgroup or "decimal"
    return int(match["sign"] + match[base], _BASES[base])


def _member(members: NocaseDict[Member], name: str, complaint: str) -> Member:
    """A property, method or parameter; what a NocaseDict says of a missing one names no class."""
    if name not in members:
        raise KeyError(f"{complaint} {name!r}")
    return members[name]


def _ask(
    server: ClassSource | Connected, namespace: str | None, classname: str
) -> tuple[ClassSource, CIMClass]:
    """The connection behind the argument, and the class."""
    conn: ClassSource = server.conn if hasattr(server, "conn") else server
    return conn, conn.GetClass(
        ClassName=classname,
        namespace=namespace,
        LocalOnly=False,
        IncludeQualifiers=True,
        IncludeClassOrigin=False,
    )
