"""The declarations as type checkers want them: opswire/_core/_ffi.pyi, which is cffi's module."""

from pathlib import Path

from pycparser import c_ast

from declarations.headers import Header

#: The part that cffi itself is.
BEGINNING = Path(__file__).with_name("ffi_stub_beginning.txt")
REALS = {"float", "double"}


def stub_form(headers: list[Header], bound: list[str]) -> str:
    """The text of the stub."""
    lines = [BEGINNING.read_text().rstrip("\n")]
    for header in headers:
        lines += [f"    {name}: Final[int]" for name in header.constants]
        for node in header.declarations:
            if isinstance(node, c_ast.Typedef):
                continue
            assert isinstance(node, c_ast.Decl)
            if isinstance(node.type, c_ast.Enum):
                lines += [f"    {each.name}: Final[int]" for each in node.type.values.enumerators]
            elif isinstance(node.type, c_ast.FuncDecl):
                lines.append(_function(node))
    lines += [f"    def opswire_{name}_bind(self, lent: int, /) -> None: ..." for name in bound]
    lines += ["", "ffi: FFI", "lib: Library"]
    return "\n".join(lines) + "\n"


def _function(node: c_ast.Decl) -> str:
    params = node.type.args.params if node.type.args else []
    texts = [f"{each.name}: {_python(each.type)}" for each in params if each.name is not None]
    arguments = ", ".join(["self", *texts, "/"] if texts else ["self"])
    return f"    def {node.name}({arguments}) -> {_python(node.type.type)}: ..."


def _python(node: c_ast.Node) -> str:
    if not isinstance(node, c_ast.TypeDecl):
        return "CData"
    if isinstance(node.type, (c_ast.Struct, c_ast.Union)):
        return "CData"
    if isinstance(node.type, c_ast.Enum):
        return "int"
    (name,) = node.type.names[-1:]
    if name == "void":
        return "None"
    return "bool" if name == "bool" else "float" if name in REALS else "int"
