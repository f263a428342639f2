"""The way to a WBEM server: options for credentials and TLS, and the connection that they make."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

import click

from opswire.cli.options import not_empty
from opswire.cli.wbem.advice import one_line
from opswire.cli.wbem.passwords import PASSWORD, password_of

if TYPE_CHECKING:
    from opswire.wbem import WBEMConnection

VERSIONS = {"1.0": "TLSv1", "1.1": "TLSv1_1", "1.2": "TLSv1_2", "1.3": "TLSv1_3"}

_EXISTING = click.Path(exists=True)
_OPTIONS = (
    click.option(
        "-u",
        "--user",
        metavar="NAME",
        callback=not_empty,
        help="Who asks; the password is asked for.",
    ),
    click.option(
        "--password-file",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help=f"The password is its first line.  [default: ${PASSWORD}, or a question]",
    ),
    click.option(
        "--ca",
        metavar="PATH",
        type=_EXISTING,
        help="File or folder of certificates to trust.  [default: the system's]",
    ),
    click.option("--cert", metavar="FILE", type=_EXISTING, help="The client's certificate."),
    click.option(
        "--key", metavar="FILE", type=_EXISTING, help="Its key.  [default: in the same file]"
    ),
    click.option("--insecure", is_flag=True, help="Trust whoever answers."),
    click.option(
        "--tls-minimum",
        type=click.Choice(tuple(VERSIONS)),
        help="The oldest TLS to speak.  [default: 1.2]",
    ),
)
_NAMES = ("user", "password_file", "ca", "cert", "key", "insecure", "tls_minimum")


class Access:
    """What the options say."""

    def __init__(
        self,
        timeout: float,
        user: str | None,
        password_file: str | None,
        ca: str | None,
        cert: str | None,
        key: str | None,
        insecure: bool,
        tls_minimum: str | None,
    ) -> None:
        """Check what click does not."""
        if user is None and password_file is not None:
            raise click.UsageError("--password-file is for a --user.")
        if cert is None and key is not None:
            raise click.UsageError("--key is for a --cert.")
        if insecure and ca is not None:
            raise click.UsageError("Give --ca or --insecure, not both.")
        self.timeout = timeout
        self._user = user
        self._password_file = password_file
        self.settings: dict[str, Any] = {
            "ca_certs": ca,
            "x509": None if cert is None else {"cert_file": cert, "key_file": key},
            "no_verification": insecure,
            "tls_minimum": None if tls_minimum is None else VERSIONS[tls_minimum],
        }

    @cached_property
    def creds(self) -> tuple[str, str] | None:
        """User and password, which is asked for at most once; None without a user."""
        if self._user is None:
            return None
        if ":" in self._user:
            raise click.UsageError("A user name cannot contain a colon.")
        return self._user, password_of(self._user, self._password_file)

    def connect(self, url: str, namespace: str | None = None) -> WBEMConnection:
        """Return a connection, on which nothing is sent yet."""
        from opswire.wbem import WBEMConnection

        check_url(url)  # before somebody types a password
        return WBEMConnection(
            url,
            self.creds,
            namespace,
            timeout=self.timeout,
            use_pull_operations=None,
            **self.settings,
        )


def check_url(url: str) -> None:
    """Refuse what is no URL of a WBEM server, without showing what may be a password in it."""
    from opswire.wbem.client.server_url import origin_of

    try:
        origin_of(url)
    except ValueError as error:
        raise click.UsageError(one_line(error)) from None


def access(seconds: float = 30) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator for the options; the command gets them as one argument, `access`.

    Args:
        seconds: the default of --timeout.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def called(timeout: float, **given: Any) -> Any:
            options = {name: given.pop(name) for name in _NAMES}
            return function(access=Access(timeout, **options), **given)

        timeout = click.option(
            "-t",
            "--timeout",
            metavar="SECONDS",
            type=click.FloatRange(min=0, min_open=True, max=1e9),
            default=seconds,
            show_default=True,
            help="How long an operation may take, second attempts included.",
        )
        for option in reversed((*_OPTIONS, timeout)):
            called = option(called)
        return called

    return decorate
