"""What all clients have in common: where to, how long, as whom, and the last error."""

from time import monotonic
from typing import NoReturn

from opswire.errors import RemctlError
from opswire.remctl import arguments
from opswire.remctl.connecting.credentials import Exportable, Tickets, tickets_of
from opswire.remctl.connecting.dialing import Destination

Credentials = str | Exportable | None
"""What clients take as ``credentials=``: the name of a ticket cache (``FILE:/path``, ``KCM:``,
``MEMORY:name`` …), an ``opswire._core.gss.Credential``, a ``gssapi.Credentials`` (extra
``opswire[gssapi]``), or None for the default cache."""

NO_ERROR = "no error"

ANY_SOURCE = ("", "any", "all")


class ClientSettings:
    """The settings of ``Remctl`` and ``AsyncRemctl``."""

    _host: str | None
    _ports: tuple[int, ...]
    _principal: str | None

    def _set_up(
        self,
        *,
        timeout: float | None,
        credentials: Credentials,
        source_ip: str | None,
        srv: bool,
    ) -> None:
        """Begin with these."""
        self._host = None
        self._ports = arguments.PORTS
        self._principal = None
        self._protocol = 2
        self._timeout = 0.0
        self._source: str | None = None
        self._srv = srv
        self._error = NO_ERROR
        if srv:
            from opswire.remctl.connecting import service_location

            service_location.check_installed()
        if timeout is not None:
            self.set_timeout(timeout)
        self._tickets: Tickets = tickets_of(credentials)
        if source_ip is not None:
            self.set_source_ip(source_ip)

    def set_ccache(self, ccache: str) -> None:
        """Use another ticket cache in later ``open()`` calls of this object.

        With a GSS-API library that cannot open a named cache (no gss_acquire_cred_from), it is set
        for the whole process through gss_krb5_ccache_name; where that is missing too, ``open()``
        fails.

        Args:
            ccache: ``FILE:/path``, ``KCM:``, ``MEMORY:name`` …

        Raises:
            TypeError: not text.
            ValueError: with a NUL in it.
        """
        if not isinstance(ccache, str):
            raise TypeError(f"ccache must be a str, not {type(ccache).__name__}")
        self._tickets = tickets_of(ccache)

    def set_source_ip(self, source_ip: str) -> None:
        """Connect from this address in later ``open()`` calls of this object.

        Args:
            source_ip: an IPv4 or IPv6 literal; addresses of the other family are then passed over.
                "any" and "all" undo it.

        Raises:
            TypeError: not text.
        """
        if not isinstance(source_ip, str):
            raise TypeError(f"source_ip must be a str, not {type(source_ip).__name__}")
        self._source = None if source_ip in ANY_SOURCE else source_ip

    def set_timeout(self, timeout: float) -> None:
        """Limit how long the server may be silent; at once, also on an open connection.

        Args:
            timeout: seconds, 0 for no limit.  Counted anew with every octet that comes or goes, and
                for the name lookup and each connect().

        Raises:
            RemctlLimitError: negative; also a ValueError.
            TypeError: not a number.
        """
        try:
            self._apply_timeout(arguments.seconds(timeout))
        except RemctlError as error:
            self._fail(error)

    def _apply_timeout(self, timeout: float) -> None:
        """Set it, on the open connection too."""
        self._timeout = timeout

    def error(self) -> str:
        """Return the text of the last failure of this object.

        It is ``no error`` on a fresh one, and after whatever went well since: ``open()``,
        ``command()``, ``output()``, ``run()`` or ``noop()``.
        """
        return self._error

    def _remember(self, host: str, port: int | str | None, principal: str | None) -> None:
        """Check what was given for a destination, and take it."""
        checked = (
            arguments.host_name(host),
            arguments.ports(port),
            arguments.principal_name(principal),
        )
        self._host, self._ports, self._principal = checked

    def _destination(self, host: str) -> Destination:
        return Destination(
            host,
            self._ports,
            self._principal,
            self._tickets,
            self._source,
            self._srv and self._ports is arguments.PORTS,  # a given port needs no lookup
            self._protocol,
        )

    def _until(self, deadline: float | None) -> float:
        """The moment of time.monotonic() after so many seconds, 0.0 for None."""
        if deadline is None:
            return 0.0
        try:
            return monotonic() + arguments.seconds(deadline, "deadline")
        except RemctlError as error:
            self._fail(error)

    def _fail(self, error: RemctlError) -> NoReturn:
        self._error = str(error)
        try:
            raise error
        finally:
            del error  # or its traceback and this frame would keep each other
