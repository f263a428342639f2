"""What the reference shows of compiled classes: docstrings of the binary, signatures of the stub.

Griffe reads both, and prefers the binary's signatures, where a constructor has ``*args, **kwargs``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe

# What object.__init__ says of itself is no docstring of ours.
OF_OBJECT = "Initialize self."


class StubSignatures(griffe.Extension):
    """Puts the signatures of stubs in the place of those that were looked up in binaries."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Go through all compiled modules, once the package is loaded."""
        for module in _compiled(pkg):
            stub = _stub(module)
            if stub is not None:
                told = griffe.visit(module.name, stub, stub.read_text(), parent=module.parent)
                _sign(module, told)


def _compiled(module: griffe.Module) -> Iterator[griffe.Module]:
    for each in module.modules.values():
        if not each.is_alias:
            yield from _compiled(each)
    if _stub(module):
        yield module


def _stub(module: griffe.Module) -> Path | None:
    path = module.filepath
    if not isinstance(path, Path) or path.suffix != ".so":
        return None
    stub = path.with_name(f"{path.name.partition('.')[0]}.pyi")
    return stub if stub.is_file() else None


def _sign(shown: griffe.Module | griffe.Class, told: griffe.Module | griffe.Class) -> None:
    for own in shown.functions.values():
        if own.docstring and own.docstring.value.startswith(OF_OBJECT):
            own.docstring = None
    for name, member in told.members.items():
        own = shown.members.get(name)
        if isinstance(own, griffe.Function) and isinstance(member, griffe.Function):
            own.parameters, own.returns = member.parameters, member.returns
        elif isinstance(own, griffe.Class) and isinstance(member, griffe.Class):
            _sign(own, member)
