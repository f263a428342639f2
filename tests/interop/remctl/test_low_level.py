"""The names of libremctl's own binding: 1 or 0, and the text in remctl_error()."""

from collections.abc import Callable

import pytest

import opswire
from opswire.remctl import _remctl
from tests.servers.ports import free_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"


@pytest.fixture
def handle(remctld: Remctld) -> object:
    """An open handle; closed when it is collected."""
    opened = _remctl.remctl_new()
    assert _remctl.remctl_open(opened, HOST, remctld.port, None) == 1
    return opened


def test_the_version_is_that_of_the_package() -> None:
    assert opswire.__version__ == _remctl.VERSION


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["test", "echo", "hello"], (None, b"hello\n", None, 0)),
        (["test", "both"], (None, b"to stdout\n", b"to stderr\n", 3)),
        (["test", "status", "200"], (None, None, None, 200)),
        ([b"test", b"stdin", b"a\0b"], (None, b"a\0b", None, 0)),
    ],
    ids=lambda value: str(value[1]) if isinstance(value, list) else "",
)
def test_the_one_call_gives_error_output_and_status(
    remctld: Remctld,
    command: list[object],
    expected: tuple[str | None, bytes | None, bytes | None, int],
) -> None:
    assert _remctl.remctl(HOST, remctld.port, None, command) == expected


@pytest.mark.parametrize(
    ("command", "text"), [(["nonsense"], "Unknown command"), (["test", "denied"], "Access denied")]
)
def test_the_one_call_gives_a_refusal_as_text(
    remctld: Remctld, command: list[object], text: str
) -> None:
    error, stdout, stderr, _ = _remctl.remctl(HOST, remctld.port, None, command)
    assert (error, stdout, stderr) == (text, None, None)


def test_the_one_call_gives_a_network_failure_as_text() -> None:
    port = free_port()
    error = _remctl.remctl(HOST, port, None, ["test"])[0]
    assert error == f"cannot connect to {HOST} (port {port}): Connection refused"


def test_a_fresh_handle_has_no_error() -> None:
    assert _remctl.remctl_error(_remctl.remctl_new()) == "no error"


def test_a_command_is_sent_and_read(handle: _remctl.Handle) -> None:
    assert _remctl.remctl_commandv(handle, ["test", "both"]) == 1
    tokens = [_remctl.remctl_output(handle) for _ in range(4)]
    assert set(tokens[:2]) == {
        ("output", b"to stdout\n", 1, None, None),
        ("output", b"to stderr\n", 2, None, None),
    }
    assert tokens[2:] == [("status", None, None, 3, None), ("done", None, None, None, None)]


def test_a_refusal_is_an_error_token(handle: _remctl.Handle) -> None:
    assert _remctl.remctl_commandv(handle, ["nonsense"]) == 1
    assert _remctl.remctl_output(handle) == ("error", b"Unknown command", None, None, 5)


def test_a_noop_is_answered_with_1(handle: _remctl.Handle) -> None:
    assert _remctl.remctl_noop(handle) == 1


def test_a_failed_open_is_0_and_a_text() -> None:
    handle, port = _remctl.remctl_new(), free_port()
    assert _remctl.remctl_open(handle, HOST, port, None) == 0
    text = f"cannot connect to {HOST} (port {port}): Connection refused"
    assert _remctl.remctl_error(handle) == text


@pytest.mark.parametrize(
    "call",
    [
        lambda handle: _remctl.remctl_commandv(handle, ["test"]),
        _remctl.remctl_output,
        _remctl.remctl_noop,
    ],
    ids=["commandv", "output", "noop"],
)
def test_without_a_connection_every_call_is_0(call: Callable[[object], object]) -> None:
    handle = _remctl.remctl_new()
    assert call(handle) == 0
    assert _remctl.remctl_error(handle) == "no currently open connection"


def test_a_handle_works_again_after_close(handle: _remctl.Handle, remctld: Remctld) -> None:
    _remctl.remctl_close(handle)
    assert _remctl.remctl_error(handle) == "no currently open connection"
    assert _remctl.remctl_noop(handle) == 0
    assert _remctl.remctl_open(handle, HOST, remctld.port, None) == 1
    assert _remctl.remctl_noop(handle) == 1
    _remctl.remctl_close(handle)
    _remctl.remctl_close(handle)


def test_settings_are_taken(remctld: Remctld, realm: Realm) -> None:
    handle = _remctl.remctl_new()
    assert _remctl.remctl_set_ccache(handle, f"FILE:{realm.ccache}") == 1
    assert _remctl.remctl_set_source_ip(handle, HOST) == 1
    assert _remctl.remctl_set_timeout(handle, 1) == 1
    assert _remctl.remctl_open(handle, HOST, remctld.port, None) == 1
    assert _remctl.remctl_commandv(handle, ["test", "sleep", "10"]) == 1
    assert _remctl.remctl_output(handle) == 0
    assert _remctl.remctl_error(handle) == "error receiving token: timed out"


def test_a_negative_timeout_is_0_and_a_text() -> None:
    handle = _remctl.remctl_new()
    assert _remctl.remctl_set_timeout(handle, -1) == 0
    assert _remctl.remctl_error(handle) == "invalid timeout -1"


def test_an_unknown_ticket_cache_fails_at_open(remctld: Remctld) -> None:
    handle = _remctl.remctl_new()
    assert _remctl.remctl_set_ccache(handle, "nonsense:cache") == 1
    assert _remctl.remctl_open(handle, HOST, remctld.port, None) == 0
    assert _remctl.remctl_error(handle).startswith("error opening ticket cache: ")


@pytest.mark.parametrize("command", [("test", "true"), "test", iter(["test"]), None])
def test_a_command_that_is_no_list_is_a_type_error(
    handle: _remctl.Handle, remctld: Remctld, command: object
) -> None:
    with pytest.raises(TypeError):
        _remctl.remctl_commandv(handle, command)  # type: ignore[arg-type]  # a wrong type is tried
    with pytest.raises(TypeError):
        _remctl.remctl(HOST, remctld.port, None, command)  # type: ignore[arg-type]  # a wrong type is tried


def test_an_empty_list_is_0_and_a_text(handle: _remctl.Handle) -> None:
    assert _remctl.remctl_commandv(handle, []) == 0
    assert _remctl.remctl_error(handle) == "command must not be empty"
