"""What the reference shows of what is not plain Python: compiled modules, operations of clients.

Griffe reads the stubs, where a docstring would be a second copy. Its own look into binaries would
lose itself: a class says the module from which users import it, not the one it is compiled in.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import griffe


class CompiledDocstrings(griffe.Extension):
    """Gives what was read from a stub the docstring of what it stands for."""

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **_: Any) -> None:
        """Go through all stubs, once the package is loaded."""
        for module in _stubs(pkg):
            _keep_overloads(module)
            for told, thing in _documented(module, import_module(module.path)):
                told.docstring = griffe.Docstring(
                    inspect.cleandoc(thing.__doc__ or ""),
                    parent=told,
                    parser=loader.docstring_parser,
                    parser_options=loader.docstring_options,
                )


def _stubs(module: griffe.Module) -> Iterator[griffe.Module]:
    for each in module.modules.values():
        if not each.is_alias:
            yield from _stubs(each)
    if isinstance(module.filepath, Path) and module.filepath.suffix == ".pyi":
        yield module


class OperationResults(griffe.Extension):
    """Shows what an operation returns; what it is written as, its steps, are nobody's to use."""

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        """Look at its decorator."""
        steps = re.fullmatch(r"Steps\[(.*)\]", str(func.returns))
        for decorator in func.decorators if steps else ():
            kind = re.fullmatch(r"iteration\((\w+)\)", str(decorator.value))
            if kind:
                func.returns = f"Iterator[{kind[1]}]"
            elif str(decorator.value) == "operation" and steps:
                func.returns = steps[1]


def _keep_overloads(told: griffe.Module | griffe.Class) -> None:
    """A stub has nothing but overloads of some functions, and griffe waits for the rest of them."""
    for name, forms in told.overloads.items():
        if name not in told.members:
            whole = forms[-1]
            whole.overloads = list(forms)
            told.set_member(name, whole)
    for member in told.members.values():
        if isinstance(member, griffe.Class):
            _keep_overloads(member)


def _documented(
    told: griffe.Module | griffe.Class, owner: object
) -> Iterator[tuple[griffe.Class | griffe.Function | griffe.Attribute, object]]:
    for name, member in told.members.items():
        thing = getattr(owner, name, None)
        if isinstance(member, griffe.Class):
            yield member, thing
            yield from _documented(member, thing)
        elif isinstance(member, griffe.Function | griffe.Attribute) and _is_described(
            member, thing
        ):
            yield member, thing


def _is_described(member: griffe.Function | griffe.Attribute, thing: object) -> bool:
    # object's methods have docstrings that are not ours; so have the values of constants.
    if isinstance(member, griffe.Function):
        return not member.name.startswith("__")
    return inspect.isdatadescriptor(thing)
