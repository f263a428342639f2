"""The servers that the other tests stand on do what they promise."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.daemon import DaemonFailed
from tests.servers.dead_kdc import DeadKDC
from tests.servers.namespace import isolated
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

ROOT = Path(__file__).parents[3]


def stock_remctl(server: Remctld, *command: str) -> subprocess.CompletedProcess[bytes]:
    """Run the remctl project's own client."""
    options = ["-p", str(server.port), "-s", server.principal]
    return subprocess.run(
        ["remctl", *options, server.address, *command],
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_the_stock_client_runs_a_command(remctld_address: Remctld) -> None:
    result = stock_remctl(remctld_address, "test", "echo", "hello", "world")
    assert (result.stdout, result.stderr, result.returncode) == (b"hello world\n", b"", 0)


def test_a_server_with_its_principal_given_runs_a_command(remctld_service: Remctld) -> None:
    assert stock_remctl(remctld_service, "test", "true").returncode == 0


@pytest.mark.parametrize(
    ("command", "stdout", "stderr", "status"),
    [
        (["arguments", "a", "", "b c"], b"a\0\0b c\0", b"", 0),
        (["both"], b"to stdout\n", b"to stderr\n", 3),
        (["bytes", "100000"], bytes(100000), b"", 0),
        (["count", "four"], b"4\n", b"", 0),
        (["documented"], b"documented ran\n", b"", 0),
        (["false"], b"", b"", 1),
        (["status", "7"], b"", b"", 7),
        (["stderr", "oops"], b"", b"oops\n", 0),
        (["stdin", "text"], b"text", b"", 0),
        (["ticks", "2", "0"], b"0\n1\n", b"", 0),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_does_what_its_name_says(
    remctld: Remctld, command: list[str], stdout: bytes, stderr: bytes, status: int
) -> None:
    result = stock_remctl(remctld, "test", *command)
    assert (result.stdout, result.stderr, result.returncode) == (stdout, stderr, status)


@pytest.mark.parametrize("command", ["denied", "nobody"])
def test_a_refused_command_is_denied(remctld: Remctld, command: str) -> None:
    assert b"Access denied" in stock_remctl(remctld, "test", command).stderr


def test_a_summary_is_given_for_help(remctld: Remctld) -> None:
    assert stock_remctl(remctld, "help").stdout == b"summary of documented\n"


def test_two_servers_run_at_once(remctld: Remctld, realm: Realm) -> None:
    with Remctld(realm, rules="other EMPTY /bin/true anyuser:auth") as second:
        assert second.port != remctld.port
        assert stock_remctl(second, "other").returncode == 0
        assert b"Unknown command" in stock_remctl(remctld, "other").stderr


def test_a_broken_configuration_fails_with_the_log(realm: Realm) -> None:
    with pytest.raises(DaemonFailed, match="parse error"), Remctld(realm, rules="nonsense"):
        pass


def test_another_user_gets_a_ticket_of_its_own(realm: Realm) -> None:
    realm.add_user("second")
    ccache = realm.kinit("second", lifetime=60)
    listing = subprocess.run(["klist", str(ccache)], capture_output=True, text=True, check=True)
    assert f"Default principal: second@{realm.name}" in listing.stdout


def test_a_dead_kdc_swallows_the_question(realm: Realm, tmp_path: Path) -> None:
    with DeadKDC(realm, tmp_path) as dead, pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(["kvno", "host/localhost"], env=dead.environment, timeout=1, check=True)


def test_a_namespace_has_loopback_and_free_ports() -> None:
    program = "import socket; socket.create_server(('127.0.0.1', 4373)).close()"
    command = isolated([sys.executable, "-c", program])
    subprocess.run(command, cwd=ROOT, timeout=60, check=True)
