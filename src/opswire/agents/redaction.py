"""Values made fit for a report: bounded, never failing, and without what its name calls a secret.

Secrets are found by the names that they are under, in mappings and in the attributes of objects,
and removed there; and then by value wherever else they appear in text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TypeVar
from urllib.parse import quote

REDACTED = "redacted"
TOO_DEEP = "Max recursion depth reached"
MAX_DEPTH = 4
MAX_TEXT = 1024 * 1024
MAX_NODES = 100_000
"""Values of one report; whatever comes after them is only counted."""

MAX_ITEMS = 10_000
"""Of one collection."""

MAX_SEARCHED = 10_000
"""Values inside one object that are looked at before its repr is trusted."""

MAX_SECRETS = 200
"""Different ones that are removed by value: each costs a search of every text."""

MIN_SECRET = 4
"""Characters of a secret that is removed by value: shorter ones appear in words."""

_SECRET_NAMES = ("token", "secret", "pass", "key")
# Most things called key are no secrets, but words that the rest of a report is made of.
_TELLING = re.compile(
    r"token|secret|pass|(?:api|access|auth|private|shared|encryption|host|ssh|signing)[_-]?key"
)
# Words that stand in such variables without being secret.
_COMMON = frozenset({"none", "true", "false", "null", "bearer", "basic", "password", REDACTED})


# What leads to all of a program, and shows nothing of it.
_CLOSED = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, int, float, complex)

T = TypeVar("T")


class Literal(str):
    """Text that stands for a value: its repr is itself, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text."""
        return str(self)


def is_secret(name: object) -> bool:
    """Tell whether a name says that its value is a secret."""
    text = _plain_name(name)
    return any(word in text for word in _SECRET_NAMES)


def text_of(value: object) -> str:
    """Return ``str()`` of a value, or what can be said of one whose ``str()`` fails."""
    return _called(str, value)


def _called(function: type[str] | object, value: object) -> str:
    try:
        return str(value) if function is str else repr(value)
    except (Exception, SystemExit):
        what = "str" if function is str else "repr"
        return f"<{type(value).__name__} object, whose {what}() fails>"


def _plain_name(name: object) -> str:
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    return name.lower() if isinstance(name, str) else ""


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


class Secrets:
    """The secrets that were found by name, to be removed by value.

    Args:
        scopes: the mappings to look through: local variables by name.
    """

    def __init__(self, scopes: Iterable[Mapping[str, object]]) -> None:
        """Look for secrets."""
        self._values: set[str] = set()
        self._nodes = MAX_NODES
        scopes = list(scopes)
        # What is a variable itself comes first: the rest may be too much to search.
        for scope in scopes:
            with suppress(Exception, SystemExit):  # a namespace of the program's own making
                for name, value in scope.items():
                    if isinstance(value, (str, bytes)) and _TELLING.search(_plain_name(name)):
                        self._keep(value)
        for scope in scopes:
            self._look(scope, 0, False)
        forms = {form for value in self._values for form in _forms(value)}
        self._longest_first = sorted(forms, key=len, reverse=True)

    def redact(self, text: str) -> str:
        """Return the text without the secrets."""
        for form in self._longest_first:
            text = text.replace(form, REDACTED)
        return text

    def _look(self, value: object, depth: int, telling: bool) -> None:
        self._nodes -= 1
        if depth > MAX_DEPTH + 1 or self._nodes < 0:
            return
        try:
            if isinstance(value, (str, bytes, bytearray)):
                if telling:
                    self._keep(value)
            elif value is None or isinstance(value, _CLOSED):
                return
            else:
                for name, item in islice(_items(value), min(MAX_ITEMS, self._nodes)):
                    known = telling or bool(_TELLING.search(_plain_name(name)))
                    self._look(item, depth + 1, known)
        except (Exception, SystemExit):
            return  # a mapping of the program's own that fails

    def _keep(self, value: str | bytes | bytearray) -> None:
        text = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
        if (
            len(self._values) < MAX_SECRETS
            and MIN_SECRET <= len(text) <= MAX_TEXT
            and text.lower() not in _COMMON
        ):
            self._values.add(text)


def _items(value: object) -> Iterator[tuple[object, object]]:
    """What is inside a value, with the names that it is under; None where it has none."""
    if isinstance(value, Mapping):
        yield from list(value.items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        if names := _field_names(value):
            yield from zip(names, value, strict=False)
        else:
            for item in value:
                yield None, item
    else:
        yield from _attributes(value).items()


def _field_names(value: object) -> tuple[str, ...]:
    """The names of a named tuple's fields."""
    names = getattr(type(value), "_fields", None) if isinstance(value, tuple) else None
    if isinstance(names, tuple) and all(isinstance(name, str) for name in names):
        return names
    return ()


def _forms(secret: str) -> set[str]:
    """How a secret may be spelled in text: as it is, in a repr, in JSON, in a URL."""
    octets = secret.encode("utf-8", "surrogatepass")
    forms = {secret, repr(secret)[1:-1], repr(octets)[2:-1], json.dumps(secret)[1:-1]}
    forms |= {secret.encode("unicode_escape").decode("ascii"), quote(octets, safe="")}
    return {form for form in forms if len(form) >= MIN_SECRET}


class Redaction:
    """Makes copies of values, of plain types only, that are fit for a report."""

    def __init__(self, secrets: Secrets) -> None:
        """Start with all of the nodes left."""
        self._secrets = secrets
        self._nodes = MAX_NODES

    def copy(self, value: object, depth: int = 0) -> object:
        """Return a copy of a value without secrets, of types whose repr cannot fail."""
        self._nodes -= 1
        if depth > MAX_DEPTH:
            return TOO_DEEP
        try:
            return self._copied(value, depth)
        except (Exception, SystemExit):
            return Literal(f"<{type(value).__name__} object, which fails when looked at>")

    def _copied(self, value: object, depth: int) -> object:
        if value is None or type(value) in (bool, int, float, complex):
            return value
        if type(value) is str:
            return _cut(self._secrets.redact(value))
        if isinstance(value, Mapping):
            copies = {
                self._key(name): REDACTED if is_secret(name) else self.copy(item, depth + 1)
                for name, item in self._some(value.items())
            }
            left = len(value) - len(copies)
            return {**copies, Literal("..."): _stripped(left)} if left > 0 else copies
        if isinstance(value, tuple) and (names := _field_names(value)):
            return self._named(value, zip(names, value, strict=False), depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._collected(value, depth)
        return self._object(value, depth)

    def _some(self, items: Iterable[T]) -> Iterator[T]:
        """The first of the items, as long as there are nodes left."""
        for item in islice(items, MAX_ITEMS):
            if self._nodes < 0:
                return
            yield item

    def _key(self, name: object) -> object:
        if type(name) is str:
            return _cut(self._secrets.redact(name))
        return name if type(name) in (int, bool, float, type(None)) else self._shown(name)

    def _collected(
        self, value: list[object] | tuple[object, ...] | set[object] | frozenset[object], depth: int
    ) -> object:
        items = [self.copy(item, depth + 1) for item in self._some(value)]
        if (left := len(value) - len(items)) > 0:
            items.append(_stripped(left))
        if isinstance(value, list):
            return items
        if isinstance(value, tuple):
            return tuple(items)
        inside = ", ".join(sorted(map(repr, items)))
        name = type(value).__name__
        shown = f"{{{inside}}}" if inside else ""
        return Literal(shown if shown and name == "set" else f"{name}({shown})")

    def _object(self, value: object, depth: int) -> object:
        """Any other object: by its repr, or by its fields where the repr would tell secrets."""
        declared = _declared_fields(value)
        if declared is not None:
            attributes = _attributes(value)
            shown = [(name, attributes[name]) for name in declared if name in attributes]
            return self._named(value, shown, depth)
        if type(value).__repr__ is object.__repr__ or isinstance(value, _CLOSED):
            return self._shown(value)
        others = max(0, self._nodes - MAX_SEARCHED)
        self._nodes -= others
        hidden = set(self._hidden(value, 0, False))
        if self._nodes < 0:
            self._nodes += others
            return Literal(f"<{type(value).__name__} object, too much to be searched>")
        self._nodes += others
        text = _called(repr, value)
        if any(one in text for one in hidden):
            return self._named(value, _attributes(value).items(), depth)
        return Literal(_cut(self._secrets.redact(text)))

    def _hidden(self, value: object, depth: int, known: bool) -> Iterator[str]:
        """The texts inside an object that are under the names of secrets, as a repr shows them."""
        self._nodes -= 1
        if isinstance(value, (str, bytes, int, float)) and not isinstance(value, bool):
            if known and value not in ("", b"", 0):
                yield value if isinstance(value, str) else repr(value)
                yield repr(value)
        elif value is not None and not isinstance(value, _CLOSED) and depth <= MAX_DEPTH:
            for name, item in self._some(_items(value)):
                yield from self._hidden(item, depth + 1, known or is_secret(name))

    def _named(self, value: object, items: Iterable[tuple[str, object]], depth: int) -> Literal:
        fields = [
            f"{name}={(REDACTED if is_secret(name) else self.copy(item, depth + 1))!r}"
            for name, item in self._some(items)
        ]
        return Literal(_cut(f"{type(value).__name__}({', '.join(fields)})"))

    def _shown(self, value: object) -> Literal:
        return Literal(_cut(self._secrets.redact(_called(repr, value))))


def _stripped(number: int) -> Literal:
    return Literal(f"... ({number} items stripped)")


def _declared_fields(value: object) -> list[str] | None:
    """The fields that a dataclass or an attrs class shows in its repr; None for other classes."""
    kind = type(value)
    fields = getattr(kind, "__dataclass_fields__", None)
    if isinstance(fields, dict):
        return [name for name, field in fields.items() if getattr(field, "repr", True)]
    fields = getattr(kind, "__attrs_attrs__", None)
    if isinstance(fields, tuple):
        return [field.name for field in fields if getattr(field, "repr", True)]
    return None


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}... ({len(text) - MAX_TEXT} bytes stripped)"
