"""What users see of a package: names loaded at first use, which say where they are from."""

TYPE_CHECKING = False  # typing's own costs an agent a third of its start
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    Member = TypeVar("Member")


def public_in(package: str) -> "Callable[[Member], Member]":
    """Return a decorator: tracebacks, help() and pickles name the package, not the file."""

    def published(member: "Member") -> "Member":
        member.__module__ = package
        return member

    return published


def lazy_names(package: str, modules: "Mapping[str, str]") -> "Callable[[str], object]":
    """Return a package's ``__getattr__`` (PEP 562).

    Args:
        package: the package's name.
        modules: where each name is, from the package on; "" for a module of the package that has
            the name itself.
    """

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        value: object = import_module(f"{package}.{modules[name] or name}")
        return getattr(value, name) if modules[name] else value

    return load
