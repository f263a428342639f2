"""``opswire fleet``: one command on many hosts."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

import click

from opswire.cli.options import not_empty
from opswire.cli.standard_streams import complain
from opswire.errors import RemctlUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opswire.remctl import FleetHost

SOME_FAILED = 1

EACH = 3
"""Descriptors per host at once: its connection, and while it is made a lookup and a cache file."""

SPARE = 32
"""For everything else that the program opens: event loop, libraries, the terminal."""


@click.group("fleet")
def command() -> None:
    """Run commands on many hosts at once."""


@command.command("run", context_settings={"allow_interspersed_args": False})
@click.option(
    "--hosts",
    "file",
    required=True,
    metavar="FILE",
    help="The hosts, one a line: NAME, NAME:PORT or [ADDRESS]:PORT; - is standard input.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    default=64,
    show_default=True,
    help="How many hosts at once.",
)
@click.option(
    "-t",
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="How long a server may be silent.  [default: no limit]",
)
@click.option(
    "--deadline",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    help="How long a host may take, every attempt included.  [default: no limit]",
)
@click.option(
    "--retries",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Further attempts where no connection was made.",
)
@click.option(
    "-p",
    "--port",
    type=click.IntRange(1, 65535),
    help="Port of hosts that name none.  [default: 4373, then 4444]",
)
@click.option(
    "-s",
    "--principal",
    metavar="NAME",
    callback=not_empty,
    help="Principal of the servers.  [default: host/HOST]",
)
@click.option(
    "-b",
    "--source",
    metavar="ADDRESS",
    callback=not_empty,
    help="Connect from this local IP address.",
)
@click.option("--srv", is_flag=True, help="Find servers by the SRV records of _remctl._tcp.")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line, as hosts end.")
@click.argument("words", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    file: str,
    concurrency: int,
    timeout: float | None,
    deadline: float | None,
    retries: int,
    port: int | None,
    principal: str | None,
    source: str | None,
    srv: bool,
    json_lines: bool,
    words: tuple[str, ...],
) -> int:
    """Run COMMAND on every host of a file.

    Exit status: 0 when the command ended with status 0 on every host; 1 when it did not on some; 2
    for a wrong command line or hosts file; 130 after Ctrl-C and 143 after SIGTERM, with the
    results until then.
    """
    from opswire.cli import signals
    from opswire.cli.fleet_reports import chosen
    from opswire.cli.interruption import Interruption
    from opswire.remctl.fleet import Fleet

    try:
        hosts = load_hosts(file)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    wanted = min(concurrency, len(hosts))
    allowed = affordable(wanted)
    if allowed < wanted:
        complain(
            f"opswire: {allowed} hosts at once instead of {wanted}: "
            "the limit of open files is too low (ulimit -Hn)"
        )
    try:
        fleet = Fleet(
            hosts,
            port=port,
            principal=principal,
            concurrency=allowed,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            source_ip=source,
            srv=srv,
        )
    except (ValueError, RemctlUsageError) as error:
        raise click.UsageError(str(error)) from None
    # The octets that the shell gave, whatever the locale made of them.
    command = [os.fsencode(word) for word in words]
    failed = False
    # Until `begin` a signal ends the program where it stands; from then on there is something to
    # tell, and the report too comes to its end.
    running = fleet.prepared(command)
    report = chosen(len(hosts), json_lines=json_lines)
    with running, Interruption(running.cancel, report.abandon) as interruption, report:
        running.begin()
        for outcome in running:
            report.add(outcome)
            failed = failed or not outcome.ok
        if interruption.number:
            report.interrupted(running.unfinished, running.sent)
    if interruption.number:
        signals.end(interruption.number)
    return SOME_FAILED if failed else 0


def load_hosts(path: str) -> list[FleetHost]:
    """Read the hosts of a file, or of standard input for "-".

    Raises:
        ValueError: it cannot be read, or is no such file; the text says where.
    """
    name = "standard input" if path == "-" else path
    try:
        # Python's own standard input has the encoding of the locale.
        source = 0 if path == "-" else path
        with open(source, encoding="utf-8", closefd=path != "-") as file:
            return read_hosts(file, name)
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is not UTF-8 text: {error}") from None
    except OSError as error:
        raise ValueError(f"cannot read {name}: {error.strerror}") from None


def read_hosts(lines: Iterable[str], name: str) -> list[FleetHost]:
    """Read ``host``, ``host:port`` and ``[address]:port``; what follows a # is a comment.

    Args:
        lines: of the file.
        name: of the file, for messages.

    Raises:
        ValueError: a line that is no host, with file and line; or no host in the whole file.
    """
    from opswire.remctl.fleet import FleetHost

    hosts = []
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        try:
            hosts.append(FleetHost.parse(text))
        except ValueError as error:
            raise ValueError(f"{name}, line {number}: {error}") from None
    if not hosts:
        raise ValueError(f"{name} has no hosts: write one a line")
    return hosts


def affordable(wanted: int) -> int:
    """Raise this process's soft limit of open files for so many hosts at once.

    Returns:
        How many there can be: as many as wanted, or what the hard limit leaves, at least 1.
    """
    used = len(os.listdir("/proc/self/fd")) + SPARE
    needed = used + wanted * EACH
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _holds(soft, needed):
        return wanted
    reachable = needed if _holds(hard, needed) else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
    except (OSError, ValueError):  # a container's policy forbids even that
        reachable = soft
    return max(1, min(wanted, (reachable - used) // EACH))


def _holds(limit: int, needed: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= needed
