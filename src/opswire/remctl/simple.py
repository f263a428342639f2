"""The simple interface: one call, one command."""

from collections.abc import Iterable

from opswire.errors import RemctlError, RemctlLimitError, RemctlProtocolError
from opswire.public_names import public_in
from opswire.remctl import arguments
from opswire.remctl.client import Remctl
from opswire.remctl.client_settings import Credentials
from opswire.remctl.results import RemctlSimpleResult


@public_in("opswire.remctl")
def remctl(
    host: str,
    port: int | str | None = None,
    principal: str | None = None,
    command: Iterable[object] = (),
    *,
    timeout: float | None = None,
    deadline: float | None = None,
    credentials: Credentials = None,
    srv: bool = False,
) -> RemctlSimpleResult:
    """Run one command on one host and return what came of it.

    Args:
        host: name or address.
        port: 0 or None mean 4373, then 4444.
        principal: of the service; None means ``host@HOST``.
        command: as in ``Remctl.command()``.
        timeout: inactivity timeout in seconds; None for none.
        deadline: seconds for everything from the name lookup to the exit status; None for no limit.
        credentials: as in ``Remctl``: the name of a ticket cache, for example.
        srv: look up the SRV records of the host, as in ``Remctl``.

    Returns:
        ``(stdout, stderr, status)``; a stream on which nothing came is None.

    Raises:
        TypeError, ValueError: an argument of the wrong type or form.
        RemctlLimitError: a limit or port that is out of its range; also a ValueError.
        RemctlProtocolError: every other failure: RemctlConnectError, RemctlAuthenticationError,
            RemctlTimeoutError, RemctlRefusedError, or the class itself for the rest.
    """
    # Of two mistakes the port is told, and a command in place of the principal.
    arguments.ports(port)
    arguments.principal_name(principal)
    try:
        with Remctl(timeout=timeout, credentials=credentials, srv=srv) as connection:
            connection._remember(host, port, principal)
            result = connection.run(command, deadline=deadline)
    except (RemctlProtocolError, RemctlLimitError):
        raise
    except RemctlError as error:
        raise RemctlProtocolError(str(error)) from error
    return RemctlSimpleResult(result.stdout or None, result.stderr or None, result.status)
