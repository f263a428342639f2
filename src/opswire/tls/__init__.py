"""TLS contexts: what several parts of opswire need of ``ssl``, beyond what it has.

context = hostname_context("example.com", cafile="ca.pem")
connection = http.client.HTTPSConnection("192.0.2.1", context=context)
"""

from opswire.public_names import lazy_names
from opswire.tls.hostnames import HostnameContext, hostname_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from opswire.tls.servers import ServerTLS

# An agent that asks a server needs nothing of what serves.
__getattr__ = lazy_names(__name__, {"ServerTLS": "servers"})

__all__ = ["HostnameContext", "ServerTLS", "hostname_context"]
