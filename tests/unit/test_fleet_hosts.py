"""Hosts of a fleet as text and as objects, and what a Fleet refuses before anything begins."""

from typing import Any

import pytest

from opswire.errors import RemctlUsageError
from opswire.remctl import Fleet, FleetHost


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("web1", "web1", None),
        ("web1.example.org:4444", "web1.example.org", 4444),
        ("192.0.2.7", "192.0.2.7", None),
        ("192.0.2.7:1", "192.0.2.7", 1),
        ("2001:db8::1", "2001:db8::1", None),
        ("fe80::1%eth0", "fe80::1%eth0", None),
        ("[2001:db8::1]", "2001:db8::1", None),
        ("[2001:db8::1]:65535", "2001:db8::1", 65535),
    ],
)
def test_a_host_is_a_name_or_an_address_with_or_without_a_port(
    text: str, host: str, port: int | None
) -> None:
    parsed = FleetHost.parse(text)
    assert parsed == FleetHost(host, port)
    assert FleetHost.parse(str(parsed)) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        " web1",
        "web 1",
        "web1:",
        ":4373",
        "web1:0",
        "web1:65536",
        "web1:http",
        "web1:-1",
        "web1:٤٣٧٣",
        "[2001:db8::1",
        "[2001:db8::1]:",
        "[2001:db8::1]4373",
        "[]:4373",
        "web1\0",
        "2001:db8:0:0:0:0:0:1:4373",
        "::ffff:192.0.2.7:4373",
        "fe80::1%eth0:4373",
        "web1:4373:4373",
        "::\0",
    ],
)
def test_anything_else_is_told_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"host|ADDRESS|port|NUL"):
        FleetHost.parse(text)


def test_an_ipv6_address_with_a_port_needs_brackets() -> None:
    with pytest.raises(ValueError, match=r"with a port it is \[ADDRESS\]:PORT"):
        FleetHost.parse("::ffff:192.0.2.7:4373")


@pytest.mark.parametrize("host", [("web1", 4373), ["web1", 4373]])
def test_a_host_that_is_a_plain_tuple_is_told(host: Any) -> None:
    with pytest.raises(TypeError, match=r"not (tuple|list): write FleetHost\(host, port\)$"):
        Fleet([host])


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"hosts": "web1"}, TypeError),
        ({"hosts": [7]}, TypeError),
        ({"hosts": [FleetHost("")]}, ValueError),
        ({"hosts": [FleetHost("web1", principal="a\0")]}, ValueError),
        ({"hosts": ["web1:"]}, ValueError),
        ({"concurrency": 0}, ValueError),
        ({"retries": -1}, ValueError),
        ({"timeout": "1"}, TypeError),
        ({"timeout": -1.0}, RemctlUsageError),
        ({"deadline": float("nan")}, RemctlUsageError),
        ({"port": 70000}, ValueError),
        ({"principal": 7}, TypeError),
    ],
)
def test_a_fleet_refuses_what_no_host_could_do(
    options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        Fleet(**{"hosts": ["web1"], **options})


@pytest.mark.parametrize(("command", "error"), [("test", TypeError), ([], ValueError)])
def test_a_command_that_is_none_is_refused_before_anything_begins(
    command: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="command must"):
        Fleet(["web1"]).run(command)
