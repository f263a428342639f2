"""A small real CIM server, for tests, demonstrations and development.

    from opswire.wbem.embedded import EmbeddedServer

    with EmbeddedServer() as server:
        server.load("esxi.xml")
        print(server.url)

``Repository`` is what it serves, ``Exchange`` answers requests without HTTP, from octets to octets.
"""

from opswire.wbem.embedded.exchange import Exchange
from opswire.wbem.embedded.faults import Fault, Faults
from opswire.wbem.embedded.interop import Profile, add_interop
from opswire.wbem.embedded.repository import Repository
from opswire.wbem.embedded.request_rules import Refused
from opswire.wbem.embedded.server import EmbeddedServer

__all__ = [
    "EmbeddedServer",
    "Exchange",
    "Fault",
    "Faults",
    "Profile",
    "Refused",
    "Repository",
    "add_interop",
]
