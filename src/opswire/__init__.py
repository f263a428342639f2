"""opswire: the protocols with which people run fleets of machines.

``from opswire import remctl`` imports a domain at first use; ``import opswire`` alone is cheap and
needs no library beyond Python's own.
"""

from opswire._version import version as __version__
from opswire.public_names import lazy_names

TYPE_CHECKING = False  # typing's own costs an agent a third of its start
if TYPE_CHECKING:
    from opswire import agents, remctl, wbem

__all__ = ["__version__", "agents", "get_include", "remctl", "wbem"]


def get_include() -> str:
    """Return the folder to give a C compiler with ``-I``, for ``#include <opswire/…>``."""
    from os import path

    return path.join(path.dirname(path.abspath(__file__)), "include")


__getattr__ = lazy_names(__name__, dict.fromkeys(("agents", "remctl", "wbem"), ""))


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
