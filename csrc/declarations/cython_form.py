"""The declarations as Cython wants them: a .pxd for each library."""

import re

from pycparser import c_ast, c_generator

from declarations.headers import LIBC_NAMES, Header
from declarations.libraries import Library

INT_MAX = 0x7FFF_FFFF
UINT32_MAX = 0xFFFF_FFFF
#: What libc.stdint has.
STDINT = sorted(LIBC_NAMES - {"bool", "size_t"})


def cython_form(library: Library, headers: list[Header], known: set[str]) -> str:
    """The text of the .pxd; the structs that it declares are added to those known."""
    found = _structs(headers)
    known |= found.declared
    lines = [
        "# Made from include/opswire by csrc/declarations.",
        f"from libc.stdint cimport {', '.join(STDINT)}",
        *(f"from opswire_c.{each} cimport *" for each in library.uses),
        "",
        "",
        f'cdef extern from "lending/{library.name}.h" nogil:',
    ]
    for name in dict.fromkeys(each for each in found.named if each not in known):
        lines += [f"    struct {name}:", "        pass"]
    for header in headers:
        small = [name for name, value in header.constants.items() if (value or 0) <= INT_MAX]
        lines += ["    enum:", *(f"        {name}" for name in small)] if small else []
        for name, value in header.constants.items():
            if name not in small:
                kind = "uint32_t" if (value or 0) <= UINT32_MAX else "uint64_t"
                lines.append(f"    const {kind} {name}")
        for node in header.declarations:
            lines += [f"    {line}" for line in _declaration(node)]
    return "\n".join(lines) + "\n"


def home_form(library: Library) -> str:
    """The .pxd of the library's home: its table."""
    name, upper = library.name, library.name.upper()
    return f'''\
# Made from include/opswire by csrc/declarations.
from libc.stdint cimport uintptr_t


cdef extern from *:
    """
    #include "lending/{name}.h"
    static const struct opswire_{name}_lent opswire_{name}_table = OPSWIRE_{upper}_LENT;
    #define opswire_{name}_table_address() ((uintptr_t) &opswire_{name}_table)
    """
    uintptr_t opswire_{name}_table_address()
'''


def borrowing_form(library: Library) -> str:
    """The .pxd of what an extension that borrows the library has to do."""
    name, upper = library.name, library.name.upper()
    return f'''\
# Made from include/opswire by csrc/declarations.
from libc.stdint cimport uintptr_t


cdef extern from *:
    """
    #include "lending/{name}.h"
    OPSWIRE_BORROW_{upper}
    """
    void opswire_{name}_bind(uintptr_t lent)
'''


class _Structs(c_ast.NodeVisitor):
    """Which structs are named, and which are declared: others are known by pointers only."""

    def __init__(self) -> None:
        self.named: list[str] = []
        self.declared: set[str] = set()

    def visit_Struct(self, node: c_ast.Struct) -> None:
        self.named.append(node.name)
        if node.decls is not None:
            self.declared.add(node.name)
        self.generic_visit(node)


def _structs(headers: list[Header]) -> _Structs:
    found = _Structs()
    for header in headers:
        for node in header.declarations:
            found.visit(node)
            if isinstance(node, c_ast.Decl) and isinstance(node.type, c_ast.Struct):
                found.declared.add(node.type.name)
    return found


def _declaration(node: c_ast.Node) -> list[str]:
    if isinstance(node, c_ast.Typedef):
        return [f"ctypedef {_declarator(node.type, node.name)}"]
    assert isinstance(node, c_ast.Decl)
    if isinstance(node.type, c_ast.Enum):
        return _enum(node.type)
    if isinstance(node.type, (c_ast.Struct, c_ast.Union)):
        return _struct(node.type)
    return [_declarator(node.type, node.name)]


def _enum(node: c_ast.Enum) -> list[str]:
    names = [each.name for each in node.values.enumerators]
    return [f"enum {node.name}:" if node.name else "enum:", *(f"    {name}" for name in names)]


def _struct(node: c_ast.Struct | c_ast.Union) -> list[str]:
    kind = "struct" if isinstance(node, c_ast.Struct) else "union"
    fields = [f"    {_declarator(each.type, each.name)}" for each in node.decls or ()]
    return [f"{kind} {node.name}:", *(fields or ["    pass"])]


def _declarator(node: c_ast.Node, name: str) -> str:
    """A type around a name, as C has it, without the words struct and enum."""
    if isinstance(node, c_ast.TypeDecl):
        quals = "const " if "const" in node.quals else ""
        return f"{quals}{_base(node.type)} {name}".rstrip()
    if isinstance(node, c_ast.PtrDecl):
        inside = node.type
        if isinstance(inside, c_ast.FuncDecl):
            return f"{_function(inside, f'(*{name})')} noexcept nogil"
        return _declarator(inside, f"*{name}")
    if isinstance(node, c_ast.ArrayDecl):
        return _declarator(node.type, f"{name}[{_dimension(node.dim)}]")
    assert isinstance(node, c_ast.FuncDecl)
    return _function(node, name)


def _function(node: c_ast.FuncDecl, name: str) -> str:
    arguments = node.args.params if node.args else []
    texts = [_declarator(each.type, "") for each in arguments]
    return _declarator(node.type, f"{name}({', '.join(text for text in texts if text != 'void')})")


def _base(node: c_ast.Node) -> str:
    if isinstance(node, c_ast.IdentifierType):
        name = " ".join(node.names)
        return "bint" if name == "bool" else name
    return str(node.name)


def _dimension(node: c_ast.Node) -> str:
    return re.sub(r"\b(\d+)[uUlL]+\b", r"\1", c_generator.CGenerator().visit(node))
