"""opswire.agents under the name that existing programs import."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

from opswire.public_names import public_in

NAMES = (
    "HostnameValidationAdapter",
    "Storage",
    "configure_logging",
    "report_agent_crashes",
    "report_check_crashes",
    "vcrtrace",
)
"""What the original has; the rest of opswire.agents is not installed with it."""

VERSIONS = ("v1", "v1_unstable")


@public_in("opswire.agents")
def install_as(name: str = "cmk.server_side_programs", *, replace: bool = False) -> None:
    """Let ``from NAME.v1 import Storage`` give what opswire.agents has, in this process.

    Both ``NAME.v1`` and ``NAME.v1_unstable`` have the same objects.  Nothing is written to disk;
    call it before the first import of the name.  Calling it again changes nothing.

    Args:
        name: the dotted name to install as.
        replace: whether to stand before a package of that name that is installed here.

    Raises:
        RuntimeError: such a package is installed, and it is not to be replaced.
        ValueError: the name is not one that an import statement can have.
        TypeError: the name is no text.
    """
    if not isinstance(name, str):
        raise TypeError(f"a dotted name is text, not {type(name).__name__}")
    name = str.__str__(name)  # of an enumeration's member its text, as it is what is imported
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        raise ValueError(f"{name!r} cannot be imported: each part must be an identifier")
    present = sys.modules.get(name)
    if isinstance(present, _Installed):
        return
    if not replace and _is_present(parts):
        raise RuntimeError(
            f"a package {name} is installed here already: import that, "
            "or call install_as(…, replace=True) to use opswire.agents in its place"
        )
    for number in range(1, len(parts)):
        _install_parent(".".join(parts[:number]))
    _install(name, VERSIONS)
    for version in VERSIONS:
        _install(f"{name}.{version}", NAMES)


class _Installed(ModuleType):
    """A module of ours under another name; its names are loaded at first use, as ours are."""

    def __getattr__(self, name: str) -> object:
        if name in NAMES and name in self.__dict__.get("__all__", ()):
            value = self.__dict__[name] = getattr(sys.modules["opswire.agents"], name)
            return value
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def _is_present(parts: list[str]) -> bool:
    """Whether Python would find the package without us."""
    for number in range(1, len(parts) + 1):
        name = ".".join(parts[:number])
        if name in sys.modules:
            continue
        try:
            if find_spec(name) is None:
                return False
        except (ImportError, ValueError):
            return False
    return True


def _install_parent(name: str) -> None:
    """A package above ours: the real one, with all that is in it, if there is one."""
    if name not in sys.modules:
        try:
            __import__(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise
            _install(name, ())


def _install(name: str, names: tuple[str, ...]) -> None:
    module = _Installed(name, f"opswire.agents under another name: {name}")
    is_package = names is not NAMES
    module.__spec__ = ModuleSpec(name, None, origin="opswire.agents", is_package=is_package)
    module.__package__ = module.__spec__.parent
    if is_package:
        module.__path__ = []
    if names:
        vars(module)["__all__"] = list(names)
    sys.modules[name] = module
    above, _, last = name.rpartition(".")
    if above:
        setattr(sys.modules[above], last, module)
