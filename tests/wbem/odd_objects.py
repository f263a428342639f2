"""Objects of about fifty kinds, most of them not what anybody expects: new ones for each call."""

import datetime
import decimal
import enum
import fractions
import random
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from opswire import wbem


class OddError(Exception):
    """What odd objects raise."""


class Raising:
    """Raises whatever is asked of it."""

    def _raise(self, *_: object) -> Any:
        raise OddError

    __eq__ = __hash__ = __str__ = __repr__ = __len__ = __iter__ = __bool__ = _raise
    __getitem__ = __contains__ = __int__ = __float__ = __index__ = __call__ = _raise
    __format__ = __reduce__ = _raise
    keys = items = values = copy = lower = name = _raise


class Lying:
    """Says that it is a mapping with one name, and has another."""

    def keys(self) -> list[str]:
        """Names that are not there."""
        return ["P", "missing"]

    def __getitem__(self, key: str) -> object:
        if key == "missing":
            raise KeyError(key)
        return [self]

    def __len__(self) -> int:
        return 7

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())


class Text(str):
    """A text that says other things than it is."""

    __slots__ = ()

    def lower(self) -> Any:
        """No text."""
        return 7

    def __str__(self) -> str:
        return "other"

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7


class Number(int):
    """An integer that is not equal to itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return -1


class Color(enum.Enum):
    """A member whose value is a text."""

    RED = "red"


class TextColor(str, enum.Enum):  # noqa: UP042 - the old kind of it is what is wanted
    """A member that is a text."""

    RED = "red"


class HollowInstance(wbem.CIMInstance):
    """Never made by its constructor."""

    def __init__(self, *_: object, **__: object) -> None: ...


class HidingInstance(wbem.CIMInstance):
    """Attributes of its own in the place of those that compiled code may read."""

    properties = qualifiers = path = classname = 7  # type: ignore[assignment]  # no such type


class HollowProperty(wbem.CIMProperty):
    """The same, and with a name that changes."""

    def __init__(self, *_: object, **__: object) -> None: ...

    @property
    def name(self) -> Any:
        """Another one each time."""
        return random.choice(["P", None, 7, b"P"])  # noqa: S311 - no secret

    @name.setter
    def name(self, value: object) -> None: ...


def within_itself() -> list[Any]:
    """A list."""
    made: list[Any] = ["x"]
    made.append(made)
    return made


def instance_within_itself() -> wbem.CIMInstance:
    """An instance."""
    made = wbem.CIMInstance("C", {"P": "v"})
    made["Self"] = made
    return made


def deep() -> list[Any]:
    """Lists in each other."""
    made: list[Any] = []
    for _ in range(50_000):
        made = [made]
    return made


class Changing:
    """Changes the mapping that it is in while it is compared or shown."""

    def __init__(self) -> None:
        self.mapping = wbem.NocaseDict(a=self, b=1)

    def __eq__(self, other: object) -> bool:
        self.mapping.clear()
        self.mapping["c"] = 3
        return False

    def __hash__(self) -> int:
        self.mapping.clear()
        return 1

    def __repr__(self) -> str:
        self.mapping.clear()
        return "changing"


PATH = (
    '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><KEYVALUE>v</KEYVALUE></KEYBINDING>'
    "</INSTANCENAME>"
)
SAID = '<QUALIFIER NAME="Q" TYPE="string"><VALUE>v</VALUE></QUALIFIER>'
INSTANCE = (
    f'<INSTANCE CLASSNAME="C">{SAID}<PROPERTY NAME="P" TYPE="uint8">{SAID}<VALUE>7</VALUE>'
    "</PROPERTY>"
    '<PROPERTY.ARRAY NAME="A" TYPE="datetime"><VALUE.ARRAY><VALUE>20260102030405.000000+060</VALUE>'
    '</VALUE.ARRAY></PROPERTY.ARRAY><PROPERTY.REFERENCE NAME="R"><VALUE.REFERENCE>'
    f"{PATH}</VALUE.REFERENCE></PROPERTY.REFERENCE></INSTANCE>"
)
FRAGMENTS = [
    PATH,
    f"<VALUE.NAMEDINSTANCE>{PATH}{INSTANCE}</VALUE.NAMEDINSTANCE>",
    f'<CLASS NAME="C" SUPERCLASS="B">{SAID}<PROPERTY NAME="P" TYPE="real32">{SAID}</PROPERTY>'
    f'<METHOD NAME="M" TYPE="uint8">{SAID}<PARAMETER NAME="P" TYPE="string">{SAID}</PARAMETER>'
    "</METHOD></CLASS>",
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE CLASS="true"/></QUALIFIER.DECLARATION>',
    '<INSTANCE CLASSNAME="C"><PROPERTY NAME="État" TYPE="string"/>'
    '<PROPERTY NAME="état" TYPE="string"/></INSTANCE>',
    "<INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME='n'/>"
    f"</LOCALNAMESPACEPATH></NAMESPACEPATH>{PATH}</INSTANCEPATH>",
]


def read(number: int) -> Callable[[], Any]:
    """One that was read, nothing of it looked at."""
    return lambda: wbem.parse(FRAGMENTS[number].encode(), fragment=True).objects[0]


def weak() -> Any:
    """A proxy whose object is gone."""
    return weakref.proxy(wbem.NocaseDict(a=1))


#: Objects of the public API, as they should be.
SOUND: list[Callable[[], Any]] = [
    lambda: wbem.CIMInstance("C", {"P": "v", "N": wbem.Uint8(7), "A": ["x", None]}),
    lambda: wbem.CIMInstanceName("C", {"K": "v", "N": 7}, "h", "root"),
    lambda: wbem.CIMClassName("C", "h", "root"),
    lambda: wbem.CIMClass(
        "C",
        [wbem.CIMProperty("P", None, "string", qualifiers={"Key": True})],
        [wbem.CIMMethod("M", "uint8", [wbem.CIMParameter("P", "string")])],
        "B",
        {"Description": "d"},
    ),
    lambda: wbem.CIMProperty("P", "v", qualifiers={"Q": "v"}),
    lambda: wbem.CIMProperty("A", [wbem.Uint8(1)], array_size=3),
    lambda: wbem.CIMMethod("M", "uint8", [wbem.CIMParameter("P", "string")]),
    lambda: wbem.CIMParameter("P", "string", value="v"),
    lambda: wbem.CIMQualifier("Q", "v"),
    lambda: wbem.CIMQualifierDeclaration("Q", "string", scopes={"CLASS": True}),
    lambda: wbem.CIMDateTime("20260102030405.000000+060"),
    lambda: wbem.CIMDateTime("00000001000000.000000:000"),
    lambda: wbem.Uint8(7),
    lambda: wbem.Sint64(-7),
    lambda: wbem.Real32(1.5),
    lambda: wbem.Char16("x"),
    lambda: wbem.NocaseDict(a=1, B="x"),
    lambda: wbem.NocaseDict(a=1).keys(),
    lambda: wbem.NocaseDict(a=1).items(),
    lambda: wbem.CIMInstance("C", {"P": "v"}).keys(),
    lambda: wbem.CIMInstance("C", {"P": "v"}).items(),
    wbem.Parser,
    lambda: wbem.Parser(fragment=True),
    lambda: wbem.iterate(FRAGMENTS[0].encode()),
    *map(read, range(len(FRAGMENTS))),
]
#: Others.
ODD: list[Callable[[], Any]] = [
    lambda: None,
    lambda: True,
    lambda: 0,
    lambda: -1,
    lambda: 2**200,
    lambda: 1.5,
    lambda: float("nan"),
    lambda: float("-inf"),
    lambda: 1j,
    lambda: "",
    lambda: "P",
    lambda: "ß\ud800",
    lambda: "x" * 70_000,
    lambda: "\0",
    lambda: Text("P"),
    lambda: Number(3),
    lambda: TextColor.RED,
    lambda: Color.RED,
    lambda: b"P",
    lambda: b"\xff",
    FRAGMENTS[1].encode,
    lambda: bytearray(b"P"),
    lambda: memoryview(b"abcd")[::2],
    lambda: (),
    lambda: ("P", "v"),
    lambda: [],
    lambda: ["v", None],
    lambda: [("P", "v"), ("Q",)],
    within_itself,
    deep,
    dict,
    lambda: {"P": "v"},
    lambda: {7: None, None: "v"},
    lambda: {"P": 1}.items() | {("Q", 2)},
    lambda: {"x", "y"},
    lambda: iter(["a", "b"]),
    lambda: (pair for pair in [("P", "v"), 3]),
    lambda: int,
    lambda: wbem.CIMInstance,
    lambda: len,
    lambda: datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
    lambda: datetime.timedelta(days=-3),
    lambda: datetime.date(2026, 1, 2),
    lambda: decimal.Decimal("1.5"),
    lambda: fractions.Fraction(1, 3),
    object,
    Raising,
    Lying,
    Changing,
    lambda: Changing().mapping,
    weak,
    instance_within_itself,
    lambda: HollowInstance("C"),
    lambda: HidingInstance.__new__(HidingInstance),
    lambda: HollowProperty("P", "v"),
    lambda: wbem.CIMInstance.__new__(wbem.CIMInstance),
    lambda: wbem.CIMProperty.__new__(wbem.CIMProperty),
    lambda: wbem.CIMMethod.__new__(wbem.CIMMethod),
    lambda: wbem.CIMClass.__new__(wbem.CIMClass),
    lambda: wbem.CIMQualifier.__new__(wbem.CIMQualifier),
    lambda: wbem.CIMInstanceName.__new__(wbem.CIMInstanceName),
    lambda: wbem.NocaseDict.__new__(wbem.NocaseDict),
    lambda: wbem.CIMDateTime.__new__(wbem.CIMDateTime),
]
