"""opswire: the protocols with which people run fleets of machines.

``from opswire import remctl`` imports a domain at first use; ``import opswire`` alone is cheap and
needs no library beyond Python's own.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from opswire._version import version as __version__

if TYPE_CHECKING:
    from opswire import remctl, wbem

__all__ = ["__version__", "get_include", "remctl", "wbem"]


def get_include() -> str:
    """Return the folder to give a C compiler with ``-I``, for ``#include <opswire/…>``."""
    return str(Path(__file__).parent / "include")


def __getattr__(name: str) -> ModuleType:
    """Import a domain at first use (PEP 562)."""
    if name in {"remctl", "wbem"}:
        return import_module(f"opswire.{name}")
    raise AttributeError(f"module 'opswire' has no attribute {name!r}")
