"""TLS to an address with a certificate for a name, for programs that use ``ssl`` alone.

context = hostname_context("example.com", cafile="ca.pem")
connection = http.client.HTTPSConnection("192.0.2.1", context=context)
"""

import socket
import ssl

from opswire.public_names import public_in

__all__ = ["HostnameContext", "hostname_context"]


@public_in("opswire.tls")
class HostnameContext(ssl.SSLContext):
    """A client's TLS context for one server: its name is asked for (SNI) and checked.

    What a caller gives as ``server_hostname``, usually the address it connected to, is replaced.
    May be shared by threads once it is set up.
    """

    hostname: str

    def wrap_socket(
        self,
        sock: socket.socket,
        server_side: bool = False,
        do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLSocket:
        """Connect a socket, as ``SSLContext.wrap_socket`` does, to the server of that name."""
        return super().wrap_socket(
            sock,
            server_side,
            do_handshake_on_connect,
            suppress_ragged_eofs,
            self.hostname,
            session,
        )

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """Connect two buffers, as asyncio does."""
        return super().wrap_bio(incoming, outgoing, server_side, self.hostname, session)


@public_in("opswire.tls")
def hostname_context(
    hostname: str,
    *,
    cafile: str | None = None,
    capath: str | None = None,
    cadata: str | bytes | None = None,
) -> HostnameContext:
    """Return a context that accepts only a server whose certificate is for ``hostname``.

    Its certificate must come from the authorities that are given, or else from the system's.
    """
    context = HostnameContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname = hostname
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context
