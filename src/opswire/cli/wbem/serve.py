"""``opswire wbem serve``: a small CIM server of files."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from opswire.cli.options import not_empty
from opswire.cli.standard_streams import complain
from opswire.cli.wbem.passwords import password_of

if TYPE_CHECKING:
    from opswire.tls import ServerTLS

HTTP_PORT = 5988
HTTPS_PORT = 5989
FILE = click.Path(exists=True, dir_okay=False)


@click.command("serve")
@click.option(
    "--namespace",
    metavar="NAME",
    default="root/cimv2",
    callback=not_empty,
    help="Where to what the files tell no place for.",
)
@click.option("--host", metavar="NAME", default="127.0.0.1", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one.")
@click.option("--tls-cert", type=FILE, help="Speak https with this certificate.")
@click.option("--tls-key", type=FILE, help="Its key, where it is not in the same file.")
@click.option("--client-ca", type=FILE, help="Demand a client certificate of this authority.")
@click.option("--user", metavar="NAME", callback=not_empty, help="Demand to be told this name.")
@click.option("--password-file", type=FILE, help="Its first line is the user's password.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
def command(
    namespace: str,
    host: str,
    port: int | None,
    tls_cert: str | None,
    tls_key: str | None,
    client_ca: str | None,
    user: str | None,
    password_file: str | None,
    files: tuple[str, ...],
) -> None:
    """Serve the CIM objects of CIM-XML files, until a signal ends it.

    For tests, demonstrations and development: what clients change is kept in memory.
    """
    from opswire.wbem.embedded import EmbeddedServer, Repository, add_interop

    if password_file is not None and user is None:
        raise click.UsageError("--password-file is for a --user.")
    users = None if user is None else {user: password_of(user, password_file)}
    tls = _tls(tls_cert, tls_key, client_ca)
    repository = Repository(namespace)
    add_interop(repository)
    repository.load(*files)
    if port is None:
        port = HTTP_PORT if tls is None else HTTPS_PORT
    with EmbeddedServer(repository, host=host, port=port, tls=tls, users=users) as server:
        complain(f"opswire: serving {', '.join(repository.namespaces)} at {server.url}")
        while True:
            signal.pause()


def _tls(certificate: str | None, key: str | None, client_ca: str | None) -> ServerTLS | None:
    if certificate is None:
        if key is not None or client_ca is not None:
            raise click.UsageError("--tls-key and --client-ca are for --tls-cert.")
        return None
    import ssl

    from opswire.tls import ServerTLS

    try:
        return ServerTLS(
            certificate,
            key,
            ca=client_ca,
            client_certificate="none" if client_ca is None else "required",
        )
    except ssl.SSLError as error:
        raise click.ClickException(
            f"{certificate}: not a certificate with its key: {error}"
        ) from None
