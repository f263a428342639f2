"""What is inside a program's values, and the name that each of it is under.

Of the values' own code only that of collections runs here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TypeGuard

from opswire.redaction.limits import MAX_ITEMS
from opswire.redaction.names import (
    LONGEST_NAME,
    is_secret_name,
    is_working_directory,
)

# What leads to all of a program, and shows nothing of it.
OPAQUE = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
CLOSED = (*OPAQUE, int, float, complex)

# Of http.cookiejar and http.cookies: their value is a secret, whatever their name.
_COOKIES = ("Cookie", "Morsel")


def is_secret_variable(name: object, value: object = "") -> bool:
    """Tell whether a value is redacted because of its name.

    None, true, false and functions tell nothing of a secret, and often why a program failed.
    """
    plain = plain_name(name)
    if value is None or isinstance(value, (bool, *OPAQUE)) or not is_secret_name(plain):
        return False
    return not is_working_directory(plain, plain_name(value))


def items_of(value: object) -> Iterator[tuple[object, object, object]]:
    """What is inside a value: the name to be shown, the name to be judged by, and the item."""
    if is_mapping(value):
        label = _label(value) if isinstance(value, dict) else None
        cookies = "cookie" if "Cookie" in type(value).__name__ else None
        for name, item in list(islice(value.items(), MAX_ITEMS + 1)):
            yield name, cookies or (label if label and name == "value" else name), item
    elif names := field_names(value):
        for name, item in zip(names, value, strict=False):  # type: ignore[call-overload]  # a tuple
            yield name, name, item
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from _in_sequence(value)
    else:
        attributes = _attributes(value)
        label = "cookie" if type(value).__name__ in _COOKIES else _label(attributes)
        for name, item in attributes.items():
            named = name in ("value", "_value", "_coded_value")
            yield name, label if label and named else name, item


def is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping) and type(value).__name__ not in _COOKIES


def _in_sequence(
    value: list[object] | tuple[object, ...] | set[object] | frozenset[object],
) -> Iterator[tuple[None, object, object]]:
    """Items; the second of a pair has the first for its name, a word after --option the option."""
    pair = len(value) == 2 and isinstance(value, (list, tuple))
    before = ""
    for item in value:
        text = plain_name(item)
        named = before if pair or before.startswith("-") else ""
        yield None, "" if text.startswith("-") else named, item
        before = text


def _label(fields: Mapping[str, object]) -> str | None:
    """What {"name": "X-Auth-Token", "value": …} is the value of."""
    for key in ("name", "key", "header"):
        name = fields.get(key)
        if isinstance(name, str) and is_secret_name(name):
            return name
    return None


def field_names(value: object) -> tuple[str, ...]:
    """The names of a named tuple's fields."""
    names = getattr(type(value), "_fields", None) if isinstance(value, tuple) else None
    if isinstance(names, tuple) and all(isinstance(name, str) for name in names):
        return names
    return ()


def plain_name(name: object) -> str:
    if not isinstance(name, (str, bytes)) or len(name) > LONGEST_NAME:
        return ""
    return name.decode("latin-1") if isinstance(name, bytes) else name


def _attributes(value: object) -> dict[str, object]:
    """What an object keeps under names, without running its code."""
    found: dict[str, object] = {}
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if not isinstance(name, str):
                continue
            private = name.startswith("__") and not name.endswith("__")
            stored = f"_{kind.__name__.lstrip('_')}{name}" if private else name
            try:
                found[name] = object.__getattribute__(value, stored)
            except AttributeError:
                continue
    with suppress(AttributeError, TypeError):
        found.update(object.__getattribute__(value, "__dict__"))
    return found
