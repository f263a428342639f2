"""Run commands on remote hosts, authenticated and encrypted by Kerberos: remctl.

``remctl()``  one command on one host, in one call.
``Remctl``    a connection: many commands, streaming, timeouts, threads.
``AsyncRemctl``  the same on asyncio.
``Fleet``     one command on many hosts at once.
``protocol``  the protocol without input or output, for drivers and servers of one's own.
``_remctl``   the names of libremctl's own binding.
"""

from typing import TYPE_CHECKING

from opswire._version import version as VERSION
from opswire.errors import (
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlLimitError,
    RemctlNotOpenedError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlStatusError,
    RemctlTimeoutError,
    RemctlUsageError,
)
from opswire.public_names import lazy_names
from opswire.remctl.client import Remctl
from opswire.remctl.results import ErrorCode, RemctlOutput, RemctlSimpleResult, Result
from opswire.remctl.simple import remctl

if TYPE_CHECKING:
    from opswire.remctl.aio import AsyncRemctl
    from opswire.remctl.fleet import Fleet, FleetHost, FleetRun, Outcome

__all__ = [
    "VERSION",
    "AsyncRemctl",
    "ErrorCode",
    "Fleet",
    "FleetHost",
    "FleetRun",
    "Outcome",
    "Remctl",
    "RemctlAuthenticationError",
    "RemctlConnectError",
    "RemctlConnectTimeoutError",
    "RemctlError",
    "RemctlLimitError",
    "RemctlNotOpenedError",
    "RemctlOutput",
    "RemctlProtocolError",
    "RemctlRefusedError",
    "RemctlSimpleResult",
    "RemctlStatusError",
    "RemctlTimeoutError",
    "RemctlUsageError",
    "Result",
    "remctl",
]

# Imported at first use: asyncio costs a blocking program 20 ms.
__getattr__ = lazy_names(
    __name__,
    {
        "AsyncRemctl": "aio",
        "Fleet": "fleet",
        "FleetHost": "fleet",
        "FleetRun": "fleet",
        "Outcome": "fleet",
    },
)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
