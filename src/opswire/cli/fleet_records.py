"""What became of a host, in the words of the command line: for people and for machines."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from opswire.cli.printable_text import printable
from opswire.errors import (
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlRefusedError,
    RemctlTimeoutError,
)
from opswire.remctl.fleet.host_visit import Outcome
from opswire.remctl.fleet.hosts import FleetHost

UNFINISHED = "not finished"
SENT = "not finished: sent, may have run"

# The first that fits; "error" is the rest, most of all an answer that broke off.
_KINDS = (
    (RemctlConnectTimeoutError, "connect_timeout"),
    (RemctlConnectError, "connect"),
    (RemctlTimeoutError, "timeout"),
    (RemctlRefusedError, "refused"),
    (RemctlAuthenticationError, "authentication"),
)


def kind_of(error: BaseException) -> str:
    """Name the kind of an error, for machines."""
    return next((name for cls, name in _KINDS if isinstance(error, cls)), "error")


def record(outcome: Outcome) -> dict[str, Any]:
    """Return the JSON object of an outcome."""
    result, error = outcome.result, outcome.error
    return {
        "host": str(outcome.host),
        "status": None if result is None else result.status,
        "seconds": round(outcome.seconds, 6),
        "attempts": outcome.attempts,
        **_octets("stdout", None if result is None else result.stdout),
        **_octets("stderr", None if result is None else result.stderr),
        "error": None if error is None else str(error),
        "error_kind": None if error is None else kind_of(error),
    }


class Unfinished(NamedTuple):
    """A host that was not finished when the run was interrupted; `sent`: the command was sent."""

    host: FleetHost
    sent: bool


def unfinished(hosts: Iterable[FleetHost], sent: Iterable[FleetHost]) -> Iterator[Unfinished]:
    """Mark those of the hosts that are in `sent` too, as often as they stand there."""
    left = Counter(sent)
    for host in hosts:
        yield Unfinished(host, left[host] > 0)
        left[host] -= 1


def unfinished_record(unfinished: Unfinished) -> dict[str, Any]:
    """Return the JSON object of a host that was not finished."""
    return {
        "host": str(unfinished.host),
        "status": None,
        "seconds": None,
        "attempts": None,
        **_octets("stdout", None),
        **_octets("stderr", None),
        "error": SENT if unfinished.sent else UNFINISHED,
        "error_kind": "sent" if unfinished.sent else "unfinished",
    }


def _octets(name: str, octets: bytes | None) -> dict[str, str | None]:
    """A field with text; for what is no UTF-8 it is null, and a second field has the octets."""
    try:
        return {name: None if octets is None else octets.decode()}
    except UnicodeDecodeError:
        return {name: None, f"{name}_base64": base64.b64encode(octets or b"").decode()}


def row(outcome: Outcome) -> tuple[str, str, str, str]:
    """Return host, status, seconds, and the first line of output or the error."""
    return (
        printable(str(outcome.host)),
        "-" if outcome.result is None else str(outcome.result.status),
        f"{outcome.seconds:.2f}",
        _first_line(outcome),
    )


def unfinished_row(unfinished: Unfinished) -> tuple[str, str, str, str]:
    """Return the row of a host that was not finished."""
    return printable(str(unfinished.host)), "-", "-", SENT if unfinished.sent else UNFINISHED


def _first_line(outcome: Outcome) -> str:
    if outcome.result is None:
        return printable(str(outcome.error))
    # A command that failed says why on standard error, if anywhere.
    streams = [outcome.result.stdout, outcome.result.stderr]
    if outcome.result.status != 0:
        streams.reverse()
    text = next((stream.strip() for stream in streams if stream.strip()), b"")
    return printable(text.partition(b"\n")[0].decode("utf-8", "replace").rstrip())
