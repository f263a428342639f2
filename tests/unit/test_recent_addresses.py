"""What was learnt about a host stands for a second."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest

from opswire._core.gss import Context
from opswire.remctl.connecting import recent_addresses
from opswire.remctl.connecting.recent_addresses import Address, recall, remember
from tests.unit.clock import Clock

ADDRESSES: list[Address] = [(socket.AF_INET, ("192.0.2.1", 0))]
# All that is asked of it is its name of the service, which nobody looks at here.
CONTEXT = cast(Context, SimpleNamespace(service=None))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The clock by which is forgotten."""
    made = Clock()
    monkeypatch.setattr(recent_addresses, "monotonic", made)
    recent_addresses._forget()
    yield made
    recent_addresses._forget()


def test_addresses_are_known_for_a_second(clock: Clock) -> None:
    """A failover is not noticed later than without."""
    remember("db1", None, ADDRESSES, CONTEXT)
    clock.go_on(0.999)
    found = recall("db1", None)
    assert found is not None
    assert found.addresses == ADDRESSES
    clock.go_on(0.001)
    assert recall("db1", None) is None


def test_another_principal_is_another_service() -> None:
    remember("db1", "host/db1", ADDRESSES, CONTEXT)
    assert recall("db1", None) is None
    assert recall("db1", "host/db1") is not None


def test_too_many_hosts_are_all_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_addresses, "MAX_HOSTS", 2)
    for host in ("db1", "db2", "db3"):
        remember(host, None, ADDRESSES, CONTEXT)
    assert [recall(host, None) is None for host in ("db1", "db2", "db3")] == [True, True, False]
