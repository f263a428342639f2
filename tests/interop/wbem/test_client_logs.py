"""pywbem's loggers and recorders, on a real exchange."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opswire import wbem
from tests.servers.mocked_cim import MockedCIM

CREDS = ("root", "correct horse battery")


@pytest.fixture
def server() -> Iterator[MockedCIM]:
    """A server, and loggers as they were afterwards."""
    with MockedCIM() as made:
        made.creds = CREDS
        yield made
    wbem.configure_logger("all", "off", connection=False)
    for name in (wbem.LOGGER_API_CALLS_NAME, wbem.LOGGER_HTTP_NAME):
        logging.getLogger(name).handlers.clear()


def test_calls_and_messages_are_in_the_file_and_the_password_is_not(
    server: MockedCIM, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with wbem.WBEMConnection(server.url, CREDS) as connection:
        wbem.configure_logger("all", "file", "all", str(log), connection=connection)
        connection.EnumerateInstances("TST_Disk", DeepInheritance=False)
        with pytest.raises(wbem.CIMError):
            connection.GetClass("None")
    wbem.configure_logger("all", "off")
    text = log.read_text()
    for part in (
        f"pywbem.api.{connection.conn_id}-Request:{connection.conn_id} EnumerateInstances(",
        "ClassName='TST_Disk', DeepInheritance=False",
        "Return:",
        "Exception:",
        "CIMError(",
        f"pywbem.http.{connection.conn_id}-Request:",
        "<IMETHODCALL",
        "<IMETHODRESPONSE",
    ):
        assert part in text
    assert CREDS[1] not in text
    assert "uthorization" not in text


@pytest.mark.parametrize(
    ("level", "expected"), [("summary", "list of 3"), ("paths", "TST_Disk.ID"), (20, "...)")]
)
def test_a_level_says_how_much_is_logged(
    server: MockedCIM, caplog: pytest.LogCaptureFixture, level: Any, expected: str
) -> None:
    caplog.set_level(logging.DEBUG)
    wbem.configure_logger("api", "off", level, connection=True, propagate=True)
    logging.getLogger(wbem.LOGGER_API_CALLS_NAME).setLevel(logging.DEBUG)
    with wbem.WBEMConnection(server.url, CREDS) as connection:
        connection.EnumerateInstances("TST_Disk")
    [returned] = [each.getMessage() for each in caplog.records if "Return:" in each.getMessage()]
    assert expected in returned
    assert "<INSTANCE" not in returned


def test_a_text_sets_loggers_up(tmp_path: Path) -> None:
    log = tmp_path / "log"
    wbem.configure_loggers_from_string("api=file:summary,http=off", str(log))
    assert log.exists()
    for text in ("apis=file", "api=file:most", "api=disk", "api=file:-1"):
        with pytest.raises(ValueError, match="must be"):
            wbem.configure_loggers_from_string(text, str(log))
    wbem.configure_logger("all", "off")


def test_a_recorder_sees_each_request_of_an_iteration(server: MockedCIM) -> None:
    """And statistics count it."""
    seen: list[tuple[str, Any]] = []

    class Recorder(wbem.BaseOperationRecorder):
        def record(self, call: Any, result: Any, request: Any, response: Any) -> None:
            assert "authorization" not in {name.lower() for name in request.headers}
            seen.append((call.method, (request.target, response.status, len(result.ret or ()))))

    with wbem.WBEMConnection(
        server.url, CREDS, use_pull_operations=True, stats_enabled=True
    ) as connection:
        connection.add_operation_recorder(Recorder())
        with pytest.raises(ValueError, match="Recorder already"):
            connection.add_operation_recorder(Recorder())
        assert len(list(connection.IterEnumerateInstances("TST_Disk", MaxObjectCount=2))) == 3
        connection.operation_recorder_enabled = False
        connection.GetClass("TST_Disk")
        counts = {name: each.count for name, each in connection.statistics.snapshot()}
        assert connection.last_operation_time is not None
    assert [name for name, _ in seen] == ["OpenEnumerateInstances", "PullInstancesWithPath"]
    assert [found for _, (_, _, found) in seen] == [2, 1]
    assert counts == {"OpenEnumerateInstances": 1, "PullInstancesWithPath": 1, "GetClass": 1}


def test_debug_keeps_the_last_exchange_as_lines(server: MockedCIM) -> None:
    with wbem.WBEMConnection(server.url, CREDS) as connection:
        connection.GetClass("TST_Disk")
        assert connection.last_request is connection.last_reply is None
        connection.debug = True
        connection.GetClass("TST_Disk")
        raw = connection.last_raw_reply
        assert raw is not None
        assert connection.last_reply is not None
        assert connection.last_reply.count("\n") > 10 > raw.count("\n")
        assert connection.last_reply_len == len(raw.encode())
        assert str(connection.last_request).count("<IMETHODCALL") == 1
        assert connection.last_request_len == len(str(connection.last_raw_request).encode())
