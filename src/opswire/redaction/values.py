"""Values made fit for a report: bounded, never failing, and without what its name calls a secret.

Secrets are found by the names that they are under, in mappings, in the attributes of objects, in
command lines and in text, and removed there; and then by value wherever else they appear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from opswire.redaction.known_secrets import REDACTED, Secrets
from opswire.redaction.limits import (
    MAX_BITS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NODES,
    MAX_REDACTED,
    MAX_SEARCHED,
    MAX_TEXT,
)
from opswire.redaction.members import (
    CLOSED,
    OPAQUE,
    field_names,
    is_mapping,
    is_secret_variable,
    items_of,
    plain_name,
)
from opswire.redaction.watched_signals import pass_signal

TOO_DEEP = "Max recursion depth reached"

# In mappings, as in the other implementation: whatever has one of these in its name.
_IN_MAPPINGS = ("token", "secret", "pass", "key")

T = TypeVar("T")


class Literal(str):
    """Text that stands for a value: its repr is itself, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text."""
        return str(self)


def _is_secret_in_mapping(name: object, value: object) -> bool:
    plain = plain_name(name).lower()
    return any(word in plain for word in _IN_MAPPINGS) and not (
        value is None or isinstance(value, (bool, *OPAQUE))
    )


def text_of(value: object) -> str:
    """Return ``str()`` of a value, or what can be said of one whose ``str()`` fails."""
    return _called(str, value)


def _called(function: type[str] | object, value: object) -> str:
    try:
        return str(value) if function is str else repr(value)
    except BaseException:  # KeyboardInterrupt too, unless it is Ctrl-C
        pass_signal()
        what = "str" if function is str else "repr"
        return f"<{type(value).__name__} object, whose {what}() fails>"


class Redaction:
    """Makes copies of values, of plain types only, that are fit for a report."""

    def __init__(self, secrets: Secrets) -> None:
        """Start with all of the nodes and characters left."""
        self._secrets = secrets
        self._nodes, self._characters = MAX_NODES, MAX_REDACTED

    def copy(self, value: object, depth: int = 0) -> object:
        """Return a copy of a value without secrets, of types whose repr cannot fail."""
        self._nodes -= 1
        if depth > MAX_DEPTH:
            return TOO_DEEP
        try:
            return self._copied(value, depth)
        except BaseException:
            pass_signal()
            return Literal(f"<{type(value).__name__} object, which fails when looked at>")

    def _copied(self, value: object, depth: int) -> object:
        if type(value) is int and value.bit_length() > MAX_BITS:
            return Literal(f"<int of {value.bit_length()} bits>")
        if value is None or type(value) in (bool, int, float, complex):
            return value
        if type(value) is str:
            return self._text(value)
        if is_mapping(value):
            copies = {
                self._key(name): REDACTED
                if _is_secret_in_mapping(name, item)
                else self._item(under, item, depth)
                for name, under, item in self._some(items_of(value))
            }
            left = len(value) - len(copies)
            return {**copies, Literal("..."): _stripped(left)} if left > 0 else copies
        if field_names(value):
            return self._named(value, items_of(value), depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._collected(value, depth)
        return self._object(value, depth)

    def _item(self, name: object, item: object, depth: int) -> object:
        return REDACTED if is_secret_variable(name, item) else self.copy(item, depth + 1)

    def _some(self, items: Iterable[T]) -> Iterator[T]:
        """The first of the items, as long as there are nodes left."""
        for item in islice(items, MAX_ITEMS):
            if self._nodes < 0:
                return
            yield item

    def _key(self, name: object) -> object:
        if type(name) is str:
            return self._text(name)
        return name if type(name) in (int, bool, float, type(None)) else self._shown(name)

    def _collected(
        self, value: list[object] | tuple[object, ...] | set[object] | frozenset[object], depth: int
    ) -> object:
        items = [self._item(under, item, depth) for _, under, item in self._some(items_of(value))]
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
            shown = [item for item in items_of(value) if item[0] in declared]
            shown.sort(key=lambda item: declared.index(str(item[0])))
            return self._named(value, shown, depth)
        if type(value).__repr__ is object.__repr__ or isinstance(value, CLOSED):
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
            return self._named(value, items_of(value), depth)
        return Literal(self._text(text))

    def _hidden(self, value: object, depth: int, known: bool) -> Iterator[str]:
        """The texts inside an object that are under the names of secrets, as a repr shows them."""
        self._nodes -= 1
        if isinstance(value, (str, bytes, int, float)) and not isinstance(value, bool):
            if known and value not in ("", b"", 0):
                yield value if isinstance(value, str) else repr(value)
                yield repr(value)
        elif value is not None and not isinstance(value, CLOSED) and depth <= MAX_DEPTH:
            for _, under, item in self._some(items_of(value)):
                yield from self._hidden(item, depth + 1, known or is_secret_variable(under, item))

    def _named(
        self, value: object, items: Iterable[tuple[object, object, object]], depth: int
    ) -> Literal:
        fields = [
            f"{name}={self._item(under, item, depth)!r}" for name, under, item in self._some(items)
        ]
        return Literal(_cut(f"{type(value).__name__}({', '.join(fields)})"))

    def _shown(self, value: object) -> Literal:
        return Literal(self._text(_called(repr, value)))

    def _text(self, text: str) -> str:
        longest = self._secrets.longest
        head = text[: MAX_TEXT + longest]
        self._characters -= len(head)
        if self._characters < 0:
            return f"... ({len(text)} characters not searched)"
        redacted = self._secrets.redact(head)
        if len(text) <= MAX_TEXT:
            return redacted
        # What stands at the end may be the beginning of a secret.
        whole = len(redacted) if len(head) == len(text) else len(redacted) - longest
        return f"{redacted[: min(whole, MAX_TEXT)]}... ({len(text) - MAX_TEXT} bytes stripped)"


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
