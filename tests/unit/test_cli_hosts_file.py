"""The hosts file of ``opswire fleet``."""

import pytest

from opswire.cli.fleet import read_hosts
from opswire.remctl import FleetHost


def test_hosts_come_in_their_order_with_their_ports() -> None:
    lines = [
        "# all of ours\n",
        "\n",
        "one.example.org\n",
        "  two.example.org:4444\t# the old port\n",
        "[2001:db8::1]:4373\r\n",
        "2001:db8::2\n",
        "[2001:db8::3]#comment\n",
        "one.example.org",
    ]
    assert read_hosts(lines, "hosts") == [
        FleetHost("one.example.org"),
        FleetHost("two.example.org", 4444),
        FleetHost("2001:db8::1", 4373),
        FleetHost("2001:db8::2"),
        FleetHost("2001:db8::3"),
        FleetHost("one.example.org"),
    ]


@pytest.mark.parametrize(
    "line", ["host:", "host:0", "host:65536", "host:http", "two words", "[::1", "[::1]x", ":4373"]
)
def test_what_is_no_host_is_told_with_file_and_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"^web\.txt, line 3: .*"):
        read_hosts(["good\n", "# comment\n", f"{line}\n"], "web.txt")


@pytest.mark.parametrize("lines", [[], ["\n"], ["# none yet\n"]])
def test_a_file_without_hosts_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^web\.txt has no hosts"):
        read_hosts(lines, "web.txt")
