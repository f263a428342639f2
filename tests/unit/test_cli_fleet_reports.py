"""What ``opswire fleet run`` says of a host, to people and to machines."""

import json

import pytest

from opswire.cli.fleet_reports import (
    Unfinished,
    kind_of,
    record,
    row,
    unfinished,
    unfinished_record,
    unfinished_row,
)
from opswire.cli.output import printable
from opswire.errors import (
    OpswireError,
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlConnectTimeoutError,
    RemctlError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlTimeoutError,
)
from opswire.remctl import FleetHost, Outcome, Result

HOST = FleetHost("2001:db8::1", 4373)


def outcome(result: Result | None = None, error: OpswireError | None = None) -> Outcome:
    """One of half a second, at the second attempt."""
    return Outcome(HOST, result, error, 0.5, 2)


def test_a_record_has_the_result() -> None:
    assert record(outcome(Result(b"out\n", "ä".encode(), 7))) == {
        "host": "[2001:db8::1]:4373",
        "status": 7,
        "seconds": 0.5,
        "attempts": 2,
        "stdout": "out\n",
        "stderr": "ä",
        "error": None,
        "error_kind": None,
    }


def test_octets_that_are_no_text_have_a_field_of_their_own() -> None:
    found = record(outcome(Result(b"\xff", b"", 0)))
    assert (found["stdout"], found["stdout_base64"]) == (None, "/w==")
    assert (found["stderr"], "stderr_base64" in found) == ("", False)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RemctlConnectError("x"), "connect"),
        (RemctlConnectTimeoutError("x"), "connect_timeout"),
        (RemctlTimeoutError("x"), "timeout"),
        (RemctlRefusedError("x", 6), "refused"),
        (RemctlAuthenticationError("x"), "authentication"),
        (RemctlProtocolError("x"), "error"),
        (RemctlError("x"), "error"),
    ],
)
def test_a_record_has_the_error_and_its_kind(error: RemctlError, kind: str) -> None:
    found = record(outcome(error=error))
    assert (found["status"], found["stdout"], found["stderr"]) == (None, None, None)
    assert (found["error"], found["error_kind"]) == ("x", kind)
    assert kind_of(error) == kind


def test_all_records_have_the_same_fields() -> None:
    result, failure = outcome(Result(b"", b"", 0)), outcome(error=RemctlError("x"))
    names = [list(record(result)), list(record(failure))]
    names += [list(unfinished_record(Unfinished(HOST, sent))) for sent in (True, False)]
    assert names[1:] == names[:1] * 3


def test_a_host_that_comes_twice_is_told_as_sent_as_often_as_it_was() -> None:
    other = FleetHost("web1", 4373)
    hosts = [HOST, other, HOST, HOST]
    marked = list(unfinished(hosts, [HOST, HOST]))
    assert marked == [(HOST, True), (other, False), (HOST, True), (HOST, False)]
    rows = [unfinished_row(one)[1:] for one in marked[:2]]
    assert rows == [("-", "-", "not finished: sent, may have run"), ("-", "-", "not finished")]
    kinds = [unfinished_record(one)["error_kind"] for one in marked]
    assert kinds == ["sent", "unfinished", "sent", "unfinished"]


def test_a_record_is_one_line_of_ascii() -> None:
    text = json.dumps(record(outcome(Result("ä\n\u2028".encode(), b"", 0))))
    assert text.isascii()
    assert "\n" not in text


@pytest.mark.parametrize(
    ("stdout", "stderr", "status", "line"),
    [
        (b"first\nsecond\n", b"noise\n", 0, "first"),
        (b"first\n", b"reason\nmore\n", 1, "reason"),
        (b"first\n", b"", 1, "first"),
        (b"", b"noise\n", 0, "noise"),
        (b"\n\n  indented\r\n", b"", 0, "indented"),
        (b"", b"", 0, ""),
        (b"a\tb", b"", 0, "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_a_row_shows_the_line_that_says_most(
    stdout: bytes, stderr: bytes, status: int, line: str
) -> None:
    shown = row(outcome(Result(stdout, stderr, status)))
    assert shown == ("[2001:db8::1]:4373", str(status), "0.50", line)


def test_nothing_that_drives_a_terminal_is_printed() -> None:
    hostile = "\x1b]0;title\x07\x9b31m\r\n\u202e\u2066"
    assert printable(hostile).isprintable()
    assert printable("plain, ä, 漢") == "plain, ä, 漢"
