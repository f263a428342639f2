"""Values of wrong types, and of the right ones at their edges: new ones for each call."""

import datetime
import decimal
import io
from collections.abc import Callable
from typing import Any

from tests.wbem.odd_objects import Color, Number, Raising, TextColor, within_itself


def nested() -> list[Any]:
    """Lists in each other."""
    made: list[Any] = []
    for _ in range(200):
        made = [made]
    return made


ODD: list[Callable[[], Any]] = [
    lambda: None,
    lambda: ...,
    lambda: True,
    lambda: 0,
    lambda: -1,
    lambda: 65_536,
    lambda: 2**31,
    lambda: 2**63,
    lambda: -(2**200),
    lambda: 0.0,
    lambda: -0.5,
    lambda: 1e308,
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: 1j,
    lambda: decimal.Decimal("0.5"),
    lambda: decimal.Decimal("nan"),
    lambda: 2**5000,
    lambda: "",
    lambda: "text",
    lambda: "a=1;b=2 'c",
    lambda: "\0",
    lambda: "\ud800",
    lambda: "two\nlines",
    lambda: "x" * 70_000,
    lambda: Number(3),
    lambda: TextColor.RED,
    lambda: Color.RED,
    lambda: b"",
    lambda: b"\xff\0",
    lambda: bytearray(b"octets"),
    lambda: memoryview(b"octets"),
    lambda: memoryview(b"octets")[::2],
    lambda: memoryview(b"octets12").cast("I"),
    lambda: (),
    lambda: ("one", "two"),
    lambda: [],
    lambda: ["one", None, 3],
    lambda: [["one"], ("one", "two", "three")],
    within_itself,
    nested,
    dict,
    lambda: {"one": 1, 2: None},
    lambda: {"one", 2},
    lambda: range(3),
    lambda: iter(["one", b"two"]),
    lambda: (each for each in "ab"),
    lambda: datetime.datetime.now(datetime.UTC),
    lambda: io.StringIO("text"),
    lambda: io.BytesIO(b"octets"),
    lambda: len,
    lambda: int,
    lambda: ValueError("one"),
    object,
    Raising,
]
