"""Where the remctl service of a name is: SRV records in DNS (RFC 2782).

Whoever can forge the answers chooses the hosts; the principal of the chosen one is still checked,
so name one with ``principal=`` where DNS is not to be trusted.
"""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, cast

from opswire.errors import RemctlConnectError
from opswire.extras import missing

if TYPE_CHECKING:
    from dns.rdtypes.IN.SRV import SRV

SERVICE = "_remctl._tcp"

MAX_LOCATIONS = 64
"""Of one answer, those of the lowest priorities, are looked at."""

LOOKUP_SECONDS = 30.0
"""How long servers that do not answer are asked; callers leave earlier (see opswire.calls)."""


class Location(NamedTuple):
    """A host and port to try."""

    host: str
    port: int


def check_installed() -> None:
    """Raise LibraryMissingError when dnspython is not installed; importing all of it takes long."""
    try:
        import dns  # noqa: F401 - whether it is there is all that is asked
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
    found = in_order(answer.rrset or ())
    if [location.host for location in found] == ["."]:
        raise RemctlConnectError(f"{question} says that the service is not offered")
    return found


def in_order(records: "Iterable[SRV]") -> list[Location]:
    """Order records by priority, and by weighted chance within a priority (RFC 2782, page 4)."""
    from dns.rdataset import from_rdata_list

    # DNS gives them in any order: not those must go that are to be tried first.
    looked_at = sorted(records, key=lambda one: (one.priority, -one.weight))[:MAX_LOCATIONS]
    if not looked_at:
        return []
    ordered = cast("list[SRV]", from_rdata_list(0, looked_at).processing_order())
    return [Location(record.target.to_text(True), record.port) for record in ordered]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
