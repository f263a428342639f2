"""What clients are told when every thread for name lookups and Kerberos is stuck."""

import asyncio

import pytest

from opswire import calls
from opswire.errors import RemctlError, StuckCallsError
from opswire.remctl import AsyncRemctl, Remctl

TEXT = (
    "0 name lookups or Kerberos requests are stuck already: "
    "check the DNS servers and KDCs of this host"
)


@pytest.fixture(autouse=True)
def _no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of 512 servers that never answer."""
    monkeypatch.setattr(calls, "MAX_THREADS", 0)
    monkeypatch.setattr(calls, "_idle", [])


@pytest.mark.parametrize("srv", [False, True])
def test_a_connection_says_what_to_check(srv: bool) -> None:
    """Before any connect(): it is no RemctlConnectError, and a fleet does not try again."""
    connection = Remctl(srv=srv)
    with pytest.raises(RemctlError) as raised:
        connection.open("localhost")
    assert (type(raised.value), str(raised.value)) == (RemctlError, TEXT)
    assert isinstance(raised.value.__cause__, StuckCallsError)
    assert connection.error() == TEXT


@pytest.mark.parametrize("srv", [False, True])
def test_a_connection_on_asyncio_says_the_same(srv: bool) -> None:
    async def opened() -> None:
        await AsyncRemctl(srv=srv).open("localhost")

    with pytest.raises(RemctlError) as raised:
        asyncio.run(opened())
    assert (type(raised.value), str(raised.value)) == (RemctlError, TEXT)
