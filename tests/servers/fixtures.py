"""Session fixtures: the realm and the servers; one that cannot start fails the run."""

import os
from collections.abc import Iterator

import pytest

from tests.servers.ports import loopbacks
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld


@pytest.fixture(scope="session")
def realm() -> Iterator[Realm]:
    """A realm that this process lives in: its environment is set for the whole session."""
    with Realm() as running, pytest.MonkeyPatch.context() as patch:
        for address in loopbacks():
            running.add_service(f"host/{address}")
        for name, value in running.environment.items():
            patch.setitem(os.environ, name, value)
        yield running


@pytest.fixture(scope="session")
def remctld(realm: Realm) -> Iterator[Remctld]:
    """A remctld on IPv4 that accepts every key of the realm's keytab."""
    with Remctld(realm) as running:
        yield running


@pytest.fixture(scope="session", params=loopbacks())
def remctld_address(request: pytest.FixtureRequest, realm: Realm) -> Iterator[Remctld]:
    """A remctld on each loopback address of this machine in turn."""
    with Remctld(realm, address=request.param) as running:
        yield running


@pytest.fixture(scope="session")
def remctld_service(realm: Realm) -> Iterator[Remctld]:
    """A remctld that was told its principal (-s)."""
    with Remctld(realm, service="host/localhost") as running:
        yield running
