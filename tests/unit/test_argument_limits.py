"""What callers give for ports and limits, at the edges."""

from typing import Any

import pytest

from opswire.errors import RemctlUsageError
from opswire.remctl import arguments


@pytest.mark.parametrize(
    ("port", "tried"),
    [
        (None, (4373, 4444)),
        (0, (4373, 4444)),
        (1, (1,)),
        (65535, (65535,)),
        ("65535", (65535,)),
    ],
)
def test_a_port_has_16_bits(port: int | str | None, tried: tuple[int, ...]) -> None:
    """0 is none."""
    assert arguments.ports(port) == tried


@pytest.mark.parametrize("port", [-1, 65536, "65536"])
def test_a_port_beyond_is_refused(port: int | str) -> None:
    with pytest.raises(ValueError, match="invalid port number"):
        arguments.ports(port)


@pytest.mark.parametrize("port", [True, 4373.0, "ssh", b"4373"])
def test_a_port_is_a_number(port: Any) -> None:
    with pytest.raises(TypeError, match="port must be a number"):
        arguments.ports(port)


def test_no_time_at_all_is_a_limit() -> None:
    assert (arguments.seconds(0), arguments.seconds(1)) == (0.0, 1.0)


@pytest.mark.parametrize("value", [-0.001, float("inf"), float("-inf"), float("nan")])
def test_a_limit_is_finite_and_not_negative(value: float) -> None:
    with pytest.raises(RemctlUsageError, match="invalid timeout"):
        arguments.seconds(value)


@pytest.mark.parametrize("value", [True, False, "1", b"1", None, 1j])
def test_a_limit_is_a_number(value: Any) -> None:
    with pytest.raises(TypeError, match="deadline must be a number of seconds"):
        arguments.seconds(value, "deadline")
