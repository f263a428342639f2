"""CIM objects made by chance, with whichever library is given: equal seeds, equal objects."""

import math
import random
from collections.abc import Iterable, Iterator
from typing import Any

NAMES = ["Name", "CreationClassName", "InstanceID", "Größe", "a", "_x9", "ElementName", "k"]
CLASSES = ["CIM_Foo", "ACME_Disk", "__Namespace", "C"]
TEXTS = [
    "",
    "x",
    "two words",
    " blanks at both ends ",
    "<tag a=\"1\">&amp; 'q'</tag>",
    "line\nfeed\ttab",
    "back\\slash",
    "é ü 中 😀",
    "word " * 40,
    "w" * 200,
    "]]>",
    "20160331193040.654321+120",
    'Foo.k="v"',
    "0x1F",
    "TRUE",
]
INTEGERS = ["uint8", "sint8", "uint16", "sint16", "uint32", "sint32", "uint64", "sint64"]
SCALARS = [*INTEGERS, "string", "boolean", "datetime", "real32", "real64", "char16"]

#: The methods of Recipes that make whole objects.
KINDS = ["instance", "path", "cim_class", "declaration"]


class Recipes:
    """One library's objects; `library` is the module with its classes."""

    def __init__(self, library: Any, seed: int, *, exponents: bool = True) -> None:
        self.cim = library
        self.random = random.Random(seed)  # noqa: S311 (equal seeds, equal objects)
        self.exponents = exponents

    def names(self, most: int) -> list[str]:
        """Different names, up to that many."""
        return self.random.sample(NAMES, self.random.randint(0, min(most, len(NAMES))))

    def maybe(self, value: Any) -> Any:
        """The value or None."""
        return value if self.random.random() < 0.5 else None

    def flag(self) -> Any:
        """True, False or None."""
        return self.random.choice([True, False, None])

    def text(self) -> str:
        """A text."""
        return self.random.choice(TEXTS)

    def integer(self, type_name: str) -> int:
        """A number in the type's range, often one of its ends."""
        kind = getattr(self.cim, type_name.capitalize())
        low, high = kind.minvalue, kind.maxvalue
        return int(self.random.choice([low, high, 0, 1, self.random.randint(low, high)]))

    def datetime(self) -> Any:
        """A point in time or an interval."""
        rnd = self.random
        if rnd.random() < 0.3:
            text = f"{rnd.randint(0, 99999998):08}{rnd.randint(0, 23):02}{rnd.randint(0, 59):02}"
            text += f"{rnd.randint(0, 59):02}.{rnd.randint(0, 999999):06}:000"
        else:
            text = f"{rnd.randint(1, 9998):04}{rnd.randint(1, 12):02}{rnd.randint(1, 28):02}"
            text += f"{rnd.randint(0, 23):02}{rnd.randint(0, 59):02}{rnd.randint(0, 59):02}"
            text += f".{rnd.randint(0, 999999):06}{rnd.choice('+-')}{rnd.randint(0, 720):03}"
        if rnd.random() < 0.2:
            # A year always stays, and so do the days of an interval.
            cut = rnd.choice([8, 10, 12, 15, 17, 20])
            stars = "".join("." if ch == "." else "*" for ch in text[cut:21])
            text = text[:cut] + stars + text[21:]
        return self.cim.CIMDateTime(text)

    def real(self) -> float:
        """A number that both ways of writing take."""
        large, small = (1e20, 1e-7) if self.exponents else (20.0, 0.5)
        return self.random.choice(
            [0.0, 1.5, -2.25, large, small, self.random.random(), 123456.0, math.inf, -math.inf]
        )

    def scalar(self, type_name: str) -> Any:
        """A value of that type."""
        if type_name in INTEGERS:
            return self.integer(type_name)
        if type_name == "boolean":
            return self.random.random() < 0.5
        if type_name == "datetime":
            return self.datetime()
        if type_name in {"real32", "real64"}:
            return self.real()
        if type_name == "char16":
            return self.random.choice(["x", "é", "中", "&", " "])
        return self.text()

    def value(self, type_name: str) -> Any:
        """None, a value, or a list of values and None."""
        if self.random.random() < 0.15:
            return None
        if self.random.random() < 0.25:
            return [
                None if self.random.random() < 0.1 else self.scalar(type_name)
                for _ in range(self.random.randint(0, 6))
            ]
        return self.scalar(type_name)

    def qualifier(self, name: str) -> Any:
        """A qualifier."""
        type_name = self.random.choice(["string", "boolean", "uint32", "sint64"])
        return self.cim.CIMQualifier(
            name,
            self.value(type_name),
            type_name,
            propagated=self.flag(),
            overridable=self.flag(),
            tosubclass=self.flag(),
            toinstance=self.flag(),
            translatable=self.flag(),
        )

    def qualifiers(self, most: int) -> list[Any]:
        """A few qualifiers."""
        return [self.qualifier(name) for name in self.names(most)]

    def property(self, name: str, *, depth: int, declared: bool) -> Any:
        """A property: of a class with its qualifiers, or of an instance."""
        kind = self.random.random()
        if kind < 0.08 and depth:
            value: Any = self.instance(depth=depth - 1, path=False)
            if self.random.random() < 0.3:
                value = [value, None]
            return self.cim.CIMProperty(
                name, value, embedded_object=self.random.choice(["instance", "object"])
            )
        if kind < 0.16:
            return self.cim.CIMProperty(
                name,
                self.maybe(self.path()),
                "reference",
                reference_class="CIM_Bar" if declared else self.maybe("CIM_Bar"),
                qualifiers=self.qualifiers(2) if declared else None,
                class_origin=self.maybe("CIM_Foo"),
                propagated=self.flag(),
            )
        type_name = self.random.choice(SCALARS)
        value = self.value(type_name)
        is_array = isinstance(value, list) or (value is None and self.random.random() < 0.3)
        return self.cim.CIMProperty(
            name,
            value,
            type_name,
            is_array=is_array,
            array_size=self.maybe(7) if is_array else None,
            class_origin=self.maybe("CIM_Foo"),
            propagated=self.flag(),
            qualifiers=self.qualifiers(3) if declared else None,
        )

    def path(self, *, depth: int = 1, where: bool = True) -> Any:
        """The path of an instance, with one key at least."""
        keys: dict[str, Any] = {}
        for name in self.names(4) or ["InstanceID"]:
            chance = self.random.random()
            if chance < 0.5:
                keys[name] = self.text()
            elif chance < 0.6:
                keys[name] = self.random.random() < 0.5
            elif chance < 0.7:
                keys[name] = self.random.randint(-1000, 1000)
            elif chance < 0.8:
                keys[name] = self.cim.Uint32(self.integer("uint32"))
            elif chance < 0.9 or not depth:
                keys[name] = self.datetime()
            else:
                keys[name] = self.path(depth=depth - 1)
        namespace = self.random.choice([None, "root/cimv2", "interop", "Root/A"]) if where else None
        host = self.maybe("server.example:5989") if namespace else None
        return self.cim.CIMInstanceName(self.random.choice(CLASSES), keys, host, namespace)

    def instance(self, *, depth: int = 2, path: bool = True) -> Any:
        """An instance."""
        properties = [self.property(name, depth=depth, declared=False) for name in self.names(8)]
        instance = self.cim.CIMInstance(self.random.choice(CLASSES), properties)
        if path:
            instance.path = self.path()
        return instance

    def parameter(self, name: str) -> Any:
        """The declaration of a parameter."""
        if self.random.random() < 0.2:
            return self.cim.CIMParameter(
                name,
                "reference",
                reference_class="CIM_Bar",
                is_array=self.random.random() < 0.5,
                qualifiers=self.qualifiers(2),
            )
        is_array = self.random.random() < 0.3
        return self.cim.CIMParameter(
            name,
            self.random.choice(SCALARS),
            is_array=is_array,
            array_size=self.maybe(3) if is_array else None,
            qualifiers=self.qualifiers(2),
        )

    def method(self, name: str) -> Any:
        """A method."""
        return self.cim.CIMMethod(
            name,
            self.random.choice(SCALARS),
            parameters=[self.parameter(each) for each in self.names(3)],
            class_origin=self.maybe("CIM_Foo"),
            propagated=self.flag(),
            qualifiers=self.qualifiers(2),
        )

    def cim_class(self) -> Any:
        """A class."""
        return self.cim.CIMClass(
            self.random.choice(CLASSES),
            properties=[self.property(name, depth=0, declared=True) for name in self.names(5)],
            methods=[self.method(name) for name in self.names(3)],
            superclass=self.maybe("CIM_Base"),
            qualifiers=self.qualifiers(3),
        )

    def declaration(self) -> Any:
        """The declaration of a qualifier."""
        type_name = self.random.choice(["string", "boolean", "uint32", "real64", "datetime"])
        value = self.value(type_name)
        scopes = ["CLASS", "ASSOCIATION", "REFERENCE", "PROPERTY", "METHOD", "INDICATION"]
        return self.cim.CIMQualifierDeclaration(
            self.random.choice(NAMES),
            type_name,
            value,
            is_array=isinstance(value, list),
            scopes=dict.fromkeys(self.random.sample(scopes, self.random.randint(0, 4)), True),
            overridable=self.flag(),
            tosubclass=self.flag(),
            toinstance=self.flag(),
            translatable=self.flag(),
        )


def made(library: Any, kind: str, seeds: Iterable[int]) -> Iterator[Any]:
    """One library's objects of that kind, one for each seed."""
    for seed in seeds:
        yield getattr(Recipes(library, seed), kind)()
