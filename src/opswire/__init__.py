"""opswire: the protocols with which people run fleets of machines.

``from opswire import remctl`` imports a domain at first use; ``import opswire`` alone is cheap and
needs no library beyond Python's own.
"""

from opswire._version import version as __version__

TYPE_CHECKING = False  # typing's own costs an agent a third of its start
if TYPE_CHECKING:
    from types import ModuleType

    from opswire import agents, remctl, wbem

__all__ = ["__version__", "agents", "get_include", "remctl", "wbem"]

_DOMAINS = ("agents", "remctl", "wbem")


def get_include() -> str:
    """Return the folder to give a C compiler with ``-I``, for ``#include <opswire/…>``."""
    from os import path

    return path.join(path.dirname(path.abspath(__file__)), "include")


def __getattr__(name: str) -> "ModuleType":
    """Import a domain at first use (PEP 562)."""
    if name in _DOMAINS:
        from importlib import import_module

        return import_module(f"opswire.{name}")
    raise AttributeError(f"module 'opswire' has no attribute {name!r}")
