"""A method that is called as ``Class.method(anything)`` looks at what it was given."""

import importlib
import inspect
from pathlib import Path
from types import MethodDescriptorType

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in (SOURCE / "opswire" / "_core").rglob("*.pyx")
)


def methods(module: str) -> list[tuple[type, str]]:
    """What classes of a compiled module have that is called with an object of theirs."""
    kinds = [
        kind
        for kind in vars(importlib.import_module(module)).values()
        if isinstance(kind, type) and not kind.__flags__ & (1 << 9)  # no heap type: a compiled one
    ]
    return [
        (kind, name)
        for kind in dict.fromkeys(kinds)
        for name, member in vars(kind).items()
        if type(member).__name__ == "cython_function_or_method"
        or isinstance(member, MethodDescriptorType)
    ]


@pytest.mark.parametrize("module", MODULES)
def test_no_method_takes_something_else_for_its_object(module: str) -> None:
    """Its kind is looked at first: with Cython's own functions, the call would be the last one."""
    for kind, name in methods(module):
        member = vars(kind)[name]
        assert isinstance(member, MethodDescriptorType), f"{kind.__name__}.{name}"
        with pytest.raises(TypeError):
            member("something else")


#: Its default is an object that nobody can name.
UNTOLD = {"NocaseDict.pop"}


@pytest.mark.parametrize("module", MODULES)
def test_help_shows_signatures_and_words_apart(module: str) -> None:
    for kind in vars(importlib.import_module(module)).values():
        if not isinstance(kind, type) or not kind.__module__.startswith("opswire."):
            continue
        for name, member in vars(kind).items():
            assert "\n--\n" not in (getattr(member, "__doc__", None) or ""), name
            told = not name.startswith("__") and f"{kind.__name__}.{name}" not in UNTOLD
            if told and isinstance(member, MethodDescriptorType | classmethod):
                assert inspect.signature(getattr(kind, name)), name


def test_there_are_methods_to_look_at() -> None:
    found = [each for module in MODULES for each in methods(module)]
    assert len(found) > 100
    assert all(inspect.isclass(kind) for kind, _ in found)
