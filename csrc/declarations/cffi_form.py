"""The declarations as cffi wants them: C again, with the numbers left to the compiler."""

from pycparser import c_ast, c_generator

from declarations.headers import Header


class _Writer(c_generator.CGenerator):
    """C without what cffi is to find out itself: what is computed, the sizes of arrays."""

    def visit_ID(self, n: c_ast.ID) -> str:
        return "..."

    def visit_BinaryOp(self, n: c_ast.BinaryOp) -> str:
        return "..."

    def visit_ParamList(self, n: c_ast.ParamList) -> str:
        for each in n.params:
            if isinstance(each.type, c_ast.ArrayDecl):
                each.type = c_ast.PtrDecl([], each.type.type)
        return str(super().visit_ParamList(n))


def cffi_form(headers: list[Header]) -> str:
    """For FFI.cdef()."""
    writer = _Writer()
    parts = []
    for header in headers:
        parts += [f"#define {name} ..." for name in header.constants]
        parts += [writer.visit(_outside(node)).rstrip(";\n") + ";" for node in header.declarations]
    return "\n".join(parts) + "\n"


def _outside(node: c_ast.Node) -> c_ast.Node:
    """An inline function is a function to cffi."""
    if isinstance(node, c_ast.Decl) and "inline" in node.funcspec:
        return c_ast.Decl(node.name, node.quals, [], [], [], node.type, None, None)
    return node
