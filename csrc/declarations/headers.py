"""The headers of include/opswire as syntax trees.

They are plain enough to be read without a preprocessor: includes, guards, constants, and
initializers. What is not is a HeaderError, and has to become plainer.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pycparser import c_ast, c_parser

#: What the headers take from libc. A type that is not here is not known to any other form either.
LIBC = """
typedef unsigned char bool;
typedef unsigned long size_t;
typedef unsigned long uintptr_t;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long uint64_t;
"""
LIBC_NAMES = frozenset(re.findall(r"(\w+);", LIBC))


class HeaderError(Exception):
    """A header says something that not all forms can say."""


@dataclass(frozen=True)
class Header:
    """One header, without what it includes."""

    name: str
    #: Integer constants with their values; one that is an enumerator has none here.
    constants: dict[str, int | None]
    #: Types and functions, in their order. Inline functions have lost their bodies.
    declarations: list[c_ast.Node]


def read_headers(folder: Path, names: list[str]) -> list[Header]:
    """Read headers, each behind those that it includes.

    Raises:
        HeaderError: something is not plain C of the kind that the forms carry; with file and line.
    """
    known: dict[str, int | None] = {}
    enumerators: set[str] = set()
    before = LIBC
    found = []
    for name in names:
        text = (folder / name).read_text()
        text = _without_comments(text)
        enumerators |= set(re.findall(r"\b(OPSWIRE_\w+)\s*[,=}]", text))
        code, constants = _without_directives(name, text, known, enumerators)
        known |= constants
        tree = _parsed(name, before, code)
        found.append(Header(name, constants, tree))
        before += code
    _check_names(found)
    return found


def _without_comments(text: str) -> str:
    """With as many lines."""
    return re.sub(
        r"/\*.*?\*/|//[^\n]*",
        lambda found: " " + "\n" * found[0].count("\n"),
        text,
        flags=re.DOTALL,
    )


def _without_directives(
    name: str, text: str, known: dict[str, int | None], enumerators: set[str]
) -> tuple[str, dict[str, int | None]]:
    """The text without its directives, and the constants that they define."""
    constants: dict[str, int | None] = {}
    lines = text.split("\n")
    guard = "OPSWIRE_" + re.sub(r"\W", "_", name).upper()
    kept = []
    number = 0
    while number < len(lines):
        line = lines[number]
        first = number
        number += 1
        if not line.lstrip().startswith("#"):
            kept.append(line)
            continue
        while line.endswith("\\"):
            line = line[:-1] + lines[number]
            number += 1
        kept += [""] * (number - first)
        words = line.replace("#", "", 1).split(None, 2)
        match words:
            case ["include", _] | ["endif"]:
                pass
            case ["ifndef" | "define", each] if each == guard:
                pass
            case ["define", each, rest] if "(" in each:
                if not re.match(r"[\w, ]*\)?\s*\{", rest):  # an initializer is for C alone
                    raise HeaderError(f"{name}:{first + 1}: a macro that is called: {each}")
            case ["define", each, value] if value.strip() in enumerators:
                constants[each] = None
            case ["define", each, value]:
                number_of = _value(value, known | constants)
                if number_of is not None:
                    constants[each] = number_of
                elif not value.strip().startswith("{"):
                    raise HeaderError(f"{name}:{first + 1}: {each} is no integer: {value}")
            case _:
                raise HeaderError(f"{name}:{first + 1}: a directive that is not carried: {line}")
    return "\n".join(kept), constants


def _value(text: str, known: dict[str, int | None]) -> int | None:
    """Of an integer constant expression; None: it is none."""
    plain = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)[uUlL]*\b", r"\1", text)
    names = set(re.findall(r"\b[A-Za-z_]\w*\b", re.sub(r"\b0x[0-9a-fA-F]+\b", "", plain)))
    numbers = {name: value for name, value in known.items() if value is not None}
    if not names <= numbers.keys() or not re.fullmatch(r"[\w\s()+\-*/<>|&~]+", plain):
        return None
    plain = plain.replace("/", "//")
    return int(eval(plain, {}, numbers))  # noqa: S307 - digits, operators and known names only


def _parsed(name: str, before: str, code: str) -> list[c_ast.Node]:
    """What the code declares, behind what is declared before it."""
    lines_before = before.count("\n")
    try:
        tree = c_parser.CParser().parse(before + code, name)
    except Exception as error:  # pycparser's classes have moved from release to release
        found = re.search(r":(\d+):", str(error))
        line = int(found[1]) - lines_before if found else 0
        raise HeaderError(f"{name}:{line}: no C that is carried: {error}") from error
    found_nodes = []
    for node in tree.ext:
        if node.coord is None or node.coord.line <= lines_before:
            continue
        where = f"{name}:{node.coord.line - lines_before}"
        if isinstance(node, c_ast.StaticAssert):
            continue
        if isinstance(node, c_ast.FuncDef) and "inline" not in node.decl.funcspec:
            raise HeaderError(f"{where}: a function with a body that is not inline")
        declaration = node.decl if isinstance(node, c_ast.FuncDef) else node
        _check(declaration, where)
        found_nodes.append(declaration)
    return found_nodes


def _check(node: c_ast.Node, where: str) -> None:
    """Refuse what one of the forms could not say."""
    for _, child in node.children():
        _check(child, where)
    if isinstance(node, c_ast.Decl) and node.bitsize is not None:
        raise HeaderError(f"{where}: a field of bits: {node.name}")
    if isinstance(node, c_ast.EllipsisParam):
        raise HeaderError(f"{where}: a number of arguments that is not fixed")
    if isinstance(node, (c_ast.Struct, c_ast.Union)) and node.name is None:
        raise HeaderError(f"{where}: a struct or union without a name")
    if isinstance(node, c_ast.IdentifierType):
        for name in node.names:
            if name in {"long", "double"} and len(node.names) > 2:
                raise HeaderError(f"{where}: {' '.join(node.names)}")


def _check_names(headers: list[Header]) -> None:
    """A type and a function of one name are two things to C alone."""
    types: set[str] = set()
    for header in headers:
        for node in header.declarations:
            if isinstance(node.type, (c_ast.Enum, c_ast.Struct, c_ast.Union)):
                types.add(node.type.name)
    for header in headers:
        for node in header.declarations:
            if node.name is not None and node.name in types:
                raise HeaderError(f"{header.name}: {node.name} is a type and a function")


def functions(headers: list[Header]) -> list[c_ast.Decl]:
    """Those with a body in a C file."""
    return [
        node
        for header in headers
        for node in header.declarations
        if isinstance(node, c_ast.Decl)
        and isinstance(node.type, c_ast.FuncDecl)
        and "inline" not in node.funcspec
    ]
