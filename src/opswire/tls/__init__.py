"""TLS contexts: what several parts of opswire need of ``ssl``, beyond what it has.

context = hostname_context("example.com", cafile="ca.pem")
connection = http.client.HTTPSConnection("192.0.2.1", context=context)
"""

from opswire.tls.hostnames import HostnameContext, hostname_context
from opswire.tls.servers import ServerTLS

__all__ = ["HostnameContext", "ServerTLS", "hostname_context"]
