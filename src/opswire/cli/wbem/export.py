"""``opswire wbem export``: CIM classes as metrics, for Prometheus to scrape."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from opswire.cli.standard_streams import complain
from opswire.cli.wbem.access import access, check_url
from opswire.cli.wbem.options import class_option, namespaces

if TYPE_CHECKING:
    from opswire.cli.wbem.access import Access


@click.command("export")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@class_option(
    "--class", "classes", "A class whose instances are wanted; may be given several times."
)
@namespaces
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    required=True,
    help="Where to listen; 0 for a free one.",
)
@click.option(
    "--address",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen: who can connect there can read all metrics.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1, max=64),
    default=2,
    show_default=True,
    help="How many classes a server is asked for at once.",
)
@access(8)
def export(
    urls: tuple[str, ...],
    classes: tuple[str, ...],
    namespaces: tuple[str, ...],
    port: int,
    address: str,
    concurrency: int,
    access: Access,
) -> None:
    """Serve the instances of classes as metrics, until a signal ends it.

    The timeout is for a whole scrape: a server that hangs has opswire_wbem_up 0 by then.
    """
    from opswire.http import Server
    from opswire.wbem.metrics.exporter import Exporter

    for url in urls:
        check_url(url)
    exporter = Exporter(
        [access.connect(url) for url in dict.fromkeys(urls)],
        list(dict.fromkeys(classes)),
        namespaces=list(dict.fromkeys(namespaces)) or [None],
        timeout=access.timeout,
        concurrency=concurrency,
    )
    with Server(exporter.answer, host=address, port=port) as server:
        complain(f"opswire: serving {server.url}/metrics")
        while True:
            signal.pause()


COMMANDS = (export,)
