"""The compiled part of Remctl, for those who build something else on it."""

import socket
from collections.abc import Callable

import pytest

from opswire._core import remctl as core
from opswire._core.gss import Context
from opswire._core.remctl.driver import Driver
from opswire._core.remctl.shortcuts import Shortcuts
from opswire.errors import LocalProtocolError


@pytest.fixture
def pair() -> tuple[Driver, socket.socket]:
    """A driver in its first state, and the socket of its peer."""
    ours, theirs = socket.socketpair()
    return Driver(core.Connection(core.SERVER), ours.detach()), theirs


def test_tokens_must_be_tuples() -> None:
    with pytest.raises(TypeError, match="tokens are tuples"):
        Shortcuts()._set_token(list)  # type: ignore[arg-type]  # what is refused


def test_tokens_are_plain_tuples_unless_chosen() -> None:
    assert Shortcuts()._token is tuple


def test_a_descriptor_that_is_no_socket_is_refused_and_stays_open() -> None:
    with open("/dev/null", "rb") as file:
        with pytest.raises(OSError, match="Socket operation on non-socket"):
            Driver(core.Connection(core.CLIENT), file.fileno())
        assert file.read(1) == b""


def test_a_closed_driver_says_so(pair: tuple[Driver, socket.socket]) -> None:
    driver, theirs = pair
    driver.close()
    driver.close()
    assert driver.closed
    assert driver.fileno() == -1
    with pytest.raises(LocalProtocolError, match="the connection is closed"):
        driver.next_event()
    theirs.close()


CALLS: dict[str, Callable[[Driver], object]] = {
    "connect": lambda driver: driver.connect(socket.AF_INET, ("127.0.0.1", 1)),
    "bind": lambda driver: driver.connect(socket.AF_INET, ("127.0.0.1", 1), ("127.0.0.1", 0)),
    "handshake": lambda driver: driver.handshake(Context.accept(), b"token"),
    "command": lambda driver: driver.send_command(core.Arguments([b"test"])),
    "noop": Driver.send_noop,
    "flush": Driver.flush_queued,
    "event": Driver.next_event,
    "output": lambda driver: driver.copy_output(print, print),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_closed_driver_does_nothing(call: Callable[[Driver], object]) -> None:
    """Not even bind, and its machine stays as it was."""
    ours, theirs = socket.socketpair()
    machine = core.Connection(core.CLIENT)
    driver = Driver(machine, ours.detach())
    driver.close()
    before = machine.state
    with pytest.raises(LocalProtocolError, match=r"^the connection is closed$"):
        call(driver)
    assert (machine.state, machine.data_to_send()) == (before, b"")
    theirs.close()


def test_silence_is_a_timeout(pair: tuple[Driver, socket.socket]) -> None:
    driver, theirs = pair
    driver.timeout = 0.05
    with pytest.raises(TimeoutError, match="timed out"):
        driver.next_event()
    driver.close()
    theirs.close()


def test_an_address_of_another_form_is_a_value_error() -> None:
    driver = Driver.unconnected(core.Connection(core.CLIENT), socket.AF_INET)
    with pytest.raises(ValueError, match="not an address of its family"):
        driver.connect(socket.AF_INET, ("localhost", 4373))
    driver.close()


def test_only_internet_families_can_be_connected() -> None:
    with pytest.raises(ValueError, match="AF_INET or AF_INET6"):
        Driver.unconnected(core.Connection(core.CLIENT), socket.AF_UNIX)
