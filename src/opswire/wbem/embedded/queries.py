"""The small part of WQL and CQL that one class and a few comparisons need (DSP0202, 5)."""

import operator
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from opswire._core.cimxml.types import CIMDateTime
from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.selection import instance_view
from opswire.wbem.objects import CIMClass, CIMInstance
from opswire.wbem.status_codes import (
    CIM_ERR_INVALID_QUERY,
    CIM_ERR_NO_SUCH_PROPERTY,
    CIM_ERR_NOT_SUPPORTED,
    CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
    CIM_ERR_TYPE_MISMATCH,
)

if TYPE_CHECKING:
    from opswire.wbem.embedded.namespace import Namespace

LANGUAGES = frozenset({"WQL", "CIM:CQL", "DMTF:CQL"})
TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<number>[+-]?(?:0[xX][0-9A-Fa-f]+|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))
      | (?P<name>[^\W\d]\w*)
      | (?P<sign><>|!=|<=|>=|[=<>*,.();])
    )""",
    re.VERBOSE,
)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
BEYOND = frozenset(
    {"or", "not", "like", "isa", "in", "join", "order", "group", "within", "distinct"}
)


class Condition(NamedTuple):
    """One comparison of WHERE; a literal of None is NULL."""

    name: str
    sign: str
    literal: Any


class Query:
    """``SELECT * | names FROM class [WHERE name op literal [AND …]]``.

    Args:
        language: WQL, CIM:CQL or DMTF:CQL.
        text: the query.

    Raises:
        CIMError: the language is not known, the text is no query, or is more of one than this.
    """

    def __init__(self, language: str, text: str) -> None:
        """Read the text."""
        if language.upper() not in LANGUAGES:
            raise CIMError(
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
                f"the query language {language} is not known: {', '.join(sorted(LANGUAGES))} are",
            )
        self._text = text
        self._tokens = self._read()
        self._next = 0
        self._word("select")
        self.names: list[str] | None = None
        if not self._has("*"):
            self.names = [self._name()]
            while self._has(","):
                self.names.append(self._name())
        self._word("from")
        self.classname = self._plain_name()
        self.conditions: list[Condition] = []
        if self._has("where"):
            self.conditions.append(self._condition())
            while self._has("and"):
                self.conditions.append(self._condition())
        self._has(";")
        if self._next < len(self._tokens):
            self._fail_at(self._tokens[self._next][1])

    def run(self, namespace: "Namespace") -> Iterator[CIMInstance]:
        """Return an iterator over what the query selects; what it names must be in the class."""
        node = namespace.schema.node(self.classname)
        known = node.resolved.properties
        for name in [*(self.names or ()), *(each.name for each in self.conditions)]:
            if name not in known:
                raise CIMError(CIM_ERR_NO_SUCH_PROPERTY, f"{node.name} has no property {name}")
        view = instance_view(self.names)
        return (
            view(instance, own)
            for instance, own in namespace.instances.of(node)
            if all(_holds(each, instance) for each in self.conditions)
        )

    def result_class(self, namespace: "Namespace") -> CIMClass:
        """Return a class that has what is selected."""
        node = namespace.schema.node(self.classname)
        wanted = None if self.names is None else {name.lower() for name in self.names}
        properties = [
            each
            for each in node.resolved.properties.values()
            if wanted is None or each.name.lower() in wanted
        ]
        return CIMClass(node.name, properties)

    def _read(self) -> list[tuple[str, str]]:
        tokens = []
        at = 0
        end = len(self._text.rstrip())
        while at < end:
            found = TOKEN.match(self._text, at)
            if found is None or found.lastgroup is None:
                raise CIMError(
                    CIM_ERR_INVALID_QUERY, f"at character {at + 1} of the query nothing can be read"
                )
            tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        return tokens

    def _take(self) -> tuple[str, str]:
        if self._next == len(self._tokens):
            raise CIMError(CIM_ERR_INVALID_QUERY, "the query ends too early")
        self._next += 1
        return self._tokens[self._next - 1]

    def _has(self, wanted: str) -> bool:
        if self._next < len(self._tokens):
            kind, token = self._tokens[self._next]
            if kind != "text" and token.lower() == wanted:
                self._next += 1
                return True
        return False

    def _word(self, wanted: str) -> None:
        if not self._has(wanted):
            self._fail_at(self._take()[1], f"{wanted.upper()} is expected")

    def _plain_name(self) -> str:
        kind, token = self._take()
        if kind != "name":
            self._fail_at(token, "a name is expected")
        return token

    def _name(self) -> str:
        """The name of a property, perhaps behind that of its class."""
        name = self._plain_name()
        while self._has("."):
            name = self._plain_name()
        if name.lower() in BEYOND:
            self._fail_at(name)
        return name

    def _condition(self) -> Condition:
        name = self._name()
        if self._has("is"):
            sign = "<>" if self._has("not") else "="
            self._word("null")
            return Condition(name, sign, None)
        _, sign = self._take()
        if sign not in COMPARISONS:
            self._fail_at(sign, "a comparison is expected")
        kind, token = self._take()
        return Condition(name, sign, self._literal(kind, token))

    def _literal(self, kind: str, token: str) -> Any:
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if kind == "number":
            if "x" in token.lower():
                return int(token, 16)
            return float(token) if re.search(r"[.eE]", token) else int(token)
        folded = token.lower()
        if folded in {"true", "false"}:
            return folded == "true"
        if folded != "null":
            self._fail_at(token, "a literal is expected")
        return None

    def _fail_at(self, token: str, words: str = "") -> None:
        if token.lower() in BEYOND or token in {"(", ")"}:
            raise CIMError(
                CIM_ERR_NOT_SUPPORTED,
                f"{token.upper()} in queries is not supported: this server knows SELECT, FROM and "
                "WHERE with comparisons and AND",
            )
        raise CIMError(CIM_ERR_INVALID_QUERY, f"{words or 'nothing more is expected'} at {token!r}")


def _holds(condition: Condition, instance: CIMInstance) -> bool:
    value = instance.get(condition.name)
    literal = condition.literal
    if literal is None:
        return (value is None) == (condition.sign == "=")
    if value is None:
        return False  # NULL compares with nothing (DSP0202, 5.5)
    if isinstance(value, CIMDateTime):
        value = str(value)
    numbers = (int, float)
    alike = (
        isinstance(value, bool) == isinstance(literal, bool)
        and isinstance(value, numbers) == isinstance(literal, numbers)
        and isinstance(value, str) == isinstance(literal, str)
    )
    if not alike or (isinstance(value, bool) and condition.sign not in {"=", "<>", "!="}):
        raise CIMError(
            CIM_ERR_TYPE_MISMATCH, f"{condition.name} cannot be compared with {literal!r}"
        )
    return COMPARISONS[condition.sign](value, literal)
