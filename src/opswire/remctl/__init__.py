"""Run commands on remote hosts, authenticated and encrypted by Kerberos: remctl.

``remctl()``  one command on one host, in one call.
``Remctl``    a connection: many commands, streaming, timeouts, threads.
``protocol``  the protocol without input or output, for drivers and servers of one's own.
``_remctl``   the names of libremctl's own binding.
"""

from opswire import __version__ as VERSION
from opswire.errors import (
    RemctlError,
    RemctlNotOpenedError,
    RemctlProtocolError,
    RemctlStatusError,
    RemctlTimeoutError,
    RemctlUsageError,
)
from opswire.remctl.client import Remctl
from opswire.remctl.results import RemctlOutput, RemctlSimpleResult, Result
from opswire.remctl.simple import remctl

__all__ = [
    "VERSION",
    "Remctl",
    "RemctlError",
    "RemctlNotOpenedError",
    "RemctlOutput",
    "RemctlProtocolError",
    "RemctlSimpleResult",
    "RemctlStatusError",
    "RemctlTimeoutError",
    "RemctlUsageError",
    "Result",
    "remctl",
]
