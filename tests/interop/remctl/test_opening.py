"""Opening connections: host, port, principal, source address, time-outs, and again."""

import gc
import threading
import time
from collections.abc import Callable

import pytest

from opswire.errors import RemctlError, RemctlTimeoutError
from opswire.remctl import Remctl
from tests.interop import child, descriptors
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.namespace import isolated
from tests.servers.ports import free_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
Client = Callable[..., Remctl]
ECHO = ["test", "echo", "hello"]


def works(connection: Remctl) -> bool:
    """Whether a command runs."""
    return connection.run(ECHO).stdout == b"hello\n"


def failure(call: Callable[[], object], kind: type[RemctlError] = RemctlError) -> str:
    """The text of the error that the call raises."""
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


# ---- host, port, principal ----


def test_every_loopback_address_can_be_connected_to(
    client: Client, remctld_address: Remctld
) -> None:
    """IPv6 too, where this machine has it."""
    with client(remctld_address.address, remctld_address.port) as connection:
        assert works(connection)


def test_a_host_name_may_have_several_addresses(client: Client, remctld: Remctld) -> None:
    with client("localhost", remctld.port) as connection:
        assert works(connection)


def test_the_documented_call_shapes_open(client: Client, remctld: Remctld) -> None:
    for connection in (
        client(HOST, remctld.port),
        client(host=HOST, port=remctld.port, principal=None),
        client(HOST, port=str(remctld.port)),
        client(HOST, remctld.port, "host/localhost"),
    ):
        assert works(connection)
        connection.close()
    connection = client()
    assert connection.open(HOST, remctld.port) is None  # type: ignore[func-returns-value]  # nothing else is returned
    assert works(connection)
    connection.close()


@pytest.mark.parametrize("principal", ["host/localhost", "host/localhost@OPSWIRE.TEST"])
def test_a_server_that_was_told_its_principal_wants_that_one(
    client: Client, remctld_service: Remctld, principal: str
) -> None:
    with client(HOST, remctld_service.port, principal) as connection:
        assert works(connection)


def test_another_principal_than_the_server_has_is_refused(
    client: Client, remctld_service: Remctld
) -> None:
    text = failure(lambda: client(HOST, remctld_service.port, "host/127.0.0.1"))
    assert text.startswith(("error receiving token", "GSS-API error initializing context"))


def test_a_principal_that_does_not_exist_is_a_gss_error(client: Client, remctld: Remctld) -> None:
    text = failure(lambda: client(HOST, remctld.port, "nobody/nowhere"))
    assert text.startswith("GSS-API error initializing context: ")
    assert "not found in Kerberos database" in text


@pytest.mark.parametrize("port", ["foo", "", "1.5", 1.5, b"4373", True, [4373]], ids=repr)
def test_a_port_that_is_no_number_is_a_type_error(client: Client, port: object) -> None:
    for call in (client, client().open):
        with pytest.raises(TypeError, match=r"^port must be a number: "):
            call(HOST, port)  # type: ignore[arg-type]  # a wrong type is tried


@pytest.mark.parametrize("port", [-1, "-1", 65536, 2**40])
def test_a_port_out_of_range_is_a_value_error(client: Client, port: int | str) -> None:
    with pytest.raises(ValueError, match=f"^invalid port number: {port}$"):
        client(HOST, port)


def test_a_host_of_none_is_a_type_error(client: Client) -> None:
    with pytest.raises(TypeError):
        client().open(None)  # type: ignore[arg-type]  # a wrong type is tried


@pytest.mark.parametrize(
    ("host", "principal"),
    [("local\0host", None), (HOST, "host/local\0host"), ("\0", "host/localhost")],
)
def test_a_nul_in_a_name_is_a_value_error(client: Client, host: str, principal: str | None) -> None:
    with pytest.raises(ValueError, match="NUL"):
        client(host, 4373, principal)


def test_a_bad_argument_leaves_an_open_connection_open(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port) as connection:
        with pytest.raises(ValueError, match="port"):
            connection.open(HOST, -1)
        assert works(connection)


def test_an_unknown_host_is_told(client: Client) -> None:
    connection = client()
    text = failure(lambda: connection.open("no-such-host.invalid", 4373))
    assert text.startswith("unknown host no-such-host.invalid: ")
    assert connection.error() == text


def test_a_refused_connection_names_host_and_port(client: Client) -> None:
    port = free_port()
    connection = client()
    text = failure(lambda: connection.open(HOST, port))
    assert (
        text == connection.error() == f"cannot connect to {HOST} (port {port}): Connection refused"
    )


FIXED_PORTS = """
import os, sys
from opswire.remctl import Remctl, RemctlError
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

def attempt(port):
    try:
        with Remctl("127.0.0.1", port, "host/localhost") as connection:
            return connection.run(["test", "echo", "port", os.environ["LISTENING"]]).stdout_text
    except RemctlError as error:
        return f"{error}\\n"

with Realm() as realm:
    os.environ.update(realm.environment)
    for listening in (4444, 4373, 0):
        os.environ["LISTENING"] = str(listening)
        if listening:
            with Remctld(realm, port=listening):
                print(attempt(None), attempt(0), attempt("0"), sep="", end="")
        else:
            print(attempt(None), end="")
"""


def test_without_a_port_the_registered_one_is_tried_and_then_the_old_one() -> None:
    lines = child.run(FIXED_PORTS, around=isolated([]))
    assert lines.splitlines() == [
        *["port 4444"] * 3,
        *["port 4373"] * 3,
        "cannot connect to 127.0.0.1 (port 4373): Connection refused",
    ]


# ---- source address ----


@pytest.mark.parametrize("setting", ["set_ccache", "set_source_ip"])
@pytest.mark.parametrize("value", [None, 1, b"FILE:/x"])
def test_a_setting_that_is_no_text_is_a_type_error(
    client: Client, setting: str, value: object
) -> None:
    with pytest.raises(TypeError):
        getattr(client(), setting)(value)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.3", "any", "all"])
def test_a_source_address_is_used_by_later_opens(
    client: Client, remctld: Remctld, address: str
) -> None:
    connection = client()
    assert connection.set_source_ip(address) is None  # type: ignore[func-returns-value]  # nothing else is returned
    connection.open(HOST, remctld.port)
    lines = connection.run(["test", "env"]).stdout_text.splitlines()
    expected = address if address.startswith("127") else "127.0.0.1"
    assert f"REMOTE_ADDR={expected}" in lines
    connection.close()


@pytest.mark.parametrize("address", ["localhost", "no-such-host.invalid", "256.0.0.1"])
def test_a_source_address_that_is_no_literal_fails_at_open(
    client: Client, remctld: Remctld, address: str
) -> None:
    connection = client(source_ip=address)
    text = failure(lambda: connection.open(HOST, remctld.port))
    assert text == f"cannot connect to {HOST} (port {remctld.port}): Invalid argument"


def test_a_source_address_of_another_machine_fails_at_open(
    client: Client, remctld: Remctld
) -> None:
    text = failure(lambda: client(HOST, remctld.port, source_ip="192.0.2.1"))
    assert text == (
        f"cannot connect to {HOST} (port {remctld.port}): Cannot assign requested address"
    )


def test_a_source_address_of_the_other_family_skips_the_address(
    client: Client, remctld: Remctld
) -> None:
    text = failure(lambda: client(HOST, remctld.port, source_ip="::1"))
    assert text.startswith(f"cannot connect to {HOST} (port {remctld.port}): ")


# ---- time-outs ----


@pytest.mark.parametrize("timeout", [0.3, 1])
def test_a_timeout_applies_at_once_to_an_open_connection(
    client: Client, remctld: Remctld, timeout: float
) -> None:
    with client(HOST, remctld.port) as connection:
        connection.command(["test", "sleep", "10"])
        assert connection.set_timeout(timeout) is None  # type: ignore[func-returns-value]  # nothing else is returned
        with descriptors.within(5):
            text = failure(connection.output, RemctlTimeoutError)
        assert text == connection.error() == "error receiving token: timed out"


def test_after_a_timeout_the_next_command_connects_again(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port, timeout=0.3) as connection:
        failure(lambda: connection.run(["test", "sleep", "10"]), RemctlTimeoutError)
        assert failure(connection.output) == connection.error() == "no connection open"
        assert works(connection)


def test_a_timeout_of_0_is_none(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port, timeout=0.2) as connection:
        connection.set_timeout(0)
        assert connection.run(["test", "sleep", "0.5"]).status == 0


def test_a_timeout_counts_silence_and_not_the_command(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port, timeout=0.6) as connection:
        assert connection.run(["test", "ticks", "4", "0.3"]).stdout == b"0\n1\n2\n3\n"


def test_a_deadline_counts_the_command_and_not_silence(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port) as connection:
        with descriptors.within(5):
            failure(
                lambda: connection.run(["test", "ticks", "50", "0.1"], deadline=0.5),
                RemctlTimeoutError,
            )
        connection.command(["test", "ticks", "50", "0.1"], deadline=0.5)
        with descriptors.within(5):
            failure(lambda: list(connection), RemctlTimeoutError)
        assert works(connection)


def test_a_timeout_of_one_command_is_not_that_of_the_next(client: Client, remctld: Remctld) -> None:
    with client(HOST, remctld.port) as connection:
        command = ["test", "sleep", "0.5"]
        failure(lambda: connection.run(command, timeout=0.2), RemctlTimeoutError)
        assert connection.run(command).status == 0


@pytest.mark.parametrize("timeout", [-1, -0.5])
def test_a_negative_timeout_is_refused(client: Client, timeout: float) -> None:
    connection = client()
    text = failure(lambda: connection.set_timeout(timeout))
    assert text == connection.error() == f"invalid timeout {timeout}"


@pytest.mark.parametrize("timeout", ["1", None, b"1", [1]], ids=repr)
def test_a_timeout_that_is_no_number_is_a_type_error(client: Client, timeout: object) -> None:
    with pytest.raises(TypeError):
        client().set_timeout(timeout)  # type: ignore[arg-type]  # a wrong type is tried


def test_a_server_that_does_not_accept_is_a_timeout(client: Client, realm: Realm) -> None:
    with EmbeddedServer(hostile=HandMade.wait_for_close) as server, descriptors.within(10):
        failure(lambda: client(HOST, server.port, timeout=0.3), RemctlTimeoutError)
        failure(lambda: client().open("192.0.2.1", 9, deadline=0.3))  # nobody is there


# ---- again ----


def test_open_works_after_close(client: Client, remctld: Remctld) -> None:
    connection = client(HOST, remctld.port)
    for _ in range(3):
        connection.close()
        connection.open(HOST, remctld.port)
        assert works(connection)
    connection.close()


def test_open_on_an_open_connection_replaces_it(client: Client, remctld: Remctld) -> None:
    with descriptors.none_left(), client(HOST, remctld.port) as connection:
        connection.command(["test", "echo", "nobody reads this"])
        connection.open(HOST, remctld.port)
        assert connection.output().type == "done"
        assert works(connection)


def test_a_failed_open_leaves_foreign_descriptors_alone(remctld: Remctld) -> None:
    connection = Remctl(HOST, remctld.port)
    for _ in range(2):
        failure(lambda: connection.open(HOST, free_port()))
        with descriptors.untouched():
            failure(lambda: connection.command(ECHO))
            failure(connection.output)
            failure(connection.noop)
            connection.close()
            gc.collect()
    connection.open(HOST, remctld.port)
    with descriptors.untouched():
        assert works(connection)
        connection.close()


def test_after_the_server_is_gone_the_next_command_connects_again(
    client: Client, realm: Realm
) -> None:
    port = free_port()
    with Remctld(realm, port=port):
        connection = client(HOST, port)
        assert works(connection)
    with descriptors.untouched():
        text = failure(lambda: connection.run(ECHO))
        assert text == connection.error()
        with Remctld(realm, port=port):
            assert works(connection)
            assert connection.noop() is True
            connection.close()


@pytest.mark.parametrize("call", ["noop", "output"])
def test_a_lost_connection_is_told(client: Client, realm: Realm, call: str) -> None:
    with Remctld(realm) as server:
        connection = client(HOST, server.port)
        connection.noop()
        if call == "output":
            connection.command(["test", "sleep", "10"])
    text = failure(getattr(connection, call))
    assert text == connection.error()
    assert text.startswith("error ")


def test_an_interrupt_within_a_running_command_comes_at_once(remctld: Remctld) -> None:
    program = """
import signal, sys, threading, time, os
from opswire.remctl import Remctl
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in background
with Remctl("127.0.0.1", int(sys.argv[1])) as connection:
    for call in (
        lambda: connection.run(["test", "sleep", "20"]),
        lambda: [connection.command(["test", "sleep", "20"]), connection.output()],
    ):
        sent = []
        def interrupt():
            sent.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)
        threading.Timer(0.3, interrupt).start()
        try:
            call()
        except KeyboardInterrupt:
            print(time.monotonic() - sent[0])
        connection.open("127.0.0.1", int(sys.argv[1]))
    print(connection.run(["test", "echo", "still"]).stdout_text.strip())
"""
    *delays, last = child.run(program, remctld.port).split()
    assert last == "still"
    assert len(delays) == 2
    assert all(float(delay) < 2 for delay in delays)


def test_descriptors_above_1024_work_with_a_timeout(remctld: Remctld) -> None:
    program = """
import os, resource, sys
from opswire.remctl import Remctl
resource.setrlimit(resource.RLIMIT_NOFILE, (2000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
taken = [os.open("/dev/null", os.O_RDONLY) for _ in range(1100)]
assert max(taken) > 1024
with Remctl("127.0.0.1", int(sys.argv[1]), timeout=10) as connection:
    print(connection.run(["test", "echo", "high"]).stdout_text, connection.noop())
"""
    assert child.run(program, remctld.port).split() == ["high", "True"]


def test_a_collected_object_says_goodbye_and_closes(realm: Realm) -> None:
    with EmbeddedServer() as server, descriptors.none_left():
        connection = Remctl(HOST, server.port)
        assert works(connection)
        del connection
        gc.collect()
        assert server.wait_for_ends(1) == ["quit"]


@pytest.mark.parametrize("ending", ["close", "open"])
def test_closing_and_opening_again_say_goodbye(client: Client, realm: Realm, ending: str) -> None:
    with EmbeddedServer() as server:
        connection = client(HOST, server.port)
        if ending == "open":
            connection.open(HOST, server.port)
        connection.close()
        opened = 2 if ending == "open" else 1
        assert server.wait_for_ends(opened) == ["quit"] * opened


def test_remctld_takes_the_goodbye_without_complaint(realm: Realm) -> None:
    with Remctld(realm) as server:
        connection = Remctl(HOST, server.port)
        assert works(connection)
        connection.close()
        connection.open(HOST, server.port)
        assert works(connection)
        del connection
        gc.collect()
        time.sleep(0.3)
        # The first line is about the connection that found out whether the server is ready.
        log = server.log().replace("error receiving initial token: unexpected end of file", "", 1)
    assert log.count("COMMAND from") == 2
    assert "error" not in log.lower()


def test_closing_from_another_thread_ends_an_open(realm: Realm) -> None:
    with EmbeddedServer(hostile=HandMade.wait_for_close) as server:
        connection = Remctl()
        threading.Timer(0.3, connection.close).start()
        with descriptors.within(10):
            failure(lambda: connection.open(HOST, server.port))
        connection.open(HOST, server.port)
        assert works(connection)
        connection.close()
