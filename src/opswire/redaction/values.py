"""Values made fit for a report: bounded, never failing, and without what its name calls a secret.

Secrets are found by the names that they are under, in mappings, in the attributes of objects, in
command lines and in text, and removed there; and then by value wherever else they appear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TypeGuard, TypeVar

from opswire.redaction.names import (
    LONGEST_NAME,
    is_identity,
    is_secret_name,
    is_working_directory,
    looks_random,
    may_be_secret_name,
)
from opswire.redaction.spellings import SecretSearch, is_like_a_word
from opswire.redaction.texts import (
    inner_secrets,
    secrets_in,
    without_literals,
    without_secrets,
)
from opswire.redaction.watched_signals import pass_signal

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
"""Different ones that are removed by value."""

MAX_SECRET_TEXT = 64 * 1024
"""Characters of all of them."""

MAX_BITS = 10_000
"""Of a number that is shown: Python does not print one of more than some 4,300 digits."""

MAX_READ = 2 * MAX_TEXT
"""Characters of texts that are read for the secrets in them."""

MAX_REDACTED = 6 * MAX_TEXT
"""Characters of one report that are searched; of whatever comes after them nothing is shown."""

# What leads to all of a program, and shows nothing of it.
_OPAQUE = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
_CLOSED = (*_OPAQUE, int, float, complex)

# Of http.cookiejar and http.cookies: their value is a secret, whatever their name.
_COOKIES = ("Cookie", "Morsel")

# In mappings, as in the other implementation: whatever has one of these in its name.
_IN_MAPPINGS = ("token", "secret", "pass", "key")

T = TypeVar("T")


class Literal(str):
    """Text that stands for a value: its repr is itself, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text."""
        return str(self)


def is_secret_variable(name: object, value: object = "") -> bool:
    """Tell whether a value is redacted because of its name.

    None, true, false and functions tell nothing of a secret, and often why a program failed.
    """
    plain = _plain_name(name)
    if value is None or isinstance(value, (bool, *_OPAQUE)) or not is_secret_name(plain):
        return False
    return not is_working_directory(plain, _plain_name(value))


def _is_secret_in_mapping(name: object, value: object) -> bool:
    plain = _plain_name(name).lower()
    return any(word in plain for word in _IN_MAPPINGS) and not (
        value is None or isinstance(value, (bool, *_OPAQUE))
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


def _plain_name(name: object) -> str:
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


# Whether a text is a secret by the names above it: not, if it looks like one, in any case.
_NO, _IF_RANDOM, _YES = range(3)


class Secrets:
    """The secrets that were found by name, to be removed by value.

    Args:
        scopes: the mappings to look through: local variables by name.
        constants: mappings of which only the texts are looked at: global variables by name.
        texts: what may have secrets in it: the words of exceptions.
    """

    def __init__(
        self,
        scopes: Iterable[Mapping[str, object]],
        constants: Iterable[Mapping[str, object]] = (),
        texts: Iterable[str] = (),
    ) -> None:
        """Look for secrets."""
        self._values: dict[str, str] = {}
        self._nodes, self._room, self._unread = MAX_NODES, MAX_SECRET_TEXT, MAX_READ
        scopes = list(scopes)
        # What is a variable itself comes first: the rest may be too much to search.
        for scope in (*scopes, *constants):
            self._look_at_texts(scope)
        for text in texts:
            self._read(text)
        for scope in scopes:
            self._look(scope, 0, _NO, "")
        self._last = "", ""
        self._search = SecretSearch(self._values, whole_words=True)
        self.longest = self._search.longest

    def redact(self, text: str) -> str:
        """Return the text without the known secrets, and without those that it names itself."""
        if text != self._last[0]:  # what an exception says is asked for again and again
            self._last = text, without_secrets(self._search.replace(text), REDACTED)
        return self._last[1]

    def redact_code(self, code: str) -> str:
        """Return source without the known secrets and those written out in it."""
        return without_literals(self._search.replace(code), REDACTED)

    def redact_values(self, text: str) -> str:
        """Return the text without the known secrets."""
        return self._search.replace(text)

    def _look_at_texts(self, scope: Mapping[str, object]) -> None:
        try:
            for name, value in list(scope.items()):
                if isinstance(value, (str, bytes)) and is_secret_variable(name, value):
                    self._keep(value, name)
        except BaseException:  # a namespace of the program's own making
            pass_signal()

    def _look(self, value: object, depth: int, telling: int, name: str) -> None:
        self._nodes -= 1
        if depth > MAX_DEPTH + 1 or self._nodes < 0:
            return
        try:
            if isinstance(value, (str, bytes, bytearray)):
                text = _decoded(value)
                if telling == _YES or (telling == _IF_RANDOM and looks_random(text)):
                    self._keep(text, name)
                else:
                    self._read(text)
            elif type(value) is int and telling == _YES and value.bit_length() <= MAX_BITS:
                self._add(str(value))
            elif value is None or isinstance(value, _CLOSED):
                return
            else:
                pair = telling == _YES and isinstance(value, tuple) and len(value) == 2
                items = islice(_items(value), min(MAX_ITEMS, self._nodes))
                for number, (_, under, item) in enumerate(items):
                    below = _telling(under, item, telling)
                    # auth=("user", "password"): the user's name may be in any sentence.
                    below = _IF_RANDOM if pair and number == 0 else below
                    self._look(item, depth + 1, below, _plain_name(under) or name)
        except BaseException:  # a mapping of the program's own that fails
            pass_signal()

    def _read(self, text: str) -> None:
        """Keep the secrets that a text names itself."""
        self._unread -= len(text)
        if self._unread >= 0:
            for secret in secrets_in(text):
                self._add(secret)

    def _keep(self, value: str | bytes | bytearray, name: str) -> None:
        for secret in inner_secrets(_decoded(value), name):
            self._add(secret)
            # Of a key in many lines each may stand somewhere alone; not those that say what it is.
            lines = secret.splitlines()
            for line in lines if len(lines) > 1 else ():
                if not line.startswith("-----"):
                    self._add(line)

    def _add(self, secret: str) -> None:
        if secret in self._values or is_like_a_word(secret.strip()) or secret == REDACTED:
            return
        if len(self._values) < MAX_SECRETS and len(secret) <= self._room:
            self._room -= len(secret)
            self._values[secret] = REDACTED


def _telling(name: object, value: object, above: int) -> int:
    plain = _plain_name(name)
    if is_secret_variable(name, value):
        return _YES
    if above:
        return _NO if plain and is_identity(plain) else above
    return _IF_RANDOM if may_be_secret_name(plain) else _NO


def _decoded(value: str | bytes | bytearray) -> str:
    return value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")


def _items(value: object) -> Iterator[tuple[object, object, object]]:
    """What is inside a value: the name to be shown, the name to be judged by, and the item."""
    if _is_mapping(value):
        label = _label(value) if isinstance(value, dict) else None
        cookies = "cookie" if "Cookie" in type(value).__name__ else None
        for name, item in list(islice(value.items(), MAX_ITEMS + 1)):
            yield name, cookies or (label if label and name == "value" else name), item
    elif names := _field_names(value):
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


def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping) and type(value).__name__ not in _COOKIES


def _in_sequence(
    value: list[object] | tuple[object, ...] | set[object] | frozenset[object],
) -> Iterator[tuple[None, object, object]]:
    """Items; the second of a pair has the first for its name, a word after --option the option."""
    pair = len(value) == 2 and isinstance(value, (list, tuple))
    before = ""
    for item in value:
        text = _plain_name(item)
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


def _field_names(value: object) -> tuple[str, ...]:
    """The names of a named tuple's fields."""
    names = getattr(type(value), "_fields", None) if isinstance(value, tuple) else None
    if isinstance(names, tuple) and all(isinstance(name, str) for name in names):
        return names
    return ()


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
        if _is_mapping(value):
            copies = {
                self._key(name): REDACTED
                if _is_secret_in_mapping(name, item)
                else self._item(under, item, depth)
                for name, under, item in self._some(_items(value))
            }
            left = len(value) - len(copies)
            return {**copies, Literal("..."): _stripped(left)} if left > 0 else copies
        if _field_names(value):
            return self._named(value, _items(value), depth)
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
        items = [self._item(under, item, depth) for _, under, item in self._some(_items(value))]
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
            shown = [item for item in _items(value) if item[0] in declared]
            shown.sort(key=lambda item: declared.index(str(item[0])))
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
            return self._named(value, _items(value), depth)
        return Literal(self._text(text))

    def _hidden(self, value: object, depth: int, known: bool) -> Iterator[str]:
        """The texts inside an object that are under the names of secrets, as a repr shows them."""
        self._nodes -= 1
        if isinstance(value, (str, bytes, int, float)) and not isinstance(value, bool):
            if known and value not in ("", b"", 0):
                yield value if isinstance(value, str) else repr(value)
                yield repr(value)
        elif value is not None and not isinstance(value, _CLOSED) and depth <= MAX_DEPTH:
            for _, under, item in self._some(_items(value)):
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
