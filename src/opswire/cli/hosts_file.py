"""The hosts of a fleet as a file: one a line, comments, blank lines."""

from __future__ import annotations

from collections.abc import Iterable

from opswire.remctl.fleet.hosts import FleetHost


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
