"""The one-call interface against a real remctld."""

from collections.abc import Callable

import pytest

from opswire.errors import RemctlError, RemctlProtocolError
from opswire.remctl import Remctl, RemctlSimpleResult, remctl
from tests.interop import descriptors
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.ports import free_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"


def failure(call: Callable[[], object]) -> str:
    """The text of the RemctlProtocolError that the call raises."""
    with pytest.raises(RemctlProtocolError) as caught:
        call()
    assert isinstance(caught.value, RemctlError)
    return str(caught.value)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["echo", "hello", "world"], (b"hello world\n", None, 0)),
        (["stderr", "oops"], (None, b"oops\n", 0)),
        (["both"], (b"to stdout\n", b"to stderr\n", 3)),
        (["true"], (None, None, 0)),
        (["false"], (None, None, 1)),
        (["status", "200"], (None, None, 200)),
        (["status", "255"], (None, None, 255)),
        (["bytes", "1000000"], (bytes(1_000_000), None, 0)),
        (["stdin", "a\0b"], (b"a\0b", None, 0)),
        (["stdin", b"a\0b"], (b"a\0b", None, 0)),
        (["arguments", 1, None, "\xe9"], (b"1\0None\0\xc3\xa9\0", None, 0)),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, list) else "",
)
def test_a_command_returns_its_output_and_status(
    remctld: Remctld, command: list[object], expected: tuple[bytes | None, bytes | None, int]
) -> None:
    assert remctl(HOST, remctld.port, None, ["test", *command]) == expected


def test_the_members_of_a_result_have_names(remctld: Remctld) -> None:
    result = remctl(HOST, remctld.port, None, ("test", "both"))
    assert isinstance(result, RemctlSimpleResult)
    assert (result.stdout, result.stderr, result.status) == (b"to stdout\n", b"to stderr\n", 3)


def test_the_documented_call_shapes_work(remctld: Remctld) -> None:
    command = ("test", "true")
    for result in (
        remctl(HOST, remctld.port, None, command),
        remctl(HOST, remctld.port, "host/localhost", command),
        remctl(host=HOST, port=remctld.port, principal=None, command=command),
        remctl(HOST, str(remctld.port), command=iter(command)),
    ):
        assert result == (None, None, 0)


def test_host_and_command_are_enough_for_an_attempt() -> None:
    text = failure(lambda: remctl(host="no-such-host.invalid", command=["test"]))
    assert text.startswith("unknown host no-such-host.invalid: ")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (["nonsense"], "Unknown command"),
        (["test", "denied"], "Access denied"),
        (["test", "arguments", "a\0b"], "Invalid command token"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_is_clean_text(remctld: Remctld, command: list[str], text: str) -> None:
    assert failure(lambda: remctl(HOST, remctld.port, None, command)) == text


def test_too_much_data_is_refused(remctld: Remctld) -> None:
    command = ["test", "count", bytes(101 * 1024 * 1024)]
    assert failure(lambda: remctl(HOST, remctld.port, None, command)) == "Too much data"


def test_a_refused_connection_is_a_protocol_error() -> None:
    port = free_port()
    text = failure(lambda: remctl(HOST, port, None, ["test"]))
    assert text == f"cannot connect to {HOST} (port {port}): Connection refused"


def test_an_unknown_service_is_a_protocol_error(remctld: Remctld) -> None:
    text = failure(lambda: remctl(HOST, remctld.port, "nobody/nowhere", ["test"]))
    assert text.startswith("GSS-API error initializing context: ")


def test_an_unknown_ticket_cache_is_a_protocol_error(remctld: Remctld) -> None:
    text = failure(lambda: remctl(HOST, remctld.port, None, ["test"], credentials="nonsense:x"))
    assert text.startswith("error opening ticket cache: ")


@pytest.mark.parametrize("limit", ["timeout", "deadline"])
def test_a_limit_is_a_protocol_error(remctld: Remctld, limit: str) -> None:
    command = ["test", "sleep", "10"]
    with descriptors.within(5), descriptors.none_left():
        text = failure(lambda: remctl(HOST, remctld.port, None, command, **{limit: 0.4}))  # type: ignore[arg-type]  # one of two names
    assert text == "error receiving token: timed out"


def test_a_broken_peer_is_a_protocol_error(realm: Realm) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.output(3, b""))
        server.wait_for_close()

    with descriptors.none_left(), EmbeddedServer(hostile=answer) as server:
        text = failure(lambda: remctl(HOST, server.port, None, ["test"]))
    assert text == "unexpected stream 3 from server"


@pytest.mark.parametrize("command", ["test", b"test", True, 1, 1.5])
def test_a_command_that_is_no_list_is_a_type_error(command: object) -> None:
    with pytest.raises(TypeError, match=r"^command must be a sequence or iterator$"):
        remctl(HOST, 4373, None, command)  # type: ignore[arg-type]  # a wrong type is tried


@pytest.mark.parametrize("command", [[], ()])
def test_an_empty_command_is_a_value_error(command: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^command must not be empty$"):
        remctl(HOST, 4373, None, command)


def test_no_command_at_all_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"^command must not be empty$"):
        remctl(HOST)


def test_a_port_that_is_no_number_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^port must be a number: 'foo'$"):
        remctl(HOST, "foo", None, ["test"])


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_out_of_range_is_a_value_error(port: int) -> None:
    with pytest.raises(ValueError, match=rf"^invalid port number: {port}$"):
        remctl(HOST, port, None, ["test"])


def test_a_host_of_none_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        remctl(None, 4373, None, ["test"])  # type: ignore[arg-type]  # a wrong type is tried


@pytest.mark.parametrize(("host", "principal"), [("a\0b", None), (HOST, "a\0b")])
def test_a_nul_in_a_name_is_a_value_error(host: str, principal: str | None) -> None:
    with pytest.raises(ValueError, match="NUL"):
        remctl(host, 4373, principal, ["test"])


def test_nothing_stays_open(remctld: Remctld) -> None:
    remctl(HOST, remctld.port, None, ["test", "true"])
    with descriptors.none_left():
        for _ in range(20):
            remctl(HOST, remctld.port, None, ["test", "true"])


def test_it_says_goodbye(realm: Realm) -> None:
    with EmbeddedServer() as server:
        remctl(HOST, server.port, None, ["test", "true"])
        assert server.wait_for_ends(1) == ["quit"]


def test_it_gives_what_the_full_interface_gives(remctld: Remctld) -> None:
    with Remctl(HOST, remctld.port) as connection:
        full = connection.run(["test", "both"])
    simple = remctl(HOST, remctld.port, None, ["test", "both"])
    assert simple == (full.stdout, full.stderr, full.status)
