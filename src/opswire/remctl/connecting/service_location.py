"""Where the remctl service of a name is: SRV records in DNS (RFC 2782).

Whoever can forge the answers chooses the hosts; the principal of the chosen one is still checked,
so name one with ``principal=`` where DNS is not to be trusted.
"""

import ipaddress
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opswire.errors import RemctlConnectError
from opswire.extras import missing

SERVICE = "_remctl._tcp"

MAX_LOCATIONS = 64
"""Of one answer, those of the lowest priorities, are looked at."""

LOOKUP_SECONDS = 30.0
"""How long servers that do not answer are asked; callers leave earlier (see opswire.calls)."""


class Record(NamedTuple):
    """An SRV record."""

    priority: int
    weight: int
    port: int
    target: str


class Location(NamedTuple):
    """A host and port to try."""

    host: str
    port: int


def check_installed() -> None:
    """Raise LibraryMissingError when dnspython is not installed; importing all of it takes long."""
    try:
        import dns  # noqa: F401
    except ImportError:
        raise missing("srv", "dnspython", "srv") from None


def locations(name: str) -> list[Location]:
    """Ask DNS, and return what to try in order; empty where there is no such record.

    Raises:
        RemctlConnectError: DNS does not answer, or says that the service is not offered.
    """
    import dns.exception
    import dns.resolver

    if _is_address(name):
        return []
    question = f"{SERVICE}.{name}"
    try:
        answer = dns.resolver.resolve(question, "SRV", lifetime=LOOKUP_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise RemctlConnectError(f"cannot look up {question}: {error}") from error
    records = [
        Record(found.priority, found.weight, found.port, found.target.to_text(True))
        for found in answer
    ]
    if [record.target for record in records] == ["."]:
        raise RemctlConnectError(f"{question} says that the service is not offered")
    # DNS gives them in any order: not those must go that are to be tried first.
    tried = in_order(sorted(records)[:MAX_LOCATIONS])
    return [Location(record.target, record.port) for record in tried]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


_system_chance = random.SystemRandom()


def in_order(records: Iterable[Record], chance: random.Random = _system_chance) -> list[Record]:
    """Order records by priority, and by weighted chance within a priority (RFC 2782, page 4)."""
    ordered: list[Record] = []
    # The records of weight 0 come first, so that they are chosen only by the number 0.
    remaining = sorted(records)
    while remaining:
        group = [record for record in remaining if record.priority == remaining[0].priority]
        chosen = _choose(group, chance.randint(0, sum(record.weight for record in group)))
        ordered.append(chosen)
        remaining.remove(chosen)
    return ordered


def _choose(group: Sequence[Record], number: int) -> Record:
    """Return the first record whose running sum of weights reaches the number."""
    for record in group:
        number -= record.weight
        if number <= 0:
            return record
    return group[-1]
