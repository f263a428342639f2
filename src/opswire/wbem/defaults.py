"""What a client takes where nothing is said, under pywbem's names."""

from opswire.wbem.client.server_url import DEFAULT_PORTS, DEFAULT_SCHEME
from opswire.wbem.client.settings import DEFAULT_NAMESPACE, DEFAULT_TIMEOUT

__all__ = [
    "DEFAULT_NAMESPACE",
    "DEFAULT_TIMEOUT",
    "DEFAULT_URL_PORT_HTTP",
    "DEFAULT_URL_PORT_HTTPS",
    "DEFAULT_URL_SCHEME",
    "PYWBEM_USES_REQUESTS",
]

DEFAULT_URL_PORT_HTTP = DEFAULT_PORTS["http"]
DEFAULT_URL_PORT_HTTPS = DEFAULT_PORTS["https"]
DEFAULT_URL_SCHEME = DEFAULT_SCHEME
PYWBEM_USES_REQUESTS = False
"""The client stands on urllib3."""
