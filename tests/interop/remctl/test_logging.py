"""What ``opswire.remctl`` logs: the steps of a connection, and what did not go as it should."""

import logging

import pytest

from opswire.remctl import Fleet, Remctl, RemctlConnectError
from opswire.remctl.connecting import dialing
from tests.servers.lame import refusing_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
SECRET = "a word of the command"


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Levels and messages of this domain."""
    return [
        (each.levelname, each.getMessage())
        for each in caplog.records
        if each.name.startswith("opswire.remctl")
    ]


def test_the_steps_of_a_connection_are_told_and_not_what_it_carries(
    realm: Realm,
    remctld: Remctld,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With them --debug tells where a connection hangs."""
    monkeypatch.setattr(dialing, "recall", lambda *_: None)  # nothing is known of the host yet
    with (
        caplog.at_level(logging.DEBUG, logger="opswire"),
        Remctl(HOST, remctld.port, remctld.principal) as connection,
    ):
        connection.run(["test", "echo", SECRET])
    assert [text for level, text in logged(caplog) if level == "DEBUG"] == [
        f"looking {HOST} up",
        f"connecting to {HOST} port {remctld.port}",
        f"authenticating to {HOST}",
        f"connected to {HOST}, protocol 2",
    ]
    assert SECRET not in caplog.text


def test_what_refuses_a_connection_is_told_at_info(
    realm: Realm, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever watches a program that goes on sees why it waits."""
    with (
        caplog.at_level(logging.INFO, logger="opswire"),
        refusing_port() as port,
        pytest.raises(RemctlConnectError),
    ):
        Remctl(HOST, port)
    assert logged(caplog) == [("INFO", f"no connection to {HOST} port {port}: Connection refused")]


def test_a_further_attempt_is_told_at_info(realm: Realm, caplog: pytest.LogCaptureFixture) -> None:
    """With its number, its reason and the pause before it."""
    with caplog.at_level(logging.INFO, logger="opswire"), refusing_port() as port:
        (outcome,) = Fleet([f"{HOST}:{port}"], retries=1).run(["test"])
    assert outcome.attempts == 2
    (retry,) = [text for _, text in logged(caplog) if "attempt" in text]
    assert retry.startswith(f"{HOST}:{port}: attempt 1 failed, the next in 0.")
    assert retry.endswith("Connection refused")
