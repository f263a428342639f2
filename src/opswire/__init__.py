"""opswire: the protocols with which people run fleets of machines.

``from opswire import remctl`` imports a domain at first use; ``import opswire`` alone is cheap and
needs no library beyond Python's own.
"""

from importlib import import_module
from os import path
from types import ModuleType
from typing import TYPE_CHECKING

from opswire._version import version as __version__

if TYPE_CHECKING:
    from opswire import remctl

__all__ = ["__version__", "get_include", "remctl"]


def get_include() -> str:
    """Return the folder to give a C compiler with ``-I``, for ``#include <opswire/…>``."""
    return path.join(path.dirname(path.abspath(__file__)), "include")


def __getattr__(name: str) -> ModuleType:
    """Import a domain at first use (PEP 562)."""
    if name == "remctl":
        return import_module("opswire.remctl")
    raise AttributeError(f"module 'opswire' has no attribute {name!r}")
