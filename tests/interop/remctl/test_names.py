"""Names of services: what Kerberos makes of them, and how often DNS is asked about them."""

from pathlib import Path

import pytest

from opswire._core import gss
from opswire.errors import GSSError
from tests.interop import child
from tests.servers.dead_dns import cut_off
from tests.servers.realm import Realm

SERVICE = "host/nowhere.opswire.test"

HANDSHAKE = """
import sys
from pathlib import Path
from opswire._core import gss

def questions():
    "Octets that wait at the port of DNS, where nobody reads."
    rows = [row.split() for row in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return sum(int(row[4].partition(":")[2], 16) for row in rows if row[1].endswith(":0035"))

ours = gss.Context.initiate(gss.Name("host@nowhere.opswire.test"))
theirs = gss.Context.accept()
token = ours.step()
asked = questions()
ours.step(theirs.step(token))
print(asked > 0, questions() == asked, ours.service)
"""


def test_a_canonical_name_is_its_own(realm: Realm) -> None:
    name = gss.Name("host@localhost")
    canonical = name.canonical()
    assert str(name) == "host@localhost"
    assert str(canonical) == f"host/localhost@{realm.name}"
    assert canonical.canonical() is canonical


def test_a_context_knows_the_service_for_the_next_one(realm: Realm) -> None:
    for target in [(first := context_with(gss.Name("host@localhost"))).service, first.service]:
        context = context_with(target)
        assert str(context.service) == context.acceptor == f"host/localhost@{realm.name}"


def context_with(target: gss.Name) -> gss.Context:
    """An established context with a service."""
    ours, theirs = gss.Context.initiate(target), gss.Context.accept()
    ours.step(theirs.step(ours.step()))
    return ours


def test_a_name_without_a_ticket_fails_in_the_first_step(realm: Realm) -> None:
    context = gss.Context.initiate(gss.Name("host@unheard.opswire.test"))
    with pytest.raises(GSSError, match=r"host/unheard\.opswire\.test@OPSWIRE\.TEST not found"):
        context.step()


def test_only_the_first_step_asks_dns(realm: Realm, tmp_path: Path) -> None:
    """The second runs on the caller's own thread, where a dead DNS could not be left."""
    realm.add_service(SERVICE)
    gss.Context.initiate(gss.Name(SERVICE, "user")).step()  # the ticket is in the cache from now on
    configuration = tmp_path / "krb5.conf"
    asking = "dns_canonicalize_hostname = true"
    text = realm.configuration.read_text()
    configuration.write_text(text.replace("dns_canonicalize_hostname = false", asking))
    folder = tmp_path / "dns"
    folder.mkdir()
    told = child.run(
        HANDSHAKE, around=cut_off([], folder, 1), extra={"KRB5_CONFIG": str(configuration)}
    )
    assert told == f"True True {SERVICE}@{realm.name}\n"
