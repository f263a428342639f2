"""The documented path of what is in ``opswire.tls``."""

from opswire.tls import HostnameContext, hostname_context

__all__ = ["HostnameContext", "hostname_context"]
