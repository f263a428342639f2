"""The documented path of what is in ``opswire.agents.https.pool``."""

from opswire.agents.https.pool import HostnamePool, HostnameProxy, hostname_pool

__all__ = ["HostnamePool", "HostnameProxy", "hostname_pool"]
