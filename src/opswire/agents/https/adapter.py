"""TLS to an address with a certificate for a name, for programs that use requests.

    session = requests.Session()
    session.mount("https://192.0.2.1", HostnameValidationAdapter("example.com"))
    session.get("https://192.0.2.1:8443/")

``opswire.agents.hostname_pool`` does the same for urllib3, ``hostname_context`` for ``ssl``.
"""

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opswire.extras import missing
from opswire.public_names import public_in

try:
    from requests.adapters import HTTPAdapter
except ModuleNotFoundError as error:
    raise missing("HostnameValidationAdapter", "requests", "agents") from error

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

__all__ = ["HostnameValidationAdapter"]

logger = logging.getLogger("opswire.agents")


@public_in("opswire.agents")
class HostnameValidationAdapter(HTTPAdapter):
    """A requests adapter for one server that is reached by its address.

    ``hostname`` is the name that the server is asked for (SNI), that its certificate must have,
    and that goes into the Host header, without a port, unless the caller has set that header.
    All of it holds through CONNECT proxies too.  With ``verify=False`` nothing is verified, as
    ever in requests; the server is still asked for by its name.  ``options`` are HTTPAdapter's.

    Pickles; may be shared by threads as far as requests' own adapter may.
    """

    __attrs__ = [*HTTPAdapter.__attrs__, "_hostname"]  # noqa: RUF012 - as in the base class

    def __init__(self, hostname: str, **options: Any) -> None:
        """Keep the name: init_poolmanager needs it."""
        self._hostname = hostname
        super().__init__(**options)

    def __repr__(self) -> str:
        """Show the name."""
        return f"HostnameValidationAdapter({self._hostname!r})"

    @property
    def _name_options(self) -> dict[str, str]:
        return {"server_hostname": self._hostname, "assert_hostname": self._hostname}

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make the pools whose connections use the name."""
        super().init_poolmanager(
            connections, maxsize, block, **{**pool_kwargs, **self._name_options}
        )

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Make the pools behind a proxy; its own certificate, if any, is for its own name."""
        return super().proxy_manager_for(proxy, **{**proxy_kwargs, **self._name_options})

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Have the pool check the name, whoever made the pool."""
        conn.assert_hostname = self._hostname
        if not verify:
            logger.info("the certificate of %s is not verified", self._hostname)
        super().cert_verify(conn, url, verify, cert)

    def send(self, request: "PreparedRequest", *args: Any, **kwargs: Any) -> "Response":
        """Send a request, with the Host header.

        It is set in a copy: requests copies the headers of the original for a redirect, where the
        name of this server has no place.
        """
        # Of the URL no more than where it leads: the rest is the program's, and may be secret.
        if logger.isEnabledFor(logging.DEBUG):
            where = urlsplit(request.url or "").netloc.rpartition("@")[2]
            logger.debug("asking %s as %s", where, self._hostname)
        if "Host" not in request.headers:
            request = request.copy()
            request.headers["Host"] = self._hostname
        return super().send(request, *args, **kwargs)
